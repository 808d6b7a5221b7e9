"""Rows of the houses: place, settings, rooms, desks, schedule, tariffs, rules. Written once, never changed."""

from datetime import date, timedelta
from io import BytesIO

from portal.base import clock
from portal.demo.data.drawings import DRAWINGS
from portal.demo.data.spec import HouseSpec, PriceSpec
from villages.models import (
    AccessWay,
    Desk,
    Dorpshuis,
    Facility,
    HouseRules,
    Opening,
    Operator,
    Photo,
    Room,
    Tariff,
    Village,
)
from villages.models.validity import LONG_AGO
from villages.photos import fill, prepare

REAL = ("over-entinghe", "de-veldkei")


def add(spec: HouseSpec, first_day: date) -> Dorpshuis:
    """Write a house that is not there yet. Its rooms begin on its own first day."""
    opened = first_day + timedelta(days=spec.joined)
    house = Dorpshuis.objects.create(
        slug=spec.slug,
        village=Village.objects.get(slug=spec.village),
        status=Dorpshuis.Status.OPEN,
        is_example=spec.slug not in REAL,
        operator=Operator.objects.get_or_create(name=spec.operator)[0] if spec.operator else None,
        internet_measured_on=_days_ago(spec.measured_days_ago),
        **spec.settings,
    )
    _add_schedule(spec, house, _add_rooms(spec, house, opened), opened)
    Tariff.objects.bulk_create(row for price in spec.prices for row in _tariffs(price, house, opened))
    _add_rules(spec, house, opened)
    _add_words(spec, house)
    _add_photos(spec, house)
    return house


def opened_on(house: Dorpshuis) -> date:
    """The first day of this house in the demo: wishes are counted from it, in every run."""
    return Room.objects.filter(dorpshuis=house).order_by("valid_from", "pk").values_list("valid_from", flat=True)[0]


def _days_ago(days: int | None) -> date | None:
    return None if days is None else clock.today() - timedelta(days=days)


def _until(opened: date, days: int | None) -> date | None:
    return None if days is None else opened + timedelta(days=days)


def _add_rooms(spec: HouseSpec, house: Dorpshuis, opened: date) -> dict[str, Room]:
    rooms = {}
    for position, room in enumerate(spec.rooms, 1):
        row = Room.objects.create(
            dorpshuis=house, name=room.name, position=position, quiet_text=room.quiet, valid_from=opened
        )
        rooms[room.name] = row
        Desk.objects.bulk_create(
            Desk(
                room=row,
                name=desk.name,
                position=number,
                valid_from=opened + timedelta(days=desk.since),
                valid_until=_until(opened, desk.until),
                **dict.fromkeys(desk.traits, True),
            )
            for number, desk in enumerate(room.desks, 1)
        )
    return rooms


def _add_schedule(spec: HouseSpec, house: Dorpshuis, rooms: dict[str, Room], opened: date) -> None:
    for line in spec.schedule:
        rows = Opening.objects.bulk_create(
            Opening(
                dorpshuis=house,
                weekday=weekday,
                dagdeel=line.dagdeel,
                begin=line.begin,
                end=line.end,
                staffed=line.staffed,
                by_appointment=line.by_appointment,
                valid_from=opened + timedelta(days=line.since),
                valid_until=_until(opened, line.until),
            )
            for weekday in line.weekdays
        )
        for row in rows if line.rooms else ():
            row.rooms.set(rooms[name] for name in line.rooms)


def _tariffs(price: PriceSpec, house: Dorpshuis, opened: date) -> list[Tariff]:
    chooser = Tariff.Chooser.HOUSE if price.only_house else Tariff.Chooser.GUEST
    new_year = date(opened.year + 1, 1, 1)
    rows = [Tariff(dorpshuis=house, kind=price.kind, cents=price.cents, chooser=chooser, valid_from=LONG_AGO)]
    if price.then is not None:
        rows[0].valid_until = new_year - timedelta(days=1)
        rows.append(Tariff(dorpshuis=house, kind=price.kind, cents=price.then, chooser=chooser, valid_from=new_year))
    return rows


def _add_rules(spec: HouseSpec, house: Dorpshuis, opened: date) -> None:
    """The versions of the house rules; the last that has begun is the one that holds."""
    for version, rules in enumerate(spec.rules, 1):
        since = opened + timedelta(days=rules.since)
        row = HouseRules.objects.create(
            dorpshuis=house, version=version, valid_from=since, bullets="\n".join(rules.bullets)
        )
        if since <= clock.today():
            house.current_rules = row
    house.save(update_fields=["current_rules"])


def _add_words(spec: HouseSpec, house: Dorpshuis) -> None:
    """What a guest finds in the house and how she gets in."""
    Facility.objects.bulk_create(
        Facility(dorpshuis=house, kind=kind, title=title, text=text, position=number)
        for number, (kind, title, text) in enumerate(spec.facilities, 1)
    )
    AccessWay.objects.bulk_create(
        AccessWay(
            dorpshuis=house, dagdeel=way.dagdeel, method=way.method, public_text=way.public, private_text=way.private
        )
        for way in spec.ways_in
    )


def _add_photos(spec: HouseSpec, house: Dorpshuis) -> None:
    """Drawings, as one would add photos."""
    for number, (drawing, alt) in enumerate(spec.photos, 1):
        content = DRAWINGS[drawing]()
        photo = Photo(dorpshuis=house, alt=alt, credit="Getekend voor dit voorbeeld", position=number)
        fill(photo, prepare(BytesIO(content), len(content)))
        photo.save()
