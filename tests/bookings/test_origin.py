"""Where guests come from, as it is closed and as it is shown."""

from datetime import date

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from bookings.actions.closing_month import run
from bookings.domain.months import Period, Span
from bookings.models import Guest, PersonSummary, Reservation
from bookings.reports.origin import OriginTable, Part, homes_of, origin_table
from tests.bookings.test_closing_month import coming, visitor
from tests.bookings.test_report_csv import coordinator
from tests.factories import at, make_booking, make_house, make_member, make_village
from tests.guest import Page, on_monday
from villages.models import Desk, Dorpshuis, Membership

pytestmark = [pytest.mark.django_db, pytest.mark.database, on_monday]

QUARTER = Period(date(2026, 10, 1), Span.QUARTER)
YEAR = Period(date(2026, 1, 1), Span.YEAR)
JANUARY = at(date(2027, 1, 5), 2)


def open_house(name: str, postcode: str, latitude: float = 52.8) -> Dorpshuis:
    """A house that began in November, with its village at this latitude."""
    house = make_house(name, desks=9, postcode=postcode, village=make_village(name, latitude))
    Desk.objects.update(valid_from=date(2026, 11, 1))
    return house


def come(house: Dorpshuis, postcode: str, numbers: range, group: str = "") -> None:
    """A guest with this postcode, and who says that she does this, for each of these numbers."""
    for number in numbers:
        address = f"gast-{house.pk}-{number}@voorbeeld.example"
        visitor(house, number, email=address)
        Reservation.objects.filter(email=address).update(postcode=postcode, target_group=group)


def table(house: Dorpshuis, period: Period = QUARTER) -> OriginTable | None:
    return origin_table("house", str(house.pk), period)


def test_a_quarter_tells_postcodes_and_distances_of_five_people_or_more(time_machine: TimeMachineFixture) -> None:
    house = open_house("huis", "7991 AB")
    open_house("verder", "9411 XX", latitude=52.9)
    come(house, "7991", range(1, 8))
    come(house, "9411", range(8, 14))
    come(house, "8351", range(14, 17))
    come(house, "", range(17, 20))
    time_machine.move_to(JANUARY, tick=False)
    run()
    found = table(house)
    assert found is not None
    assert found.people == 19
    assert found.postcodes == [Part("7991", 7), Part("9411", 6), Part("", 6)]
    assert found.distances == [Part("5", 7), Part("25", 6), Part("", 6)]


def test_of_a_month_and_of_too_few_people_it_tells_nothing(time_machine: TimeMachineFixture) -> None:
    house = open_house("huis", "7991 AB")
    come(house, "7991", range(1, 5))
    time_machine.move_to(JANUARY, tick=False)
    run()
    assert table(house) is None
    assert not PersonSummary.objects.filter(span="month").exclude(origin={}).exists()


def test_one_who_is_left_over_is_not_told_by_subtraction(time_machine: TimeMachineFixture) -> None:
    house = open_house("huis", "7991 AB")
    come(house, "7991", range(1, 10))
    come(house, "8351", range(10, 11))
    time_machine.move_to(JANUARY, tick=False)
    run()
    assert table(house) is None


def test_who_was_deleted_counts_and_her_postcode_is_unknown(time_machine: TimeMachineFixture) -> None:
    house = open_house("huis", "7991 AB")
    come(house, "7991", range(1, 13))
    Reservation.objects.filter(guest__in=house.guests.order_by("pk")[:5]).update(postcode="")
    time_machine.move_to(JANUARY, tick=False)
    run()
    found = table(house)
    assert found is not None
    assert found.postcodes == [Part("7991", 7), Part("", 5)]


def test_the_network_tells_it_over_three_houses(time_machine: TimeMachineFixture) -> None:
    for number in range(3):
        come(open_house(f"huis-{number}", "7991 AB"), "7991", range(1, 7))
    time_machine.move_to(JANUARY, tick=False)
    run()
    found = origin_table("network", "", YEAR)
    assert found is not None
    assert found.postcodes == [Part("7991", 18)]


def test_of_a_guest_of_two_houses_the_last_answer_counts_wherever_she_gave_it() -> None:
    houses = [make_house("een"), make_house("twee")]
    answers = ((0, "7991", "zzp"), (1, "7981", "student"), (0, "7992", "vereniging"))
    for number, (place, postcode, group) in enumerate(answers, 1):
        row = make_booking(houses[place], *coming(23 + number), email="anna@voorbeeld.example", phone="")
        given = {"postcode": postcode, "target_group": group, "created_at": at(date(2026, 11, number), 9)}
        Reservation.objects.filter(pk=row.pk).update(**given)
    persons = dict.fromkeys(Guest.objects.values_list("pk", flat=True), "anna")
    homes = homes_of([house.pk for house in houses]).of_persons(persons)
    assert (homes.postcodes, homes.groups) == ({"anna": "7992"}, {"anna": "vereniging"})


def test_it_tells_what_five_guests_or_more_say_they_do(time_machine: TimeMachineFixture) -> None:
    house = open_house("huis", "7991 AB")
    come(house, "", range(1, 8), "zzp")
    come(house, "", range(8, 13), "vereniging")
    come(house, "", range(13, 16), "student")
    come(house, "", range(16, 20))
    time_machine.move_to(JANUARY, tick=False)
    run()
    found = table(house)
    assert found is not None
    assert found.groups == [Part("zzp", 7), Part("vereniging", 5), Part("", 7)]
    assert found.postcodes == []
    text = Page(coordinator().get("/bokd/dorpshuizen/huis/?van=2026-10&tot=2026-12")).text  # type: ignore[arg-type]
    assert (
        "Wat gasten doen Gasten Werkt voor zichzelf 7 Komt voor een vereniging of zorg 5 Anders of onbekend 7" in text
    )


def test_bokd_sees_it_on_the_page_of_a_house_and_of_the_network(time_machine: TimeMachineFixture) -> None:
    for number in range(3):
        come(open_house(f"huis-{number}", "7991 AB"), "7991", range(1, 7))
    time_machine.move_to(JANUARY, tick=False)
    run()
    client = coordinator()
    for page in ("?van=2026-10&tot=2026-12", "dorpshuizen/huis-1/?van=2026-11&tot=2026-12"):
        text = Page(client.get(f"/bokd/{page}")).text  # type: ignore[arg-type]
        assert "Waar gasten vandaan komen" in text
        assert "7991" in text


def test_a_house_sees_it_on_its_own_page(time_machine: TimeMachineFixture) -> None:
    house = open_house("huis", "7991 AB")
    come(house, "7991", range(1, 8))
    time_machine.move_to(JANUARY, tick=False)
    run()
    client = Client()
    client.force_login(make_member(house, Membership.Role.BOARD))
    text = client.get("/beheer/huis/cijfers/?tot=2026-12").content.decode()
    assert ", 7 gasten. Een regel staat er vanaf 5 mensen." in text
    assert "Minder dan 5 km" in text
