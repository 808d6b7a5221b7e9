"""The page of a house: its week, a choice, and the form that follows from it."""

from datetime import date, datetime, timedelta
from itertools import islice, product

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking
from portal.base.clock import AMSTERDAM
from tests import factories
from tests.factories import make_booking, make_house, make_photo
from tests.guest import MONDAY, WEDNESDAY, Guest, Page, on_monday
from villages.models import AccessWay, Closure, Desk, Dorpshuis, Facility, Opening

pytestmark = [pytest.mark.django_db, on_monday]

NEXT_WEEK = Moment(date(2026, 12, 1), Dagdeel.OCHTEND)
SATURDAY = Moment(date(2026, 11, 28), Dagdeel.OCHTEND)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def guest() -> Guest:
    return Guest()


def data(page: Page, moment: Moment | str) -> dict[str, str]:
    """The data attributes of a cell."""
    attrs = page.cells[str(moment)].attrs
    return {name.removeprefix("data-"): value for name, value in attrs.items() if name.startswith("data-")}


def heading(page: Page) -> str:
    """Which week is shown."""
    return page.tree.one(id="weeknav").one("b").text.split(":")[0]


def links(page: Page) -> list[str]:
    """The addresses of the weeks before and after."""
    return [node.attrs["href"] for node in page.tree.one(id="weeknav").all("a")]


def fill(house: Dorpshuis, moment: Moment, desks: int) -> None:
    for _ in range(desks):
        make_booking(house, moment)


# --- the week ---------------------------------------------------------------------------------------------


def test_a_free_dagdeel_tells_its_counts(guest: Guest, house: Dorpshuis) -> None:
    fill(house, WEDNESDAY, 1)
    page = guest.look(house)
    assert data(page, WEDNESDAY) == {"date": "2026-11-25", "dagdeel": "ochtend", "vrij": "3", "totaal": "4"}


def test_a_full_dagdeel_keeps_its_counts_and_says_why_not(guest: Guest, house: Dorpshuis) -> None:
    fill(house, WEDNESDAY, 4)
    given = {"date": "2026-11-25", "dagdeel": "ochtend", "vrij": "0", "totaal": "4", "reden": "vol"}
    assert data(guest.look(house), WEDNESDAY) == given


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        ("2026-11-25:avond", "’s avonds dicht"),
        ("2026-11-28:ochtend", "zaterdag"),
        ("2026-11-27:middag", "dorpsfeest"),
    ],
)
def test_what_is_not_offered_has_a_reason_and_no_counts(
    guest: Guest, house: Dorpshuis, moment: str, reason: str
) -> None:
    friday = date(2026, 11, 27)
    Closure.objects.create(dorpshuis=house, first_day=friday, last_day=friday, reason="dorpsfeest")
    day, part = moment.split(":")
    assert data(guest.look(house), moment) == {"date": day, "dagdeel": part, "reden": reason}


@pytest.mark.parametrize(
    ("week", "moment", "reason"),
    [
        ("2026-W48", "2026-11-23:ochtend", "te laat om nog te boeken"),
        ("2026-W47", "2026-11-20:ochtend", "voorbij"),
        ("2027-W04", "2027-01-25:ochtend", "boeken kan vanaf donderdag 26 november"),
    ],
)
def test_what_time_forbids_says_so(guest: Guest, house: Dorpshuis, week: str, moment: str, reason: str) -> None:
    assert data(guest.look(house, week=week), moment)["reden"] == reason


def test_a_dagdeel_by_appointment_gives_the_number_to_call(guest: Guest, house: Dorpshuis) -> None:
    Opening.objects.filter(dorpshuis=house, weekday=2, dagdeel="ochtend").update(by_appointment=True)
    page = guest.look(house)
    assert data(page, WEDNESDAY)["reden"] == "bel om dit te boeken"
    assert [link.attrs["href"] for link in page.cells[str(WEDNESDAY)].all("a")] == ["tel:+31521591000"]


def test_only_what_can_be_booked_can_be_ticked(guest: Guest, house: Dorpshuis) -> None:
    fill(house, WEDNESDAY, 4)
    page = guest.look(house)
    ticks = {value: len(cell.all("input")) for value, cell in page.cells.items()}
    bookable = {value: 0 if "data-reden" in cell.attrs else 1 for value, cell in page.cells.items()}
    assert (ticks, sum(ticks.values())) == (bookable, 8)


def test_without_a_week_it_is_the_week_of_today(guest: Guest, house: Dorpshuis) -> None:
    assert heading(guest.look(house)) == "Week 48"


def test_without_a_week_it_is_the_week_of_the_first_bookable_dagdeel(guest: Guest, house: Dorpshuis) -> None:
    Closure.objects.create(dorpshuis=house, first_day=MONDAY, last_day=date(2026, 11, 30), reason="verbouwing")
    assert heading(guest.look(house)) == "Week 49"


def test_a_house_that_is_wholly_full_says_so(guest: Guest, house: Dorpshuis) -> None:
    Closure.objects.create(dorpshuis=house, first_day=MONDAY, last_day=date(2027, 12, 31), reason="verbouwing")
    page = guest.look(house)
    assert (page.status, heading(page)) == (200, "Week 48")
    assert "De komende tijd is er geen plek meer." in page.text


def test_week_53_of_a_year_that_has_it_is_shown(guest: Guest, house: Dorpshuis) -> None:
    page = guest.look(house, week="2026-W53")
    assert (page.status, heading(page)) == (200, "Week 53")


@pytest.mark.parametrize(
    "week", ["0001-W01", "abc", "2027-W53", "2026-W00", "9999-W52", "2026-w48", "٢٠٢٦-W48", "\x00"]
)
def test_a_week_that_is_not_there_is_422_with_the_first_week(guest: Guest, house: Dorpshuis, week: str) -> None:
    page = guest.look(house, week=week)
    assert (page.status, heading(page)) == (422, "Week 48")
    assert "Deze week kennen we niet." in page.text


@pytest.mark.parametrize("week", ["2000-W01", "2100-W52"])
def test_a_week_far_away_has_nothing_to_book(guest: Guest, house: Dorpshuis, week: str) -> None:
    page = guest.look(house, week=week)
    assert (page.status, len(page.cells)) == (200, 21)
    assert all("data-reden" in cell.attrs for cell in page.cells.values())


def test_the_weeks_end_at_today_and_at_the_window(guest: Guest, house: Dorpshuis) -> None:
    assert links(guest.look(house)) == ["/dorpshuizen/het-huis/?week=2026-W49#kies"]
    assert links(guest.look(house, week="2027-W03")) == ["/dorpshuizen/het-huis/?week=2027-W02#kies"]


@pytest.mark.parametrize(
    ("now", "week", "begins"),
    [
        (datetime(2026, 10, 23, 12, tzinfo=AMSTERDAM), "2026-W43", [19, 20, 21, 22, 23, 24, 25]),
        (datetime(2027, 3, 26, 12, tzinfo=AMSTERDAM), "2027-W12", [22, 23, 24, 25, 26, 27, 28]),
    ],
)
def test_a_weekend_in_which_the_clock_changes_is_a_week_as_any(
    guest: Guest, now: datetime, week: str, begins: list[int]
) -> None:
    house = make_house()
    factories.make_openings(house, (Dagdeel.OCHTEND,), weekdays=[5, 6])
    with time_machine.travel(now, tick=False):
        page = guest.look(house, week=week)
        sunday = next(value for value in page.cells if value.endswith(f"-{begins[-1]}:ochtend"))
        booked = guest.book(house, Moment.parse(sunday), look={"week": week})
    days = [int(value[8:10]) for value in page.cells if value.endswith("ochtend")]
    assert (days, booked.status, Booking.objects.get().date.isoformat()) == (begins, 302, sunday[:10])


# --- other houses, and HTMX -------------------------------------------------------------------------------


def test_a_house_that_is_getting_ready_has_a_page_without_a_week(guest: Guest, house: Dorpshuis) -> None:
    aspirant = make_house(desks=0, status=Dorpshuis.Status.ASPIRANT)
    page = guest.look(aspirant, WEDNESDAY)
    assert (page.status, page.cells, page.has_form) == (200, {}, False)
    assert "Hier komen werkplekken" in page.text


@pytest.mark.parametrize("status", [Dorpshuis.Status.STOPPED, Dorpshuis.Status.ASKED])
def test_a_house_that_is_not_public_has_no_page(guest: Guest, status: str) -> None:
    assert guest.look(make_house(status=status)).status == 404


def test_htmx_gets_only_what_follows_from_the_choice(guest: Guest, house: Dorpshuis) -> None:
    page = guest.get(f"/dorpshuizen/{house.slug}/?dagdeel={WEDNESDAY}", **{"HX-Request": "true"})
    assert [len(page.tree.all(tag)) for tag in ("html", "main", "h1")] == [0, 0, 0]
    assert (page.status, page.has_form, page.cells) == (200, True, {})
    assert page.fields["bedrag"] == ["750"]


def test_a_page_and_its_fragment_are_different_to_a_cache(guest: Guest, house: Dorpshuis) -> None:
    vary = guest.look(house, WEDNESDAY).response["Vary"]
    assert {"HX-Request", "Cookie"} <= {name.strip() for name in vary.split(",")}


def test_a_source_is_kept_in_the_form_cut_and_clean(guest: Guest, house: Dorpshuis) -> None:
    page = guest.look(house, WEDNESDAY, bron="poster\x00\u202e" + "x" * 100)
    assert page.fields["bron"] == ["poster" + "x" * 34]


# --- the number of queries --------------------------------------------------------------------------------


def crowd(desks: int, bookings: int) -> Dorpshuis:
    """A house with so many desks, open every day, and so many bookings in its window; Wednesday morning is free."""
    house = make_house(desks=0, parts=tuple(Dagdeel))
    factories.make_openings(house, tuple(Dagdeel), weekdays=[5, 6])
    rows = factories.make_desks(factories.make_room(house), desks)
    Facility.objects.create(dorpshuis=house, kind="coffee", title="Koffie")
    AccessWay.objects.create(dorpshuis=house, public_text="Loop binnen.")
    factories.make_rules(house)
    reservation = make_booking(house, Moment(MONDAY, Dagdeel.AVOND))
    _book_all(reservation.pk, house, rows, bookings - 1)
    if not bookings:
        Booking.objects.all().delete()
    return house


def _book_all(reservation_id: int, house: Dorpshuis, desks: list[Desk], number: int) -> None:
    days = [MONDAY + timedelta(days=n) for n in range(1, 60) if n != 2]
    slots = islice(product(days, Dagdeel, desks), max(number, 0))
    Booking.objects.bulk_create(
        Booking(
            dorpshuis=house, reservation_id=reservation_id, desk=desk, date=day, dagdeel=part.value,
            price_cents=750, tariff="standaard",
        )
        for day, part, desk in slots
    )  # fmt: skip


@pytest.mark.parametrize("chosen", [(), (WEDNESDAY,)])
@pytest.mark.parametrize(("desks", "bookings", "photos"), [(1, 0, 0), (1, 1, 6), (40, 0, 6), (40, 5_000, 0)])
def test_the_page_takes_seven_queries_however_many_desks_bookings_and_photos(
    guest: Guest, desks: int, bookings: int, photos: int, chosen: tuple[Moment, ...]
) -> None:
    house = crowd(desks, bookings)
    for _ in range(photos):
        make_photo(house)
    with CaptureQueriesContext(connection) as made:
        page = guest.look(house, *chosen)
    assert (page.status, page.has_form, Booking.objects.count()) == (200, bool(chosen), bookings)
    assert len(made) == 7
