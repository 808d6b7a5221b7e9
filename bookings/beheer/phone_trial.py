"""A trial code on the phone: the caller has one, or the volunteer gives her one there and then."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from bookings.actions.trial import give_trial
from bookings.fingerprint import sealed
from bookings.models import TrialCode
from bookings.trial import code_of, groups_of, hash_of_trial, typed_trial
from bookings.visit import Visit
from portal.base import clock
from villages.models import Dorpshuis

LONGEST_CODE = 40
UNKNOWN = gettext_lazy("Deze proefcode kennen we niet bij dit dorpshuis. Vraag de letters nog een keer.")
GONE = gettext_lazy("Deze proefcode is al gebruikt, of niet meer geldig. Haal hem weg, of geef een nieuwe.")


@dataclass(frozen=True)
class PhoneTrial:
    """What was typed; `code` when it makes a dagdeel free, else `problem` says why it does not.

    `known`: it is, or was, a code of this house.
    """

    typed: str = ""
    code: str = ""
    problem: str = ""
    known: bool = False

    @property
    def groups(self) -> str:
        """The code as it is read aloud."""
        return " ".join(groups_of(self.code))


def read_trial(dorpshuis: Dorpshuis, text: str) -> PhoneTrial:
    """Look at the code that was typed. No query when there is none."""
    typed = text.strip()[:LONGEST_CODE]
    if not typed:
        return PhoneTrial()
    code = typed_trial(typed)
    rows = TrialCode.objects.filter(dorpshuis=dorpshuis, code_hash=hash_of_trial(code)) if code else None
    if rows is None or not rows.exists():
        return PhoneTrial(typed, problem=str(UNKNOWN))
    if not rows.open_on(clock.today()).exists():
        return PhoneTrial(typed, problem=str(GONE), known=True)
    return PhoneTrial(typed, code, known=True)


def give_now(visit: Visit, user_id: int, key: str) -> str:
    """A code for this caller, as it is typed; the same form twice gives the same one. Raises TooManyCodes."""
    form = sealed("trial-phone", str(visit.dorpshuis.pk), str(user_id), key)
    given = give_trial(visit.dorpshuis.pk, TrialCode.How.HAND, visit.actor, form=form)
    return " ".join(groups_of(code_of(given)))
