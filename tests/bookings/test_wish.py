"""What the visitor asks for, read from an address. Nothing is believed, nothing breaks."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.dagdelen import Dagdeel, Moment, Week
from bookings.wish import Wish

WEDNESDAY = Moment(date(2026, 11, 25), Dagdeel.OCHTEND)
DAYS = st.dates(date(2000, 1, 3), date(2100, 12, 26))
MOMENTS = st.builds(Moment, DAYS, st.sampled_from(Dagdeel))


def read(query: str) -> Wish:
    return Wish.read(QueryDict(query))


def test_all_of_it_is_read() -> None:
    wish = read("week=2026-W48&dagdeel=2026-11-25:ochtend&bureau=7&tarief=dorpsgenoot&bron=qr")
    assert wish == Wish(
        week=Week(date(2026, 11, 23)), moments=(WEDNESDAY,), desk_id=7, tariff="dorpsgenoot", source="qr"
    )


def test_nothing_asked_is_nothing() -> None:
    assert read("") == Wish()


def test_dagdelen_are_put_in_order_and_each_is_kept_once() -> None:
    wish = read("&".join(f"dagdeel=2026-11-25:{part}" for part in ("middag", "avond", "ochtend", "middag")))
    assert [moment.dagdeel for moment in wish.moments] == ["ochtend", "middag", "avond"]


def test_what_can_not_be_read_is_counted() -> None:
    assert read("dagdeel=x&dagdeel=2026-11-25:ochtend&dagdeel=") == Wish(moments=(WEDNESDAY,), unreadable=2)


@pytest.mark.parametrize("desk", ["-1", "1.5", "abc", "٣", "²", "9" * 10, " 1"])
def test_a_desk_that_is_no_number_is_unknown(desk: str) -> None:
    wish = Wish.read(QueryDict(urlencode({"bureau": desk})))
    assert (wish.desk_id, wish.unknown_desk) == (None, True)


def test_an_empty_desk_is_any_desk() -> None:
    assert read("bureau=") == Wish()


@pytest.mark.parametrize("week", ["2026-W54", "2027-W53", "0001-W01", "abc", "2026-W1"])
def test_a_week_that_is_not_there_is_unknown(week: str) -> None:
    assert read(f"week={week}") == Wish(unknown_week=True)


def test_an_empty_week_is_no_week() -> None:
    assert read("week=") == Wish()


@given(
    st.builds(
        Wish,
        week=st.none() | DAYS.map(Week.of),
        moments=st.lists(MOMENTS, max_size=5, unique=True).map(lambda found: tuple(sorted(found))),
        desk_id=st.none() | st.integers(0, 999_999_999),
        tariff=st.sampled_from(["", "standaard", "dorpsgenoot"]),
        source=st.text(st.characters(categories=["L", "N", "P"]), max_size=40),
    )
)
def test_its_address_asks_for_the_same_again(wish: Wish) -> None:
    assert read(wish.query().removeprefix("?")) == wish


@given(st.text(max_size=300))
def test_no_address_breaks_it(query: str) -> None:
    assert isinstance(read(query).query(), str)
