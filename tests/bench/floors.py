"""What the least would cost on the same web server: views written by hand, without middleware, forms or models.

`hand_booking` asks and writes what a booking asks and writes, row for row; it checks nothing and tells no worker.
`one_query` is a page of one query and one loop in a Django template. `insert` is one row in a transaction.
"""

import json
from collections.abc import Iterable
from secrets import randbits, token_urlsafe
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import Context, Engine
from django.urls import path

HOUSE = "SELECT id, staffed_only_for_new FROM villages_dorpshuis WHERE status IN ('open', 'aspirant') AND id = %s"
LOCKED = "UPDATE villages_dorpshuis SET version = %s WHERE id = %s RETURNING *"
AHEAD = "SELECT * FROM bookings_reservation WHERE key = %s AND fingerprint = %s"
HOLDS = "UPDATE bookings_booking SET state = 'cancelled', cancelled_at = now() WHERE dorpshuis_id = %s AND"
DESKS = "SELECT d.id FROM villages_desk d JOIN villages_room r ON r.id = d.room_id WHERE r.dorpshuis_id = %s"
OPENINGS = "SELECT o.*, r.room_id FROM villages_opening o LEFT JOIN villages_opening_rooms r ON r.opening_id = o.id"
CLOSURES = "SELECT c.*, d.desk_id FROM villages_closure c LEFT JOIN villages_closure_desks d ON d.closure_id = c.id"
TARIFFS = "SELECT cents FROM villages_tariff WHERE dorpshuis_id = %s AND kind = 'standaard'"
TAKEN = "SELECT desk_id, state, held_until FROM bookings_booking WHERE dorpshuis_id = %s AND date = %s AND dagdeel = %s"
COMING = "SELECT count(*) FROM bookings_booking b JOIN bookings_reservation r ON r.id = b.reservation_id"
WAITING = "SELECT id, reservation_id, date, dagdeel FROM bookings_waiting WHERE dorpshuis_id = %s AND state = 'waiting'"
GUEST = "SELECT * FROM bookings_guest WHERE dorpshuis_id = %s AND email = %s"
ROWS = "SELECT n, 'Een regel van deze pagina' AS words, now() AS at FROM generate_series(1, %s) n"

PAGE = Engine(autoescape=True).from_string(
    "<!doctype html><title>Pagina</title><ul>{% for n, words, at in rows %}"
    '<li><a href="/dorpshuizen/huis-{{ n }}/">{{ words }}</a> {{ n }}, {{ at|date:"Y-m-d" }}</li>{% endfor %}</ul>'
)


def one_query(request: HttpRequest, rows: int) -> HttpResponse:
    """So many rows of one query in a template; about a hundred bytes each."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [rows])
        return HttpResponse(PAGE.render(Context({"rows": cursor.fetchall()})))


def hand_booking(request: HttpRequest) -> HttpResponse:
    """The rows of one booking, from `huis`, `datum`, `dagdeel` and `email` of the form."""
    house, day, part, email = (request.POST[name] for name in ("huis", "datum", "dagdeel", "email"))
    reference = token_urlsafe(16)
    with connection.cursor() as cursor:
        cursor.execute(HOUSE, [house])
        with transaction.atomic():
            free = _read(cursor, house, day, part, email)
            _write(cursor, house, (day, part, free[0]), email, reference)
    return redirect(f"/boeking/{reference}/")


def _read(cursor: CursorWrapper, house: str, day: str, part: str, email: str) -> list[int]:
    """All that a booking reads, and the desks that are free."""
    cursor.execute(LOCKED, [randbits(63), house])
    cursor.execute(AHEAD, [email, ""])
    cursor.execute(f"{HOLDS} state = 'held' AND held_until <= now()", [house])
    cursor.execute(f"{DESKS} ORDER BY d.position, d.id", [house])
    desks = [pk for (pk,) in cursor.fetchall()]
    cursor.execute(f"{OPENINGS} WHERE o.dorpshuis_id = %s", [house])
    cursor.execute(f"{CLOSURES} WHERE c.dorpshuis_id = %s AND c.last_day >= %s", [house, day])
    cursor.execute(TARIFFS, [house])
    cursor.execute(WAITING, [house])
    cursor.execute(TAKEN, [house, day, part])
    taken = {pk for pk, state, _ in cursor.fetchall() if state == "booked"}
    cursor.execute(f"{COMING} WHERE b.dorpshuis_id = %s AND r.email = %s AND b.date >= current_date", [house, email])
    cursor.execute(GUEST, [house, email])
    return [pk for pk in desks if pk not in taken]


def _write(cursor: CursorWrapper, house: str, slot: tuple[str, str, int], email: str, reference: str) -> None:
    """All that a booking writes."""
    who: dict[str, Any] = {"dorpshuis_id": house, "name": "Gast", "email": email, "phone": "", "created_at": "now"}
    guest = _insert(
        cursor,
        "bookings_guest",
        who | {"name_key": "gast", "no_reminders": False, "no_more_mails": False, "said_why": False},
    )
    order = _insert(cursor, "bookings_reservation", who | ORDER | {"guest_id": guest, "reference": reference})
    _insert(cursor, "bookings_booking", booking_row(house, order, slot))
    subject = {"subject": f"reservation:{order}"}
    _insert(cursor, "base_outboxmail", MAIL | subject | {"key": f"confirmation:{order}", "recipient": email})
    _insert(cursor, "base_logentry", LOGGED | subject | {"dorpshuis_id": house})


ORDER: dict[str, Any] = {
    **dict.fromkeys(("postcode", "source", "found_by", "target_group", "spoken_code", "remark", "fingerprint"), ""),
    **dict.fromkeys(("confirmed_to", "series"), ""),
    **{"tariff": "standaard", "cancel_days_before": 1, "cancel_time": "17:00"},
    **{"no_messages": False, "messages_offered": False, "language": "nl", "changes": 0, "links": 0},
}
MAIL: dict[str, Any] = {
    **dict.fromkeys(("sealed", "sent_subject", "sent_text", "sent_html"), ""),
    **{"kind": "confirmation", "language": "nl", "lane": 2, "state": "waiting", "attempts": 0, "keeps_nothing": False},
    **dict.fromkeys(("created_at", "visible_from", "next_try"), "now"),
}
LOGGED: dict[str, Any] = {"at": "now", "actor_kind": "guest", "verb": "book"}


def booking_row(house: object, order: object, slot: tuple[object, object, object]) -> dict[str, Any]:
    """The columns of one booking that may not be empty."""
    day, part, desk = slot
    row: dict[str, Any] = {
        "dorpshuis_id": house,
        "reservation_id": order,
        "desk_id": desk,
        "date": day,
        "dagdeel": part,
    }
    row |= {"state": "booked", "price_cents": 750, "tariff": "standaard", "created_at": "now", "sequence": 0}
    row |= dict.fromkeys(("desk_chosen", "walk_in", "outside_offer"), False)
    return row | {"proposal": "dag", "paid_how": "", "ticks": json.dumps([])}


def _insert(cursor: CursorWrapper, table: str, row: dict[str, Any]) -> int:
    """Write one row; its number."""
    cursor.execute(f"{insert_into(table, row)} RETURNING id", list(row.values()))
    return int(cursor.fetchone()[0])


def insert_into(table: str, columns: Iterable[str]) -> str:
    """The statement that writes one row; names are ours."""
    names = list(columns)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"  # noqa: S608


def insert(request: HttpRequest) -> HttpResponse:
    """One booking row and nothing else."""
    slot = (request.POST["datum"], request.POST["dagdeel"], request.POST["bureau"])
    with transaction.atomic(), connection.cursor() as cursor:
        _insert(cursor, "bookings_booking", booking_row(request.POST["huis"], request.POST["order"], slot))
    return redirect("/")


def healthz(request: HttpRequest) -> HttpResponse:
    """For who waits until the server answers."""
    return HttpResponse("ok")


urlpatterns = [
    path("healthz", healthz),
    path("pagina/<int:rows>/", one_query),
    path("boek/", hand_booking),
    path("insert/", insert),
]
