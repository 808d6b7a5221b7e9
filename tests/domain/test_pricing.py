"""What becomes of prices when one begins or ends: what held before that day stays as it was."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.prices import TariffSpan, price_on
from bookings.domain.pricing import PriceChange, changed, without_effect

TODAY = date(2026, 11, 23)
FIRST = date(2026, 12, 1)
LATER = date(2027, 2, 1)
NOW = TariffSpan("standaard", 750, date(2020, 1, 1), None)
COMING = TariffSpan("standaard", 900, LATER, None)


def test_a_new_price_ends_the_one_that_holds() -> None:
    first, second = changed([NOW], PriceChange("standaard", FIRST, 800))
    assert (first.cents, first.last_day) == (750, date(2026, 11, 30))
    assert (second.cents, second.first_day, second.last_day) == (800, FIRST, None)


def test_it_takes_the_place_of_one_that_would_begin_that_day() -> None:
    spans = changed([NOW, COMING], PriceChange("standaard", LATER, 850))
    assert [span.cents for span in spans] == [750, 850]


def test_it_holds_until_the_next_coming_one() -> None:
    spans = changed([NOW, COMING], PriceChange("standaard", FIRST, 800))
    assert [(span.cents, span.last_day) for span in spans] == [
        (750, date(2026, 11, 30)),
        (800, date(2027, 1, 31)),
        (900, None),
    ]


def test_an_end_that_was_set_stays() -> None:
    ending = TariffSpan("standaard", 750, date(2020, 1, 1), date(2026, 12, 31))
    assert changed([ending], PriceChange("standaard", FIRST, 800))[-1].last_day == date(2026, 12, 31)


def test_the_end_of_a_kind_takes_coming_prices_away() -> None:
    (left,) = changed([NOW, COMING], PriceChange("standaard", FIRST))
    assert left.last_day == date(2026, 11, 30)


def test_another_kind_is_left_alone() -> None:
    other = TariffSpan("gratis", 0, date(2020, 1, 1), None)
    assert other not in changed([NOW, other], PriceChange("standaard", FIRST, 800))


def test_the_same_price_again_is_nothing_new() -> None:
    assert without_effect([NOW], PriceChange("standaard", FIRST, 750))
    assert not without_effect([NOW], PriceChange("standaard", FIRST, 750, by_guests=False))
    assert without_effect([], PriceChange("standaard", FIRST))


days = st.integers(0, 90).map(lambda n: TODAY + timedelta(days=n))
changes = st.builds(PriceChange, st.just("standaard"), days, st.one_of(st.none(), st.integers(0, 2000)), st.booleans())


@given(st.lists(changes, max_size=8))
def test_whatever_changes_the_days_before_it_keep_their_price(wishes: list[PriceChange]) -> None:
    spans = [NOW]
    for wish in wishes:
        then = changed(spans, wish)
        for number in range(-5, 100):
            day = TODAY + timedelta(days=number)
            if day < wish.first_day:
                assert price_on(then, "standaard", day, by_guest=False) == price_on(
                    spans, "standaard", day, by_guest=False
                )
        assert price_on(then, "standaard", wish.first_day, by_guest=False) == wish.cents
        assert len({span.first_day for span in then}) == len(then)
        spans = then
