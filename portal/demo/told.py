"""What a move of the demo's clock did, in words."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext, ngettext

from portal.base.models import DemoClock

SUBJECTS_SHOWN = 12


def happened(row: DemoClock | None) -> dict[str, Any]:
    """For the page: `happened` (empty before the first move), its lines in words, and the mails per subject."""
    told = row.happened if row else {}
    if not told:
        return {"happened": {}}
    mails = told.get("mails", [])
    sent = sum(count for _, count in mails)
    lines = [_mails(sent)] if sent else []
    if told.get("calls"):
        lines.append(_calls(told["calls"]))
    lines += [WORDS[name](count) for name, count in told.get("rules", {}).items() if name in WORDS]
    return {"happened": told, "done": lines or [_other()], "mails": mails[:SUBJECTS_SHOWN]}


def _mails(count: int) -> str:
    return ngettext("%(count)d mail verstuurd.", "%(count)d mails verstuurd.", count) % {"count": count}


def _calls(count: int) -> str:
    return ngettext(
        "%(count)d gast staat nieuw op een bellijst.", "%(count)d gasten staan nieuw op een bellijst.", count
    ) % {"count": count}


def _standing(count: int) -> str:
    return ngettext(
        "%(count)d datum van een vaste plek vastgelegd.", "%(count)d datums van vaste plekken vastgelegd.", count
    ) % {"count": count}


def _other() -> str:
    return gettext("Het portaal ruimde iets op. Daarvan krijgt niemand een mail.")


# Of the other rules the mails and calls tell.
WORDS: dict[str, Callable[[int], str]] = {"standing": _standing}
