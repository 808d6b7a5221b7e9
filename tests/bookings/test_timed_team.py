"""What a team is told when its time has come: who comes today, who was not ticked, how the week was."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from structlog.testing import capture_logs

from bookings.actions.day import mark_used
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking
from bookings.timed_team import next_day_list, next_nudge, next_week, nudge, tell_day_lists, tell_weeks
from portal.base.accounts.models import User
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from tests.conftest import QueryCount
from tests.factories import at, house_actor, make_booking, make_closed, make_house, make_member, make_user
from tests.guest import THURSDAY, WEDNESDAY, WEDNESDAY_NOON, Guest, on_monday, when
from tests.post import Post
from villages.models import Dorpshuis, HouseMessages, Membership, Operator, TeamMessages

pytestmark = [pytest.mark.django_db, on_monday]

Role = Membership.Role
DAY = WEDNESDAY.date
NEXT_MONDAY = DAY + timedelta(days=5)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


def member(house: Dorpshuis, role: str = Role.VOLUNTEER, **choice: Any) -> User:
    user = make_member(house, role)
    if choice:
        TeamMessages.objects.create(dorpshuis=house, user=user, **choice)
    return user


def told(kind: str) -> list[tuple[str, str]]:
    return list(OutboxMail.objects.filter(kind=kind).order_by("key").values_list("key", "state"))


def sent(post: Post, kind: str) -> list[tuple[str, str]]:
    """Send what waits of this kind; address and text of each mail."""
    OutboxMail.objects.exclude(kind=kind).delete()
    delivery.sweep()
    texts = [mail.get_body(("plain",)) for mail in post.mails]
    return [(to, " ".join(t.get_content().split()) if t else "") for to, t in zip(post.recipients, texts, strict=True)]


# --- who comes today --------------------------------------------------------------------------------------


def test_the_list_comes_at_the_hour_that_she_chose_once_a_day(house: Dorpshuis) -> None:
    user = member(house, day_list_hour=7)
    make_booking(house, WEDNESDAY)
    assert next_day_list() == at(DAY, 7)
    with when(at(DAY, 6, 59)):
        assert tell_day_lists() == 0
    with when(at(DAY, 7)):
        assert (tell_day_lists(), tell_day_lists()) == (1, 0)
    assert told("day_list") == [(f"day_list:{house.pk}:{user.pk}:2026-11-25", "waiting")]


def test_it_names_who_comes_that_day_and_nothing_more_of_them(house: Dorpshuis, post: Post) -> None:
    user = member(house, day_list_hour=7)
    make_booking(house, WEDNESDAY_NOON, name="Anna de Wit", email="anna@voorbeeld.example", phone="+31612345678")
    make_booking(house, THURSDAY, name="Bert", email="bert@voorbeeld.example")
    with when(at(DAY, 7)):
        tell_day_lists()
        ((to, text),) = sent(post, "day_list")
    assert (to, "Middag: Anna de Wit, Bureau 1" in text) == (user.email, True)
    assert "/beheer/het-huis/dag/2026-11-25/" in text
    assert [words in text for words in ("Bert", "anna@", "12345678")] == [False, False, False]
    assert OutboxMail.objects.get().sent_text == ""


def test_a_name_that_a_mail_program_makes_a_link_of_is_left_out(house: Dorpshuis, post: Post) -> None:
    member(house, day_list_hour=7)
    make_booking(house, WEDNESDAY, name="win.voorbeeld.example/nu")
    with when(at(DAY, 7)):
        tell_day_lists()
        ((_, text),) = sent(post, "day_list")
    assert ("voorbeeld.example/nu" in text, "Een gast zonder naam" in text) == (False, True)


def test_when_nobody_comes_there_is_no_mail(house: Dorpshuis, post: Post) -> None:
    member(house, day_list_hour=7)
    reservation = make_booking(house, WEDNESDAY)
    with when(at(DAY, 7)):
        tell_day_lists()
        Booking.objects.filter(reservation=reservation).update(state=Booking.State.CANCELLED)
        assert sent(post, "day_list") == []
    OutboxMail.objects.all().delete()
    with when(at(DAY, 8)):
        assert tell_day_lists() == 0


def test_the_hour_of_the_house_holds_for_who_chose_nothing(house: Dorpshuis) -> None:
    HouseMessages.objects.create(dorpshuis=house, day_list_hour=8)
    found = [member(house), member(house, day_list_hour=None), member(house, day_list_hour=18)]
    make_booking(house, WEDNESDAY)
    with when(at(DAY, 8)):
        tell_day_lists()
    assert told("day_list") == [(f"day_list:{house.pk}:{found[0].pk}:2026-11-25", "waiting")]


def test_without_a_choice_nobody_gets_it(house: Dorpshuis) -> None:
    member(house)
    make_booking(house, WEDNESDAY)
    with when(at(DAY, 8)):
        assert tell_day_lists() == 0


def test_who_left_the_team_gets_no_names(house: Dorpshuis, post: Post) -> None:
    member(house, day_list_hour=7)
    make_booking(house, WEDNESDAY)
    with when(at(DAY, 7)):
        tell_day_lists()
        Membership.objects.all().delete()
        assert sent(post, "day_list") == []


def test_who_works_for_the_operator_chooses_per_house(house: Dorpshuis) -> None:
    operator = Operator.objects.create(name="Welzijn")
    other = make_house("ginds", operator=operator)
    Dorpshuis.objects.update(operator=operator)
    user = make_user()
    Membership.objects.create(user=user, operator=operator, role=Role.BOARD)
    TeamMessages.objects.create(dorpshuis=other, user=user, day_list_hour=7)
    for place in (house, other):
        make_booking(place, WEDNESDAY)
    with when(at(DAY, 7)):
        tell_day_lists()
    assert told("day_list") == [(f"day_list:{other.pk}:{user.pk}:2026-11-25", "waiting")]


def test_a_list_of_the_morning_is_not_sent_in_the_afternoon(house: Dorpshuis) -> None:
    member(house, day_list_hour=7)
    make_booking(house, WEDNESDAY)
    with when(at(DAY, 10)), capture_logs() as logs:
        assert (tell_day_lists(), tell_day_lists()) == (1, 0)
    assert [entry["event"] for entry in logs if entry["event"] == "timed.skipped"] == ["timed.skipped"]
    assert told("day_list")[0][1] == "dropped"


# --- who was not ticked -----------------------------------------------------------------------------------


def test_who_wants_it_hears_once_of_what_nobody_ticked(house: Dorpshuis, post: Post) -> None:
    user = member(house, nudge=True)
    member(house)
    make_booking(house, WEDNESDAY, name="Anna")
    make_booking(house, WEDNESDAY_NOON)
    assert next_nudge() == at(THURSDAY.date, 9)
    with when(at(THURSDAY.date, 9)):
        assert (nudge(), nudge()) == (1, 0)
        ((to, text),) = sent(post, "nudge")
    assert (to, "zijn 2 dagdelen nog niet aangevinkt." in text) == (user.email, True)
    assert "Anna" not in text


def test_what_was_ticked_needs_no_nudge(house: Dorpshuis, post: Post) -> None:
    member(house, nudge=True)
    booking = make_booking(house, WEDNESDAY).bookings.get()
    with when(at(THURSDAY.date, 9)):
        nudge()
        mark_used(booking, house_actor(house))
        assert sent(post, "nudge") == []
        OutboxMail.objects.all().delete()
        assert nudge() == 0


def test_a_host_and_a_house_that_switched_it_off_are_not_nudged(house: Dorpshuis) -> None:
    member(house, Role.HOST, nudge=True)
    other = make_house("ginds")
    member(other, nudge=True)
    HouseMessages.objects.create(dorpshuis=other, nudge=False)
    for place in (house, other):
        make_booking(place, WEDNESDAY)
    with when(at(THURSDAY.date, 9)):
        assert nudge() == 0


def test_after_three_days_it_asks_about_yesterday_and_counts_the_days_before(house: Dorpshuis, post: Post) -> None:
    member(house, nudge=True)
    for moment in (WEDNESDAY, THURSDAY):
        make_booking(house, moment)
    with when(at(THURSDAY.date + timedelta(days=1), 12)):
        assert (nudge(), nudge()) == (2, 0)
        ((_, text),) = sent(post, "nudge")
    assert [state for _, state in told("nudge")] == ["dropped", "sent"]
    assert "Van de week daarvoor ook nog: 1." in text


def test_a_month_that_is_closed_is_not_asked_about(house: Dorpshuis) -> None:
    member(house, nudge=True)
    make_booking(house, WEDNESDAY)
    with when(at(DAY + timedelta(days=100), 9)):
        assert nudge() == 0


# --- how the week was -------------------------------------------------------------------------------------


def test_on_monday_the_board_gets_one_line(house: Dorpshuis, post: Post) -> None:
    board = member(house, Role.BOARD)
    member(house, Role.TREASURER)
    booking = make_booking(house, WEDNESDAY).bookings.get()
    make_booking(house, WEDNESDAY_NOON)
    make_booking(house, Moment(NEXT_MONDAY, Dagdeel.OCHTEND))
    make_closed(house, THURSDAY.date)
    with when(at(DAY, 9)):
        mark_used(booking, house_actor(house))
    assert next_week() == at(NEXT_MONDAY, 8)
    with when(at(NEXT_MONDAY, 7, 59)):
        assert tell_weeks() == 0
    with when(at(NEXT_MONDAY, 8)):
        assert (tell_weeks(), tell_weeks()) == (1, 0)
        ((to, text),) = sent(post, "weekly_line")
    assert to == board.email
    assert "Vorige week was er 2 keer een bureau geboekt, en 2 keer gebruikt. Het huis was 2 dagdelen dicht." in text
    assert "Voor deze week is er nu 1 keer een bureau geboekt." in text
    assert "Nog niet aangevinkt: 1." in text


@pytest.mark.parametrize("no", ["house", "herself", "stopped"])
def test_who_does_not_want_it_gets_no_line(house: Dorpshuis, no: str) -> None:
    user = member(house, Role.BOARD)
    if no == "house":
        HouseMessages.objects.create(dorpshuis=house, weekly_line=False)
    elif no == "herself":
        TeamMessages.objects.create(dorpshuis=house, user=user, weekly_line=False)
    else:
        Dorpshuis.objects.update(status=Dorpshuis.Status.STOPPED)
    with when(at(NEXT_MONDAY, 8)):
        assert tell_weeks() == 0


def test_from_thursday_on_the_line_is_skipped(house: Dorpshuis) -> None:
    member(house, Role.BOARD)
    with when(at(NEXT_MONDAY + timedelta(days=3), 0)):
        assert (tell_weeks(), tell_weeks()) == (1, 0)
    assert told("weekly_line")[0][1] == "dropped"


# --- as many questions for one house as for many ----------------------------------------------------------


@pytest.mark.parametrize("houses", [1, 6])
def test_it_asks_as_much_for_one_house_as_for_six(houses: int, query_count: QueryCount) -> None:
    for number in range(houses):
        place = make_house(f"huis-{number}")
        for role in (Role.BOARD, Role.VOLUNTEER):
            member(place, role, day_list_hour=9, nudge=True)
        make_booking(place, WEDNESDAY)
        make_booking(place, Moment(NEXT_MONDAY, Dagdeel.OCHTEND))
    with when(at(NEXT_MONDAY, 9)), query_count(11):
        tell_day_lists()
    with when(at(THURSDAY.date, 9)), query_count(9):
        nudge()
    with when(at(NEXT_MONDAY, 9)), query_count(9):
        tell_weeks()


def test_when_nothing_is_due_one_query_is_all(house: Dorpshuis, query_count: QueryCount) -> None:
    member(house, Role.BOARD, day_list_hour=7, nudge=True)
    TeamMessages.objects.all().delete()
    with query_count(2):
        assert (tell_day_lists(), nudge()) == (0, 0)


# --- her own page -----------------------------------------------------------------------------------------


def test_she_chooses_on_a_page_of_her_own(house: Dorpshuis) -> None:
    user = make_member(house)
    desk = Guest()
    desk.client.force_login(user)
    page = "/beheer/het-huis/mijn-berichten/"
    assert page in desk.get("/beheer/het-huis/").html
    client = Client()
    client.force_login(user)
    assert client.post(page, {"daglijst": "7", "aanvinken": "on"}).status_code == 302
    assert client.post(page, {"daglijst": "3"}).status_code == 422
    chosen = TeamMessages.objects.get()
    assert (chosen.user, chosen.day_list_hour, chosen.nudge, chosen.weekly_line) == (user, 7, True, True)
    assert "elke maandag" not in desk.get(page).text.lower()


def test_the_board_can_stop_its_line_of_the_week(house: Dorpshuis) -> None:
    client = Client()
    client.force_login(make_member(house, Role.BOARD))
    client.post("/beheer/het-huis/mijn-berichten/", {"daglijst": ""})
    assert not TeamMessages.objects.get().weekly_line
