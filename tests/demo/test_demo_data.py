"""What the demo promises, and what must be true of all that it makes up."""

from collections import Counter
from datetime import date, timedelta

import phonenumbers
import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import F
from pytest_django import Settings

from bookings import queries
from bookings.domain.availability import Cell, Supply, cell_at, cells_on, open_desks, opening_on
from bookings.domain.dagdelen import Dagdeel, local
from bookings.domain.prices import price_on
from bookings.models import Booking, CallEntry, Guest, Reservation, StandingPlace, Waiting
from bookings.standing_days import held_with
from portal.base import clock
from portal.base.accounts.models import User
from portal.demo import data, moving
from tests.factories import MONDAY_NINE, make_booking
from villages.models import Closure, Dorpshuis, Membership, Municipality, Village

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("demo")]

State = Booking.State
TODAY = MONDAY_NINE.date()
DAY = timedelta(days=1)
WEEK_LATER = MONDAY_NINE + timedelta(weeks=1)


def over_entinghe() -> Dorpshuis:
    return Dorpshuis.objects.get(slug="over-entinghe")


def coming(house: Dorpshuis, days: int) -> list[Cell]:
    """The cells of the coming days, from tomorrow."""
    first, last = TODAY + DAY, TODAY + timedelta(days=days)
    supply = queries.supplies([house], first, last)[house.pk]
    taken = queries.taken([house.pk], first, last, clock.now())[house.pk]
    dates = [first + n * DAY for n in range(days)]
    return list(cells_on(supply, dates, taken, clock.now()).values())


def whole_supply(house: Dorpshuis) -> Supply:
    return queries.supplies([house], date(2020, 1, 1), TODAY + timedelta(days=365))[house.pk]


def misfits() -> list[Booking]:
    """Bookings of a desk that the house did not offer at that moment."""
    wrong = []
    for house in Dorpshuis.objects.all():
        supply = whole_supply(house)
        for booking in house.bookings.exclude(state=State.HOUSE_CANCELLED):
            opening = opening_on(supply, booking.moment)
            if opening is None or booking.desk_id not in open_desks(supply, booking.moment, opening)[0]:
                wrong.append(booking)
    return wrong


def everything() -> dict[str, set[str]]:
    """Every row of our own tables."""
    models = [m for label in ("base", "villages", "bookings") for m in apps.get_app_config(label).get_models(True)]
    return {model._meta.label: set(map(repr, model._default_manager.values_list())) for model in models}


def share_taken(house: Dorpshuis, first: date, last: date) -> float:
    """Used desks of all that were offered."""
    supply = whole_supply(house)
    days = [first + n * DAY for n in range((last - first).days)]
    offered = sum(cell.total for cell in cells_on(supply, days, {}, clock.now()).values())
    return house.bookings.occupying().filter(date__gte=first, date__lt=last).count() / offered


# --- what the contract promises ---------------------------------------------------------------------------


def test_over_entinghe_offers_four_desks_on_weekday_mornings_and_afternoons_and_no_more() -> None:
    offered = {(c.moment.date, c.moment.dagdeel.value): c.total for c in coming(over_entinghe(), 60) if c.offered}
    weekdays = [TODAY + n * DAY for n in range(1, 61) if (TODAY + n * DAY).weekday() < 5]
    assert offered == {(day, part): 4 for day in weekdays for part in ("ochtend", "middag")}


def test_over_entinghe_costs_seven_and_a_half_euros_in_the_coming_sixty_days() -> None:
    assert {cell.cents for cell in coming(over_entinghe(), 60) if cell.offered} == {750}


def test_over_entinghe_can_be_booked_sixty_days_ahead_by_anybody() -> None:
    house = over_entinghe()
    settings = (house.window_days, house.lead_minutes, house.order_limit, house.guest_limit, house.staffed_only_for_new)
    assert settings == (60, 0, 10, 20, False)


def test_over_entinghe_has_three_free_desks_at_every_coming_moment() -> None:
    assert min(cell.free for cell in coming(over_entinghe(), 60) if cell.offered) == 3


def test_some_have_booked_at_over_entinghe() -> None:
    assert 3 <= sum(cell.total - cell.free for cell in coming(over_entinghe(), 28)) <= 20


def test_henk_has_a_coming_week_to_close_with_three_bookings_and_one_by_phone() -> None:
    rows = Booking.objects.filter(dorpshuis__slug="over-entinghe", state=Booking.State.BOOKED, date__gt=clock.today())
    by_week: dict[int, list[str]] = {}
    for row in rows.select_related("reservation"):
        by_week.setdefault(row.date.isocalendar().week, []).append(row.reservation.email)
    assert any(len(emails) >= 3 and "" in emails for emails in by_week.values())


def test_no_house_is_full_tomorrow() -> None:
    full = [c for house in Dorpshuis.objects.all() for c in coming(house, 1) if c.offered and not c.free]
    assert full == []


def test_six_of_the_eight_houses_are_marked_as_an_example() -> None:
    assert sorted(str(house) for house in Dorpshuis.objects.all()) == [
        "De Heidehof (voorbeeld)",
        "De Schapendrift (voorbeeld)",
        "De Veldkei",
        "De Voorhof (voorbeeld)",
        "De Wiekslag (voorbeeld)",
        "De Zwerfkei (voorbeeld)",
        "Over Entinghe",
        "’t Brinkhuus (voorbeeld)",
    ]


def test_the_houses_stand_in_eight_villages() -> None:
    assert Dorpshuis.objects.values("village").distinct().count() == 8


def test_all_but_one_agree_to_joint_reporting() -> None:
    assert Counter(Dorpshuis.objects.values_list("joint_reporting", flat=True)) == {True: 7, False: 1}


def test_the_places_of_drenthe_are_there() -> None:
    in_drenthe = Village.objects.filter(geonames_id__isnull=False)
    assert (Municipality.objects.filter(villages__in=in_drenthe).distinct().count(), in_drenthe.count()) == (12, 94)


def test_it_goes_fourteen_months_back() -> None:
    assert Booking.objects.earliest("date").date < TODAY - timedelta(days=410)


def test_it_goes_no_more_than_four_weeks_ahead() -> None:
    assert Booking.objects.filter(standing=None).latest("date").date <= TODAY + timedelta(weeks=4)


# --- people -----------------------------------------------------------------------------------------------


def test_each_person_has_her_own_role() -> None:
    held = Membership.objects.values_list("user__email", "dorpshuis__slug", "role")
    assert set(held) == {
        ("henk@voorbeeld.example", "over-entinghe", "volunteer"),
        ("gerrit@voorbeeld.example", "over-entinghe", "treasurer"),
        ("geesje@voorbeeld.example", "over-entinghe", "board"),
        ("willem@voorbeeld.example", "de-veldkei", "volunteer"),
    }


def test_only_ilse_is_a_coordinator() -> None:
    assert [user.email for user in User.objects.filter(is_coordinator=True)] == ["ilse@voorbeeld.example"]


def test_nobody_can_log_in_with_a_password() -> None:
    assert [user.has_usable_password() for user in User.objects.all()] == [False] * 7


def test_marieke_has_been_before_and_comes_again() -> None:
    hers = Booking.objects.filter(
        reservation__confirmed_to="marieke@voorbeeld.example", dorpshuis__slug="over-entinghe"
    )
    assert (hers.filter(state=State.USED).count() > 10, hers.filter(date__gt=TODAY).exists()) == (True, True)


def test_sanne_works_in_de_veldkei_on_tuesdays() -> None:
    hers = Booking.objects.filter(reservation__email="sanne@voorbeeld.example")
    places = {(booking.dorpshuis.slug, booking.date.weekday()) for booking in hers.select_related("dorpshuis")}
    assert places == {("de-veldkei", 1)}
    assert hers.filter(date__gt=TODAY).exists()


def test_she_has_a_standing_place_there_that_is_hers_alone_at_that_moment() -> None:
    place = StandingPlace.objects.get()
    assert (place.dorpshuis.slug, place.organisation) == ("de-veldkei", "Politie")
    coming = Booking.objects.filter(reservation__email="sanne@voorbeeld.example", date__gte=TODAY)
    assert set(coming.values_list("standing", "dagdeel")) == {(place.pk, "middag")}
    assert coming.count() > 4


def test_mevrouw_de_vries_has_only_a_phone() -> None:
    assert [(guest.email, bool(guest.phone)) for guest in Guest.objects.filter(name="Mevrouw De Vries")] == [("", True)]


@pytest.mark.parametrize("name", ["Roelof 't Hoen-d'Anloop", "Özlem Yıldız"])
def test_names_with_marks_are_among_the_guests(name: str) -> None:
    assert Guest.objects.filter(name=name).count() == 1


def test_every_phone_number_is_valid_and_of_nobody() -> None:
    numbers = [house.phone for house in Dorpshuis.objects.all()]
    numbers += [guest.phone for guest in Guest.objects.all() if guest.phone]
    # In the Netherlands no subscriber's number begins with a 1.
    wrong = [n for n in numbers if not phonenumbers.is_valid_number(n) or str(n.national_number)[3] != "1"]
    assert wrong == []


# --- true of every booking --------------------------------------------------------------------------------


def test_every_booking_is_of_a_desk_that_was_offered() -> None:
    assert misfits() == []


def test_every_slot_is_used_once() -> None:
    slots = Booking.objects.values_list("desk", "date", "dagdeel")
    assert [slot for slot, number in Counter(slots).items() if number > 1] == []


def test_every_price_is_the_tariff_of_that_date() -> None:
    wrong = []
    for house in Dorpshuis.objects.all():
        tariffs = whole_supply(house).tariffs
        wrong += [
            b for b in house.bookings.filter(standing=None) if price_on(tariffs, b.tariff, b.date) != b.price_cents
        ]
    assert wrong == []


def test_bookings_are_in_the_house_of_their_reservation_guest_and_desk() -> None:
    elsewhere = Booking.objects.exclude(
        dorpshuis=F("reservation__dorpshuis"), reservation__guest__dorpshuis=F("dorpshuis")
    ) | Booking.objects.exclude(desk__room__dorpshuis=F("dorpshuis"))
    assert list(elsewhere) == []


def test_every_reservation_has_bookings_but_that_of_who_waits() -> None:
    assert list(Reservation.objects.filter(bookings__isnull=True, waiting__isnull=True)) == []


def test_somebody_waits_for_a_full_dagdeel() -> None:
    wait = Waiting.objects.on_the_list().get()
    occupied = queries.taken([wait.dorpshuis_id], wait.date, wait.date, clock.now())[wait.dorpshuis_id]
    supply = queries.supplies([wait.dorpshuis], wait.date, wait.date)[wait.dorpshuis_id]
    assert cell_at(supply, wait.moment, occupied[wait.moment], clock.now()).status == "vol"


def test_who_came_or_did_not_came_in_the_past() -> None:
    outcomes = Booking.objects.filter(state__in=(State.USED, State.NO_SHOW))
    assert outcomes.filter(date__gte=TODAY).count() == 0


def test_every_kind_of_ending_occurs() -> None:
    assert set(Booking.objects.values_list("state", flat=True)) == {
        State.BOOKED, State.USED, State.NO_SHOW, State.CANCELLED, State.LATE_CANCELLED, State.HOUSE_CANCELLED,
    }  # fmt: skip


def test_only_cancelled_bookings_say_when() -> None:
    cancelled = set(Booking.objects.filter(cancelled_at__isnull=False).values_list("state", flat=True))
    open_ended = set(Booking.objects.filter(cancelled_at__isnull=True).values_list("state", flat=True))
    assert cancelled == {State.CANCELLED, State.LATE_CANCELLED, State.HOUSE_CANCELLED}
    assert open_ended == {State.BOOKED, State.USED, State.NO_SHOW}


def test_everything_happened_in_the_right_order() -> None:
    wrong = []
    for house in Dorpshuis.objects.all():
        supply = whole_supply(house)
        for booking in house.bookings.all():
            opening = opening_on(supply, booking.moment)
            assert opening is not None
            ended = booking.cancelled_at or booking.created_at
            begin = local(booking.date, opening.begin)
            if not booking.created_at <= ended <= min(begin, clock.now()) or booking.created_at == begin:
                wrong.append(booking)
    assert wrong == []


def test_what_the_house_cancelled_carries_its_closure() -> None:
    covered = [
        booking.closure is not None
        and booking.closure.first_day <= booking.date <= booking.closure.last_day
        and Dagdeel(booking.dagdeel).value in [part.value for part in booking.closure.dagdelen]
        for booking in Booking.objects.filter(state=State.HOUSE_CANCELLED).select_related("closure")
    ]
    assert covered == [True] * len(covered) != []


def test_closures_lie_in_the_past_and_ahead_but_not_at_over_entinghe() -> None:
    ahead = Closure.objects.filter(first_day__gt=TODAY)
    assert (ahead.exists(), Closure.objects.filter(last_day__lt=TODAY).exists()) == (True, True)
    assert not ahead.filter(dorpshuis=over_entinghe()).exists()


def test_few_desks_are_taken_but_more_than_a_year_ago() -> None:
    houses = list(Dorpshuis.objects.exclude(slug="de-heidehof"))
    year_ago = [share_taken(house, TODAY - timedelta(days=400), TODAY - timedelta(days=310)) for house in houses]
    now = [share_taken(house, TODAY - timedelta(days=90), TODAY) for house in houses]
    assert 0.04 < min(year_ago + now) < max(year_ago + now) < 0.4
    assert sum(year_ago) * 1.4 < sum(now)


def test_summer_is_quiet() -> None:
    house = over_entinghe()
    assert share_taken(house, date(2026, 7, 1), date(2026, 9, 1)) < share_taken(
        house, date(2026, 5, 1), date(2026, 7, 1)
    )


# --- running it again -------------------------------------------------------------------------------------


def test_henk_has_one_guest_to_phone() -> None:
    (entry,) = CallEntry.objects.to_do(clock.now()).filter(dorpshuis=over_entinghe())
    assert (entry.kind, entry.reservation.email, entry.reservation.bookings.get().state) == (
        "confirmation",
        "",
        "booked",
    )


def test_willem_has_a_guest_to_phone_and_sanne_a_date_to_give_back() -> None:
    assert CallEntry.objects.to_do(clock.now()).filter(dorpshuis__slug="de-veldkei").exists()
    (held,) = held_with("sanne@voorbeeld.example")
    assert any(day.can_release for day in held.days)


def test_running_it_twice_changes_nothing() -> None:
    before = everything()
    again = data.load()
    assert (again, everything() == before) == (data.Loaded(0, 0), True)


def test_a_week_later_it_only_adds() -> None:
    before = everything()
    with time_machine.travel(WEEK_LATER, tick=False):
        again = data.load()
    after = everything()
    lost = {label: rows - after[label] for label, rows in before.items() if rows - after[label]}
    assert (lost, again.houses, again.reservations > 5) == ({}, 0, True)


def test_a_week_later_every_booking_is_still_of_a_desk_that_is_offered() -> None:
    with time_machine.travel(WEEK_LATER, tick=False):
        data.load()
    assert misfits() == []


def test_when_the_demo_s_clock_is_a_day_further_the_examples_are_too() -> None:
    before = over_entinghe().version
    with time_machine.travel(MONDAY_NINE + DAY, tick=False):
        moving._add_examples()
        assert data.load() == data.Loaded(0, 0)
    rows = Booking.objects.filter(dorpshuis=over_entinghe(), date=TODAY + DAY)
    assert set(rows.values_list("reservation__name", flat=True)) >= {"Anneke Hofstee", "Tom Bakker"}
    assert over_entinghe().version != before


@pytest.mark.parametrize("days", [1, 2, 3, 9, 10, 180])
def test_marieke_always_has_a_booking_to_come(days: int) -> None:
    later = MONDAY_NINE + timedelta(days=days)
    with time_machine.travel(later, tick=False):
        data.load()
    hers = Reservation.objects.filter(confirmed_to="marieke@voorbeeld.example")
    assert hers.filter(bookings__date__gt=later.date(), bookings__state=State.BOOKED).exists()


def test_it_leaves_the_desks_that_a_visitor_booked() -> None:
    house = Dorpshuis.objects.get(slug="de-schapendrift")
    free = [cell for cell in coming(house, 60) if cell.bookable]
    visits = [make_booking(house, cell.moment) for cell in free for _ in cell.free_ids]
    with time_machine.travel(WEEK_LATER, tick=False):
        data.load()
    left = Booking.objects.filter(reservation__in=visits, state=State.BOOKED).count()
    assert (left, left > 20) == (len(visits), True)


def test_it_runs_as_a_command() -> None:
    call_command("load_demo")


def test_it_refuses_outside_the_demo(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="alleen in de demo"):
        call_command("load_demo")
