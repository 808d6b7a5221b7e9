"""Pages of houses that are kept: never after something on them changed, and nothing of anybody in them."""

import pickle
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from time_machine import Traveller

from bookings.actions.cancel import cancel
from bookings.actions.change import Change, change
from bookings.actions.close import reopen
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.lasting import Lasting
from bookings.guest import kept
from bookings.models import Booking, Reservation
from bookings.refusals import NotBookable
from bookings.wish import Wish
from portal.base.accounts.members import member_of
from portal.base.log import GUEST
from tests.conftest import QueryCount
from tests.day import Screen
from tests.factories import (
    at,
    desks_of,
    house_actor,
    make_booking,
    make_closed,
    make_hold,
    make_house,
    make_photo,
    make_retired,
    make_rules,
)
from tests.guest import MARIEKE, MONDAY, MONDAY_NINE, THURSDAY, WEDNESDAY, Guest, Page, on_monday
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    caches[kept.CACHE].clear()
    yield
    caches[kept.CACHE].clear()


@pytest.fixture
def house() -> Dorpshuis:
    made = make_house("over-entinghe")
    make_rules(made)
    make_photo(made)
    return made


@pytest.fixture
def guest() -> Guest:
    return Guest()


def everything_kept() -> list[str]:
    """All pages that are in the cache, as text."""
    pages: Any = caches[kept.CACHE]
    return [pickle.loads(value)[0].decode() for value in pages._cache.values()]  # noqa: S301 - written here


def anew(look: Callable[[], Page]) -> str:
    """What the page would be if nothing were kept."""
    caches[kept.CACHE].clear()
    return look().html


def is_kept(look: Callable[[], Page]) -> bool:
    """Whether the second look asks nothing but which house it is, and whether there is a page."""
    look()
    with CaptureQueriesContext(connection) as made:
        look()
    return len(made) == 1


def test_the_second_look_is_the_same_page_for_one_query(
    guest: Guest, house: Dorpshuis, query_count: QueryCount
) -> None:
    first = guest.look(house)
    with query_count(1):
        second = guest.look(house)
    assert (second.html, dict(second.response.headers)) == (
        first.html,
        dict(first.response.headers) | {"X-Request-ID": second.response["X-Request-ID"]},
    )


def test_the_first_look_asks_no_more_than_before(guest: Guest, house: Dorpshuis, query_count: QueryCount) -> None:
    with query_count(7):
        guest.look(house)


def test_each_week_is_a_page_of_its_own(guest: Guest, house: Dorpshuis) -> None:
    weeks = [guest.look(house, week=week).tree.one("form", id="keuze") for week in ("2026-W48", "2026-W49") * 2]
    shown = [form.one("input", name="week").attrs["value"] for form in weeks]
    assert shown == ["2026-W48", "2026-W49"] * 2


@pytest.mark.parametrize("week", ["2030-W01", "2026-W40", "geen"])
def test_a_week_in_which_nothing_can_be_booked_is_not_kept(guest: Guest, house: Dorpshuis, week: str) -> None:
    guest.look(house, week=week)
    assert everything_kept() == []


def test_each_house_is_a_page_of_its_own(guest: Guest, house: Dorpshuis) -> None:
    other = make_house("de-veldkei", name="De Veldkei")
    guest.look(house)
    assert guest.look(other).tree.one("h1").text == "De Veldkei"


def test_each_theme_is_a_page_of_its_own(guest: Guest, house: Dorpshuis) -> None:
    guest.look(house)
    guest.client.cookies["weergave"] = "donker"
    assert guest.look(house).tree.one("html").attrs["data-theme"] == "dark"


def test_each_language_is_a_page_of_its_own(house: Dorpshuis, rf: Any) -> None:
    request = rf.get("/")
    request.htmx = False
    kept.keep(request, house, Wish(), b"nederlands", Lasting(MONDAY_NINE, MONDAY_NINE + timedelta(hours=1)))
    assert kept.fetch(request, house, Wish()) == b"nederlands"
    with translation.override("en"):
        assert kept.fetch(request, house, Wish()) is None


# --- for whom it is not -------------------------------------------------------------------------------------


def a_choice(guest: Guest, house: Dorpshuis) -> Page:
    return guest.look(house, WEDNESDAY)


def a_source(guest: Guest, house: Dorpshuis) -> Page:
    return guest.look(house, bron="marieke@voorbeeld.example")


def something_unknown(guest: Guest, house: Dorpshuis) -> Page:
    return guest.look(house, wie="marieke")


def a_part(guest: Guest, house: Dorpshuis) -> Page:
    return guest.get(reverse("house", args=[house.slug]), **{"HX-Request": "true"})


def a_member(guest: Guest, house: Dorpshuis) -> Page:
    guest.client.force_login(member_of("anna@voorbeeld.example"))
    return guest.look(house)


@pytest.mark.parametrize("look", [a_choice, a_source, something_unknown, a_part, a_member])
def test_what_somebody_has_of_her_own_is_not_kept(
    guest: Guest, house: Dorpshuis, look: Callable[[Guest, Dorpshuis], Page]
) -> None:
    guest.look(house)
    before = everything_kept()
    assert not is_kept(lambda: look(guest, house))
    assert everything_kept() == before


def test_who_is_known_to_a_house_for_newcomers_gets_a_page_of_her_own(guest: Guest, house: Dorpshuis) -> None:
    house.openings.update(staffed=False)
    guest.book(house, WEDNESDAY)
    Dorpshuis.objects.filter(pk=house.pk).update(staffed_only_for_new=True)
    Guest().look(house)
    assert "data-reden" not in guest.look(house).cells[str(THURSDAY)].attrs
    assert Guest().look(house).cells[str(THURSDAY)].attrs["data-reden"] == "bel om dit te boeken"


def test_no_personal_data_key_or_token_is_ever_kept(guest: Guest, house: Dorpshuis) -> None:
    """A tour: a guest books and comes back, a member, a volunteer; then all that was kept is read."""
    member, volunteer = Guest(), Screen(house)
    member.client.force_login(member_of("anna@voorbeeld.example"))
    form = guest.look(house, WEDNESDAY)
    answer = guest.send(house, guest.fill(form))
    guest.get(answer.response["Location"])
    guest.send(house, guest.fill(form, email="geen adres"))
    for browser in (guest, member, Guest(), volunteer):
        for query in ({}, {"week": "2026-W48"}, {"bron": "MARIEKE"}, {"bron": MARIEKE["email"]}):
            browser.look(house, **query)
        browser.look(house, THURSDAY)
    volunteer.day(MONDAY)
    booked = Reservation.objects.get()
    cookies = [cookie.value for browser in (guest, member, volunteer) for cookie in browser.client.cookies.values()]
    secrets = [*MARIEKE.values(), *cookies, booked.reference, "anna", "sleutel", "csrfmiddlewaretoken", "MARIEKE"]
    pages = everything_kept()
    assert len(pages) == 2
    assert [word for word in secrets for page in pages if word in page] == []


def test_a_page_that_should_not_be_kept_would_be_seen(
    guest: Guest, house: Dorpshuis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the tour: with the page of everybody kept, an address is found."""
    monkeypatch.setattr(kept, "_is_for_everybody", lambda *_: True)
    guest.look(house, bron=MARIEKE["email"])
    assert any(MARIEKE["email"] in page for page in everything_kept())


# --- what changes it ----------------------------------------------------------------------------------------


def booked(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY)


def cancelled(house: Dorpshuis) -> None:
    cancel(Reservation.objects.earliest("pk"), GUEST)


def changed(house: Dorpshuis) -> None:
    row = Booking.objects.earliest("pk")
    change(row.reservation, Change(WEDNESDAY, THURSDAY), GUEST)


def closed(house: Dorpshuis) -> None:
    make_closed(house, WEDNESDAY.date)


def reopened(house: Dorpshuis) -> None:
    reopen(house.closures.earliest("pk"), house_actor(house))


def retired(house: Dorpshuis) -> None:
    make_retired(desks_of(house)[-1], MONDAY)


@pytest.mark.parametrize("write", [booked, cancelled, changed, closed, reopened, retired])
def test_each_writer_of_bookings_is_seen_at_once(
    guest: Guest, house: Dorpshuis, write: Callable[[Dorpshuis], None]
) -> None:
    make_booking(house, WEDNESDAY)
    if write is reopened:
        make_closed(house, WEDNESDAY.date)
    before = guest.look(house).html
    write(house)
    after = guest.look(house).html
    assert after != before
    assert after == anew(lambda: guest.look(house))


def test_what_is_rolled_back_leaves_the_version(house: Dorpshuis) -> None:
    before = Dorpshuis.objects.get(pk=house.pk).version
    with pytest.raises(NotBookable):
        make_booking(house, Moment(MONDAY - timedelta(days=7), Dagdeel.OCHTEND))
    assert Dorpshuis.objects.get(pk=house.pk).version == before


def test_any_save_of_the_house_gives_it_another_version(guest: Guest, house: Dorpshuis) -> None:
    guest.look(house)
    house.intro = "Kom je ook?"
    house.save()
    assert "Kom je ook?" in guest.look(house).text


@pytest.mark.parametrize("at", [at(MONDAY, 12, 30), at(MONDAY, 13), at(MONDAY + timedelta(days=1), 0)])
def test_time_alone_ends_it(guest: Guest, house: Dorpshuis, time_machine: Traveller, at: datetime) -> None:
    time_machine.move_to(at - timedelta(seconds=1), tick=False)
    before = guest.look(house).html
    time_machine.move_to(at, tick=False)
    after = guest.look(house).html
    assert after != before
    assert after == anew(lambda: guest.look(house))


def test_a_hold_that_ends_ends_it(guest: Guest, house: Dorpshuis, time_machine: Traveller) -> None:
    make_hold(desks_of(house)[0], WEDNESDAY, MONDAY_NINE + timedelta(minutes=5))
    looks = []
    for minutes in (0, 4, 5):
        time_machine.move_to(MONDAY_NINE + timedelta(minutes=minutes), tick=False)
        looks.append(guest.look(house).cells[str(WEDNESDAY)].attrs["data-vrij"])
    assert looks == ["3", "3", "4"]
