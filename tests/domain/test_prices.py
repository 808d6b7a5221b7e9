"""What a dagdeel costs: dated tariffs, who may choose them, and the usual one."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.prices import TariffSpan, choosable_kinds, kept_kind, price_on, tariff_on, usual_kind, usual_price
from tests.domain.values import LONG_AGO, MONDAY, TUESDAY

STANDARD = TariffSpan("standaard", 750, LONG_AGO, None)
SUNDAY = MONDAY - timedelta(days=1)
FOR_CLUBS = TariffSpan("maatschappelijk", 500, LONG_AGO, None)
BY_HOUSE = TariffSpan("gratis", 0, LONG_AGO, None, by_guests=False)


def from_monday(cents: int) -> TariffSpan:
    return TariffSpan("standaard", cents, MONDAY, None)


def test_a_tariff_holds_from_its_first_day() -> None:
    assert [price_on([from_monday(800)], "standaard", day) for day in (SUNDAY, MONDAY)] == [None, 800]


def test_a_tariff_holds_until_its_last_day_included() -> None:
    ended = TariffSpan("standaard", 750, LONG_AGO, MONDAY)
    assert [price_on([ended], "standaard", day) for day in (MONDAY, TUESDAY)] == [750, None]


def test_of_two_tariffs_the_one_that_began_last_counts() -> None:
    both = [from_monday(800), STANDARD]
    assert [price_on(both, "standaard", day) for day in (SUNDAY, MONDAY)] == [750, 800]


SPANS = st.builds(
    lambda cents, first, days: TariffSpan("standaard", cents, first, None if days is None else first + timedelta(days)),
    st.integers(0, 100_000),
    st.dates(date(2026, 1, 1), date(2026, 1, 20)),
    st.none() | st.integers(0, 20),
)


@given(st.lists(SPANS), st.dates(date(2026, 1, 1), date(2026, 1, 31)))
def test_no_tariff_that_holds_began_later_than_the_one_that_counts(spans: list[TariffSpan], day: date) -> None:
    counts = tariff_on(spans, "standaard", day)
    later = [s for s in spans if s.holds_on(day) and (counts is None or s.first_day > counts.first_day)]
    assert later == []


def test_a_guest_may_not_choose_what_only_the_house_gives() -> None:
    assert price_on([BY_HOUSE], "gratis", MONDAY) is None


def test_the_house_may_choose_what_only_the_house_gives() -> None:
    assert price_on([BY_HOUSE], "gratis", MONDAY, by_guest=False) == 0


def test_an_unknown_kind_has_no_price() -> None:
    assert price_on([STANDARD], "commercieel", MONDAY) is None


def test_the_usual_kind_is_standaard_also_when_another_comes_first() -> None:
    assert usual_kind([FOR_CLUBS, STANDARD], MONDAY) == "standaard"


def test_without_standaard_the_usual_kind_is_the_first_for_guests() -> None:
    assert usual_kind([BY_HOUSE, FOR_CLUBS], MONDAY) == "maatschappelijk"


def test_a_standaard_of_the_house_alone_is_not_the_usual_one() -> None:
    of_house = TariffSpan("standaard", 750, LONG_AGO, None, by_guests=False)
    assert usual_kind([of_house, FOR_CLUBS], MONDAY) == "maatschappelijk"


def test_without_a_tariff_for_guests_there_is_no_usual_price() -> None:
    assert (usual_kind([BY_HOUSE], MONDAY), usual_price([BY_HOUSE], MONDAY)) == (None, None)


def test_the_usual_price_is_of_the_day_itself() -> None:
    assert [usual_price(iter([STANDARD, from_monday(800)]), day) for day in (SUNDAY, MONDAY)] == [750, 800]


def test_a_kind_can_be_chosen_only_when_it_holds_on_all_days() -> None:
    clubs_from_monday = TariffSpan("maatschappelijk", 500, MONDAY, None)
    assert choosable_kinds((STANDARD, clubs_from_monday), [SUNDAY, MONDAY]) == ["standaard"]


def test_kinds_keep_the_order_of_the_house() -> None:
    assert choosable_kinds((FOR_CLUBS, STANDARD, BY_HOUSE), [MONDAY]) == ["maatschappelijk", "standaard"]


def test_the_house_can_choose_from_all_kinds() -> None:
    kinds = choosable_kinds((FOR_CLUBS, STANDARD, BY_HOUSE), [MONDAY], by_guest=False)
    assert kinds == ["maatschappelijk", "standaard", "gratis"]


def test_a_booking_that_moves_keeps_its_tariff_where_it_may_be_chosen() -> None:
    both = [STANDARD, FOR_CLUBS, BY_HOUSE]
    assert [kept_kind(both, kind, MONDAY) for kind in ("maatschappelijk", "gratis")] == ["maatschappelijk", "standaard"]
    assert kept_kind(both, "gratis", MONDAY, by_guest=False) == "gratis"


def test_a_booking_that_moves_to_a_day_without_any_tariff_has_none() -> None:
    assert kept_kind([from_monday(800)], "standaard", SUNDAY) is None
