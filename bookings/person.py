"""What the house has of a guest: what is to come, and a copy of all of it. Only reads."""

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from bookings.domain.availability import ends_at
from bookings.domain.dagdelen import Moment
from bookings.fingerprint import sealed
from bookings.models import Booking, CallEntry, Guest, Reservation, StandingPlace, Waiting
from bookings.models.booking import BookingQuerySet
from bookings.models.guest import e164
from bookings.queries import ended_moments, supplies
from bookings.wording import pattern_words
from portal.base import clock
from portal.base.accounts import app_codes, passkeys
from portal.base.accounts.members import verified_address
from portal.base.accounts.models import Browser, User
from portal.base.models import OutboxMail
from villages.models import Dorpshuis, HouseRequest, Membership

MAILS_SHOWN = timedelta(days=30)

Facts = dict[str, Any]


def coming_of(house: Dorpshuis, guest: Guest) -> list[Booking]:
    """What she has booked in her house and is not over, in order, with reservation and desk."""
    return _not_over(house, Booking.objects.filter(dorpshuis=house).of_guest(guest))


def to_come_of(house: Dorpshuis, guest: Guest) -> list[Reservation]:
    """Her reservations of which something may still happen: booked and not over, on a waiting list, or a standing place
    that runs, also while none of its dates is booked yet. In order of their numbers.
    """
    numbers = {booking.reservation_id for booking in coming_of(house, guest)}
    hers = Reservation.objects.filter(dorpshuis=house, guest=guest)
    waits = Waiting.objects.filter(reservation__guest=guest).on_the_list()
    places = StandingPlace.objects.filter(reservation__guest=guest).running(clock.today())
    alive = Q(pk__in=numbers) | Q(pk__in=waits.values("reservation")) | Q(pk__in=places.values("reservation"))
    return list(hers.filter(alive).order_by("pk"))


def coming_of_contact(house: Dorpshuis, guest: Guest) -> list[Booking]:
    """The same of everybody with her address or her number: one person, or one who pretends to be several."""
    return _not_over(house, Booking.objects.of_guest_or_contact(guest))


def per_reservation(rows: Collection[Booking]) -> list[tuple[Reservation, list[Moment]]]:
    """These bookings, per reservation the moments of it: what is cancelled together is told together."""
    reservations = {row.reservation_id: row.reservation for row in rows}
    return [(one, [row.moment for row in rows if row.reservation_id == pk]) for pk, one in reservations.items()]


def as_shown(rows: Collection[Booking]) -> str:
    """A fingerprint of these bookings: the button that ends them carries what its page showed."""
    return sealed("shown", *(str(pk) for pk in sorted(row.pk for row in rows)))


def version_of(guest: Guest) -> str:
    """A fingerprint of her fields: who changes them carries what she saw."""
    return sealed("guest", str(guest.pk), guest.name, guest.email, e164(guest.phone))


def _not_over(house: Dorpshuis, rows: BookingQuerySet) -> list[Booking]:
    booked = list(rows.still_booked_from(clock.today()).with_names().in_order())
    over = ended_moments(house, {row.moment for row in booked}, clock.now())
    return [row for row in booked if row.moment not in over]


def coming_of_address(address: str) -> list[Booking]:
    """What is booked with this proven address and not over, in all houses, in order. Five queries at most."""
    rows = Booking.objects.confirmed_to(address).still_booked_from(clock.today()).with_names()
    booked = list(rows.select_related("dorpshuis__village").in_order())
    if not booked:
        return []
    days = [row.date for row in booked]
    offers = supplies({row.dorpshuis_id: row.dorpshuis for row in booked}.values(), min(days), max(days))
    return [row for row in booked if clock.now() < ends_at(offers[row.dorpshuis_id], row.moment)]


def guests_of_address(address: str) -> list[Guest]:
    """Who she is in each house: found by her proven address, or with a booking that was confirmed to it."""
    if not address:
        return []
    confirmed = Reservation.objects.filter(confirmed_to=address).values("guest")
    rows = Guest.objects.filter(Q(email=address) | Q(pk__in=confirmed)).known()
    return list(rows.select_related("dorpshuis__village").order_by("dorpshuis_id", "pk"))


def beyond_proof(address: str, guests: Collection[Guest]) -> list[Reservation]:
    """What stands near her address and was not confirmed to it: of these guests, or written with it later. It may be
    somebody else's, so it goes through the house.
    """
    if not address:
        return []
    near = Q(email=address) | Q(guest__in=guests)
    rows = Reservation.objects.filter(near, guest__emptied_at__isnull=True).exclude(confirmed_to=address)
    return list(rows.select_related("dorpshuis", "guest").order_by("dorpshuis_id", "pk"))


def copy_of(guests: Collection[Guest], *, confirmed_to: str = "") -> list[Facts]:
    """All that is kept of these guests, one part each; dates and times as such, money in cents. Five queries.

    With `confirmed_to` only what that address proves: what was confirmed to it. Left out: the link to her private page,
    which opens it, and the names of who worked for the house.
    """
    rows = Reservation.objects.filter(guest__in=guests).select_related("dorpshuis", "standing__desk", "waiting")
    rows = rows.order_by("created_at", "pk")
    reservations = list(rows.filter(confirmed_to=confirmed_to) if confirmed_to else rows)
    numbers = [row.pk for row in reservations]
    owner = {row.pk: row.guest_id for row in reservations}
    dagdelen: defaultdict[int, list[Facts]] = defaultdict(list)
    for booking in Booking.objects.filter(reservation__in=numbers).select_related("desk").in_order():
        dagdelen[booking.reservation_id].append(_booking(booking))
    entries = list(
        CallEntry.objects.filter(reservation__in=numbers).prefetch_related("attempts").order_by("created_at", "pk")
    )
    mails = [mail for mail in _mails_about(numbers) if confirmed_to in ("", mail.recipient)]
    return [
        {
            "gast": _guest(guest) if confirmed_to in ("", guest.email) else {"nummer": guest.pk},
            "reserveringen": [
                _reservation(row) | {"dagdelen": dagdelen[row.pk]} for row in reservations if row.guest_id == guest.pk
            ],
            "te_bellen": [_call(entry) for entry in entries if owner[entry.reservation_id] == guest.pk],
            "mails": [_mail(mail) for mail in mails if owner[_about(mail)] == guest.pk],
        }
        for guest in guests
    ]


def copy_of_member(user: User) -> Facts:
    """All that is kept of a member: her account, and per house what was confirmed to her proven address."""
    address = verified_address(user)
    guests = guests_of_address(address)
    roles = Membership.objects.filter(user=user).select_related("dorpshuis", "operator")
    asked = HouseRequest.objects.filter(email=address).order_by("pk") if address else []
    return {
        "account": {
            "naam": user.name,
            "email": user.email,
            "email_bevestigd": bool(address),
            "telefoon": e164(user.phone),
            "sinds": clock.local(user.date_joined),
            "laatst_ingelogd": user.last_login and clock.local(user.last_login),
            "taal": dict(Reservation.Language.choices).get(user.language, user.language),
            "rollen": [{"waar": str(one.dorpshuis or one.operator), "rol": one.get_role_display()} for one in roles],
            **_ways_in(user),
        },
        "dorpshuizen": [
            {"dorpshuis": guest.dorpshuis.name} | part
            for guest, part in zip(guests, copy_of(guests, confirmed_to=address) if guests else [], strict=True)
        ],
        "aanmeldingen": [_request(one) for one in asked],
    }


def _ways_in(user: User) -> Facts:
    """How she logs in, and in which browsers she is in; no secret."""
    app = app_codes.status(user)
    keys = [(key, key.last_used_at) for key in passkeys.of(user)]
    browsers = Browser.objects.filter(user=user, session__expire_date__gt=clock.now()).order_by("pk")
    return {
        "toegangssleutels": [
            {
                "naam": key.data.get("name", ""),
                "gemaakt_op": clock.local(key.created_at),
                "gebruikt_op": used_at and clock.local(used_at),
            }
            for key, used_at in keys
        ],
        "code_app_sinds": app and clock.local(app.since),
        "ingelogd": [
            {"browser": str(one), "sinds": clock.local(one.since), "laatst_gezien": one.seen_on} for one in browsers
        ],
    }


def _request(row: HouseRequest) -> Facts:
    return {
        "dorp": row.place,
        "dorpshuis": row.house_name,
        "naam": row.name,
        "email": row.email,
        "telefoon": e164(row.phone),
        "opmerking": row.remark,
        "aangemeld_op": clock.local(row.created_at),
    }


def _mails_about(numbers: list[int]) -> list[OutboxMail]:
    """The mails about these reservations that were sent in the last thirty days."""
    subjects = [f"reservation:{number}" for number in numbers]
    return list(OutboxMail.objects.sent_about(subjects, clock.now() - MAILS_SHOWN))


def _about(mail: OutboxMail) -> int:
    return int(mail.subject.partition(":")[2])


def _guest(guest: Guest) -> Facts:
    return {
        "nummer": guest.pk,
        "naam": guest.name,
        "email": guest.email,
        "telefoon": e164(guest.phone),
        "sinds": clock.local(guest.created_at),
        "geen_herinneringen": guest.no_reminders,
        "stopte_andere_mails": guest.no_more_mails,
    }


def _reservation(row: Reservation) -> Facts:
    return {
        "nummer": row.pk,
        "geboekt_op": clock.local(row.created_at),
        "geboekt_door": gettext("het huis") if row.booked_by_id else gettext("de gast"),
        "naam": row.name,
        "email": row.email,
        "telefoon": e164(row.phone),
        "bevestigd_aan": row.confirmed_to,
        "code": row.spoken_code,
        "postcode": row.postcode,
        "hoe_gevonden": row.get_found_by_display(),
        "doelgroep": row.get_target_group_display(),
        "bron": row.source,
        "opmerking": row.remark,
        "geen_berichten": row.no_messages,
        "geen_berichten_gevraagd": row.messages_offered,
        "taal": row.get_language_display(),
        **_standing(row),
        **_waiting(row),
    }


def _standing(row: Reservation) -> Facts:
    """The standing place that this reservation is of; nothing for all others."""
    place: StandingPlace | None = getattr(row, "standing", None)
    if place is None:
        return {}
    facts = {
        "nummer": place.pk,
        "organisatie": place.organisation,
        "bureau": place.desk.name if place.desk else "",
        "wanneer": pattern_words(place.pattern),
        "weekdag": place.weekday + 1,
        "dagdeel": place.dagdeel,
        "hoe_vaak": place.get_every_display(),
        "van": place.first_day,
        "tot_en_met": place.last_day,
    }
    return {"vaste_plek": facts}


def _waiting(row: Reservation) -> Facts:
    """The place on a waiting list that this reservation is of; nothing for all others."""
    wait: Waiting | None = getattr(row, "waiting", None)
    if wait is None:
        return {}
    facts = {
        "nummer": wait.pk,
        "datum": wait.date,
        "dagdeel": wait.dagdeel,
        "toestand": wait.get_state_display(),
        "sinds": clock.local(wait.created_at),
    }
    return {"wachtlijst": facts}


def _booking(row: Booking) -> Facts:
    return {
        "nummer": row.pk,
        "datum": row.date,
        "dagdeel": row.dagdeel,
        "bureau": row.desk.name,
        "toestand": row.get_state_display(),
        "tarief": row.get_tariff_display(),
        "prijs_cent": row.price_cents,
        "betaald": row.get_paid_how_display(),
        "betaald_op": row.paid_at and clock.local(row.paid_at),
        "geannuleerd_op": row.cancelled_at and clock.local(row.cancelled_at),
    }


def _call(entry: CallEntry) -> Facts:
    return {
        "nummer": entry.pk,
        "waarover": entry.get_kind_display(),
        "gemaakt_op": clock.local(entry.created_at),
        "gebeld_op": entry.done_at and clock.local(entry.done_at),
        "pogingen": [
            {"op": clock.local(one.at), "hoe": one.get_outcome_display(), "notitie": one.note}
            for one in entry.attempts.all()
        ],
    }


def _mail(mail: OutboxMail) -> Facts:
    return {
        "onderwerp": mail.sent_subject,
        "aan": mail.recipient,
        "verstuurd_op": mail.sent_at and clock.local(mail.sent_at),
    }
