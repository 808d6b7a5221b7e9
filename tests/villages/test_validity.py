"""Rows that hold from a day until a day."""

from datetime import date

import pytest

from tests.factories import make_house, make_room
from villages.models import Desk

pytestmark = [pytest.mark.database, pytest.mark.django_db]

FIRST, LAST = date(2026, 11, 9), date(2026, 11, 20)


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "holds"),
    [
        (date(2020, 1, 1), None, True),
        (FIRST, LAST, True),
        (date(2026, 11, 12), date(2026, 11, 12), True),
        (LAST, None, True),
        (date(2026, 11, 21), None, False),
        (date(2020, 1, 1), FIRST, True),
        (date(2020, 1, 1), date(2026, 11, 8), False),
    ],
)
def test_a_row_counts_when_it_holds_on_a_day_of_the_period(
    valid_from: date, valid_until: date | None, holds: bool
) -> None:
    room = make_room(make_house(desks=0))
    Desk.objects.create(room=room, name="Bureau 1", valid_from=valid_from, valid_until=valid_until)
    assert Desk.objects.filter(room=room).during(FIRST, LAST).exists() is holds


def test_a_row_without_dates_holds_always() -> None:
    room = make_room(make_house(desks=0))
    assert (room.valid_from, room.valid_until) == (date(2020, 1, 1), None)
