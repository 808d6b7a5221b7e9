"""Rooms and desks: added, and described anew. What goes away is `change_offer`: that can hit bookings."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from bookings.actions.lock import lock
from bookings.actions.turns import serve
from bookings.refusals import ChangedSince, NameTaken, UnknownPart
from portal.base import clock
from portal.base.log import Actor, record
from villages.models import Desk, Dorpshuis, Room


@dataclass(frozen=True)
class RoomFields:
    """What a house says of a room."""

    name: str
    quiet_text: str = ""
    position: int = 1


@dataclass(frozen=True)
class DeskFields:
    """What a house says of a desk."""

    name: str
    position: int = 1
    height_adjustable: bool = False
    monitor: bool = False
    wheelchair: bool = False
    daylight: bool = False
    calls: bool = False


def room_fields(room: Room) -> RoomFields:
    """What stands of this room."""
    return RoomFields(room.name, room.quiet_text, room.position)


def desk_fields(desk: Desk) -> DeskFields:
    """What stands of this desk."""
    return DeskFields(**{name: getattr(desk, name) for name in DeskFields.__dataclass_fields__})


def add_room(dorpshuis_id: int, fields: RoomFields, by: Actor) -> Room:
    """A new room, from today, without desks. Raises NameTaken."""
    with transaction.atomic():
        house = lock(dorpshuis_id)
        _check_room_name(house, fields.name)
        room = Room.objects.create(dorpshuis=house, valid_from=clock.today(), **asdict(fields))
        record(by, "add_room", f"room:{room.pk}", dorpshuis_id=house.pk)
    return room


def add_desk(dorpshuis_id: int, room_id: int, fields: DeskFields, by: Actor, *, is_table: bool = False) -> Desk:
    """A new desk, or meeting table, in a room of this house, from today. Raises NameTaken, UnknownPart."""
    with transaction.atomic():
        house = lock(dorpshuis_id)
        room = Room.objects.filter(dorpshuis=house, pk=room_id).during(clock.today(), date.max).first()
        if room is None:
            raise UnknownPart
        _check_desk_name(room, fields.name)
        desk = Desk.objects.create(room=room, valid_from=clock.today(), is_table=is_table, **asdict(fields))
        serve(house)
        record(by, "add_desk", f"desk:{desk.pk}", dorpshuis_id=house.pk)
    return desk


def change_room(
    dorpshuis_id: int, room_id: int, fields: RoomFields, by: Actor, seen: Callable[[RoomFields], bool]
) -> Room:
    """Say something else of a room; `seen`: whether the form was opened with what stands now.

    What stands so already, as after a second tap, stays. Raises ChangedSince when it was not, NameTaken, UnknownPart.
    """
    with transaction.atomic():
        house = lock(dorpshuis_id)
        room = Room.objects.filter(dorpshuis=house, pk=room_id).first()
        if room is None:
            raise UnknownPart
        if room_fields(room) == fields:
            return room
        if not seen(room_fields(room)):
            raise ChangedSince
        _check_room_name(house, fields.name, but=room.pk)
        Room.objects.filter(pk=room.pk).update(**asdict(fields))
        record(by, "change_room", f"room:{room.pk}", dorpshuis_id=house.pk)
    return room


def change_desk(
    dorpshuis_id: int, desk_id: int, fields: DeskFields, by: Actor, seen: Callable[[DeskFields], bool]
) -> Desk:
    """Say something else of a desk. Raises what `change_room` does."""
    with transaction.atomic():
        house = lock(dorpshuis_id)
        desk = Desk.objects.filter(room__dorpshuis=house, pk=desk_id).select_related("room").first()
        if desk is None:
            raise UnknownPart
        if desk_fields(desk) == fields:
            return desk
        if not seen(desk_fields(desk)):
            raise ChangedSince
        _check_desk_name(desk.room, fields.name, but=desk.pk)
        Desk.objects.filter(pk=desk.pk).update(**asdict(fields))
        record(by, "change_desk", f"desk:{desk.pk}", dorpshuis_id=house.pk)
    return desk


def _check_room_name(house: Dorpshuis, name: str, but: int | None = None) -> None:
    rows = Room.objects.filter(dorpshuis=house, name__iexact=name).during(clock.today(), date.max)
    if rows.exclude(pk__in=[but] if but else []).exists():
        raise NameTaken


def _check_desk_name(room: Room, name: str, but: int | None = None) -> None:
    rows = Desk.objects.filter(room=room, name__iexact=name).during(clock.today(), date.max)
    if rows.exclude(pk__in=[but] if but else []).exists():
        raise NameTaken
