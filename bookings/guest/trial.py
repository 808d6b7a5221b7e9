"""A trial code in the address of a house's page: whether it holds, and what the page says of it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop

from bookings.models import TrialCode
from bookings.trial import hash_of_trial
from bookings.wish import Wish
from portal.base import clock
from portal.base.tries import count_wrong_try, may_try
from villages.models import Dorpshuis

TRIES, TRIAL = 10, "trial-code"
UNKNOWN = gettext_noop(
    "Deze proefcode kennen we niet bij dit dorpshuis. Kijk de letters nog eens na. Je ziet nu de gewone prijs."
)
GONE = gettext_noop("Deze proefcode is al gebruikt, of niet meer geldig. Je ziet nu de prijs zonder code.")
TOO_OFTEN = gettext_noop(
    "Er is te vaak een verkeerde proefcode ingevuld. Probeer het over een uur weer. Je ziet nu de prijs zonder code."
)


@dataclass(frozen=True)
class Trial:
    """What is said of a code; `code` is empty when it gives nothing, `known` whether it is of this house."""

    code: str = ""
    problem: str = ""
    known: bool = False


NONE = Trial()


def trial_of(request: HttpRequest, dorpshuis: Dorpshuis, wish: Wish) -> Trial:
    """Look at the code that she has, if any. One that is wrong counts as a try of her place on the network."""
    if not (wish.trial or wish.strange_trial):
        return NONE
    if not may_try(request, TRIAL, TRIES):
        return Trial(problem=gettext(TOO_OFTEN))
    rows = TrialCode.objects.filter(dorpshuis=dorpshuis, code_hash=hash_of_trial(wish.trial)) if wish.trial else None
    if rows is None or not rows.exists():
        count_wrong_try(request, TRIAL)
        return Trial(problem=gettext(UNKNOWN))
    if rows.open_on(clock.today()).exists():
        return Trial(code=wish.trial, known=True)
    return Trial(problem=gettext(GONE), known=True)
