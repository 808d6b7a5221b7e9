"""Feestdagen en vakanties: a tick each, one preview of whom they hit, one button, a closure each."""

import re
from datetime import date
from typing import Any

import pytest
import time_machine

from bookings.actions.book import book
from bookings.actions.close import reopen
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.holidays import school_holidays
from bookings.mails.gone import called_off
from bookings.models import Booking, CallEntry, Reservation
from portal.base.accounts.models import User
from portal.base.models import OutboxMail
from tests.bookings.ledger import everything
from tests.factories import (
    at,
    house_actor,
    make_booking,
    make_closed,
    make_house,
    make_member,
    make_order,
    make_standing,
)
from tests.guest import MONDAY, Guest, Page, on_monday
from villages.models import Closure, Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

URL = "/beheer/het-huis/rooster/vakanties/"
XMAS = Moment(date(2026, 12, 25), Dagdeel.OCHTEND)
NEW_YEAR = Moment(date(2027, 1, 1), Dagdeel.OCHTEND)
SUMMER = "zomervakantie-2027"
PHONE_ONLY: dict[str, Any] = {"email": "", "phone": "+31612345678"}
Tick = str | list[str]


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def volunteer(house: Dorpshuis) -> User:
    return make_member(house)


@pytest.fixture
def screen(volunteer: User) -> Guest:
    return screen_of(volunteer)


def screen_of(user: User) -> Guest:
    guest = Guest()
    guest.client.force_login(user)
    return guest


def look(screen: Guest, *keys: str, **fields: Any) -> Page:
    """The preview of these ticks."""
    return Page(screen.client.get(URL, {"stap": "bekijk", "kies": list(keys), **fields}))  # type: ignore[arg-type]


def sent(page: Page) -> dict[str, list[str]]:
    """What the preview's button would send."""
    form = page.tree.all("form", method="post", action=URL)[-1]
    found: dict[str, list[str]] = {}
    for node in form.all("input"):
        if node.attrs.get("type") not in ("radio", "checkbox") or "checked" in node.attrs:
            found.setdefault(node.attrs["name"], []).append(node.attrs.get("value", ""))
    return found


def tap(screen: Guest, page: Page, **changed: Any) -> Page:
    return Page(screen.client.post(URL, {**sent(page), **changed}))  # type: ignore[arg-type]


def post(screen: Guest, **fields: Any) -> Page:
    """Send a form of this room, with the token of one of its pages."""
    token = look(screen, "hemelvaartsdag-2027").tree.all("input", name="csrfmiddlewaretoken")[-1].attrs["value"]
    return Page(screen.client.post(URL, {"csrfmiddlewaretoken": token, **fields}))  # type: ignore[arg-type]


def ticked(page: Page) -> list[str]:
    return [node.attrs["value"] for node in page.tree.all("input", name="kies") if "checked" in node.attrs]


def offered(page: Page) -> list[str]:
    return [node.attrs["value"] for node in page.tree.all("input", name="kies")]


def alerts(page: Page) -> str:
    return " ".join(node.text for node in page.tree.all(role="alert"))


def spans() -> list[tuple[str, str, str]]:
    return [(c.reason, str(c.first_day), str(c.last_day)) for c in Closure.objects.order_by("first_day", "last_day")]


# --- the list ---------------------------------------------------------------------------------------------


def test_public_holidays_are_ticked_but_for_good_friday_and_liberation_day(screen: Guest) -> None:
    page = screen.get(URL)
    usual = ["kerst-2026", "nieuwjaarsdag-2027", "pasen-2027", "koningsdag-2027", "hemelvaartsdag-2027"]
    assert ticked(page) == [*usual, "pinksteren-2027"]
    assert {"goede-vrijdag-2027", "bevrijdingsdag-2027"} <= set(offered(page))


def test_school_holidays_are_proposed_and_not_ticked(screen: Guest) -> None:
    school = ["kerstvakantie-2027", "voorjaarsvakantie-2027", "meivakantie-2027", SUMMER]
    assert [key for key in offered(screen.get(URL)) if "vakantie" in key] == school


def test_days_on_which_sources_conflict_are_said_to_be_unsure(screen: Guest) -> None:
    rows = [node for node in screen.get(URL).tree.all("div", class_="tickrow") if "Onder voorbehoud" in node.text]
    assert [row.one("input", name="kies").attrs["value"] for row in rows] == ["meivakantie-2027", SUMMER]


def test_the_file_of_school_holidays_can_be_read() -> None:
    ends = {(one.is_school, one.first_day.weekday(), one.last_day.weekday()) for one in school_holidays()}
    assert ends == {(True, 5, 6)}


def test_what_is_shut_already_is_shown_as_done(screen: Guest, house: Dorpshuis) -> None:
    closure = make_closed(house, date(2026, 12, 19), date(2027, 1, 3)).closure
    page = screen.get(URL)
    done = [node.one("a") for node in page.tree.all("p", class_="done")]
    assert [link.text for link in done] == ["Kerst", "Nieuwjaarsdag", "Kerstvakantie"]
    assert {link.attrs["href"] for link in done} == {f"/beheer/het-huis/dicht/{closure.pk}/"}
    assert "kerst-2026" not in offered(page)


@pytest.mark.parametrize("part", [{"dagdelen": frozenset({Dagdeel.OCHTEND})}, {"last": date(2026, 12, 25)}])
def test_what_is_shut_in_part_can_still_be_ticked(screen: Guest, house: Dorpshuis, part: dict[str, Any]) -> None:
    make_closed(house, date(2026, 12, 25), **{"last": date(2026, 12, 26), **part})
    assert "kerst-2026" in ticked(screen.get(URL))


def test_the_schedule_and_closing_lead_there(screen: Guest) -> None:
    for url in ("/beheer/het-huis/rooster/", "/beheer/het-huis/dicht/"):
        assert screen.get(url).tree.all("a", href=URL)


def test_looking_changes_nothing(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, XMAS)
    before = everything()
    screen.get(URL)
    look(screen, "kerst-2026", SUMMER)
    assert everything() == before


# --- what is typed wrongly --------------------------------------------------------------------------------

WRONG: dict[str, tuple[dict[str, Tick], str]] = {
    "nothing ticked": ({}, "Zet minstens een vinkje."),
    "unknown": ({"kies": "carnaval-2027"}, "Zet minstens een vinkje."),
    "swapped": (
        {"kies": SUMMER, f"van-{SUMMER}": "2027-08-01", f"tot-{SUMMER}": "2027-07-01"},
        "Zomervakantie: De laatste dag ligt voor de eerste dag.",
    ),
    "no day": ({"kies": SUMMER, f"van-{SUMMER}": "31-02-2027"}, "Zomervakantie: Deze dag kennen we niet."),
    "beyond a year": (
        {"kies": SUMMER, f"tot-{SUMMER}": "2027-12-01"},
        "Zomervakantie: Kies dagen van vandaag tot en met dinsdag 23 november 2027.",
    ),
    "before today": ({"kies": SUMMER, f"van-{SUMMER}": "2026-11-22"}, "Zomervakantie: Kies dagen van vandaag"),
    "far away": ({"kies": SUMMER, f"van-{SUMMER}": "9999-12-31", f"tot-{SUMMER}": "9999-12-31"}, "Kies dagen van"),
    "strange": ({"kies": SUMMER, f"van-{SUMMER}": "\x00'"}, "Deze dag kennen we niet."),
}


@pytest.mark.parametrize("posted", [False, True])
@pytest.mark.parametrize("case", WRONG)
def test_each_mistake_has_its_sentence_and_nothing_is_done(
    screen: Guest, house: Dorpshuis, case: str, *, posted: bool
) -> None:
    fields, words = WRONG[case]
    before = everything()
    asked = {"stap": "bekijk", **fields}
    page = post(screen, **asked) if posted else Page(screen.client.get(URL, asked))  # type: ignore[arg-type]
    assert (page.status, everything() == before) == (422, True)
    assert words in alerts(page)


def test_the_days_of_a_public_holiday_are_not_for_anybody_to_change(screen: Guest) -> None:
    tap(screen, look(screen, "kerst-2026", **{"van-kerst-2026": "2026-12-01"}))
    assert spans() == [("Kerst", "2026-12-25", "2026-12-26")]


# --- the preview and the button ---------------------------------------------------------------------------


def test_one_preview_shows_whom_all_ticks_hit(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, XMAS, NEW_YEAR, name="Anna")
    make_booking(house, NEW_YEAR, name="Kees", **PHONE_ONLY)
    page = look(screen, "kerst-2026", "nieuwjaarsdag-2027")
    rows = page.tree.all("li", class_="guest")
    assert [row.one("h3").text for row in rows] == ["Anna", "Kees"]
    assert "Er gaan 3 boekingen niet door" in page.text
    assert (
        page.tree.all("form", method="post", action=URL)[-1].all("button")[-1].text
        == "Sluit deze 2 keer en stuur 2 mails"
    )
    assert [node.text for node in rows[0].all("summary")] == [
        "Lees de mail (Kerst) aan Anna",
        "Lees de mail (Nieuwjaarsdag) aan Anna",
    ]


def test_one_button_makes_a_closure_each(screen: Guest, house: Dorpshuis) -> None:
    days = {f"van-{SUMMER}": "2027-07-17", f"tot-{SUMMER}": "2027-08-29"}
    page = tap(screen, look(screen, "kerst-2026", "nieuwjaarsdag-2027", SUMMER, **days))
    assert page.status == 302
    assert spans() == [
        ("Kerst", "2026-12-25", "2026-12-26"),
        ("Nieuwjaarsdag", "2027-01-01", "2027-01-01"),
        ("Zomervakantie", "2027-07-17", "2027-08-29"),
    ]


def test_what_is_kept_is_dutch_whatever_the_page_speaks(screen: Guest) -> None:
    screen.client.cookies["taal"] = "en"
    tap(screen, look(screen, "kerst-2026"))
    assert spans() == [("Kerst", "2026-12-25", "2026-12-26")]


def test_each_closure_calls_off_its_own_and_tells_of_its_own(screen: Guest, house: Dorpshuis) -> None:
    anna = make_booking(house, XMAS, NEW_YEAR)
    kees = make_booking(house, NEW_YEAR, **PHONE_ONLY)
    tap(screen, look(screen, "kerst-2026", "nieuwjaarsdag-2027"))
    christmas, new_year = Closure.objects.order_by("first_day")
    assert list(Booking.objects.in_order().values_list("date", "state", "closure")) == [
        (XMAS.date, "house_cancelled", christmas.pk),
        (NEW_YEAR.date, "house_cancelled", new_year.pk),
        (NEW_YEAR.date, "house_cancelled", new_year.pk),
    ]
    keys = [f"closure:{christmas.pk}:{anna.pk}", f"closure:{new_year.pk}:{anna.pk}"]
    assert set(OutboxMail.objects.filter(kind="called_off").values_list("key", flat=True)) == set(keys)
    assert CallEntry.objects.get(kind="called_off").key == f"closure:{new_year.pk}:{kees.pk}"


def proposals_of(text: str) -> list[str]:
    return re.findall(r"dagdeel=([\d-]+:\w+)", text)


def test_two_mails_to_one_guest_propose_nothing_twice(screen: Guest, house: Dorpshuis) -> None:
    christmas_eve = Moment(date(2026, 12, 24), Dagdeel.OCHTEND)
    make_closed(house, date(2026, 12, 28), date(2026, 12, 31))
    make_booking(house, XMAS, christmas_eve)
    page = look(screen, "kerst-2026", "kerstvakantie-2027", **{"tot-kerstvakantie-2027": "2027-01-03"})
    previewed = [proposals_of(node.text) for node in page.tree.all("pre")]
    tap(screen, page)
    written = [called_off(row) for row in OutboxMail.objects.filter(kind="called_off")]
    mails = [proposals_of(str(mail.body)) for mail in written if mail is not None]
    assert len(mails) == 2
    assert sorted(mails) == sorted(previewed)
    assert not set(mails[0]) & set(mails[1])


def test_no_day_that_goes_shut_as_well_is_proposed(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, XMAS)
    page = look(screen, "kerst-2026", "nieuwjaarsdag-2027", "kerstvakantie-2027")
    proposed = [moment[:10] for moment in proposals_of(page.tree.one("pre").text)]
    assert proposed
    assert not [day for day in proposed if "2026-12-19" <= day <= "2027-01-03"]


def test_the_same_form_twice_is_done_once(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, XMAS)
    page = look(screen, "kerst-2026", "nieuwjaarsdag-2027")
    first = tap(screen, page)
    before = everything()
    again = tap(screen, page)
    assert (first.status, again.status, everything() == before) == (302, 302, True)


def test_of_two_volunteers_the_second_sees_what_the_first_shut(screen: Guest, house: Dorpshuis) -> None:
    other = screen_of(make_member(house))
    hers, his = look(screen, "kerst-2026", "nieuwjaarsdag-2027"), look(other, "kerst-2026")
    tap(other, his)
    page = tap(screen, hers)
    assert page.status == 409
    assert "Dit is net al dicht gezet: Kerst." in alerts(page)
    assert tap(screen, page).status == 302
    assert [reason for reason, *_ in spans()] == ["Kerst", "Nieuwjaarsdag"]


def test_when_a_colleague_shut_all_of_it_nothing_is_left_to_do(screen: Guest, house: Dorpshuis) -> None:
    other = screen_of(make_member(house))
    hers, his = look(screen, "kerst-2026"), look(other, "kerst-2026")
    tap(other, his)
    page = tap(screen, hers)
    assert (page.status, len(spans())) == (409, 1)
    assert "Dit is al dicht." in alerts(page)


def test_a_booking_since_the_preview_gives_a_fresh_one(screen: Guest, house: Dorpshuis) -> None:
    page = look(screen, "kerst-2026", "nieuwjaarsdag-2027")
    make_booking(house, NEW_YEAR, name="Anna")
    fresh = tap(screen, page)
    assert (fresh.status, spans()) == (409, [])
    assert "Er kwam een boeking bij: Anna." in alerts(fresh)


def test_without_the_preview_nothing_is_done(screen: Guest, house: Dorpshuis) -> None:
    page = post(screen, kies="kerst-2026")
    assert (page.status, spans()) == (409, [])


def test_choosing_anew_keeps_the_ticks_and_the_days(screen: Guest) -> None:
    days = {f"van-{SUMMER}": "2027-07-17"}
    page = look(screen, "kerst-2026", SUMMER, **days)
    back = screen.get(next(node.attrs["href"] for node in page.tree.all("a") if "wijzig" in node.attrs["href"]))
    assert (back.status, ticked(back)) == (200, ["kerst-2026", SUMMER])
    assert back.tree.one("input", name=f"van-{SUMMER}").attrs["value"] == "2027-07-17"


def test_a_standing_place_that_skips_holidays_is_not_hit(screen: Guest, house: Dorpshuis) -> None:
    make_standing(house, weekday=4, dagdeel=Dagdeel.OCHTEND)
    assert "Er is niemand geboekt." in look(screen, "kerst-2026", "nieuwjaarsdag-2027").text


# --- the way back -----------------------------------------------------------------------------------------


def undo(screen: Guest) -> Page:
    page = screen.get(URL)
    numbers = [node.attrs["value"] for node in page.tree.all("input", name="sluiting")]
    return post(screen, doe="ongedaan", sluiting=numbers)


def test_all_of_it_can_be_undone_at_once(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, XMAS, NEW_YEAR)
    tap(screen, look(screen, "kerst-2026", "nieuwjaarsdag-2027", "kerstvakantie-2027"))
    assert undo(screen).status == 302
    assert set(Booking.objects.values_list("state", flat=True)) == {"booked"}
    assert not OutboxMail.objects.filter(kind="called_off").exists()
    assert not Closure.objects.standing().exists()


def test_after_ten_minutes_it_is_too_late_to_undo_all(screen: Guest, house: Dorpshuis) -> None:
    tap(screen, look(screen, "kerst-2026", "nieuwjaarsdag-2027"))
    numbers = list(Closure.objects.values_list("pk", flat=True))
    with time_machine.travel(at(MONDAY, 9, 10), tick=False):
        page = post(screen, doe="ongedaan", sluiting=numbers)
    assert (page.status, Closure.objects.standing().count()) == (409, 2)


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30])
def test_undoing_what_is_not_there_does_nothing(screen: Guest, number: str) -> None:
    tap(screen, look(screen, "kerst-2026"))
    assert post(screen, doe="ongedaan", sluiting=number).status == 302
    assert Closure.objects.standing().count() == 1


def test_each_can_be_reopened_by_itself(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, XMAS, NEW_YEAR)
    tap(screen, look(screen, "kerst-2026", "nieuwjaarsdag-2027"))
    reopen(Closure.objects.get(reason="Kerst"), house_actor(house))
    assert list(Booking.objects.in_order().values_list("state", flat=True)) == ["booked", "house_cancelled"]


# --- how much it asks of the database ---------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_much_of_one_as_of_many(
    screen: Guest, house: Dorpshuis, query_count: Any, number: int
) -> None:
    for n in range(number):
        make_closed(house, date(2026, 12, 25 + n))
    with query_count(8):
        screen.get(URL)


@pytest.mark.parametrize("number", [1, 4])
def test_the_preview_asks_as_much_of_one_guest_as_of_many(
    screen: Guest, house: Dorpshuis, query_count: Any, number: int
) -> None:
    for n in range(number):
        book(make_order(house, XMAS, NEW_YEAR, email=f"gast-{n}@voorbeeld.example"), by=house_actor(house))
    with query_count(33):
        look(screen, "kerst-2026", "nieuwjaarsdag-2027")
    assert Reservation.objects.count() == number
