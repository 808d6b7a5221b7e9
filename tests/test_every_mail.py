"""Every mail has both forms in both languages, and each that a guest must hear its sentence for the phone."""

from pathlib import Path

import pytest

from bookings.beheer.messages import _SAID
from bookings.models import CallEntry
from portal.base.accounts.models import User
from portal.base.models import OutboxMail
from portal.base.outbox import registry
from tests.bookings.mail_scenes import SCENES, scene_house
from tests.bookings.test_languages import CATALOG, source_texts
from tests.guest import on_monday
from tests.test_project import ROOT

MAILS = ROOT / "templates" / "bookings" / "mail"
CALLS = ROOT / "templates" / "beheer" / "calls"
# Only to an address that somebody typed, or to who runs a house: nobody is called for these.
NEVER_CALLED = {
    *("link", "lost_link", "forgotten", "series", "trial"),
    *("invitation", "role_changed", "left_team", "not_arrived", "day_list", "nudge", "weekly_line"),
    *("idle", "miss_you"),
    # Who waits without an address heard on the phone that she is on the list, and is called when it is her turn.
    *("on_the_list", "turn_passed"),
    *("month", "house_month"),
}
# A mail whose call is another kind: it holds no desk.
CALLED_AS = {"place": "place_free"}
# No mail: the house calls, whether there is an address or not.
ONLY_CALLED = {"clash", "unused", "undelivered"}
# To who runs a house or has an account: in the language that she reads.
TO_USERS = {
    *("invitation", "role_changed", "left_team", "not_arrived", "day_list", "nudge", "weekly_line", "house_month"),
    "idle",
}
KINDS = sorted(registry._composers)


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_has_a_subject_a_text_and_html(kind: str) -> None:
    assert [
        part for part in ("subject.txt", "message.txt", "message.html") if not (MAILS / f"{kind}_{part}").exists()
    ] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_is_in_english_too(kind: str) -> None:
    texts = [text for path in MAILS.glob(f"{kind}_*") for text in source_texts(path.read_text())]
    assert [text for text in texts if text not in CATALOG and (text, 0) not in CATALOG and not _plural(text)] == []
    assert texts


# Also the mails that are made ready before they are put, such as the one with a log-in code.
FOLDERS = (MAILS, ROOT / "templates" / "account" / "email")
NAMES = sorted(path for folder in FOLDERS for path in folder.glob("*_subject.txt"))


@pytest.mark.parametrize("subject", NAMES, ids=lambda path: path.name)
def test_whoever_composes_it_a_mail_has_both_forms_in_both_languages(subject: Path) -> None:
    name = subject.name.removesuffix("_subject.txt")
    forms = [subject, *(subject.with_name(f"{name}_message.{kind}") for kind in ("txt", "html"))]
    texts = [text for form in forms for text in source_texts(form.read_text())]
    assert [text for text in texts if text not in CATALOG and (text, 0) not in CATALOG and not _plural(text)] == []


def test_every_kind_is_among_these_mails() -> None:
    assert set(KINDS) <= {path.name.removesuffix("_subject.txt") for path in NAMES}


def _plural(text: str) -> bool:
    return f'msgid_plural "{text}"' in (ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po").read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_has_a_scene_in_which_it_is_sent(kind: str) -> None:
    assert kind in {scene for scene, _, _ in SCENES}


@pytest.mark.django_db
@on_monday
@pytest.mark.parametrize("kind", sorted(TO_USERS))
def test_a_mail_to_who_has_an_account_is_in_her_language(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(User._meta.get_field("language"), "default", "en")
    monkeypatch.setattr(User._meta.get_field("language"), "_get_default", lambda: "en")
    play, minutes = next((play, minutes) for name, play, minutes in SCENES if name == kind)
    play(scene_house())
    assert set(OutboxMail.objects.filter(kind=kind).values_list("language", flat=True)) == {"en"}


def test_every_mail_to_a_guest_has_a_kind_of_call() -> None:
    """A new mail is either among those that nobody is called for, or it is a kind of call."""
    assert {CALLED_AS.get(kind, kind) for kind in set(KINDS) - NEVER_CALLED} == set(CallEntry.Kind.values) - ONLY_CALLED


@pytest.mark.parametrize("kind", CallEntry.Kind.values)
def test_a_call_has_its_sentence_in_both_languages(kind: str) -> None:
    texts = source_texts((CALLS / f"{kind}.html").read_text())
    assert CallEntry.Kind(kind) in _SAID
    assert texts
    assert [text for text in texts if text not in CATALOG and (text, 0) not in CATALOG] == []
