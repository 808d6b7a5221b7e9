"""Trial codes: given and withdrawn by the house, used by whoever books with one."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction

from bookings.actions.lock import lock
from bookings.actions.take import Offer
from bookings.domain.prices import free_one
from bookings.models import Booking, TrialCode
from bookings.refusals import TooManyCodes, TrialGone
from bookings.tell import tell_trial
from bookings.trial import hash_of_trial, letters_of, new_seed
from portal.base import clock
from portal.base.log import Actor, record
from villages.models import Dorpshuis

VALID_FOR = timedelta(days=92)
MOST_A_DAY = 50


def give_trial(
    dorpshuis_id: int, how: str, by: Actor, *, email: str = "", language: str = "nl", form: str
) -> TrialCode:
    """A code for one free dagdeel, for about three months; with an address its link is mailed there.

    `form` names the form that asks it: a second tap gives the same code. Raises TooManyCodes.
    """
    with transaction.atomic():
        house = lock(dorpshuis_id)
        if first := TrialCode.objects.filter(form=form, dorpshuis=house).first():
            return first
        since = clock.now() - timedelta(days=1)
        if TrialCode.objects.filter(dorpshuis=house, given_at__gte=since).count() >= MOST_A_DAY:
            raise TooManyCodes
        trial = _write(house, how, by, clock.today() + VALID_FOR, form)
        if email:
            tell_trial(trial, email, language)
        record(by, "give_trial", f"trialcode:{trial.pk}", dorpshuis_id=house.pk)
    return trial


def withdraw_trial(trial: TrialCode, by: Actor) -> None:
    """Take a code back that nobody used. Raises TrialGone."""
    with transaction.atomic():
        house = lock(trial.dorpshuis_id)
        row = TrialCode.objects.filter(pk=trial.pk, withdrawn_at__isnull=True).unused()
        if not TrialCode.objects.filter(pk__in=row.values("pk")).update(withdrawn_at=clock.now()):
            raise TrialGone
        record(by, "withdraw_trial", f"trialcode:{trial.pk}", dorpshuis_id=house.pk)


def _write(house: Dorpshuis, how: str, by: Actor, last: date, form: str) -> TrialCode:
    seed = new_seed()
    return TrialCode.objects.create(
        dorpshuis=house,
        seed=seed,
        code_hash=hash_of_trial(letters_of(seed)),
        how=how,
        given_by=by.user,
        valid_until=last,
        form=form,
    )


def with_trial(house: Dorpshuis, code: str, offer: Offer) -> Offer:
    """The same offer with its dearest dagdeel free, by this code; as it is when it costs nothing. Raises TrialGone.

    A part of an action, called under the lock: so of two who use one code at once, one does.
    """
    trial = TrialCode.objects.open_on(clock.today()).filter(dorpshuis=house, code_hash=hash_of_trial(code)).first()
    if trial is None:
        raise TrialGone
    free = free_one(offer.prices)
    if free is None:
        return offer
    return replace(offer, prices={**offer.prices, free: 0}, trial=(trial.pk, free))


def use_trial(offer: Offer, rows: list[Booking]) -> None:
    """Note for which of these new bookings the code was used. A part of an action, as above."""
    if offer.trial is None:
        return
    number, free = offer.trial
    used = next(row for row in rows if row.moment == free)
    TrialCode.objects.filter(pk=number).update(used_by=used)


def is_trial(row: Booking) -> bool:
    """Whether this booking is free by a trial code. A query only for one that costs nothing."""
    return row.price_cents == 0 and TrialCode.objects.filter(used_by=row).exists()


def carry_trial(old: Booking, new: Booking) -> None:
    """A changed booking takes its code along. A part of an action, as above."""
    if old.price_cents == 0:
        TrialCode.objects.filter(used_by=old).update(used_by=new)


def trials_used(rows: Iterable[Booking]) -> dict[str, int]:
    """The codes by which these bookings are free, `{code: booking}`. A query only when one of them costs nothing."""
    free = [row.pk for row in rows if row.price_cents == 0]
    used = TrialCode.objects.filter(used_by__in=free).values_list("pk", "used_by") if free else ()
    return {str(code): booking for code, booking in used}


def take_trial_again(trials: Mapping[str, int], row: Booking) -> bool:
    """A called-off booking is about to stand again: the code of `trials` that it had counts as used for it.

    False when that code made another dagdeel free since: it is good for one. A part of an action, as above.
    """
    codes = [int(code) for code, booking in trials.items() if booking == row.pk]
    if not codes:
        return True
    open_codes = TrialCode.objects.filter(pk__in=codes).unused()
    return TrialCode.objects.filter(pk__in=open_codes.values("pk")).update(used_by=row) > 0
