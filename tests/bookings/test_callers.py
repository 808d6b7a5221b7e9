"""Who is on the phone: guests of this house, found by a piece of their name or number."""

from typing import Any

import pytest

from bookings.beheer.callers import caller, find_callers
from bookings.models import Guest
from bookings.models.guest import name_key
from portal.base import clock
from tests.factories import make_booking, make_house
from tests.guest import THURSDAY, WEDNESDAY, on_monday
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, pytest.mark.database_long, on_monday]


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


def make_guest(house: Dorpshuis, name: str, phone: str = "", **fields: Any) -> Guest:
    return Guest.objects.create(dorpshuis=house, name=name, name_key=name_key(name), phone=phone, **fields)


def found(house: Dorpshuis, text: str) -> list[str]:
    return [row.guest.name for row in find_callers(house, text)]


@pytest.mark.parametrize(
    "text", ["vries", "VRIES", "  mevrouw   de v", "0521 121 314", "0521-1213", "+31 521 12", "00315211", "121314"]
)
def test_a_guest_is_found_by_a_piece_of_her_name_or_number(house: Dorpshuis, text: str) -> None:
    make_guest(house, "Mevrouw De Vries", "+31521121314")
    make_guest(house, "Bert Bos", "+31612345678")
    assert found(house, text) == ["Mevrouw De Vries"]


@pytest.mark.parametrize(
    "text", ["", "v", "06", "%%", "__", "\\\\", "' or 1=1 --", "\x00\x00", "🙂🙂", "0000", "x" * 5000]
)
def test_too_little_or_nonsense_finds_nobody(house: Dorpshuis, text: str) -> None:
    make_guest(house, "Mevrouw De Vries", "+31612121314")
    assert found(house, text) == []


def test_a_name_with_a_mark_in_it_is_found_by_that_mark(house: Dorpshuis) -> None:
    make_guest(house, "Vries 100%_", "+31612121314")
    make_guest(house, "Vries 1000", "+31612121315")
    assert found(house, "s 100%_") == ["Vries 100%_"]


def test_guests_of_another_house_are_never_found(house: Dorpshuis) -> None:
    other = make_guest(make_house(), "Mevrouw De Vries", "+31521121314")
    assert (found(house, "vries"), found(house, "0521"), caller(house, str(other.pk))) == ([], [], None)


def test_who_was_emptied_or_taken_together_is_never_found(house: Dorpshuis) -> None:
    kept = make_guest(house, "Anna De Vries", "+31521121314")
    emptied = make_guest(house, "Bea De Vries", "+31521121315", emptied_at=clock.now())
    merged = make_guest(house, "Cor De Vries", "+31521121316", merged_into=kept)
    assert found(house, "vries") == ["Anna De Vries"]
    assert [caller(house, str(guest.pk)) for guest in (emptied, merged)] == [None, None]


def test_at_most_eight_are_shown_by_name(house: Dorpshuis) -> None:
    for n in range(12, 0, -1):
        make_guest(house, f"De Vries {n:02}", f"+3152112131{n}")
    assert found(house, "vries") == [f"De Vries {n:02}" for n in range(1, 9)]


@pytest.mark.parametrize("number", ["", "x", "-1", "1.0", "٣", "9" * 30, "0"])
def test_a_number_that_is_nobodys_is_nobody(house: Dorpshuis, number: str) -> None:
    assert caller(house, number) is None


def test_her_coming_dagdelen_stand_with_her(house: Dorpshuis) -> None:
    reservation = make_booking(house, THURSDAY, WEDNESDAY, name="Anna De Vries")
    (row,) = find_callers(house, "vries")
    coming = [(one.booking.moment, one.reservation_id) for one in row.coming]
    assert coming == [(WEDNESDAY, reservation.pk), (THURSDAY, reservation.pk)]


@pytest.mark.parametrize("number", [1, 8])
def test_it_takes_two_queries_for_one_and_for_eight(house: Dorpshuis, query_count: Any, number: int) -> None:
    for _ in range(number):
        make_booking(house, WEDNESDAY if _ < 4 else THURSDAY, name=f"De Vries {_}")
    with query_count(2):
        assert len(find_callers(house, "vries")) == number
