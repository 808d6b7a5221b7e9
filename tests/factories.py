"""Small functions that make what a test needs, each with sensible values. Supply rows are written directly."""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.internal.userkit import user_id_to_str
from django.test import Client
from django.utils.text import slugify
from PIL import Image

from bookings.actions.book import Booked, book
from bookings.actions.close import Closed, Closing, change_offer, close
from bookings.actions.standing import agree, plan_standing
from bookings.actions.waiting import join
from bookings.codes import hash_of, new_code
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.standing import Pattern
from bookings.models import Booking, Guest, Reservation, StandingPlace, TrialCode, Waiting
from bookings.offer import DeskGoes
from bookings.order import Order
from bookings.standing import Wish
from bookings.trial import hash_of_trial, letters_of, new_seed
from portal.base import clock
from portal.base.accounts.models import User
from portal.base.accounts.sessions import PROVEN
from portal.base.log import GUEST, Actor
from villages.models import (
    Desk,
    Dorpshuis,
    HouseRequest,
    HouseRules,
    Invitation,
    Membership,
    Municipality,
    Opening,
    Photo,
    Room,
    Tariff,
    Village,
)
from villages.photos import Prepared, fill

_numbers = count(1)

WORKDAYS = range(5)
HOURS = {
    Dagdeel.OCHTEND: (time(8, 30), time(12, 30)),
    Dagdeel.MIDDAG: (time(13), time(17)),
    Dagdeel.AVOND: (time(18, 30), time(22)),
}
DAY_PARTS = (Dagdeel.OCHTEND, Dagdeel.MIDDAG)


def make_village(name: str = "Toetsdorp", latitude: float = 52.8, longitude: float = 6.4) -> Village:
    municipality, _ = Municipality.objects.get_or_create(
        gm_code="GM9999", defaults={"name": "Toetsgemeente", "region": "Toetsregio"}
    )
    village, _ = Village.objects.get_or_create(
        name=name,
        municipality=municipality,
        defaults={"slug": slugify(f"toetsdorp-{name}"), "latitude": latitude, "longitude": longitude},
    )
    return village


def make_house(
    slug: str = "", *, desks: int = 4, cents: int | None = 750, parts: tuple[Dagdeel, ...] = DAY_PARTS, **fields: Any
) -> Dorpshuis:
    """An open house: `desks` desks in one room, open on workdays, one tariff of `cents`."""
    slug = slug or f"huis-{next(_numbers)}"
    fields = {"name": slug.title(), "phone": "+31521591000", "status": Dorpshuis.Status.OPEN} | fields
    fields.setdefault("village", make_village())
    house = Dorpshuis.objects.create(slug=slug, **fields)
    if desks:
        make_desks(make_room(house), desks)
    make_openings(house, parts)
    if cents is not None:
        Tariff.objects.create(dorpshuis=house, kind=Tariff.Kind.STANDAARD, cents=cents)
    return house


def make_request(**fields: Any) -> HouseRequest:
    """Somebody who asks for a desk in the house of her village."""
    given = {"place": "Toetsdorp", "house_name": "Ons Huis", "name": "Vrager", "email": "vraag@voorbeeld.example"}
    return HouseRequest.objects.create(**given | fields)


def make_room(house: Dorpshuis, name: str = "Kantoor") -> Room:
    return Room.objects.create(dorpshuis=house, name=name)


def make_desks(room: Room, number: int) -> list[Desk]:
    return [Desk.objects.create(room=room, name=f"Bureau {n}", position=n) for n in range(1, number + 1)]


def make_openings(house: Dorpshuis, parts: tuple[Dagdeel, ...], weekdays: Any = WORKDAYS) -> None:
    Opening.objects.bulk_create(
        Opening(dorpshuis=house, weekday=day, dagdeel=part.value, begin=HOURS[part][0], end=HOURS[part][1])
        for day in weekdays
        for part in parts
    )


def make_rules(house: Dorpshuis, version: int = 1) -> HouseRules:
    rules = HouseRules.objects.create(
        dorpshuis=house, version=version, valid_from=date(2020, 1, 1), bullets="Een boterham mag.\nBellen mag."
    )
    Dorpshuis.objects.filter(pk=house.pk).update(current_rules=rules)
    house.current_rules = rules
    return rules


def make_user(email: str = "", **fields: Any) -> User:
    return User.objects.create_user(email or f"persoon-{next(_numbers)}@voorbeeld.example", **fields)


def log_in_fully(client: Client, user: User) -> None:
    """Log her in as if just now, with a second factor."""
    client.force_login(user)
    session = client.session
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp", "at": 0}]
    session[PROVEN] = clock.now().timestamp()
    session.save()


def make_member(house: Dorpshuis, role: str = Membership.Role.VOLUNTEER) -> User:
    """Somebody with this role in the house."""
    user = make_user(name="Vrijwilliger")
    Membership.objects.create(user=user, dorpshuis=house, role=role)
    return user


def make_invitation(house: Dorpshuis, role: str = Membership.Role.VOLUNTEER, **fields: Any) -> Invitation:
    """An open invitation by mail, written directly, without the mail; with `code` one on paper."""
    code = fields.pop("code", "")
    given = {"email": "" if code else "nieuw@voorbeeld.example", "expires_at": clock.now() + timedelta(days=14)}
    return Invitation.objects.create(
        dorpshuis=house, role=role, code_hash=hash_of(code or new_code()), **given | fields
    )


def desks_of(house: Dorpshuis) -> list[Desk]:
    return list(Desk.objects.filter(room__dorpshuis=house))


def next_workday(days_ahead: int = 1) -> date:
    """The first workday that is at least so many days from today."""
    day = clock.today() + timedelta(days=days_ahead)
    while day.weekday() not in WORKDAYS:
        day += timedelta(days=1)
    return day


def morning(days_ahead: int = 1) -> Moment:
    return Moment(next_workday(days_ahead), Dagdeel.OCHTEND)


def afternoon(days_ahead: int = 1) -> Moment:
    return Moment(next_workday(days_ahead), Dagdeel.MIDDAG)


def make_order(house: Dorpshuis, *moments: Moment, **fields: Any) -> Order:
    number = next(_numbers)
    given = {"name": f"Gast {number}", "email": f"gast-{number}@voorbeeld.example"} | fields
    return Order(dorpshuis_id=house.pk, moments=moments or (morning(),), **given)


def make_booking(house: Dorpshuis, *moments: Moment, by: Actor = GUEST, **fields: Any) -> Reservation:
    """A reservation made the ordinary way: through the action."""
    return make_booked(house, *moments, by=by, **fields).reservation


def make_booked(house: Dorpshuis, *moments: Moment, by: Actor = GUEST, **fields: Any) -> Booked:
    return book(make_order(house, *moments, **fields), by)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Local time in Drenthe."""
    return datetime.combine(day, time(hour, minute), tzinfo=clock.AMSTERDAM)


# A Monday at nine, for tests that freeze the clock: `pytest.mark.time_machine(MONDAY_NINE, tick=False)`.
MONDAY_NINE = at(date(2026, 11, 23), 9)


def make_trial(house: Dorpshuis, **fields: Any) -> tuple[TrialCode, str]:
    """A trial code of the house, written directly; and its letters."""
    seed = new_seed()
    given = {"how": "hand", "valid_until": clock.today() + timedelta(days=92)} | fields
    code = letters_of(seed)
    return TrialCode.objects.create(dorpshuis=house, seed=seed, code_hash=hash_of_trial(code), **given), code


def make_tariff(house: Dorpshuis, kind: str, cents: int, **fields: Any) -> Tariff:
    return Tariff.objects.create(dorpshuis=house, kind=kind, cents=cents, **fields)


def make_hold(desk: Desk, moment: Moment, until: datetime, email: str = "wachtlijst@voorbeeld.example") -> Booking:
    """A desk held for somebody on the waiting list, written directly: no action makes holds yet."""
    house = desk.room.dorpshuis
    guest, _ = Guest.objects.get_or_create(dorpshuis=house, email=email)
    reservation = Reservation.objects.create(dorpshuis=house, guest=guest, email=email, tariff="standaard")
    return Booking.objects.create(
        dorpshuis=house,
        reservation=reservation,
        desk=desk,
        date=moment.date,
        dagdeel=moment.dagdeel.value,
        state=Booking.State.HELD,
        held_until=until,
        price_cents=0,
        tariff="standaard",
    )


def make_waiting(house: Dorpshuis, moment: Moment | None = None, by: Actor = GUEST, **fields: Any) -> Waiting:
    """Somebody on the list of a dagdeel that is full, through the action."""
    return join(make_order(house, moment or morning(), **fields), by)


def make_wait(house: Dorpshuis, moment: Moment, email: str = "wacht@voorbeeld.example", **fields: Any) -> Waiting:
    """Somebody on the list of any dagdeel, written directly."""
    guest, _ = Guest.objects.get_or_create(dorpshuis=house, email=email, defaults={"name": "Wachtende"})
    contact = {"name": "Wachtende", "email": email, "confirmed_to": email}
    reservation = Reservation.objects.create(dorpshuis=house, guest=guest, tariff="standaard", **contact)
    given = {"date": moment.date, "dagdeel": moment.dagdeel.value} | fields
    return Waiting.objects.create(dorpshuis=house, reservation=reservation, **given)


def house_actor(house: Dorpshuis) -> Actor:
    """A volunteer of this house, as the one who acts."""
    return Actor("house", make_member(house))


def make_closed(house: Dorpshuis, first: date, last: date | None = None, **fields: Any) -> Closed:
    """A closure made the ordinary way: through the action."""
    return close(house.pk, Closing(first, last or first, "dorpsfeest", **fields), house_actor(house))


def make_retired(desk: Desk, last_day: date) -> Closed:
    """A desk taken out of use after this day, the ordinary way: through the action."""
    house = desk.room.dorpshuis
    return change_offer(house.pk, DeskGoes(desk.pk, last_day + timedelta(days=1)), house_actor(house))


def rows_of(house: Dorpshuis) -> list[tuple[str, str, int]]:
    """All bookings of a house as (moment, state, desk), in order."""
    return [(str(row.moment), row.state, row.desk_id) for row in Booking.objects.filter(dorpshuis=house).in_order()]


def make_photo(house: Dorpshuis, alt: str = "Twee bureaus bij het raam.", **fields: Any) -> Photo:
    """A photo of 480 by 320 pixels, its file included."""
    written = BytesIO()
    Image.new("RGB", (480, 320), "teal").save(written, "WEBP")
    photo = Photo(dorpshuis=house, alt=alt, **fields)
    fill(photo, Prepared(written.getvalue(), 480, 320))
    photo.save()
    return photo


def make_wish(first: date | None = None, **fields: Any) -> Wish:
    """Sanne of the police, every Tuesday afternoon for a year, for nothing; without a desk of her own."""
    begins = first or clock.today()
    rule: dict[str, Any] = {"weekday": 1, "dagdeel": Dagdeel.MIDDAG, "first_day": begins}
    rule["last_day"] = begins + timedelta(days=364)
    rule |= {name: fields.pop(name) for name in (*rule, "every", "skip_holidays") if name in fields}
    given = {"organisation": "Politie", "name": "Sanne Kuipers", "email": "sanne@voorbeeld.example"} | fields
    return Wish(Pattern(**rule), **given)


def make_standing(house: Dorpshuis, wish: Wish | None = None, **fields: Any) -> StandingPlace:
    """A standing place made the ordinary way: through the action, as its preview shows it."""
    wanted = wish or make_wish(**fields)
    return agree(house.pk, wanted, house_actor(house), plan_standing(house, wanted).fingerprint)
