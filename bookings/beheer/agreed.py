"""What a volunteer said on a preview of what hits bookings, and what she saw there."""

from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.crypto import salted_hmac

from bookings.closing import Agreed
from bookings.models import Booking
from portal.base.accounts.http import LoggedInRequest

LONGEST_NUMBER = 18  # digits: what a database takes

Proposal = Booking.Proposal


@dataclass(frozen=True)
class Said:
    """What the volunteer chose on the preview, and what she saw there."""

    choices: dict[int, Proposal] = field(default_factory=dict)
    called: frozenset[int] = frozenset()
    seen: frozenset[int] = frozenset()
    seen_moves: frozenset[int] = frozenset()

    @classmethod
    def read(cls, posted: QueryDict) -> "Said":
        """From the form; what is not a number or not a choice is left out."""
        choices = {
            number: Proposal(value)
            for name, value in posted.items()
            if (number := number_in(name, "keuze-")) and value in Proposal.values
        }
        called = frozenset(number for name in posted if (number := number_in(name, "gebeld-")))
        return cls(choices, called, _numbers(posted.get("afgezegd", "")), _numbers(posted.get("verplaatst", "")))


def agreed_in(request: LoggedInRequest, said: Said) -> Agreed:
    """What her tap on the preview's button agrees to."""
    seen = request.POST.get("afdruk", "")
    return Agreed(seen, _form_key(request, seen), said.choices, said.called)


def _form_key(request: LoggedInRequest, fingerprint: str) -> str:
    """Names this form of this person, so that a second tap on its button is the same closure."""
    typed = request.POST.get("sleutel", "")
    if not typed:
        return ""
    secret = f"{request.user.pk}\x1f{typed}\x1f{fingerprint}"
    return salted_hmac("bookings.closing-form", secret, algorithm="sha256").hexdigest()


def number_in(name: str, start: str) -> int | None:
    """The number after this start; None when there is none."""
    rest = name.removeprefix(start)
    return int(rest) if rest != name and rest.isascii() and rest.isdigit() and len(rest) <= LONGEST_NUMBER else None


def _numbers(text: str) -> frozenset[int]:
    return frozenset(number for part in text.split(",") if (number := number_in(f"-{part}", "-")))
