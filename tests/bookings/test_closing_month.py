"""Closing a month: once, whenever it is done; what was closed stays as it was."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from time_machine import TimeMachineFixture

from bookings.actions import closing_month
from bookings.actions.closing_month import close_house, correct_month, count_people, next_at, run
from bookings.actions.forget import forget
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.months import Period, Span
from bookings.models import Booking, ClosedMonth, GuestTrace, PersonSummary, SlotSummary, VolunteerHours, YearKey
from bookings.reports.months import group_people, house_figures
from portal.base.log import SYSTEM
from portal.base.log.models import LogEntry
from tests.factories import at, desks_of, make_booking, make_house
from tests.guest import MONDAY, on_monday
from villages.models import Desk, Dorpshuis

pytestmark = [pytest.mark.django_db, pytest.mark.database, on_monday]

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
CLOSING = at(date(2026, 12, 5), 1)


@pytest.fixture
def house() -> Dorpshuis:
    """A house that began in November, with two bookings to come in it."""
    made = make_house("huis", desks=2)
    Desk.objects.update(valid_from=NOVEMBER)
    make_booking(made, *coming(24), email="anna@voorbeeld.example", phone="")
    make_booking(made, *coming(25), email="bea@voorbeeld.example", phone="")
    return made


def coming(day: int) -> tuple[Moment, ...]:
    return (Moment(date(2026, 11, day), Dagdeel.OCHTEND),)


def month_of(house: Dorpshuis, month: date = NOVEMBER) -> ClosedMonth:
    return ClosedMonth.objects.filter(dorpshuis=house, month=month).newest().get()


def test_before_the_fifth_nothing_is_closed(house: Dorpshuis, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(at(date(2026, 12, 5), 0, 59), tick=False)
    assert run() == 0
    assert next_at() == CLOSING
    assert not ClosedMonth.objects.exists()


def test_on_the_fifth_the_month_is_closed_with_its_definition(
    house: Dorpshuis, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(CLOSING, tick=False)
    assert run() > 0
    row = month_of(house)
    assert (row.version, row.definition, row.closed_at) == (1, 1, CLOSING)
    assert row.income == [["standaard", "", 2, 1500]]
    assert next_at() == at(date(2027, 1, 5), 1)


def test_slots_add_up_per_weekday_and_dagdeel(house: Dorpshuis, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(CLOSING, tick=False)
    run()
    tuesday = SlotSummary.objects.get(weekday=1, dagdeel="ochtend")
    assert (tuesday.offered, tuesday.used, tuesday.assumed, tuesday.dagdelen) == (8, 1, 1, 4)
    assert sum(SlotSummary.objects.values_list("offered", flat=True)) == 21 * 2 * 2


def test_a_meeting_table_is_in_no_figure_of_desks(house: Dorpshuis, time_machine: TimeMachineFixture) -> None:
    before = house_figures([house], NOVEMBER, NOVEMBER)[0]
    table = Desk.objects.create(room=house.rooms.get(), name="Tafel", position=9, valid_from=NOVEMBER, is_table=True)
    make_booking(house, *coming(24), desk_id=table.pk, email="cor@voorbeeld.example", phone="")
    time_machine.move_to(CLOSING, tick=False)
    after = house_figures([house], NOVEMBER, NOVEMBER)[0]
    assert (after.slots.offered, after.slots.booked) == (21 * 2 * 2, 2)
    assert before.slots.offered < after.slots.offered
    assert after.people["unique"] == "<5"


def test_closing_twice_writes_nothing_more(house: Dorpshuis, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(CLOSING, tick=False)
    run()
    written, version = LogEntry.objects.count(), Dorpshuis.objects.get().version
    assert run() == 0
    assert (LogEntry.objects.count(), Dorpshuis.objects.get().version) == (written, version)


def test_a_late_closing_closes_every_month_that_is_due(house: Dorpshuis, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(at(date(2027, 2, 20), 3), tick=False)
    run()
    months = ClosedMonth.objects.order_by("month").values_list("month", flat=True)
    assert list(months) == [NOVEMBER, date(2026, 12, 1), date(2027, 1, 1)]
    assert month_of(house).income == [["standaard", "", 2, 1500]]


def test_a_closed_month_says_what_it_said_whatever_happens_later(
    house: Dorpshuis, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(CLOSING, tick=False)
    run()
    before = house_figures([house], NOVEMBER, NOVEMBER)
    Booking.objects.update(state="no_show")
    Desk.objects.update(valid_from=date(2026, 11, 20))
    assert house_figures([house], NOVEMBER, NOVEMBER) == before


def test_a_correction_is_a_new_version_beside_the_old(house: Dorpshuis, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(CLOSING, tick=False)
    run()
    assert not correct_month(house.pk, NOVEMBER, SYSTEM)
    time_machine.move_to(at(date(2026, 12, 20), 9), tick=False)
    Booking.objects.filter(date=date(2026, 11, 24)).update(state="no_show")
    assert correct_month(house.pk, NOVEMBER, SYSTEM)
    assert not correct_month(house.pk, NOVEMBER, SYSTEM)
    rows = [(row.version, row.closed_at) for row in ClosedMonth.objects.order_by("version")]
    assert rows == [(1, CLOSING), (2, at(date(2026, 12, 20), 9))]
    (month,) = house_figures([house], NOVEMBER, NOVEMBER)
    assert (month.version, month.slots.used, month.slots.no_show) == (2, 1, 1)


def test_a_correction_after_the_house_stopped_keeps_what_it_offered(
    house: Dorpshuis, time_machine: TimeMachineFixture
) -> None:
    Booking.objects.filter(date=date(2026, 11, 25)).update(state="late_cancelled")
    time_machine.move_to(CLOSING, tick=False)
    run()
    (before,) = house_figures([house], NOVEMBER, NOVEMBER)
    Dorpshuis.objects.update(status="stopped")
    assert not correct_month(house.pk, NOVEMBER, SYSTEM)
    Booking.objects.filter(date=date(2026, 11, 24)).update(state="no_show")
    assert correct_month(house.pk, NOVEMBER, SYSTEM)
    (after,) = house_figures([house], NOVEMBER, NOVEMBER)
    assert after.slots == replace(before.slots, used=0, assumed=0, no_show=1)


def test_a_correction_of_a_month_after_the_house_stopped_adds_no_offer(
    house: Dorpshuis, time_machine: TimeMachineFixture
) -> None:
    Dorpshuis.objects.update(status="stopped")
    time_machine.move_to(CLOSING, tick=False)
    run()
    Booking.objects.filter(date=date(2026, 11, 24)).update(state="no_show")
    assert correct_month(house.pk, NOVEMBER, SYSTEM)
    (month,) = house_figures([house], NOVEMBER, NOVEMBER)
    assert (month.version, month.slots.offered, month.slots.no_show) == (2, 2, 1)


def test_people_that_are_counted_again_get_a_version_of_their_own(
    house: Dorpshuis, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(CLOSING, tick=False)
    run()
    assert count_people(NOVEMBER, SYSTEM) == 0
    Booking.objects.filter(date=date(2026, 11, 24)).update(state="no_show")
    assert count_people(NOVEMBER, SYSTEM) > 0
    rows = PersonSummary.objects.filter(scope="house").order_by("version").values_list("version", "unique")
    assert list(rows) == [(1, 2), (2, 1)]


def test_an_administrator_lets_a_month_be_counted_again_by_name(
    house: Dorpshuis, time_machine: TimeMachineFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    time_machine.move_to(at(date(2027, 1, 4), 9), tick=False)
    run()
    call_command("correct_month", "huis", "2026-11")
    assert capsys.readouterr().out == (
        "De maand telt nog hetzelfde: geen nieuwe versie.\nNieuwe versies van de cijfers over gasten: 0.\n"
    )
    Booking.objects.filter(date=date(2026, 11, 24)).update(state="no_show")
    call_command("correct_month", "huis", "2026-11")
    assert "De maand heeft een nieuwe versie." in capsys.readouterr().out
    (month,) = house_figures([house], NOVEMBER, NOVEMBER)
    assert (month.version, month.slots.used, month.persons and month.persons.unique) == (2, 1, 1)
    assert ClosedMonth.objects.filter(version=1).exists()


def test_people_of_a_corrected_month_are_counted_again_in_its_quarter(house: Dorpshuis) -> None:
    Desk.objects.update(valid_from=date(2026, 7, 1))
    visitor(house, 3, month=8, email="dirk@voorbeeld.example")
    run()
    quarter = PersonSummary.objects.filter(scope="house", span="quarter", first=date(2026, 7, 1))
    assert [row.unique for row in quarter] == [1]
    Booking.objects.filter(date=date(2026, 8, 4)).update(state="no_show")
    call_command("correct_month", "huis", "2026-08")
    assert [row.unique for row in quarter.order_by("version")] == [1, 0]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("elders", "2026-11"), "Er is geen dorpshuis met dit adres."),
        (("huis", "november"), "Schrijf de maand zo: 2026-10."),
        (("huis", "2026-13"), "Schrijf de maand zo: 2026-10."),
        (("huis", "2026-10"), "Die maand is van dit dorpshuis niet afgesloten. Er is niets te verbeteren."),
    ],
)
def test_a_month_that_can_not_be_corrected_says_why(house: Dorpshuis, given: tuple[str, str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("correct_month", *given)


def test_a_house_that_stopped_keeps_its_months_and_gets_no_empty_ones(
    house: Dorpshuis, time_machine: TimeMachineFixture
) -> None:
    Dorpshuis.objects.update(status="stopped")
    time_machine.move_to(at(date(2027, 2, 20), 3), tick=False)
    run()
    assert list(ClosedMonth.objects.values_list("month", flat=True)) == [NOVEMBER]
    assert run() == 0


@pytest.mark.parametrize("what", ["late_cancelled", "table"])
def test_closing_a_house_that_stopped_ends_when_nothing_in_it_counts(
    house: Dorpshuis, time_machine: TimeMachineFixture, what: str
) -> None:
    if what == "table":
        Desk.objects.update(is_table=True)
    else:
        Booking.objects.update(state=what)
    Dorpshuis.objects.update(status="stopped")
    time_machine.move_to(CLOSING, tick=False)
    logged, version = LogEntry.objects.count(), Dorpshuis.objects.get().version
    assert [run(), run()] == [0, 0]
    assert (LogEntry.objects.count(), Dorpshuis.objects.get().version) == (logged, version)
    assert close_house(house.pk, NOVEMBER, SYSTEM) == 0
    assert (LogEntry.objects.count(), ClosedMonth.objects.count()) == (logged, 0)


def test_a_house_that_is_not_open_yet_has_no_months(time_machine: TimeMachineFixture) -> None:
    make_house("straks", status="aspirant")
    time_machine.move_to(CLOSING, tick=False)
    assert run() == 0


def test_one_house_that_can_not_be_closed_stops_no_other(
    house: Dorpshuis, time_machine: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_house("ander")
    time_machine.move_to(CLOSING, tick=False)

    def failing(number: int, *args: object) -> int:
        if number == house.pk:
            raise RuntimeError("kapot")
        return close_house(number, *args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("bookings.actions.closing_month.close_house", failing)
        run()
    assert list(ClosedMonth.objects.values_list("dorpshuis", flat=True)) == [other.pk]
    assert not PersonSummary.objects.exists()
    assert run() > 0
    assert PersonSummary.objects.filter(scope="network").exists()


def test_what_the_volunteers_worked_is_closed_with_the_month(
    house: Dorpshuis, time_machine: TimeMachineFixture
) -> None:
    VolunteerHours.objects.create(dorpshuis=house, month=NOVEMBER, hours=12)
    time_machine.move_to(CLOSING, tick=False)
    run()
    assert month_of(house).volunteer_hours == 12


# --- people -----------------------------------------------------------------------------------------------


def visitor(house: Dorpshuis, number: int, *, month: int = 11, email: str = "") -> None:
    """Somebody who was there in that month."""
    address = email or f"bezoeker-{number}@voorbeeld.example"
    reservation = make_booking(house, Moment(MONDAY, Dagdeel.MIDDAG), email=address, phone="")
    reservation.bookings.update(state="used", date=date(2026, month, 1 + number), dagdeel="ochtend")


def test_one_person_in_two_houses_is_one_in_the_network(time_machine: TimeMachineFixture) -> None:
    houses = [make_house(f"huis-{n}", desks=9) for n in range(3)]
    for house in houses:
        for number in range(1, 7):
            visitor(house, number)
    time_machine.move_to(CLOSING, tick=False)
    run()
    row = PersonSummary.objects.get(scope="network", span="month", first=NOVEMBER)
    assert (row.unique, row.new, row.houses) == (6, 6, 3)
    assert group_people("network", "", Period(NOVEMBER))["unique"] == "6"
    assert group_people("municipality", "GM9999", Period(NOVEMBER))["unique"] == "6"


def test_who_was_deleted_still_counts_until_the_year_is_closed(
    house: Dorpshuis, time_machine: TimeMachineFixture
) -> None:
    other = make_house("ander")
    make_booking(other, *coming(24), email="anna@voorbeeld.example", phone="")
    time_machine.move_to(at(date(2026, 11, 28), 9), tick=False)
    forget(house.guests.get(email="anna@voorbeeld.example"), SYSTEM)
    time_machine.move_to(at(date(2027, 1, 6), 9), tick=False)
    run()
    network = PersonSummary.objects.get(scope="network", span="year")
    assert network.unique == 2
    assert PersonSummary.objects.get(scope="house", key=str(house.pk), span="month", first=NOVEMBER).unique == 2


def test_after_december_the_key_and_all_that_was_made_with_it_are_gone(
    house: Dorpshuis, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(at(date(2026, 11, 28), 9), tick=False)
    forget(house.guests.get(email="anna@voorbeeld.example"), SYSTEM)
    assert GuestTrace.objects.count() == 1
    time_machine.move_to(CLOSING, tick=False)
    run()
    assert YearKey.objects.count() == 1
    time_machine.move_to(at(date(2027, 1, 5), 1), tick=False)
    run()
    assert not GuestTrace.objects.exists()
    assert not YearKey.objects.filter(year=2026).exists()
    assert count_people(NOVEMBER, SYSTEM) == 0
    spans = PersonSummary.objects.filter(scope="network", first__year=2026).values_list("span", flat=True)
    assert set(spans) == {Span.MONTH, Span.QUARTER, Span.YEAR}


def test_who_counts_december_while_another_closes_the_year_writes_nothing(
    time_machine: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = make_house("huis", desks=9)
    for number in range(1, 8):
        visitor(house, number, month=12)
    time_machine.move_to(at(date(2026, 12, 20), 2), tick=False)
    forget(house.guests.earliest("pk"), SYSTEM)
    time_machine.move_to(at(date(2027, 1, 5), 2), tick=False)
    run()
    rows = list(PersonSummary.objects.order_by("pk").values_list("scope", "span", "unique", "version"))
    looked, saw_before = closing_month._year_is_closed, iter([False])
    monkeypatch.setattr(closing_month, "_year_is_closed", lambda year: next(saw_before, looked(year)))
    assert count_people(date(2026, 12, 1), SYSTEM) == 0
    assert list(PersonSummary.objects.order_by("pk").values_list("scope", "span", "unique", "version")) == rows
    assert not YearKey.objects.filter(year=2026).exists()


def test_a_trace_of_who_was_deleted_tells_nobody_who_she_was(
    house: Dorpshuis, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(at(date(2026, 11, 28), 9), tick=False)
    forget(house.guests.get(email="anna@voorbeeld.example"), SYSTEM)
    (trace,) = GuestTrace.objects.all()
    assert len(trace.person) == 64
    assert "anna" not in trace.person


def test_who_walks_in_and_leaves_nothing_is_nobody_in_particular(
    house: Dorpshuis, time_machine: TimeMachineFixture
) -> None:
    reservation = make_booking(house, Moment(MONDAY, Dagdeel.MIDDAG), email="c@voorbeeld.example", phone="")
    reservation.guest.email = ""
    reservation.guest.save()
    reservation.bookings.update(state="used", desk=desks_of(house)[1])
    time_machine.move_to(CLOSING, tick=False)
    run()
    (month,) = house_figures([house], NOVEMBER, NOVEMBER)
    assert month.slots.used == 3
    assert month.persons is not None
    assert month.persons.unique == 2


def test_a_group_is_shown_over_three_houses_and_not_when_one_alone_is_hidden(
    time_machine: TimeMachineFixture,
) -> None:
    houses = [make_house(f"huis-{n}", desks=9) for n in range(3)]
    for place, house in enumerate(houses):
        for number in range(1, 3 if place == 0 else 8):
            visitor(house, number, email=f"gast-{place}-{number}@voorbeeld.example")
    time_machine.move_to(CLOSING, tick=False)
    run()
    assert PersonSummary.objects.get(scope="network", first=NOVEMBER).unique == 16
    assert group_people("network", "", Period(NOVEMBER))["unique"] == ""
