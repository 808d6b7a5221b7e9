"""Write another schedule, or the end of a desk or room, and put it back. Parts of an action, under its lock."""

from datetime import date, time, timedelta
from typing import Any

from bookings.closing import OfferChange
from bookings.domain.availability import OpeningSpan
from bookings.domain.week import Edit
from villages.models import Closure, Desk, Dorpshuis, Opening, Room


def write_offer(house: Dorpshuis, change: OfferChange) -> dict[str, Any]:
    """End and begin the rows; gives what stood there, in numbers and texts, for `restore_offer`."""
    last_day = change.first_day - timedelta(days=1)
    if change.edit is not None:
        return _write_week(house, change.edit)
    ending = Desk.objects.filter(pk__in=[desk.pk for desk in change.desks])
    desks = {str(desk.pk): _text(desk.valid_until) for desk in ending}
    ending.update(valid_until=last_day)
    rooms = {str(change.room.pk): _text(change.room.valid_until)} if change.room else {}
    Room.objects.filter(pk__in=rooms).update(valid_until=last_day)
    return {"desks": desks, "rooms": rooms}


def restore_offer(closure: Closure) -> None:
    """Give the rows that it ended their old end back, and take away those that it began. Of a closure: nothing."""
    was = closure.was
    Opening.objects.filter(pk__in=was.get("begun", ())).delete()
    for model, name in ((Opening, "openings"), (Desk, "desks"), (Room, "rooms")):
        for pk, end in was.get(name, {}).items():
            model._default_manager.filter(pk=int(pk)).update(valid_until=_day(end))
    for values in was.get("dropped", ()):
        _bring_back(closure.dorpshuis_id, values)


def names_are_taken(closure: Closure) -> bool:
    """Whether a newer desk or room has the name of one that it ended: a name stands for one of them."""
    desks = Desk.objects.filter(pk__in=closure.was.get("desks", ())).values("room", "name")
    rooms = Room.objects.filter(pk__in=closure.was.get("rooms", ())).values("dorpshuis", "name")
    there = [(Desk, row) for row in desks] + [(Room, row) for row in rooms]
    return any(model._default_manager.filter(**row, valid_until__isnull=True).exists() for model, row in there)


def _write_week(house: Dorpshuis, edit: Edit) -> dict[str, Any]:
    rows = Opening.objects.filter(dorpshuis=house)
    ending = rows.filter(pk__in=edit.ended)
    openings = {str(row.pk): _text(row.valid_until) for row in ending}
    for row in ending:
        rows.filter(pk=row.pk).update(valid_until=edit.ended[row.pk])
    gone = rows.filter(pk__in=edit.dropped)
    dropped = [_values(row) for row in gone.prefetch_related("rooms")]
    gone.delete()
    begun = [_begin(house, span, once=edit.once).pk for span in edit.begun]
    return {"openings": openings, "dropped": dropped, "begun": begun}


def _begin(house: Dorpshuis, span: OpeningSpan, *, once: bool) -> Opening:
    row = Opening.objects.create(
        dorpshuis=house,
        weekday=span.weekday,
        dagdeel=span.dagdeel.value,
        begin=span.begin,
        end=span.end,
        valid_from=span.first_day,
        valid_until=span.last_day,
        staffed=span.staffed,
        by_appointment=span.by_appointment,
        once=once,
    )
    row.rooms.set(span.room_ids)
    return row


def _values(row: Opening) -> dict[str, Any]:
    """A row that never held, so that it can come back."""
    return {
        "weekday": row.weekday,
        "dagdeel": row.dagdeel,
        "begin": str(row.begin),
        "end": str(row.end),
        "valid_from": str(row.valid_from),
        "valid_until": _text(row.valid_until),
        "staffed": row.staffed,
        "by_appointment": row.by_appointment,
        "once": row.once,
        "rooms": [room.pk for room in row.rooms.all()],
    }


def _bring_back(house_id: int, values: dict[str, Any]) -> None:
    fields = {name: value for name, value in values.items() if name != "rooms"}
    fields |= {"begin": time.fromisoformat(values["begin"]), "end": time.fromisoformat(values["end"])}
    fields |= {"valid_from": _day(values["valid_from"]), "valid_until": _day(values["valid_until"])}
    Opening.objects.create(dorpshuis_id=house_id, **fields).rooms.set(values["rooms"])


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
