"""A house that does not share figures about persons: BOKD sees none of them, the house itself does."""

from datetime import date
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from bookings.actions.closing_month import correct_month, count_people, run
from bookings.domain.months import Period, Span
from bookings.mails.month import house_month, month
from bookings.models import Booking, PersonSummary
from bookings.reports.months import group_people
from portal.base.log import SYSTEM
from portal.base.models import OutboxMail
from tests.bookings.closed_months import closed, people
from tests.bookings.test_closing_month import CLOSING, NOVEMBER, visitor
from tests.bookings.test_origin import come, open_house
from tests.factories import at, make_house, make_member, make_user
from tests.guest import Guest, on_monday
from villages.models import Dorpshuis, Membership

pytestmark = [pytest.mark.django_db, pytest.mark.database, on_monday]

OCTOBER = "?van=2026-10&tot=2026-10"
QUARTER = "?van=2026-10&tot=2026-12"
SENTENCE = "Dit dorpshuis deelt geen cijfers over personen."
JANUARY = at(date(2027, 1, 5), 2)


@pytest.fixture
def house() -> Dorpshuis:
    """A house that says no, with a month that was closed before: 37 people."""
    made = make_house("huis", joint_reporting=False)
    closed(made, 17)
    people("house", str(made.pk), 37)
    return made


@pytest.fixture
def screen() -> Guest:
    """The coordinator at her screen."""
    return at_bokd()


def at_bokd() -> Guest:
    guest = Guest()
    guest.client.force_login(make_user(is_coordinator=True))
    return guest


def file_of(screen: Guest, address: str) -> str:
    answer: Any = screen.client.get(address)
    return b"".join(answer.streaming_content).decode().splitlines()[1]


@pytest.mark.parametrize("page", ["/bokd/dorpshuizen/huis/", "/bokd/dorpshuizen/", "/bokd/rapport/", "/bokd/"])
def test_bokd_sees_no_people_of_it_on_any_page(house: Dorpshuis, screen: Guest, page: str) -> None:
    text = screen.get(f"{page}{OCTOBER}").text
    assert "37" not in text
    assert "17" in text
    Dorpshuis.objects.update(joint_reporting=True)
    assert "37" in screen.get(f"{page}{OCTOBER}").text


def test_its_page_at_bokd_says_why(house: Dorpshuis, screen: Guest) -> None:
    page = "/bokd/dorpshuizen/huis/"
    assert screen.get(f"{page}{OCTOBER}").text.count(SENTENCE) == 1
    Dorpshuis.objects.update(joint_reporting=True)
    assert SENTENCE not in screen.get(f"{page}{OCTOBER}").text


def test_in_the_file_its_cells_are_empty_and_its_slots_are_there(house: Dorpshuis, screen: Guest) -> None:
    assert ";100;17;17;0;0;0;0;17.0;;;;0;0;0;1" in file_of(screen, f"/bokd/rapport.csv{OCTOBER}")


def test_of_an_open_month_they_are_empty_too(screen: Guest) -> None:
    made = make_house("huis", joint_reporting=False)
    for number in range(1, 7):
        visitor(made, number)
    november = "?van=2026-11&tot=2026-11"
    assert ";;;;" in file_of(screen, f"/bokd/rapport.csv{november}")
    Dorpshuis.objects.update(joint_reporting=True)
    assert ";6;6;0;" in file_of(screen, f"/bokd/rapport.csv{november}")


def test_the_mails_file_has_none_of_it_and_that_of_the_house_has(house: Dorpshuis) -> None:
    ilse, board = make_user(is_coordinator=True), make_member(house, Membership.Role.BOARD)
    to_bokd = month(OutboxMail(key=f"month:2026-10:{ilse.pk}"))
    to_house = house_month(OutboxMail(key=f"house_month:2026-10:{house.pk}:{board.pk}"))
    assert to_bokd is not None
    assert to_house is not None
    assert ";17.0;;;;" in str(to_bokd.attachments[0][1])
    assert ";17.0;37;0;37;" in str(to_house.attachments[0][1])
    assert "37" in str(to_house.body)


def test_its_own_page_and_file_have_all_of_it(house: Dorpshuis) -> None:
    own = Guest()
    own.client.force_login(make_member(house, Membership.Role.BOARD))
    page = own.get("/beheer/huis/cijfers/?tot=2026-10")
    assert page.text.count("37") == 3
    assert ";37;0;37;" in file_of(own, f"/beheer/huis/cijfers/cijfers.csv{OCTOBER}")


def test_of_a_quarter_bokd_sees_neither_people_nor_where_they_come_from(time_machine: TimeMachineFixture) -> None:
    made = open_house("huis", "7991 AB")
    come(made, "7991", range(1, 8), "zzp")
    Dorpshuis.objects.update(joint_reporting=False)
    time_machine.move_to(JANUARY, tick=False)
    run()
    page, screen = f"/bokd/dorpshuizen/huis/{QUARTER}", at_bokd()
    assert "7991" not in screen.get(page).text
    assert "Unieke gasten" not in screen.get(page).text
    Dorpshuis.objects.update(joint_reporting=True)
    assert "7991" in screen.get(page).text
    assert "Unieke gasten" in screen.get(page).text


# --- groups -----------------------------------------------------------------------------------------------


def province(number: int = 4) -> list[Dorpshuis]:
    """Houses with six people each, everybody in one house only."""
    houses = [make_house(f"huis-{one}", desks=9) for one in range(number)]
    for house in houses:
        for one in range(1, 7):
            visitor(house, one, email=f"gast-{house.pk}-{one}@voorbeeld.example")
    return houses


def groups(span: str = "month") -> dict[str, tuple[int, int, list[str]]]:
    """By scope how many people of how many houses, and what of that is hidden."""
    rows = PersonSummary.objects.exclude(scope="house").filter(span=span).newest()
    return {row.scope: (row.unique, row.houses, row.hidden) for row in rows}


def refuse(house: Dorpshuis) -> None:
    Dorpshuis.objects.filter(pk=house.pk).update(joint_reporting=False)


def test_at_closing_its_people_are_in_no_group(time_machine: TimeMachineFixture) -> None:
    houses = province()
    refuse(houses[0])
    time_machine.move_to(CLOSING, tick=False)
    run()
    assert groups() == {"municipality": (18, 3, []), "network": (18, 3, [])}
    assert PersonSummary.objects.get(scope="house", key=str(houses[0].pk)).unique == 6


def test_two_houses_that_share_are_too_few_to_show(time_machine: TimeMachineFixture) -> None:
    refuse(province(3)[0])
    time_machine.move_to(CLOSING, tick=False)
    run()
    assert set(group_people("network", "", Period(NOVEMBER)).values()) == {""}


def test_a_month_that_was_closed_before_stays_as_it_was(time_machine: TimeMachineFixture) -> None:
    houses = province()
    time_machine.move_to(CLOSING, tick=False)
    run()
    refuse(houses[0])
    assert count_people(NOVEMBER, SYSTEM) == 0
    assert groups()["network"][:2] == (24, 4)
    time_machine.move_to(JANUARY, tick=False)
    run()
    assert groups("year")["network"][:2] == (18, 3)
    assert PersonSummary.objects.get(scope="network", span="month", first=NOVEMBER).unique == 24


def test_a_month_that_is_counted_again_has_the_same_houses_in_it(time_machine: TimeMachineFixture) -> None:
    houses = province()
    refuse(houses[0])
    time_machine.move_to(CLOSING, tick=False)
    run()
    Dorpshuis.objects.update(joint_reporting=True)
    refuse(houses[1])
    Booking.objects.filter(dorpshuis=houses[1]).earliest("pk").delete()
    correct_month(houses[1].pk, NOVEMBER, SYSTEM)
    assert count_people(NOVEMBER, SYSTEM) == 3
    assert groups()["network"][:2] == (17, 3)


def test_where_the_others_come_from_is_as_without_it(time_machine: TimeMachineFixture) -> None:
    houses = [open_house(f"huis-{one}", "7991 AB") for one in range(4)]
    for house in houses:
        come(house, "7991", range(1, 7), "zzp")
    refuse(houses[0])
    time_machine.move_to(JANUARY, tick=False)
    run()
    row = PersonSummary.objects.get(scope="network", span=Span.YEAR.value)
    assert (row.unique, row.origin["postcode"], row.origin["group"]) == (18, {"7991": 18}, {"zzp": 18})
