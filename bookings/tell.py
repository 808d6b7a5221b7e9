"""What a guest must hear: a mail in the outbox, or for who has no address a line on the house's call list.

The only caller of the outbox. Called in the transaction of what it tells: what is rolled back is not told.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

import structlog
from django.utils.crypto import salted_hmac

from bookings.closing import Told
from bookings.domain.policy import UNDO_FOR
from bookings.models import Booking, CallAttempt, CallEntry, Guest, Reservation, StandingPlace, TrialCode
from bookings.tell_house import tell_not_arrived
from portal.base import clock, outbox
from portal.base.accounts.models import User
from portal.base.log import Actor
from portal.base.models import OutboxMail
from villages.models import Closure, Dorpshuis, Invitation

NOT_OVERTAKEN = timedelta(minutes=1)
SERIES_TAKES = timedelta(minutes=1)

Kind = CallEntry.Kind
Outcome = CallAttempt.Outcome
# Mails that only who has an address can ask for: never a call.
LINK, LOST_LINK, FORGOTTEN = "link", "lost_link", "forgotten"
# One for all that was booked with one tap for several weeks.
SERIES = "series"
# To somebody whom the house lets try a desk for nothing.
TRIAL = "trial"
# Mails to who runs the house.
INVITATION, ROLE_CHANGED, LEFT_TEAM = "invitation", "role_changed", "left_team"

logger = structlog.get_logger("bookings.tell")


def tell_booked(reservation: Reservation, by: Actor) -> None:
    """Confirm. Who booked by phone was told by the volunteer who wrote it down; of a series one mail tells all."""
    if reservation.series and reservation.email:
        _tell_series(reservation)
    elif reservation.email or not by.is_house:
        _tell(reservation, Kind.CONFIRMATION, f"confirmation:{reservation.pk}")


def _tell_series(reservation: Reservation) -> None:
    """One mail for the whole series, named after its first reservation and written with it: no crash loses it.

    It waits a minute for the other dates, and no longer than until `tell_series_now`.
    """
    first = _first_of(reservation.series) or reservation
    mail = _mail(first, Kind.CONFIRMATION, f"series:{first.pk}", clock.now() + SERIES_TAKES)
    mail.kind = SERIES
    outbox.put_all([mail])


def tell_series_now(series: str) -> None:
    """All dates of this series are booked, so far as they could be: its mail need not wait any longer."""
    first = _first_of(series)
    if first is not None:
        outbox.hurry(f"series:{first.pk}")


def _first_of(series: str) -> Reservation | None:
    """The first reservation of the series of which something stands."""
    standing = Booking.objects.occupying().filter(reservation__series=series).values("reservation")
    return Reservation.objects.filter(pk__in=standing).order_by("pk").first()


def tell_standing(place: StandingPlace) -> None:
    """Tell the holder of a standing place what was agreed, and her dates."""
    _tell(place.reservation, Kind.STANDING, f"standing:{place.pk}")


def tell_longer(place: StandingPlace) -> None:
    """Tell the holder until when it goes on. Once for each last day."""
    _tell(place.reservation, Kind.LONGER, f"longer:{place.pk}:{place.last_day}")


def tell_stopped(place: StandingPlace) -> None:
    """Tell the holder that it ends sooner, and which dates no longer go on."""
    _tell(place.reservation, Kind.STOPPED, f"stopped:{place.pk}:{place.last_day}")


def tell_ends_soon(place: StandingPlace) -> bool:
    """Ask the holder, a month before, whether it should go on. Once for each last day; gives whether this call did."""
    key = f"standing_end:{place.pk}:{place.last_day}"
    if CallEntry.objects.filter(key=key).exists() or outbox.put_since(key, place.agreed_at):
        return False
    _tell(place.reservation, Kind.STANDING_END, key)
    return True


def tell_clash(place: StandingPlace, day: date) -> None:
    """There is no desk for this date of a standing place: somebody of the house calls the holder. Once a date."""
    _put_calls([_call(place.reservation, Kind.CLASH, f"clash:{place.pk}:{day}", clock.now())])


def tell_unused(place: StandingPlace, since: date) -> None:
    """Nobody came several times in a row, from this date on: a gentle question, once."""
    _put_calls([_call(place.reservation, Kind.UNUSED, f"unused:{place.pk}:{since}", clock.now())])


def tell_cancelled(reservation: Reservation, booking_ids: Collection[int], *, on_phone: bool = False) -> None:
    """Tell what was given back in one act, by the guest or by the house. Who is on the phone hears it there."""
    if reservation.email or not on_phone:
        _tell(reservation, Kind.CANCELLATION, f"cancellation:{reservation.pk}:{min(booking_ids)}")


def tell_changed(reservation: Reservation, by: Actor) -> None:
    """Tell the newest change, by its number. Who changed by phone was told by the volunteer."""
    if reservation.email or not by.is_house:
        _tell(reservation, Kind.CHANGE, f"change:{reservation.pk}:{reservation.changes}")


def tell_called_off(closure: Closure, told: Iterable[Told], called: Collection[int], by: Actor) -> None:
    """Tell each guest once what this closure called off; after the time in which the house can undo it.

    At once to who has a dagdeel that begins within two hours. Reservations in `called` without an address
    were phoned by who closes: their line on the call list is done.
    """
    mails, calls = [], []
    for guest in told:
        visible = closure.created_at + (timedelta(0) if guest.at_once else UNDO_FOR)
        key = called_off_key(closure.pk, guest.reservation.pk)
        if guest.by_mail:
            mails.append(_mail(guest.reservation, Kind.CALLED_OFF, key, visible))
        else:
            calls.append(_call(guest.reservation, Kind.CALLED_OFF, key, visible))
    outbox.put_all(mails)
    _put_calls(calls)
    entries = CallEntry.objects.filter(key__in=[called_off_key(closure.pk, pk) for pk in called])
    entries.update(visible_from=closure.created_at, done_at=closure.created_at, done_by=by.user)
    made = (CallAttempt(entry=row, at=closure.created_at, by=by.user, outcome=Outcome.CALLED) for row in entries)
    CallAttempt.objects.bulk_create(made)


def tell_other_times(closure: Closure, told: Iterable[Told]) -> None:
    """Tell each guest once that her dagdelen begin or end at other times, after the time to undo this change."""
    visible = closure.created_at + UNDO_FOR
    for guest in told:
        _tell(guest.reservation, Kind.TIMES, f"times:{closure.pk}:{guest.reservation.pk}", visible)


def take_back_other_times(closure: Closure, booking_ids: Collection[int]) -> None:
    """The house undid it in time: nobody was told yet, and nobody need be."""
    rows = Booking.objects.filter(pk__in=booking_ids).values_list("reservation", flat=True)
    _take_back({f"times:{closure.pk}:{pk}": pk for pk in rows})


def tell_undone(closure: Closure, hit: Collection[int], *, restored: Collection[int], lost: Collection[int]) -> None:
    """The house took the closure back in time: who was not told yet, need not hear of it. Numbers of reservations.

    Of those that it `hit`, who was told and has something `restored` hears that it goes on after all. Who `lost`
    something hears that it is off, once: who was told so already hears nothing new.
    """
    told = _take_back({called_off_key(closure.pk, pk): pk for pk in hit})
    for reservation in Reservation.objects.filter(pk__in=hit).order_by("pk"):
        if reservation.pk in told and reservation.pk in restored:
            _tell(reservation, Kind.UNDONE, f"undone:{closure.pk}:{reservation.pk}", told[reservation.pk])
        elif reservation.pk in lost and reservation.pk not in told:
            # Written anew in this transaction, so that no worker composes it from what was true before.
            _tell(reservation, Kind.CALLED_OFF, called_off_key(closure.pk, reservation.pk))


def tell_reopened(rows: Iterable[Booking]) -> None:
    """The house opens after all, too late for what it called off: these can be booked again. Each guest once."""
    first = {row.reservation_id: row for row in rows}
    for row in first.values():
        _tell(row.reservation, Kind.REOPENED, f"reopened:{row.closure_id}:{row.reservation_id}")


def tell_undelivered() -> None:
    """Who will never get her mail must be called: a refused address, or a day of tries. Who runs the house hears it.

    Safe to run twice.
    """
    called = CallEntry.objects.filter(kind=Kind.UNDELIVERED).values_list("key", flat=True)
    known = {key.removeprefix(undelivered_key("")) for key in called}
    houses = set()
    for mail in outbox.undelivered("reservation", known):
        reservation = Reservation.objects.filter(pk=int(mail.subject.split(":")[1])).first()
        if reservation is not None:
            _put_calls([_call(reservation, Kind.UNDELIVERED, undelivered_key(mail.key), clock.now())])
            houses.add(reservation.dorpshuis_id)
            logger.warning("mail becomes a call", key=mail.key)
    tell_not_arrived(houses)


def _take_back(keys: dict[str, int]) -> dict[int, datetime]:
    """Withdraw these mails and calls; the reservations that were told already, and when to tell the next thing.

    A mail that is being sent at this moment must not be overtaken by the next: that one waits a minute.
    """
    now = clock.now()
    on_its_way = outbox.withdraw(keys)
    calls = keys | {undelivered_key(key): pk for key, pk in keys.items()}
    entries = CallEntry.objects.filter(key__in=calls)
    entries.filter(done_at__isnull=True).delete()
    told = {calls[entry.key]: now for entry in entries.all()}
    for key, state in on_its_way.items():
        told[keys[key]] = now + NOT_OVERTAKEN if state is outbox.State.CLAIMED else now
    return told


def called_off_key(closure_id: int, reservation_id: int) -> str:
    """The name of the event that this closure called off dagdelen of this reservation."""
    return f"closure:{closure_id}:{reservation_id}"


def undelivered_key(mail_key: str) -> str:
    """The name of the event that this mail will never arrive."""
    return f"undelivered:{mail_key}"


def tell_booked_in(reservation: Reservation) -> None:
    """Confirm once more, in another language: once in each. Only by mail: nobody is phoned for it."""
    if reservation.email:
        _tell(reservation, Kind.CONFIRMATION, f"confirmation:{reservation.pk}:{reservation.language}")


def tell_link(reservation: Reservation, number: int) -> None:
    """Mail the new link, the `number`th, to the address that the confirmation went to and nowhere else."""
    outbox.put(
        f"link:{reservation.pk}:{number}",
        LINK,
        f"reservation:{reservation.pk}",
        reservation.confirmed_to,
        language=reservation.language,
    )


def links_told_since(reservation: Reservation, since: datetime) -> int:
    """How many new links of this reservation were put in the outbox since then."""
    return outbox.put_since(f"link:{reservation.pk}:", since)


def tell_lost_link(email: str, day: date) -> None:
    """Let this address have the links of what it has coming, once a day.

    A row is written for any address; its composer looks whether there is something to tell. The key is a
    keyed hash: it stays when the address is forgotten.
    """
    address = _sealed_address(email)
    outbox.put(f"lost_link:{address}:{day}", LOST_LINK, f"address:{address}", email)


def tell_invited(invitation: Invitation) -> None:
    """Mail the link of this invitation, in the language of who invites.

    The row holds only its number: the link is made when the mail is sent.
    """
    language = invitation.created_by.language if invitation.created_by else "nl"
    name = f"invitation:{invitation.pk}"
    outbox.put(name, INVITATION, name, invitation.email, language=language)


def tell_trial(trial: TrialCode, email: str, language: str) -> None:
    """Mail the link with this trial code. The address stands in this row alone."""
    outbox.put(f"trial:{trial.pk}", TRIAL, f"trial:{trial.pk}", email, language=language)


def tell_role_changed(house: Dorpshuis, user: User) -> None:
    """Tell somebody of the team that she has another role."""
    _tell_member(ROLE_CHANGED, house, user)


def tell_left_team(house: Dorpshuis, user: User) -> None:
    """Tell somebody that she no longer belongs to the team."""
    _tell_member(LEFT_TEAM, house, user)


def _tell_member(kind: str, house: Dorpshuis, user: User) -> None:
    """Each change is an event of its own, by its moment; the mail tells what is true when it is sent."""
    subject = f"team:{house.pk}:{user.pk}"
    key = f"{kind}:{house.pk}:{user.pk}:{clock.now():%Y%m%dT%H%M%S.%f}"
    outbox.put(key, kind, subject, user.email, language=user.language)


def tell_again(reservation: Reservation) -> None:
    """Mail the confirmation once more, to the address that stands there now. The house asked for it."""
    prefix = again_key(reservation)
    number = outbox.put_since(prefix, reservation.created_at) + 1
    subject = f"reservation:{reservation.pk}"
    outbox.put(f"{prefix}{number}", Kind.CONFIRMATION, subject, reservation.email, language=reservation.language)


def told_again_since(reservation: Reservation, since: datetime) -> int:
    """How many times its confirmation was mailed once more since then."""
    return outbox.put_since(again_key(reservation), since)


def again_key(reservation: Reservation) -> str:
    """How the names of these events begin: that the house mails a confirmation once more."""
    return f"confirmation:{reservation.pk}:again:"


def tell_elsewhere(reservation: Reservation, old_email: str) -> None:
    """What still waits for the address that she had, goes to the one that she has now; without one, by phone."""
    waiting = outbox.waiting_about(f"reservation:{reservation.pk}", old_email) if old_email else []
    if reservation.email:
        outbox.readdress([mail.key for mail in waiting], reservation.email)
        return
    outbox.withdraw([mail.key for mail in waiting])
    for mail in waiting:
        if mail.kind in (*Kind.values, SERIES):
            kind = Kind.CONFIRMATION if mail.kind == SERIES else Kind(mail.kind)
            _put_calls([_call(reservation, kind, mail.key, mail.visible_from)])


def tell_forgotten(guest: Guest, email: str, language: str) -> None:
    """The last mail to a guest who was deleted. The address stands in this row alone, until it is sent."""
    outbox.put(f"forgotten:{guest.pk}", FORGOTTEN, f"guest:{guest.pk}", email, language=language, keeps_nothing=True)


def tell_member_forgotten(user: User, email: str, last: outbox.Ready, language: str) -> None:
    """The last mail to a member who deleted her account. Ready-made and sealed: by then nothing is left to compose."""
    outbox.put_ready(f"forgotten:user:{user.pk}", FORGOTTEN, email, last, language=language)


def forget_address(email: str) -> list[str]:
    """Empty all mails that went, or would go, to this address; gives the names of their rows."""
    return [f"outboxmail:{pk}" for pk in outbox.forget_address(email)]


def forget_told(reservation_ids: Collection[int], email: str) -> list[str]:
    """Empty all that was told about these reservations, and to this address about lost links.

    Gives the names of the rows that were emptied or deleted: `outboxmail:5`, `callentry:7`.
    """
    subjects = [f"reservation:{pk}" for pk in reservation_ids]
    subjects += [f"address:{_sealed_address(email)}"] if email else []
    entries = CallEntry.objects.filter(reservation__in=reservation_ids)
    names = [f"callentry:{pk}" for pk in entries.values_list("pk", flat=True)]
    entries.delete()
    return names + [f"outboxmail:{pk}" for pk in outbox.forget(subjects)]


def _sealed_address(email: str) -> str:
    return salted_hmac("bookings.lost-link", email, algorithm="sha256").hexdigest()[:32]


def _tell(reservation: Reservation, kind: Kind, key: str, visible_from: datetime | None = None) -> None:
    visible = visible_from or clock.now()
    if reservation.email:
        outbox.put_all([_mail(reservation, kind, key, visible)])
    else:
        _put_calls([_call(reservation, kind, key, visible)])


def _put_calls(entries: Iterable[CallEntry]) -> None:
    """Lines on the call list; a second one with the same key changes nothing."""
    CallEntry.objects.bulk_create(entries, ignore_conflicts=True)


def _mail(reservation: Reservation, kind: Kind, key: str, visible: datetime) -> OutboxMail:
    return OutboxMail(
        key=key,
        kind=kind,
        subject=f"reservation:{reservation.pk}",
        recipient=reservation.email,
        language=reservation.language,
        visible_from=visible,
    )


def _call(reservation: Reservation, kind: Kind, key: str, visible: datetime) -> CallEntry:
    return CallEntry(
        dorpshuis_id=reservation.dorpshuis_id, reservation=reservation, kind=kind, key=key, visible_from=visible
    )
