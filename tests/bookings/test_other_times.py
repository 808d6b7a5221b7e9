"""Another begin or end of a dagdeel: whose booking goes on at another time hears so, once."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine

from bookings.actions.cancel import cancel
from bookings.actions.close import Closed, change_offer, reopen
from bookings.actions.plan import plan_offer
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.week import week_on
from bookings.models import Booking, CallEntry
from bookings.offer import WeekWish, week_rows
from portal.base import clock
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from portal.base.outbox.registry import composer
from tests.factories import desks_of, house_actor, make_booking, make_desks, make_hold, make_house, make_room
from tests.factories import make_standing as agree
from tests.guest import on_monday
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, pytest.mark.database_long, on_monday]

TUESDAY = date(2026, 11, 24)
ON_TUESDAY, NEXT_TUESDAY = (Moment(TUESDAY + timedelta(days=n), Dagdeel.OCHTEND) for n in (0, 7))
ON_WEDNESDAY = Moment(TUESDAY + timedelta(days=1), Dagdeel.OCHTEND)
PHONE: dict[str, Any] = {"email": "", "phone": "+31612345678"}
UNDO = timedelta(minutes=10)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


def wish(house: Dorpshuis, first: date = TUESDAY, **hours: Any) -> WeekWish:
    """Tuesday's morning at other times, or in another way, from this day on."""
    week = dict(week_on(week_rows(house), first))
    week[1, Dagdeel.OCHTEND] = replace(week[1, Dagdeel.OCHTEND], **(hours or {"begin": time(9), "end": time(13)}))
    return WeekWish(first, week)


def shift(house: Dorpshuis, first: date = TUESDAY, **hours: Any) -> Closed:
    return change_offer(house.pk, wish(house, first, **hours), house_actor(house))


def told() -> list[str]:
    return list(OutboxMail.objects.filter(kind="times").order_by("pk").values_list("recipient", flat=True))


def mail() -> Any:
    with time_machine.travel(clock.now() + UNDO, tick=False):
        return composer("times")(OutboxMail.objects.get(kind="times"))


def test_each_reservation_gets_one_mail_after_ten_minutes(house: Dorpshuis) -> None:
    make_booking(house, ON_TUESDAY, NEXT_TUESDAY, ON_WEDNESDAY, email="anna@voorbeeld.example")
    shift(house)
    assert told() == ["anna@voorbeeld.example"]
    assert OutboxMail.objects.get(kind="times").visible_from == clock.now() + UNDO


def test_the_mail_says_what_it_was_and_what_it_is_and_nothing_of_other_days(house: Dorpshuis) -> None:
    make_booking(house, ON_TUESDAY, ON_WEDNESDAY)
    shift(house)
    text = mail().body
    assert "09.00 tot 13.00 uur, eerst 08.30 tot 12.30 uur" in text
    assert "woensdag" not in text


def test_the_agenda_file_has_the_new_time_and_a_higher_number(house: Dorpshuis) -> None:
    reservation = make_booking(house, ON_TUESDAY)
    shift(house)
    assert reservation.bookings.get().sequence == 1
    found = mail().attachments[0][1]
    assert "DTSTART;TZID=Europe/Amsterdam:20261124T090000" in found
    assert "SEQUENCE:1" in found
    assert "METHOD:PUBLISH" in found


def test_without_an_address_she_comes_on_the_call_list_after_ten_minutes(house: Dorpshuis) -> None:
    make_booking(house, ON_TUESDAY, **PHONE)
    shift(house)
    entry = CallEntry.objects.get(kind="times")
    assert (told(), entry.visible_from) == ([], clock.now() + UNDO)


@pytest.mark.parametrize("hours", [{"staffed": False}, {"by_appointment": True}])
def test_who_keeps_her_times_hears_nothing(house: Dorpshuis, hours: dict[str, Any]) -> None:
    make_booking(house, ON_TUESDAY)
    shift(house, **hours)
    assert (told(), Booking.objects.get().sequence) == ([], 0)


def test_before_the_first_day_and_on_other_days_nobody_hears_anything(house: Dorpshuis) -> None:
    make_booking(house, ON_TUESDAY)
    make_booking(house, ON_WEDNESDAY)
    shift(house, NEXT_TUESDAY.date)
    assert told() == []


def test_another_end_is_told_as_well(house: Dorpshuis) -> None:
    make_booking(house, ON_TUESDAY)
    shift(house, end=time(11))
    assert "08.30 tot 11.00 uur, eerst 08.30 tot 12.30 uur" in mail().body


def test_what_was_cancelled_or_is_only_held_is_told_to_nobody(house: Dorpshuis) -> None:
    cancel(make_booking(house, ON_TUESDAY), GUEST)
    make_hold(desks_of(house)[0], ON_TUESDAY, clock.now() + timedelta(days=1))
    shift(house)
    assert told() == []


def test_who_is_called_off_hears_that_and_not_a_time(house: Dorpshuis) -> None:
    small = make_room(house, "Zolder")
    make_desks(small, 1)
    make_booking(house, ON_TUESDAY, desk_id=desks_of(house)[0].pk)
    shift(house, begin=time(9), room_ids=frozenset({small.pk}))
    assert list(OutboxMail.objects.exclude(kind="confirmation").values_list("kind", flat=True)) == ["called_off"]


def test_who_moves_to_another_desk_hears_the_other_time(house: Dorpshuis) -> None:
    small = make_room(house, "Zolder")
    make_desks(small, 1)
    make_booking(house, ON_TUESDAY, email="anna@voorbeeld.example")
    shift(house, begin=time(9), room_ids=frozenset({small.pk}))
    assert told() == ["anna@voorbeeld.example"]


def test_the_holder_of_a_standing_place_gets_one_mail_for_all_her_dates(house: Dorpshuis) -> None:
    agree(house, dagdeel=Dagdeel.OCHTEND)
    shift(house)
    assert told() == ["sanne@voorbeeld.example"]
    assert mail().body.count("eerst 08.30 tot 12.30 uur") > 1


def test_she_is_greeted_by_her_own_name(house: Dorpshuis) -> None:
    place = agree(house, dagdeel=Dagdeel.OCHTEND)
    shift(house)
    assert place.reservation.name == "Politie · Sanne Kuipers"
    assert mail().body.startswith("Hoi Sanne Kuipers,")


def test_undone_in_time_nobody_hears_anything_and_the_agenda_goes_back(house: Dorpshuis) -> None:
    make_booking(house, ON_TUESDAY)
    make_booking(house, ON_TUESDAY, **PHONE)
    closed = shift(house)
    reopen(closed.closure, house_actor(house), undo=True)
    assert (told(), CallEntry.objects.filter(kind="times").count()) == ([], 0)
    assert set(Booking.objects.values_list("sequence", flat=True)) == {2}


def test_changed_back_before_the_mail_goes_nothing_is_sent(house: Dorpshuis) -> None:
    make_booking(house, ON_TUESDAY)
    shift(house)
    shift(house, begin=time(8, 30), end=time(12, 30))
    mails = OutboxMail.objects.filter(kind="times").order_by("pk")
    with time_machine.travel(clock.now() + UNDO, tick=False):
        assert [composer("times")(row) for row in mails][0] is None


def test_the_plan_changes_with_who_booked_meanwhile(house: Dorpshuis) -> None:
    change = wish(house)
    before = plan_offer(house, change.change(house)).fingerprint
    make_booking(house, ON_TUESDAY)
    assert plan_offer(house, change.change(house)).fingerprint != before
