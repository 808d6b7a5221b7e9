"""What the tests in a browser share: a house with everything in it, and pages of every kind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from playwright.sync_api import Locator, Page
from pytest_django.live_server_helper import LiveServer

from bookings.actions.standing import release
from bookings.beheer.prices import first_of_next_month
from bookings.codes import token_of
from bookings.domain.dagdelen import Moment, Week, once_more
from bookings.domain.months import last_to_close, month_of, shifted
from bookings.missed import token_of as token_of_guest
from bookings.models import Booking, CallEntry, ClosedMonth, Guest, Reservation, StandingPlace, Waiting
from portal.base import clock
from portal.base.accounts.members import verify
from portal.base.accounts.models import Browser, User
from portal.base.log import GUEST
from tests.bookings.closed_months import closed
from tests.bookings.frozen_months import make_closed_month, make_people
from tests.factories import (
    afternoon,
    desks_of,
    house_actor,
    log_in_fully,
    make_booking,
    make_closed,
    make_desks,
    make_house,
    make_invitation,
    make_member,
    make_photo,
    make_request,
    make_room,
    make_rules,
    make_standing,
    make_trial,
    make_user,
    make_wait,
    morning,
)
from tests.fixtures_browser import PageAt
from tests.mailed import code_for
from tests.monday import begin_on_monday
from villages.models import AccessWay, Desk, Dorpshuis, Facility, Membership, Tariff


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before the plugin looks which tests say a time."""
    begin_on_monday(items, Path(__file__).parent)


@dataclass
class Stage:
    """A house, somebody who runs it, a coordinator, and the dagdelen that the tests choose."""

    house: Dorpshuis
    volunteer: User
    coordinator: User
    url: str
    morning: Moment
    afternoon: Moment

    @property
    def reservation_number(self) -> int:
        """The number of the reservation with which the house begins."""
        return Reservation.objects.filter(dorpshuis=self.house).earliest("pk").pk

    @property
    def shut(self) -> Moment:
        """A dagdeel of another day, to close."""
        return morning(4)

    @property
    def guest_number(self) -> int:
        """The number of the guest of that reservation."""
        return Reservation.objects.filter(dorpshuis=self.house).earliest("pk").guest_id

    @property
    def week(self) -> str:
        """The house's page at the week of the chosen dagdelen."""
        return f"/dorpshuizen/{self.house.slug}/?week={Week.of(self.morning.date)}"

    @property
    def choice(self) -> str:
        """The same with both chosen."""
        return f"{self.week}&dagdeel={self.morning}&dagdeel={self.afternoon}"

    def log_in(self, page: Page, user: User) -> None:
        """Give this browser the session of this person."""
        client = Client()
        client.force_login(user)
        cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.url}
        page.context.add_cookies([cookie])


@pytest.fixture
def stage(transactional_db: None, live_server: LiveServer) -> Stage:
    house = make_house("het-huis", name="Het Huis", street="Dorpsstraat 1", internet_down=500, intro="Kom erbij.")
    make_rules(house)
    Facility.objects.create(dorpshuis=house, kind="coffee", title="Koffie", text="Staat klaar.")
    AccessWay.objects.create(dorpshuis=house, public_text="De voordeur is open.", private_text="De code is 1234.")
    Tariff.objects.create(dorpshuis=house, kind="dorpsgenoot", cents=500)
    Desk.objects.filter(name="Bureau 1").update(monitor=True, height_adjustable=True)
    make_booking(house, morning(), name="Hendrika van der Veen-Kloosterman", phone="+31612345678")
    make_request(remark="Graag in de zomer.", phone="+31612345678")
    make_house("straks", name="Straks", desks=0, status=Dorpshuis.Status.ASPIRANT)
    coordinator = make_user(is_coordinator=True, name="Ilse")
    return Stage(house, make_member(house), coordinator, live_server.url, morning(), afternoon())


@dataclass
class Hand:
    """A guest's hand on her phone: counts taps and typed fields."""

    page: Page
    taps: int = 0
    fields: int = 0

    def tap(self, target: Locator) -> None:
        target.click()
        self.taps += 1

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)
        self.fields += 1


def cell(page: Page, moment: Moment) -> Locator:
    return page.locator(f'[data-date="{moment.date}"][data-dagdeel="{moment.dagdeel}"]')


def book_button(page: Page) -> Locator:
    return page.locator("#boeking .bar button")


# --- pages of every kind ----------------------------------------------------------------------------------

Show = Callable[[Page, Stage], None]


def _at(address: str) -> Show:
    return lambda page, stage: _open(page, address.format(stage=stage))


def _open(page: Page, address: str) -> None:
    page.goto(address)


def _opened(address: str) -> Show:
    """A page of text, with all that folds unfolded."""

    def show(page: Page, stage: Stage) -> None:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")

    return show


def _fill(page: Page, stage: Stage, name: str = "Marieke Jansen") -> None:
    page.goto(stage.choice)
    page.get_by_label("Je naam").fill(name)
    page.get_by_label("Je e-mailadres").fill("marieke@voorbeeld.example")


def _booked(page: Page, stage: Stage) -> None:
    _fill(page, stage)
    book_button(page).click()
    page.wait_for_url("**/boeking/**")


def _wrong_name(page: Page, stage: Stage) -> None:
    _fill(page, stage, "<Marieke>")
    book_button(page).click()
    page.wait_for_url("**/boek/")


def _applied_wrongly(page: Page, stage: Stage) -> None:
    page.goto("/aanmelden/")
    page.get_by_role("button", name="Meld het dorpshuis aan").click()
    page.get_by_role("alert").wait_for()


def _just_taken(page: Page, stage: Stage) -> None:
    _fill(page, stage)
    desks = Desk.objects.filter(room__dorpshuis=stage.house).count()
    for _ in range(desks - Booking.objects.occupying().at([stage.morning]).count()):
        make_booking(stage.house, stage.morning)
    book_button(page).click()
    page.wait_for_url("**/boek/")


def _changing(page: Page, stage: Stage) -> None:
    """Which of two dagdelen, and then the week."""
    reservation = make_booking(stage.house, stage.morning, stage.afternoon, email="jan@voorbeeld.example")
    page.goto(f"/boeking/{reservation.reference}/wijzig/?van={stage.morning}")


def _confirming(page: Page, stage: Stage) -> None:
    _changing(page, stage)
    page.locator("a.cell").last.click()
    page.get_by_role("heading", name="Klopt het zo?").wait_for()


def _too_late_to_change(page: Page, stage: Stage) -> None:
    reservation = make_booking(stage.house, stage.afternoon, email="jan@voorbeeld.example")
    Booking.objects.filter(reservation=reservation).update(state=Booking.State.USED)
    page.goto(f"/boeking/{reservation.reference}/wijzig/?van=x")


def _cancelled(page: Page, stage: Stage) -> None:
    _booked(page, stage)
    page.get_by_role("button", name="Annuleer alles").click()
    page.get_by_role("heading", name="Je boeking is geannuleerd").wait_for()


def _private(page: Page, stage: Stage) -> None:
    """The private page of a booking a week later, with all that folds unfolded."""
    reservation = make_booking(stage.house, once_more(stage.morning, stage.morning.date), name="Anna")
    page.goto(f"/boeking/{reservation.reference}/")
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")


def _wrong_answer(page: Page, stage: Stage) -> None:
    _private(page, stage)
    page.get_by_label("postcode").fill("7991 AB")
    page.get_by_role("button", name="Bewaar mijn antwoorden").click()
    page.wait_for_url("**/vragen/")


def _new_link(page: Page, stage: Stage) -> None:
    _private(page, stage)
    page.get_by_role("button", name="Mail mij een nieuwe link").click()
    page.get_by_role("heading", name="Kijk in je mail").wait_for()


def _lost_link(page: Page, stage: Stage) -> None:
    page.goto("/boeking/link-kwijt/")
    page.get_by_label("Je e-mailadres").fill("marieke@voorbeeld.example")
    page.get_by_role("button", name="Mail mij de links").click()
    page.get_by_role("heading", name="Kijk in je mail").wait_for()


def _no_address(page: Page, stage: Stage) -> None:
    page.goto("/inloggen/")
    page.get_by_label("Je e-mailadres").fill("a@b")
    page.get_by_role("button", name="Mail mij een code").click()
    page.get_by_role("alert").wait_for()


def _code_asked(page: Page, stage: Stage) -> None:
    caches["default"].clear()
    page.goto("/inloggen/")
    page.get_by_label("Je e-mailadres").fill("marieke@voorbeeld.example")
    page.get_by_role("button", name="Mail mij een code").click()
    page.get_by_role("heading", name="Kijk in je mail").wait_for()


def _wrong_code(page: Page, stage: Stage) -> None:
    _code_asked(page, stage)
    page.get_by_label("De code uit de mail").fill("12")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("alert").wait_for()


def _just_in(address: str) -> Show:
    """The volunteer, who showed just now who she is, with a passkey and in two browsers."""

    def show(page: Page, stage: Stage) -> None:
        user = stage.volunteer
        Authenticator.objects.get_or_create(user=user, type="webauthn", data={"name": "Chrome op Android"})
        client = Client()
        log_in_fully(client, user)
        Browser.objects.create(session_id=client.session.session_key or "", user=user, browser="Chrome", system="Mac")
        cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": stage.url}
        page.context.add_cookies([cookie])
        page.goto(address)

    return show


def _key(page: Page, stage: Stage) -> None:
    _just_in("/mijn/inloggen/")(page, stage)
    page.get_by_role("button", name="Wijzig Chrome op Android").click()
    page.get_by_role("heading", name="Weghalen").wait_for()


def _app_begun(page: Page, stage: Stage) -> None:
    _just_in("/mijn/inloggen/code-app/")(page, stage)
    page.get_by_role("button", name="Begin").click()
    page.locator("img.qr").wait_for()


def _app_wrong(page: Page, stage: Stage) -> None:
    caches["default"].clear()
    _app_begun(page, stage)
    page.get_by_label("De code van je app").fill("12")
    page.get_by_role("button", name="Zet de code-app aan").click()
    page.get_by_role("alert").wait_for()


def _paper_codes(page: Page, stage: Stage) -> None:
    Authenticator.objects.get_or_create(user=stage.volunteer, type="totp", data={"secret": "x"})
    _just_in("/mijn/inloggen/code-app/")(page, stage)
    page.get_by_role("button", name="Maak nieuwe noodcodes").click()
    page.locator(".paper-list").wait_for()


def _second_step(page: Page, stage: Stage) -> None:
    """The volunteer has an app by now: of her the code of the mail is only the first step."""
    caches["default"].clear()
    page.context.clear_cookies(name="sessionid")
    email = stage.volunteer.email
    page.goto("/inloggen/")
    page.get_by_label("Je e-mailadres").fill(email)
    page.get_by_role("button", name="Mail mij een code").click()
    page.get_by_role("heading", name="Kijk in je mail").wait_for()  # only then there is a code
    page.get_by_label("De code uit de mail").fill(code_for(email))
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Vul de code van je app in").wait_for()


def _address_code(page: Page, stage: Stage) -> None:
    caches["default"].clear()
    _just_in("/mijn/adres/")(page, stage)
    page.get_by_label("Je nieuwe e-mailadres").fill("nieuw@voorbeeld.example")
    page.get_by_role("button", name="Mail een code naar dit adres").click()
    page.get_by_role("heading", name="Kijk in je mail").wait_for()


def _past(page: Page, stage: Stage) -> None:
    """A booking of which everything is over."""
    reservation = make_booking(stage.house, stage.morning, name="Anna")
    reservation.bookings.update(date=stage.morning.date - timedelta(weeks=2))
    page.goto(f"/boeking/{reservation.reference}/")
    page.get_by_role("heading", name="Dit was je boeking").wait_for()


def _figures(address: str) -> Show:
    """BOKD's figures of closed months: a dagdeel that is empty, one that runs, and five houses to compare with."""

    def show(page: Page, stage: Stage) -> None:
        last = last_to_close(clock.now())
        if not ClosedMonth.objects.exists():
            for number in range(6):
                house = stage.house if not number else make_house(f"cijfers-{number}", desks=0, cents=None)
                for month in (last, shifted(last, -1), shifted(last, -2), shifted(last, -12)):
                    closed(house, 50 + number, month)
                    closed(house, 0, month, part="avond")
        _as("coordinator", address)(page, stage)

    return show


def _this_month(page: Page, stage: Stage) -> None:
    """BOKD's figures of the month that runs: provisional."""
    _as("coordinator", f"/bokd/?van={clock.today():%Y-%m}")(page, stage)


def _as(role: str, address: str) -> Show:
    def show(page: Page, stage: Stage) -> None:
        stage.log_in(page, getattr(stage, role))
        page.goto(address.format(stage=stage))

    return show


def _my_booking(page: Page, stage: Stage) -> None:
    """The bookings of somebody who proved that her address is hers."""
    verify(stage.volunteer)
    if not Booking.objects.confirmed_to(stage.volunteer.email).exists():
        make_booking(stage.house, stage.afternoon, email=stage.volunteer.email)
    _as("volunteer", "/mijn/")(page, stage)


def _each_week(query: str) -> Show:
    """A booking of hers once more each week, with a date that is shut and one that she had."""

    def show(page: Page, stage: Stage) -> None:
        _my_booking(page, stage)
        reservation = Reservation.objects.filter(confirmed_to=stage.volunteer.email).earliest("pk")
        page.goto(f"/mijn/elke-week/{reservation.reference}/{query}")

    return show


def _my_copy(page: Page, stage: Stage) -> None:
    _my_booking(page, stage)
    page.goto("/mijn/gegevens/")
    page.get_by_role("button", name="Laat alles zien").click()
    page.get_by_role("heading", name="Je account").wait_for()


def _last_one(page: Page, stage: Stage) -> None:
    """Who is the last of her board can't delete herself."""
    board = Membership.objects.filter(dorpshuis=stage.house, role=Membership.Role.BOARD).first()
    stage.log_in(page, board.user if board else make_member(stage.house, Membership.Role.BOARD))
    page.goto("/mijn/gegevens/verwijder/")
    page.get_by_text("Je kunt je account nog niet verwijderen.").wait_for()


def _with_photos(page: Page, stage: Stage) -> None:
    for number in range(3 - stage.house.photos.count()):
        make_photo(stage.house, credit=f"Foto {number}")
    with transaction.atomic():
        Dorpshuis.objects.filter(pk=stage.house.pk).move_on()  # as the admin does, so that the page is rendered anew
    page.goto(stage.week)
    page.locator("figure").last.scroll_into_view_if_needed()


def _call(page: Page, stage: Stage) -> None:
    """The call list with somebody whom a closure hit."""
    entry = {"dorpshuis": stage.house, "reservation_id": stage.reservation_number, "kind": "undelivered"}
    CallEntry.objects.get_or_create(key="undelivered:1", defaults=entry)
    _as("volunteer", "/beheer/het-huis/bellijst/")(page, stage)


def _of_caller(rest: str) -> Show:
    """A page about the first reservation of the house."""
    number = "{stage.reservation_number}"
    return _as("volunteer", f"/beheer/het-huis/boek/{number}/{rest}")


CLOSING = "?van={day}&wat=bureaus&bureau={desk}&dagdeel=ochtend&dagdeel=middag&reden=uitvaart&tekst=Het+spijt+ons."


def _close_preview(page: Page, stage: Stage) -> None:
    """One desk of the morning, with a guest by mail who chose it and one by phone who moves; a closure before."""
    desk = Desk.objects.filter(room__dorpshuis=stage.house)[3]
    if not Booking.objects.filter(desk=desk, date=stage.shut.date).exists():
        make_booking(stage.house, stage.shut, desk_id=desk.pk, name="Anna van den Berg", phone="+31612345678")
        make_booking(stage.house, stage.shut, desk_id=desk.pk - 1, name="Bert", email="", phone="+31612345679")
        Booking.objects.filter(reservation__name="Bert").update(desk_chosen=False)
        make_closed(stage.house, stage.shut.date, desks=tuple(Desk.objects.filter(pk=desk.pk - 2)))
    stage.log_in(page, stage.volunteer)
    address = CLOSING.format(day=stage.shut.date, desk=f"{desk.pk}&bureau={desk.pk - 1}&bureau={desk.pk - 3}")
    page.goto(f"/beheer/het-huis/dicht/{address}")


def _week_check(page: Page, stage: Stage) -> None:
    """The morning of the first guest stops, from tomorrow."""
    stage.log_in(page, stage.volunteer)
    page.goto("/beheer/het-huis/rooster/")
    page.locator(f'[name="{stage.morning.date.weekday()}-ochtend"]').uncheck()
    page.get_by_role("button", name="Bekijk wat er gebeurt").click()
    page.get_by_role("heading", name="Rooster: kijk het na").wait_for()


def _week_wrong(page: Page, stage: Stage) -> None:
    stage.log_in(page, stage.volunteer)
    page.goto("/beheer/het-huis/rooster/")
    page.locator('[name="0-ochtend-tot"]').fill("08:00")
    page.get_by_role("button", name="Bekijk wat er gebeurt").click()
    page.get_by_role("alert").wait_for()


def _holidays(page: Page, stage: Stage) -> None:
    """What the ticks with which the page begins would do."""
    stage.log_in(page, stage.volunteer)
    page.goto("/beheer/het-huis/rooster/vakanties/")
    page.get_by_role("button", name="Bekijk wat er gebeurt").click()
    page.get_by_role("heading", name="Feestdagen en vakanties: kijk het na").wait_for()


def _week_saved(page: Page, stage: Stage) -> None:
    """An evening more on Saturdays hits nobody."""
    stage.log_in(page, stage.volunteer)
    page.goto("/beheer/het-huis/rooster/")
    box = page.locator('[name="5-avond"]')
    box.set_checked(not box.is_checked())
    page.get_by_role("button", name="Bekijk wat er gebeurt").click()
    page.get_by_role("button", name="Bewaar").click()
    page.get_by_role("heading", name="Bewaard").wait_for()


def _desk(page: Page, stage: Stage) -> None:
    stage.log_in(page, stage.volunteer)
    page.goto("/beheer/het-huis/bureaus/")
    page.locator('a[href*="/bureaus/bureau/"]').first.click()
    page.get_by_role("heading", name="Haal dit bureau weg").wait_for()


def _desk_check(page: Page, stage: Stage) -> None:
    _desk(page, stage)
    page.get_by_role("button", name="Bekijk wat er gebeurt").click()
    page.get_by_role("heading", name="Weghalen: kijk het na").wait_for()


def _close_changed(page: Page, stage: Stage) -> None:
    _close_preview(page, stage)
    Reservation.objects.filter(name="Anna van den Berg").update(email="anders@voorbeeld.example")
    page.locator("section[aria-labelledby=gebeurt] button").click()
    page.get_by_role("alert").wait_for()
    Reservation.objects.filter(name="Anna van den Berg").update(email="anna@voorbeeld.example")


def _closed(page: Page, stage: Stage) -> None:
    _close_preview(page, stage)
    page.locator("section[aria-labelledby=gebeurt] button").click()
    page.get_by_role("button", name="Maak ongedaan").wait_for()


def _team(address: str = "") -> Show:
    """The team as its board sees it, with somebody asked by mail and by paper."""

    def show(page: Page, stage: Stage) -> None:
        board = Membership.objects.filter(dorpshuis=stage.house, role=Membership.Role.BOARD).first()
        user = board.user if board else make_member(stage.house, Membership.Role.BOARD)
        if not board:
            make_invitation(stage.house, email="hendrika.van.der.veen-kloosterman@voorbeeld.example")
            make_invitation(stage.house, code="BCDFGHJKMNPRSTWX")
        stage.log_in(page, user)
        number = Membership.objects.get(user=user, dorpshuis=stage.house).pk
        page.goto("/beheer/het-huis/team/" + address.format(number=number))

    return show


def _wrong_limits(page: Page, stage: Stage) -> None:
    _keeper("instellingen/grenzen/")(page, stage)
    page.get_by_label("Hoeveel komende dagdelen per gast?").fill("3")
    page.get_by_role("button", name="Bewaar").click()
    page.get_by_role("alert").wait_for()


def _trial(address: str = "/beheer/het-huis/gasten/proefcodes/") -> Show:
    """A page with a code that holds."""

    def show(page: Page, stage: Stage) -> None:
        stage.log_in(page, stage.volunteer)
        page.goto(address.format(stage=stage, code=make_trial(stage.house)[1]))

    return show


def _trial_card(page: Page, stage: Stage) -> None:
    _as("volunteer", f"/beheer/het-huis/gasten/proefcodes/{make_trial(stage.house)[0].pk}/")(page, stage)


def _keeper(address: str) -> Show:
    """A room of board and treasurer; `{month}` is the first day of the next month."""

    def show(page: Page, stage: Stage) -> None:
        board = Membership.objects.filter(dorpshuis=stage.house, role=Membership.Role.BOARD).first()
        stage.log_in(page, board.user if board else make_member(stage.house, Membership.Role.BOARD))
        page.goto("/beheer/het-huis/" + address.format(month=first_of_next_month(clock.today())))

    return show


def _paper(page: Page, stage: Stage) -> None:
    _team()(page, stage)
    page.get_by_role("button", name="Maak een code op papier").click()
    page.locator(".paper-code").wait_for()


def _last_of_the_board(page: Page, stage: Stage) -> None:
    _team("{number}/weg/")(page, stage)
    page.get_by_role("button", name="Ja, ik ga uit het team").click()
    page.get_by_role("alert").wait_for()


def _asked(page: Page, stage: Stage) -> None:
    """The invitation, in a browser in which nobody is logged in."""
    page.context.clear_cookies(name="sessionid")
    page.goto(f"/uitnodiging/{token_of(make_invitation(stage.house))}/")


def _wrong_paper_code(page: Page, stage: Stage) -> None:
    page.context.clear_cookies(name="sessionid")
    page.goto("/uitnodiging/")
    page.get_by_label("De code").fill("BCDF")
    page.get_by_label("Je naam").fill("Nina")
    page.get_by_label("Je e-mailadres").fill("nina@voorbeeld.example")
    page.get_by_role("button", name="Doe mee").click()
    page.get_by_role("alert").wait_for()


def _of_guest(rest: str) -> Show:
    """A page about the guest of the first reservation."""
    return _as("volunteer", f"/beheer/het-huis/gasten/{{stage.guest_number}}/{rest}")


def _missed(rest: str) -> Show:
    """What the mail to who stayed away leads to."""

    def show(page: Page, stage: Stage) -> None:
        guest = Guest.objects.get(pk=stage.guest_number)
        page.goto(f"/gemist/{token_of_guest(guest)}/{rest}")

    return show


def _standing(address: str) -> Show:
    """A page of a standing place, with a date given back and one called off."""

    def show(page: Page, stage: Stage) -> None:
        place = StandingPlace.objects.first() or make_standing(stage.house, skip_holidays=False)
        dates = list(place.bookings.in_order().values_list("date", flat=True))
        release(place, dates[1], GUEST)
        place.bookings.filter(date=dates[2]).update(state=Booking.State.HOUSE_CANCELLED)
        _as("volunteer", address.format(place=place, given_back=dates[1]))(page, stage)

    return show


def _waiting(address: str, *, held: bool = False, role: str = "") -> Show:
    """A morning of which all desks are taken, and somebody who waits for it; with `held` it is her turn."""

    def show(page: Page, stage: Stage) -> None:
        moment = morning(9)
        # First the bookings: a desk that is free goes to who waits.
        for desk in desks_of(stage.house):
            if not desk.bookings.at([moment]).occupying().exists():
                make_booking(stage.house, moment, by=house_actor(stage.house), desk_id=desk.pk)
        wait = Waiting.objects.filter(dorpshuis=stage.house).first() or make_wait(stage.house, moment)
        state = Waiting.State.OFFERED if held else Waiting.State.WAITING
        until = clock.now() + timedelta(hours=2) if held else None
        Waiting.objects.filter(pk=wait.pk).update(state=state, turn_until=until)
        path = address.format(moment=moment, reference=wait.reservation.reference)
        (_as(role, path) if role else _at(path))(page, stage)

    return show


def _standing_preview(page: Page, stage: Stage) -> None:
    _as("volunteer", "/beheer/het-huis/vaste-plekken/nieuw/")(page, stage)
    page.get_by_label("Organisatie").fill("Politie")
    page.get_by_label("Wie komt er werken?").fill("Sanne Kuipers")
    page.get_by_label("E-mail").fill("sanne@voorbeeld.example")
    page.get_by_role("button", name="Bekijk wat er gebeurt").click()
    page.get_by_role("button", name="Spreek deze vaste plek af").wait_for()


def _corrected_wrongly(page: Page, stage: Stage) -> None:
    _of_guest("wijzig/")(page, stage)
    page.get_by_label("Naam").fill("<Anna>")
    page.get_by_role("button", name="Bewaar").click()
    page.locator("[aria-invalid]").wait_for()


def _merging(page: Page, stage: Stage) -> None:
    other = make_booking(stage.house, stage.afternoon, name="Hendrika van der Veen-Kloosterman")
    _of_guest(f"samenvoegen/?met={other.guest_id}")(page, stage)
    Booking.objects.filter(reservation=other).update(state=Booking.State.CANCELLED)


def _copied(page: Page, stage: Stage) -> None:
    _of_guest("gegevens/")(page, stage)
    page.get_by_role("button", name="Toon om af te drukken").click()
    page.get_by_role("heading", name="Wat je boekte").wait_for()


def _house_figures(query: str) -> Show:
    """What the board sees of its house: a year that is closed, beside five other houses."""

    def show(page: Page, stage: Stage) -> None:
        closed = [shifted(month_of(clock.today()), -number) for number in range(1, 14)]
        if not ClosedMonth.objects.exists():
            income = [["standaard", "pin", 9, 6750], ["standaard", "", 3, 2250]]
            for number, month in enumerate(closed):
                make_closed_month(stage.house, month, offered=60, used=number + 5, cents=9000, income=income)
                make_people("house", stage.house.pk, month, unique=9, new=2, returning=7, hidden=["returning"])
            for _ in range(5):
                make_closed_month(make_house(status=Dorpshuis.Status.STOPPED), closed[0], offered=50, used=20)
        _keeper("cijfers/" + query.format(this_month=f"{clock.today():%Y-%m}"))(page, stage)

    return show


PAGES: dict[str, Show] = {
    "home": _at("/"),
    "answer": _at("/?plaats=Toetsdorp&dag={stage.morning.date}&dagdeel=ochtend"),
    "full answer": _at("/?plaats=Toetsdorpp&dag={stage.morning.date}&dagdeel=avond"),
    "unclear": _at("/?plaats=Tootsdarp&dag=2020-01-01&dagdeel=nacht"),
    "needs": _at("/?met=zit-sta&met=rustig"),
    "houses": _at("/dorpshuizen/?met=zit-sta"),
    "villages": _at("/dorpen/"),
    "village": _at("/dorpen/toetsdorp-toetsdorp/"),
    "village without a house": _at("/dorpen/dwingeloo/"),
    "unknown village": _at("/dorpen/dwingelo/"),
    "municipality": _at("/gemeenten/toetsgemeente/"),
    "house": _at("{stage.week}"),
    "house with photos": _with_photos,
    "aspirant": _at("/dorpshuizen/straks/"),
    "choice": _at("{stage.choice}"),
    "nothing left": _at("/dorpshuizen/het-huis/?dagdeel=2020-01-01:ochtend"),
    "unknown week": _at("/dorpshuizen/het-huis/?week=abc"),
    "422": _wrong_name,
    "booking": _booked,
    "cancelled": _cancelled,
    "change": _changing,
    "change, chosen": _confirming,
    "change, nothing": _too_late_to_change,
    "private page": _private,
    "wrong answer": _wrong_answer,
    "new link": _new_link,
    "lost link": _at("/boeking/link-kwijt/"),
    "lost link mailed": _lost_link,
    "unknown link": _at(f"/boeking/{'a' * 26}/"),
    "past": _past,
    "409": _just_taken,
    "apply": _at("/aanmelden/?dorp=dwingeloo"),
    "apply, wrong": _applied_wrongly,
    "applied": _at("/aanmelden/bedankt/"),
    "privacy": _opened("/privacy/"),
    "accessibility": _opened("/toegankelijkheid/"),
    "login": _at("/inloggen/"),
    "login, no address": _no_address,
    "login code": _code_asked,
    "login code, wrong": _wrong_code,
    "404": _at("/niet-hier/"),
    "today": _as("volunteer", "/beheer/het-huis/dag/{stage.morning.date}/"),
    "phone": _as("volunteer", "/beheer/het-huis/boek/?zoek=veen&dagdeel={stage.afternoon}"),
    "phone booked": _of_caller(""),
    "slip": _of_caller("briefje/"),
    "calls": _call,
    "guests": _as("volunteer", "/beheer/het-huis/gasten/?zoek=veen"),
    "stayed-away": _as("volunteer", "/beheer/het-huis/gasten/redenen/"),
    "missed": _missed(""),
    "missed-stop": _missed("stop/"),
    "keeping": _as("volunteer", "/beheer/het-huis/gasten/bewaren/"),
    "guest": _of_guest(""),
    "guest, corrected wrongly": _corrected_wrongly,
    "guests, merging": _merging,
    "guest, copy": _copied,
    "guest, all cancelled": _of_guest("zeg-alles-af/"),
    "guest, deleting": _of_guest("verwijder/"),
    "day sheet": _as("volunteer", "/beheer/het-huis/dag/{stage.morning.date}/lijst/"),
    "day entry": _as("volunteer", "/beheer/het-huis/dag/{stage.morning.date}/invoeren/"),
    "close": _as("volunteer", "/beheer/het-huis/dicht/"),
    "close 422": _as("volunteer", "/beheer/het-huis/dicht/?reden=&wanneer=dagen&wat=aantal"),
    "close preview": _close_preview,
    "close 409": _close_changed,
    "closure": _closed,
    "standing places": _standing("/beheer/het-huis/vaste-plekken/"),
    "standing place, new": _as("volunteer", "/beheer/het-huis/vaste-plekken/nieuw/"),
    "standing place, preview": _standing_preview,
    "standing place": _standing("/beheer/het-huis/vaste-plekken/{place.pk}/"),
    "standing place, hers": _standing("/vaste-plek/{place.reservation.reference}/?vrij={given_back}"),
    "waiting, form": _waiting("/dorpshuizen/het-huis/wachtlijst/?dagdeel={moment}"),
    "waiting, joined": _waiting("/dorpshuizen/het-huis/wachtlijst/gelukt/?dagdeel={moment}"),
    "waiting, hers": _waiting("/wachtlijst/{reference}/"),
    "waiting, her turn": _waiting("/wachtlijst/{reference}/", held=True),
    "waiting, of the house": _waiting("/beheer/het-huis/wachtlijst/", role="volunteer"),
    "schedule": _as("volunteer", "/beheer/het-huis/rooster/"),
    "schedule, wrong": _week_wrong,
    "schedule, checking": _week_check,
    "holidays": _as("volunteer", "/beheer/het-huis/rooster/vakanties/"),
    "holidays, nothing ticked": _as("volunteer", "/beheer/het-huis/rooster/vakanties/?stap=bekijk"),
    "holidays, checking": _holidays,
    "schedule, saved": _week_saved,
    "desks": _as("volunteer", "/beheer/het-huis/bureaus/"),
    "desk": _desk,
    "desk, checking": _desk_check,
    "team": _team(),
    "team, somebody": _team("{number}/"),
    "team, the last": _last_of_the_board,
    "team, on paper": _paper,
    "prices": _keeper("prijzen/"),
    "price": _keeper("prijzen/standaard/"),
    "price, wrong": _keeper("prijzen/standaard/?doe=prijs&bedrag=x&van=x&wie=x"),
    "price preview": _keeper("prijzen/dorpsgenoot/?doe=prijs&bedrag=6&van={month}&wie=guest"),
    "price, the last": _keeper("prijzen/standaard/?doe=stop&van={month}"),
    "settings": _keeper("instellingen/?bewaard=bokd"),
    "settings, messages": _keeper("instellingen/berichten/"),
    "my messages": _as("volunteer", "/beheer/het-huis/mijn-berichten/"),
    "settings, facilities": _keeper("instellingen/voorzieningen/"),
    "settings, ways in": _keeper("instellingen/binnenkomen/"),
    "settings, pay": _keeper("instellingen/betalen/"),
    "settings, rules": _keeper("instellingen/huisregels/"),
    "settings, wrong": _wrong_limits,
    "trials": _trial(),
    "trial card": _trial_card,
    "choice with a code": _trial("{stage.choice}&proef={code}"),
    "choice with a wrong code": _at("{stage.choice}&proef=onzin"),
    "invitation": _asked,
    "invitation, wrong code": _wrong_paper_code,
    "invitation, gone": _at("/uitnodiging/onzin/"),
    "mine": _my_booking,
    "mine, past": _as("volunteer", "/mijn/?toon=geweest"),
    "my details": _as("volunteer", "/mijn/gegevens/"),
    "my keys": _just_in("/mijn/inloggen/"),
    "my keys, one": _key,
    "my keys, adding": _just_in("/mijn/inloggen/apparaat/"),
    "app": _just_in("/mijn/inloggen/code-app/"),
    "app, begun": _app_begun,
    "app, wrong": _app_wrong,
    "address": _just_in("/mijn/adres/"),
    "address, code": _address_code,
    "app, on": _paper_codes,
    "again": _just_in("/mijn/inloggen/nog-een-keer/"),
    "second step": _second_step,
    "second step, none": _as("coordinator", "/mijn/inloggen/tweede-stap/"),
    "each week": _each_week("?weken=13"),
    "each week, wrong": _each_week("?weken=99"),
    "my copy": _my_copy,
    "my deletion": _as("volunteer", "/mijn/gegevens/verwijder/"),
    "my deletion, the last": _last_one,
    "my data gone": _at("/mijn/weg/"),
    "bokd": _figures("/bokd/"),
    "bokd, this month": _this_month,
    "bokd, houses": _figures("/bokd/dorpshuizen/"),
    "bokd, a house": _figures("/bokd/dorpshuizen/het-huis/"),
    "bokd, report": _figures("/bokd/rapport/"),
    "bokd, report wrong": _as("coordinator", "/bokd/rapport/?van=x"),
    "bokd, wrong": _as("coordinator", "/bokd/?van=x"),
    "bokd, messages": _as("coordinator", "/bokd/berichten/?bewaard=ja"),
    "figures": _house_figures(""),
    "figures, running": _house_figures("?tot={this_month}"),
    "figures, wrong": _house_figures("?tot=x"),
}


def _part(part: int, parts: int) -> list[tuple[str, Show]]:
    """The pages one after the other: some show what the one before did."""
    pages = [*PAGES.items()]
    ends = [len(pages) * number // parts for number in (part, part + 1)]
    return pages[slice(*ends)]


@pytest.fixture
def show_each(stage: Stage, page_at: PageAt) -> Callable[..., Any]:
    """`show_each(look, **page)` shows every page in one browser, and gives what `look` finds, if anything.

    In another `language` it then opens the same address again in that. `part` of `parts`: only these pages, in their
    order, so that the workers share them.
    """

    def show(
        look: Callable[[Page], Any], *, language: str = "nl", part: int = 0, parts: int = 1, **made: Any
    ) -> dict[str, Any]:
        found = {}
        page = page_at(**made)
        make_desks(make_room(stage.house, "Zolder"), 12)  # one for each page that books
        for name, visit in _part(part, parts):
            visit(page, stage)
            if language != "nl":
                page.context.add_cookies([{"name": "taal", "value": language, "url": stage.url}])
                page.goto(page.url)
            if seen := look(page):
                found[name] = seen
            page.context.clear_cookies(name="taal")
        assert parts > 1 or Reservation.objects.filter(name="Marieke Jansen").count() > 1
        return found

    return show
