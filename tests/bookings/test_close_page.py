"""Dicht: the form, the preview, the button, and what a volunteer reads when it can't be."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from bookings.actions.cancel import cancel
from bookings.actions.close import reopen
from bookings.domain.dagdelen import Moment
from bookings.models import Booking, CallEntry, Reservation
from portal.base.accounts.models import User
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from tests.bookings.ledger import everything
from tests.factories import (
    at,
    desks_of,
    house_actor,
    make_booking,
    make_closed,
    make_hold,
    make_house,
    make_member,
    make_room,
    make_village,
)
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, WEDNESDAY_NOON, Guest, Page, on_monday
from tests.post import Post
from villages.models import Closure, Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

URL = "/beheer/het-huis/dicht/"
PHONE_ONLY: dict[str, Any] = {"email": "", "phone": "+31612345678"}
WEEK = {"wanneer": "week", "wat": "huis", "dagdeel": ["ochtend", "middag", "avond"], "reden": "dorpsfeest"}


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def volunteer(house: Dorpshuis) -> User:
    return make_member(house)


@pytest.fixture
def screen(volunteer: User) -> Guest:
    """The volunteer at her screen."""
    guest = Guest()
    guest.client.force_login(volunteer)
    return guest


def look(screen: Guest, **fields: Any) -> Page:
    """The answer to the form, with these fields in place of "this week, the whole house"."""
    asked = {name: value for name, value in {**WEEK, **fields}.items() if value is not None}
    return Page(screen.client.get(URL, asked))  # type: ignore[arg-type]


def sent(page: Page) -> dict[str, list[str]]:
    """What the preview's button would send."""
    (form,) = [form for form in page.tree.all("form", method="post") if form.attrs.get("action") == URL]
    found: dict[str, list[str]] = {}
    for node in form.all("input"):
        plain = node.attrs.get("type") not in ("radio", "checkbox")
        if plain or "checked" in node.attrs:
            found.setdefault(node.attrs["name"], []).append(node.attrs.get("value", ""))
    return found


def tap(screen: Guest, page: Page, **changed: Any) -> Page:
    """Tap the preview's button, with these fields changed."""
    return Page(screen.client.post(URL, {**sent(page), **changed}))  # type: ignore[arg-type]


def button(page: Page) -> str:
    (form,) = [form for form in page.tree.all("form", method="post") if form.attrs.get("action") == URL]
    return form.all("button")[-1].text


def notices(page: Page) -> str:
    return " ".join(node.text for node in page.tree.all(role="alert"))


# --- the form ---------------------------------------------------------------------------------------------


def test_it_asks_for_today_the_whole_house_and_all_dagdelen(screen: Guest) -> None:
    page = screen.get(URL)
    checked = [node.attrs["value"] for node in page.tree.all("input") if "checked" in node.attrs]
    assert checked == ["vandaag", "ochtend", "middag", "avond", "huis"]


def test_it_offers_reasons(screen: Guest) -> None:
    reasons = [option.attrs["value"] for option in screen.get(URL).tree.one("datalist").all("option")]
    assert reasons == ["dorpsfeest", "uitvaart", "stembureau", "verwarming stuk", "vakantie"]


def test_a_room_can_be_chosen_only_where_there_are_more(screen: Guest, house: Dorpshuis) -> None:
    before = screen.get(URL).tree.all("select")
    make_room(house, "Zolder")
    options = [option.text for option in screen.get(URL).tree.one("select").all("option")]
    assert (before, options) == ([], ["Kies een ruimte", "Kantoor", "Zolder"])


def test_a_day_in_the_address_is_filled_in(screen: Guest) -> None:
    page = screen.get(f"{URL}?van=2026-11-25&tot=2026-11-26")
    values = [page.tree.one("input", name=name).attrs["value"] for name in ("van", "tot")]
    assert values == ["2026-11-25", "2026-11-26"]


def test_looking_changes_nothing(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY)
    make_closed(house, THURSDAY.date)
    number = Closure.objects.get().pk
    before = everything()
    look(screen)
    for url in (URL, f"{URL}{number}/", f"{URL}?oud=1"):
        screen.get(url)
    assert everything() == before


# --- the preview ------------------------------------------------------------------------------------------


def test_the_button_says_all_that_it_does(screen: Guest, house: Dorpshuis) -> None:
    for moment in (WEDNESDAY, THURSDAY):
        make_booking(house, moment)
    make_booking(house, WEDNESDAY, **PHONE_ONLY)
    assert button(look(screen)) == "Sluit deze week en stuur 2 mails"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"wanneer": "vandaag"}, "Sluit"),
        ({"wanneer": "dagen", "van": "2026-11-25"}, "Sluit woensdag 25 november en stuur 1 mail"),
        ({"wanneer": "dagen", "van": "2026-11-25", "dagdeel": "ochtend"}, None),
        (
            {"wanneer": "dagen", "van": "25-11-2026", "tot": "27-11-2026"},
            "Sluit 25 tot en met 27 november en stuur 1 mail",
        ),
        ({"wanneer": None, "van": "2026-11-25", "tot": "2026-12-02"}, None),
    ],
)
def test_the_button_names_the_days(screen: Guest, house: Dorpshuis, fields: dict[str, Any], words: str | None) -> None:
    make_booking(house, WEDNESDAY)
    words = (
        words
        or {
            "dagen": "Sluit woensdag 25 november ’s ochtends en stuur 1 mail",
            None: "Sluit 25 november tot en met 2 december en stuur 1 mail",
        }[fields["wanneer"]]
    )
    assert button(look(screen, **fields)) == words


def test_with_nobody_booked_it_is_one_line(screen: Guest, house: Dorpshuis) -> None:
    page = look(screen)
    assert "Er is niemand geboekt. Er gaat geen mail weg." in page.text
    assert (button(page), page.tree.all("li", class_="guest")) == ("Sluit", [])


def test_each_booking_has_its_choices_with_what_that_would_be(screen: Guest, house: Dorpshuis) -> None:
    make_house("buren", name="De Buren")
    make_booking(house, WEDNESDAY, name="Anna")
    row = look(screen).tree.one("li", class_="guest")
    assert row.one("h3").text == "Anna"
    assert [label.text for label in row.all("label")] == [
        "Een andere dag voorstellen (maandag 30 november, ochtend)",
        "Een ander dorpshuis voorstellen (De Buren, 1 km)",
        "Alleen afzeggen",
    ]


def test_what_cannot_be_proposed_is_no_choice(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY)
    Dorpshuis.objects.update(window_days=5)
    row = look(screen).tree.one("li", class_="guest")
    assert [label.text for label in row.all("label")] == ["Alleen afzeggen"]


def test_who_has_no_address_is_marked_to_phone_with_her_number(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, **PHONE_ONLY)
    row = look(screen).tree.one("li", class_="guest")
    assert "Bellen: geen e-mail" in row.text
    assert "06 12345678" in row.text
    assert "Ik heb deze gast al gebeld" in row.text


def mails_shown(page: Page) -> list[str]:
    return ["".join(c for c in node.children if isinstance(c, str)).strip() for node in page.tree.all("pre")]


def mails_sent() -> list[str]:
    """What is mailed about a closing, after the ten minutes."""
    with time_machine.travel(at(MONDAY, 9, 10), tick=False):
        delivery.sweep()
    mails = OutboxMail.objects.order_by("pk")
    whole = [f"{mail.sent_subject}\n\n{mail.sent_text}".strip() for mail in mails]
    return [re.sub(r"(?<=/boeking/)\w{26}", "•••", text) for text in whole]  # her link is not the house's to see


@pytest.fixture
def guests(house: Dorpshuis) -> Reservation:
    """Four who are hit and get a mail: one has three dagdelen of which one stands, one reads English."""
    for name, km in (("De Buren", 1), ("De Verte", 9)):
        make_house(name.lower().replace(" ", "-"), name=name, village=make_village(name, 52.80 + km / 111, 6.50))
    anna = make_booking(house, WEDNESDAY, THURSDAY, Moment(MONDAY + timedelta(days=7), WEDNESDAY.dagdeel), name="Anna")
    for name, moment in (("Bert", THURSDAY), ("Cees", WEDNESDAY), ("Anna", WEDNESDAY_NOON)):
        make_booking(house, moment, name=name)
    Reservation.objects.filter(name="Bert").update(language="en")
    OutboxMail.objects.all().delete()
    return anna


def test_the_mail_can_be_read_before(screen: Guest, guests: Reservation, post: Post) -> None:
    page = look(screen, tekst="Kom je ook?")
    shown = mails_shown(page)
    tap(screen, page)
    assert shown == mails_sent()
    assert (len(shown), "maandag 30 november, middag: http" in shown[0]) == (4, True)
    assert "Monday 30 November, morning: http" in shown[1]


def test_the_mail_to_be_read_before_leaves_out_what_is_over(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, THURSDAY, name="Anna")
    with time_machine.travel(at(WEDNESDAY.date, 16), tick=False):
        (mail,) = mails_shown(look(screen))
    assert ("donderdag 26 november" in mail, "Dit gaat wel door" in mail) == (True, False)


@pytest.mark.parametrize("choices", [("huis", "huis"), ("niets", "niets"), ("dag", "huis"), ("niets", "dag")])
def test_the_mail_shows_what_is_proposed_by_these_choices(
    screen: Guest, guests: Reservation, post: Post, choices: tuple[str, str]
) -> None:
    rows = guests.bookings.filter(date__lt=MONDAY + timedelta(days=7)).order_by("date")
    chosen = {f"keuze-{row.pk}": choice for row, choice in zip(rows, choices, strict=True)}
    page = tap(screen, look(screen), ververs="1", **chosen)
    shown = mails_shown(page)
    assert (page.status, Closure.objects.count()) == (200, 0)
    assert {name: sent(page)[name] for name in chosen} == {name: [choice] for name, choice in chosen.items()}
    assert ("De Buren in De Buren (" in shown[0], "Dit is nog vrij" in shown[0]) == (
        "huis" in choices,
        set(choices) != {"niets"},
    )
    tap(screen, page)
    assert shown == mails_sent()


def test_looking_at_the_mails_again_after_a_mistake_says_so(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY)
    answer = tap(screen, look(screen), ververs="1", reden="")
    assert (answer.status, "Zeg in een paar woorden waarom." in notices(answer)) == (422, True)


def test_where_her_own_desk_closes_another_desk_at_that_dagdeel_is_proposed(screen: Guest, house: Dorpshuis) -> None:
    desk = desks_of(house)[0]
    make_booking(house, WEDNESDAY, desk_id=desk.pk)
    row = look(screen, wat="bureaus", bureau=str(desk.pk)).tree.one("li", class_="guest")
    assert row.all("label")[0].text == "Een andere dag voorstellen (hetzelfde dagdeel, ander bureau)"


def test_who_only_moves_is_named_and_gets_no_mail(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, name="Anna")
    page = look(screen, wat="bureaus", bureau=str(desks_of(house)[0].pk))
    assert "Anna, woensdag 25 november, ochtend: van Bureau 1 naar Bureau 2" in page.text
    assert button(page) == "Sluit 1 bureau deze week"
    assert tap(screen, page).status == 302
    assert [mail.kind for mail in OutboxMail.objects.all()] == ["confirmation"]


def test_so_many_desks_stay_open(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, desk_id=desks_of(house)[3].pk)
    page = look(screen, wanneer="dagen", van="2026-11-25", wat="aantal", aantal="2")
    assert "Bureau 2 en Bureau 3, woensdag 25 november" in page.text
    tap(screen, page)
    assert list(Closure.objects.get().desks.all()) == desks_of(house)[1:3]


def test_who_would_come_soon_hears_of_it_at_once(screen: Guest, house: Dorpshuis) -> None:
    with time_machine.travel(at(MONDAY, 8), tick=False):
        make_booking(house, type(WEDNESDAY)(MONDAY, WEDNESDAY_NOON.dagdeel), name="Anna")
    with time_machine.travel(at(MONDAY, 11, 30), tick=False):
        page = look(screen)
    assert "Meteen, en niet pas na 10 minuten: Anna." in page.text


def test_a_hold_that_goes_is_said(screen: Guest, house: Dorpshuis) -> None:
    make_hold(desks_of(house)[0], WEDNESDAY, at(MONDAY, 20))
    page = look(screen)
    assert "Er vervalt 1 plek voor de wachtlijst." in page.text
    assert button(page) == "Sluit deze week"


def test_what_is_closed_already_is_said_and_allowed(screen: Guest, house: Dorpshuis) -> None:
    make_closed(house, WEDNESDAY.date)
    page = look(screen)
    assert "Het hele huis, woensdag 25 november: dorpsfeest" in page.text
    assert tap(screen, page).status == 302
    assert Closure.objects.count() == 2


def test_the_way_back_keeps_what_was_typed(screen: Guest, house: Dorpshuis) -> None:
    page = look(screen, reden="uitvaart & condoleance", dagdeel="middag")
    (link,) = [a.attrs["href"] for a in page.tree.all("a") if "wijzig" in a.attrs.get("href", "")]
    form = screen.get(link)
    assert form.status == 200
    assert form.tree.one("input", name="reden").attrs["value"] == "uitvaart & condoleance"
    checked = [node.attrs["value"] for node in form.tree.all("input") if "checked" in node.attrs]
    assert checked == ["dagen", "middag", "huis"]


def test_names_and_texts_are_shown_escaped(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, name="<b>Anna")
    page = look(screen, reden="<i>feest", tekst="<u>tot dan")
    assert [tag in page.html for tag in ("<b>Anna", "<i>feest", "<u>tot")] == [False] * 3


# --- the button -------------------------------------------------------------------------------------------


def test_it_closes_and_leads_to_the_closure(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY)
    answer = tap(screen, look(screen, tekst="Tot volgende week"))
    row = Closure.objects.get()
    assert (answer.status, answer.response["Location"]) == (302, f"{URL}{row.pk}/")
    assert (row.first_day, row.last_day) == (MONDAY, MONDAY + timedelta(days=6))
    assert (row.reason, row.guest_text, row.dagdelen) == (
        "dorpsfeest",
        "Tot volgende week",
        ["ochtend", "middag", "avond"],
    )


def test_the_mails_and_calls_are_those_of_the_preview(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, name="Anna", email="anna@voorbeeld.example")
    make_booking(house, WEDNESDAY, name="Bert", **PHONE_ONLY)
    OutboxMail.objects.all().delete()
    CallEntry.objects.all().delete()
    page = look(screen)
    shown = {row.one("h3").text: "Krijgt een mail" in row.text for row in page.tree.all("li", class_="guest")}
    tap(screen, page)
    mails = {name: True for name in ["Anna"] if OutboxMail.objects.filter(recipient="anna@voorbeeld.example").exists()}
    assert shown == mails | dict.fromkeys(CallEntry.objects.values_list("reservation__name", flat=True), False)
    assert (OutboxMail.objects.count(), CallEntry.objects.count()) == (1, 1)


def test_the_choice_and_the_tick_are_kept(screen: Guest, house: Dorpshuis) -> None:
    make_house("buren")
    reservation = make_booking(house, WEDNESDAY, **PHONE_ONLY)
    CallEntry.objects.all().delete()
    booking = reservation.bookings.get()
    tap(screen, look(screen), **{f"keuze-{booking.pk}": "huis", f"gebeld-{reservation.pk}": "1"})
    booking.refresh_from_db()
    assert (booking.proposal, CallEntry.objects.get().done_at is not None) == ("huis", True)


def test_a_second_tap_leads_to_the_same_closure(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY)
    page = look(screen)
    first, second = tap(screen, page), tap(screen, page)
    assert (second.status, second.response["Location"]) == (302, first.response["Location"])
    assert Closure.objects.count() == 1


def test_of_two_volunteers_the_second_sees_that_something_changed(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, name="Anna")
    colleague = Guest()
    colleague.client.force_login(make_member(house))
    mine, hers = look(screen), look(colleague)
    assert [tap(screen, mine).status, tap(colleague, hers).status] == [302, 409]
    assert Closure.objects.count() == 1


# --- what changed meanwhile -------------------------------------------------------------------------------


def test_a_booking_that_came_in_between_is_shown_before_anything_is_done(screen: Guest, house: Dorpshuis) -> None:
    kept = make_booking(house, WEDNESDAY, name="Anna").bookings.get()
    page = look(screen, reden="uitvaart")
    make_booking(house, WEDNESDAY, name="Bert")
    answer = tap(screen, page, **{f"keuze-{kept.pk}": "niets"})
    assert (answer.status, Closure.objects.count()) == (409, 0)
    assert "Er kwam een boeking bij: Bert." in notices(answer)
    assert sent(answer)[f"keuze-{kept.pk}"] == ["niets"]
    assert (button(answer), sent(answer)["reden"]) == ("Sluit deze week en stuur 2 mails", ["uitvaart"])
    assert tap(screen, answer).status == 302


def test_a_booking_that_was_cancelled_in_between_is_said(screen: Guest, house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY)
    page = look(screen)
    cancel(reservation, GUEST)
    answer = tap(screen, page)
    assert (answer.status, Closure.objects.count()) == (409, 0)
    assert "Bij 1 boeking hoeft niets meer" in notices(answer)


def test_an_address_that_changed_is_said(screen: Guest, house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY)
    page = look(screen)
    type(reservation).objects.update(email="ander@voorbeeld.example")
    answer = tap(screen, page)
    assert (answer.status, "een adres" in notices(answer)) == (409, True)


@pytest.mark.parametrize("mark", ["", "0" * 64, "\u00e9", "x" * 5000])
def test_without_the_preview_s_mark_nothing_is_done(screen: Guest, house: Dorpshuis, mark: str) -> None:
    make_booking(house, WEDNESDAY)
    answer = tap(screen, look(screen), afdruk=mark)
    assert (answer.status, Closure.objects.count()) == (409, 0)


# --- bad input --------------------------------------------------------------------------------------------

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "ends before it begins": (
        {"wanneer": "dagen", "van": "2026-11-26", "tot": "2026-11-25"},
        "De laatste dag ligt voor de eerste dag.",
    ),
    "longer than a year": (
        {"wanneer": "dagen", "van": "2026-11-25", "tot": "2027-11-26"},
        "Zo lang kan niet in een keer: hoogstens 366 dagen.",
    ),
    "two years": ({"wanneer": "dagen", "van": "2026-11-25", "tot": "2028-11-25"}, "Dat is te ver vooruit."),
    "a far year": ({"wanneer": "dagen", "van": "9999-12-31"}, "Dat is te ver vooruit."),
    "in the past": ({"wanneer": "dagen", "van": "2026-11-22", "tot": "2026-11-25"}, "Deze dag is al voorbij."),
    "long ago": ({"wanneer": "dagen", "van": "0001-01-01"}, "Deze dag is al voorbij."),
    "no first day": ({"wanneer": "dagen", "van": ""}, "Kies vanaf welke dag."),
    "no day": ({"wanneer": "dagen", "van": "2026-02-30"}, "Deze dag kennen we niet."),
    "no such day": ({"wanneer": "ooit"}, "Deze dag kennen we niet."),
    "no dagdeel": ({"dagdeel": None}, "Kies minstens een dagdeel."),
    "unknown dagdeel": ({"dagdeel": "nacht"}, "Dit dagdeel kennen we niet."),
    "no reason": ({"reden": "  "}, "Zeg in een paar woorden waarom."),
    "invisible reason": ({"reden": "\u202e\u200b"}, "Zeg in een paar woorden waarom."),
    "long reason": ({"reden": "x" * 200}, "Maak de reden korter: hoogstens 60 tekens."),
    "strange reason": ({"reden": "a\0b"}, "Er staat een vreemd teken in."),
    "long text": ({"tekst": "x" * 601}, "Maak de tekst korter: hoogstens 600 tekens."),
    "unknown what": ({"wat": "dak"}, "Dit kennen we niet in dit dorpshuis."),
    "no desk": ({"wat": "bureaus"}, "Kies welke bureaus dicht gaan."),
    "unknown desk": ({"wat": "bureaus", "bureau": "0"}, "Dit bureau is er niet."),
    "no number of a desk": ({"wat": "bureaus", "bureau": "een"}, "Dit bureau is er niet."),
    "too long a number": ({"wat": "bureaus", "bureau": "9" * 30}, "Dit bureau is er niet."),
    "no number": ({"wat": "aantal"}, "Vul in hoeveel bureaus open blijven."),
    "strange number": ({"wat": "aantal", "aantal": "twee"}, "Vul een getal in"),
    "too many": ({"wat": "aantal", "aantal": "4"}, "Kies een aantal van 1 tot en met 3."),
    "none": ({"wat": "aantal", "aantal": "0"}, "Kies een aantal van 1 tot en met 3."),
    "less than none": ({"wat": "aantal", "aantal": "-2"}, "Kies een aantal van 1 tot en met 3."),
    "a number without end": ({"wat": "aantal", "aantal": "9" * 30}, "Kies een aantal van 1 tot en met 3."),
}


@pytest.fixture
def untouched(house: Dorpshuis) -> Iterator[None]:
    """Nothing is written, whatever is sent."""
    make_booking(house, WEDNESDAY)
    before = everything()
    yield
    assert everything() == before


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(screen: Guest, untouched: None, case: str) -> None:
    fields, sentence = BAD[case]
    asked = {"tekst": "Tot dan!", **fields}
    shown = look(screen, **asked)
    token = shown.tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    posted = {k: v for k, v in {**WEEK, **asked, "csrfmiddlewaretoken": token}.items() if v is not None}
    done = Page(screen.client.post(URL, posted))  # type: ignore[arg-type]
    assert [page.status for page in (shown, done)] == [422, 422]
    for page in (shown, done):
        assert sentence in notices(page)
        assert page.tree.one("textarea").text == asked["tekst"]


def test_a_room_of_another_house_is_unknown(screen: Guest, house: Dorpshuis) -> None:
    make_room(house, "Zolder")
    other = make_house().rooms.get()
    page = look(screen, wat="ruimte", ruimte=str(other.pk))
    assert (page.status, "Deze ruimte is er niet." in notices(page)) == (422, True)


def test_a_room_must_be_chosen(screen: Guest, house: Dorpshuis) -> None:
    make_room(house, "Zolder")
    page = look(screen, wat="ruimte")
    assert (page.status, "Kies welke ruimte dicht gaat." in notices(page)) == (422, True)


@pytest.mark.parametrize("choice", ["weg", "", "dag' OR 1"])
def test_an_unknown_choice_is_the_best_there_is(screen: Guest, house: Dorpshuis, choice: str) -> None:
    booking = make_booking(house, WEDNESDAY).bookings.get()
    tap(screen, look(screen), **{f"keuze-{booking.pk}": choice, "keuze-x": "dag", f"gebeld-{'9' * 40}": "1"})
    booking.refresh_from_db()
    assert (booking.state, booking.proposal) == (Booking.State.HOUSE_CANCELLED, "dag")


def test_a_day_that_is_over_when_the_button_is_tapped_is_refused(screen: Guest, house: Dorpshuis) -> None:
    page = look(screen)
    with time_machine.travel(at(MONDAY + timedelta(days=1), 9), tick=False):
        answer = tap(screen, page)
    assert (answer.status, "Deze dag is al voorbij." in notices(answer)) == (422, True)


@pytest.mark.parametrize(
    "fields",
    [{"aantal": "twee", "bureau": "een"}, {"wanneer": "morgen", "van": "2020-01-01", "tot": "ooit"}],
    ids=["what", "days"],
)
def test_a_mistake_in_a_field_of_another_choice_is_none(screen: Guest, fields: dict[str, Any]) -> None:
    page = look(screen, **fields)
    assert (page.status, button(page)) == (200, "Sluit")


# --- the list ---------------------------------------------------------------------------------------------


def test_coming_closures_are_listed_and_past_ones_folded(screen: Guest, house: Dorpshuis) -> None:
    make_closed(house, THURSDAY.date)
    over = make_closed(house, WEDNESDAY.date).closure
    reopen(over, house_actor(house))
    Closure.objects.create(dorpshuis=house, first_day=date(2026, 3, 2), last_day=date(2026, 3, 6), reason="vakantie")
    page = screen.get(URL)
    listed = [a.text for a in page.tree.one("section", aria_labelledby="komt").all("a")]
    folded = [a.text for a in page.tree.one("details", id="oud").all("a")]
    assert listed[:1] == ["Het hele huis, donderdag 26 november"]
    assert folded == ["Het hele huis, woensdag 25 november", "Het hele huis, 2 tot en met 6 maart"]


def test_past_closures_are_paged(screen: Guest, house: Dorpshuis) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(25)]
    Closure.objects.bulk_create(Closure(dorpshuis=house, first_day=day, last_day=day, reason="x") for day in days)
    pages = [screen.get(f"{URL}?oud={page}") for page in ("1", "2", "99", "x")]
    assert [len(page.tree.one("details", id="oud").all("li")) for page in pages] == [20, 5, 5, 20]


def test_closures_of_another_house_are_not_listed(screen: Guest, house: Dorpshuis) -> None:
    make_closed(make_house(), WEDNESDAY.date)
    assert "Er is niets dicht." in screen.get(URL).text


# --- queries ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 12])
def test_the_preview_takes_the_same_queries_for_any_number_of_bookings(
    screen: Guest, house: Dorpshuis, query_count: Any, number: int
) -> None:
    make_house("buren")
    for day in range(number):
        make_booking(house, type(WEDNESDAY)(WEDNESDAY.date + timedelta(days=day % 3), WEDNESDAY.dagdeel))
    with query_count(38):
        assert len(look(screen).tree.all("li", class_="guest")) == number
