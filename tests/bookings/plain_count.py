"""The figures of a house's month by plain SQL, in another way than the portal counts them: to compare the two.

One statement makes a row of each slot (desk, day, dagdeel) with what the schedule and the closures say of it and what
was booked in it; the sums are made of those rows.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from portal.base.clock import AMSTERDAM

PARTS = ("ochtend", "middag", "avond")

# Of several lines of the schedule the one that began last counts; of two that began together the one of that day alone.
LINE = """
SELECT o.id, o.begin, o.end FROM villages_opening o
WHERE o.dorpshuis_id = %(house)s AND o.weekday = %(weekday)s AND o.dagdeel = %(part)s
  AND o.valid_from <= %(day)s AND (o.valid_until IS NULL OR o.valid_until >= %(day)s)
ORDER BY o.valid_from DESC, CASE WHEN o.valid_until = o.valid_from THEN 0 ELSE 1 END LIMIT 1
"""

DESKS = """
SELECT d.id,
  EXISTS (
    SELECT 1 FROM villages_closure c
    WHERE c.dorpshuis_id = r.dorpshuis_id AND c.cause = 'closure'
      AND c.first_day <= %(day)s AND c.last_day >= %(day)s AND c.{part}
      AND c.created_at < %(ends)s AND (c.reopened_at IS NULL OR c.reopened_at >= %(ends)s)
      AND (
        EXISTS (SELECT 1 FROM villages_closure_desks cd WHERE cd.closure_id = c.id AND cd.desk_id = d.id)
        OR (NOT EXISTS (SELECT 1 FROM villages_closure_desks cd WHERE cd.closure_id = c.id)
            AND (c.room_id IS NULL OR c.room_id = d.room_id))
      )
  )
FROM villages_desk d JOIN villages_room r ON r.id = d.room_id
WHERE r.dorpshuis_id = %(house)s
  AND d.valid_from <= %(day)s AND (d.valid_until IS NULL OR d.valid_until >= %(day)s)
  AND r.valid_from <= %(day)s AND (r.valid_until IS NULL OR r.valid_until >= %(day)s)
  AND (
    NOT EXISTS (SELECT 1 FROM villages_opening_rooms x WHERE x.opening_id = %(line)s)
    OR EXISTS (SELECT 1 FROM villages_opening_rooms x WHERE x.opening_id = %(line)s AND x.room_id = d.room_id)
  )
"""

ROWS = """
SELECT b.desk_id, b.state, b.price_cents, b.paid_how, b.standing_id, b.tariff, s.target_group, s.guest_id,
  g.email, g.phone, (SELECT COUNT(*) FROM bookings_guesttrace t WHERE t.guest_id = g.id)
FROM bookings_booking b
JOIN bookings_reservation s ON s.id = b.reservation_id JOIN bookings_guest g ON g.id = s.guest_id
WHERE b.dorpshuis_id = %(house)s AND b.date = %(day)s AND b.dagdeel = %(part)s
  AND b.state IN ('booked', 'used', 'no_show', 'late_cancelled')
"""

EARLIER = """
SELECT b.date, b.dagdeel, b.desk_id, b.state
FROM bookings_booking b JOIN bookings_reservation s ON s.id = b.reservation_id
WHERE b.dorpshuis_id = %(house)s AND s.guest_id = %(guest)s AND b.state IN ('booked', 'used') AND b.date < %(month)s
"""

Row = tuple[Any, ...]


def ask(statement: str, **values: Any) -> list[Row]:
    """The rows that this statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def plain_count(house: int, month: date, now: datetime) -> dict[str, int]:
    """The columns of the CSV for this month as numbers, people unhidden; full dagdelen, and with two or more too."""
    sums = dict.fromkeys(
        ("aangeboden", "gebruikt", "aangenomen", "niet_gekomen", "laat_geannuleerd", "gesloten", "vaste_plekken",
         "maatschappelijk", "inkomsten_cent", "volle_dagdelen", "samen"), 0,
    )  # fmt: skip
    came: set[tuple[int, date]] = set()
    day = month
    while day.month == month.month and day <= now.date():
        for part in PARTS:
            before = dict(sums)
            for shut, row in _slots({"house": house, "day": day, "part": part}, now):
                _count_slot(shut, row, day, sums, came)
            offered, used, away = (sums[name] - before[name] for name in ("aangeboden", "gebruikt", "niet_gekomen"))
            sums["volle_dagdelen"] += offered > 0 and offered == used + away
            sums["samen"] += used > 1
        day += timedelta(days=1)
    sums["geboekt"] = sums["gebruikt"] + sums["niet_gekomen"] + sums["laat_geannuleerd"]
    return sums | _people(house, came, month)


def _slots(at: dict[str, Any], now: datetime) -> list[tuple[bool | None, Row | None]]:
    """Of each desk whether it is shut (None: not in the schedule), and the row of who had it; none before it begins."""
    day, line = at["day"], _line_at(at)
    if line and datetime.combine(day, line[1], tzinfo=AMSTERDAM) > now:
        return []
    shut = _shut_at(at, line)
    rows: dict[int, Row] = {}
    for row in ask(ROWS, **at):
        if not line and day == now.date() and row[1] not in ("used", "no_show"):
            # Nobody can tell when it begins: it counts after the day, unless somebody was seen there.
            continue
        # Who takes the desk goes before who gave it back.
        if row[0] not in rows or row[1] != "late_cancelled":
            rows[row[0]] = row
    return [(shut.get(desk), rows.get(desk)) for desk in shut.keys() | rows.keys()]


def _line_at(at: dict[str, Any]) -> Row | None:
    """The line of the schedule that counts: its number, begin and end."""
    return next(iter(ask(LINE, weekday=at["day"].weekday(), **at)), None)


def _shut_at(at: dict[str, Any], line: Row | None) -> dict[int, bool]:
    """Of each desk that the schedule has then, whether it is shut."""
    if line is None:
        return {}
    ends = datetime.combine(at["day"], line[2], tzinfo=AMSTERDAM)
    return dict(ask(DESKS.replace("{part}", at["part"]), line=line[0], ends=ends, **at))


def _count_slot(
    shut: bool | None, row: Row | None, day: date, sums: dict[str, int], came: set[tuple[int, date]]
) -> None:
    """One slot; `shut` is None when the schedule has none."""
    state = row[1] if row else None
    seen = state in ("used", "no_show")
    if shut and not seen:
        sums["gesloten"] += 1
        return
    if shut is None and not seen and state != "booked":
        return
    sums["aangeboden"] += 1
    if row is None:
        return
    _desk, state, cents, paid, standing, tariff, group, guest, email, phone, traces = row
    sums["niet_gekomen"] += state == "no_show"
    sums["laat_geannuleerd"] += state == "late_cancelled"
    sums["inkomsten_cent"] += 0 if paid == "waived" else cents
    if state in ("used", "booked"):
        sums["gebruikt"] += 1
        sums["aangenomen"] += state == "booked"
        sums["vaste_plekken"] += standing is not None
        for_nothing = tariff == "gratis" and standing is not None
        sums["maatschappelijk"] += tariff == "maatschappelijk" or group == "vereniging" or for_nothing
        if email or phone or traces:
            came.add((guest, day))


def _people(house: int, came: set[tuple[int, date]], month: date) -> dict[str, int]:
    new = returning = 0
    guests = {guest for guest, _ in came}
    for guest in guests:
        here = sorted(day for one, day in came if one == guest)
        before = sorted(_was_there(house, guest, month))
        new += not before
        everything = before + here
        returning += any((day - other).days <= 90 for day in here for other in everything if other < day)
    return {"unieke_gasten": len(guests), "nieuwe_gasten": new, "terugkerende_gasten": returning}


def _was_there(house: int, guest: int, month: date) -> set[date]:
    """The days before this month on which she used a place: one that nobody ticked counts unless it was shut."""
    found = set()
    for day, part, desk, state in ask(EARLIER, house=house, guest=guest, month=month):
        at = {"house": house, "day": day, "part": part}
        if state == "used" or not _shut_at(at, _line_at(at)).get(desk):
            found.add(day)
    return found
