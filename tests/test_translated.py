"""Every page in Dutch and in English: no text that can't be translated, and no word of the other language."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path as address_of
from django.utils import translation
from django.utils.translation import gettext

from bookings.models import Reservation
from portal.demo import urls as demo_urls
from portal.urls import handler400, handler403, handler404, handler500
from tests.bookings.test_languages import FOREIGN, MSGIDS, words
from tests.demo.urls import urlpatterns as urls_of_demo
from tests.factories import make_booking, make_closed, make_desks, make_house, make_room, make_rules, make_village
from tests.guest import THURSDAY, WEDNESDAY, Guest, Node, Page, on_monday
from tests.test_project import ROOT
from villages.models import AccessWay, Desk, Dorpshuis, Facility, Tariff, Village

__all__ = ["handler400", "handler403", "handler404", "handler500"]

# --- what a template says ---------------------------------------------------------------------------------

TEMPLATES = ROOT / "templates"
# Django's own pages for administrators stay Dutch; mails have tests of their own.
ELSEWHERE = {"admin", "bookings"}
PAGES = [
    template.relative_to(TEMPLATES)
    for template in sorted(TEMPLATES.rglob("*.html"))
    if not set(template.relative_to(TEMPLATES).parts) & ELSEWHERE
]
# Names, which are the same in each language, and the languages' own names.
NAMES = {"naoberplek", "bokd", "nederlands", "english"}
# What may stand between quotes in a tag without being a text: names of ours, formats, marks.
NO_TEXT = re.compile(r"[a-z0-9_./:#?=&;,+ -]*|Y-m-d|Y|outerHTML|innerHTML", re.ASCII)
SPOKEN = re.compile(r'\b(?:aria-label|title|alt|placeholder|content|label|help)="([^"]*)"')


def loose_words(source: str) -> set[str]:
    """The words of a page that nobody can translate: between its tags, in its attributes, in its template tags."""
    for part in ("comment", "blocktranslate"):
        source = re.sub(rf"(?s){{% {part}\b.*?{{% end{part} %}}", " ", source)
    source = re.sub(r'{% translate "[^"]*"[^%]*%}|_\("[^"]*"\)|{#.*?#}|<!doctype html>|&\w+;', " ", source)
    quoted = {text for tag in re.findall(r"{[%{].*?[%}]}", source) for text in re.findall(r'"([^"]*)"', tag)}
    said = [text for text in quoted if not NO_TEXT.fullmatch(text)]
    source = re.sub(r"{[%{].*?[%}]}", " ", source)
    source = re.sub(r"<meta (?:name=\"(?!description)|property=\"og:(?!title|desc))[^>]*>", " ", source)
    said += SPOKEN.findall(source)
    return words(" ".join([*said, re.sub(r"<[^>]*>", " ", source)])) - NAMES


@pytest.mark.parametrize("template", PAGES, ids=str)
def test_every_text_of_a_page_can_be_translated(template: Path) -> None:
    assert loose_words((TEMPLATES / template).read_text()) == set()


@pytest.mark.parametrize(
    "source",
    [
        "<p>Los woord</p>",
        '<p aria-label="Los woord"></p>',
        '<meta name="description" content="Los woord">',
        '{% include "x.html" with label="Los woord" %}',
        '{{ x|default:"Los woord." }}',
        '{% translate "Goed" %} los woord',
    ],
)
def test_a_text_that_can_not_be_translated_is_found(source: str) -> None:
    assert {"los", "woord"} <= loose_words(source)


def test_a_text_that_can_be_translated_is_not_found() -> None:
    source = '<p title="{% translate "Goed" %}">{% blocktranslate %}Goed {{ x }}{% endblocktranslate %}</p>'
    assert (
        loose_words(source + '{{ x|date:"Y-m-d" }}{% url "home" %}{% include "x.html" with label=_("Goed") %}') == set()
    )


def test_a_dutch_text_is_no_key_of_another_package() -> None:
    with translation.override("nl"):
        others = [text for text in MSGIDS if "\x04" not in text and gettext(text) != text]
    assert others == []


# --- what a page says -------------------------------------------------------------------------------------

SAID = ("aria-label", "title", "alt", "placeholder")
# What houses and people are called here, and what was typed.
TYPED = words("Xyzzy Bureau Kantoor dorpsfeest Nergens Marieke Jansen Autoriteit Persoonsgegevens")
DEMO_PEOPLE = words("Boerma Jansen Kuipers Lanting Oosting Wiechers Over Entinghe De Veldkei")


def said(node: Node) -> list[str]:
    """All that one reads or hears of it, but what is marked as another language, what a machine reads, and mails."""
    if node.tag in ("script", "style", "datalist", "pre") or "lang" in node.attrs and node.tag != "html":
        return []
    texts = [node.attrs[name] for name in SAID if name in node.attrs]
    texts += [node.attrs["content"]] if node.attrs.get("name") == "description" else []
    for child in node.children:
        texts += [child] if isinstance(child, str) else said(child)
    return texts


def foreign(page: Page, language: str) -> set[str]:
    """The words on the page that give the other language away, but names and addresses."""
    assert page.tree.one("html").attrs["lang"] == language
    text = re.sub(r"\S+@\S+|https?:\S+", " ", " ".join(said(page.tree)))
    places = words(" ".join(f"{village} {village.municipality}" for village in Village.objects.all()))
    return words(text) & (FOREIGN[language] - TYPED - DEMO_PEOPLE - places)


def strange(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


urlpatterns = [
    address_of("raar/", strange),
    address_of("dicht/", forbidden),
    address_of("stuk/", broken),
    *urls_of_demo,
]


@pytest.fixture
def house(settings: Any) -> Dorpshuis:
    """A house with something of each kind, beside one that is getting ready and one in another village."""
    settings.ROOT_URLCONF, settings.DEMO = __name__, True
    house = make_house(
        "het-huis", name="Xyzzy", intro="Xyzzy", street="Xyzzy 1", sponsor="Xyzzy", commercial_use="ask",
        internet_down=200, internet_up=50, internet_measured_on="2026-03-01",
        email="x@voorbeeld.example", website="https://xyzzy.example",
    )  # fmt: skip
    Desk.objects.filter(position__lte=2).update(height_adjustable=True, monitor=True, wheelchair=True, calls=True)
    Facility.objects.create(dorpshuis=house, kind="coffee", title="Xyzzy")
    AccessWay.objects.create(dorpshuis=house, public_text="Xyzzy", private_text="Xyzzy", dagdeel="ochtend")
    Tariff.objects.create(dorpshuis=house, kind="dorpsgenoot", cents=500)
    rules = make_rules(house)
    rules.bullets = "Xyzzy"
    rules.save(update_fields=["bullets"])
    make_closed(house, THURSDAY.date)
    make_house("straks", desks=0, status="aspirant", name="Xyzzy")
    make_desks(make_room(make_house("xyzzy", village=make_village("Xyzzy", 52.9)), "Xyzzy"), 1)
    return house


HOUSE = "/dorpshuizen/het-huis/"
READ = [
    "/",
    "/?plaats=Toetsdorp&dagdeel=middag",
    "/?plaats=Toetsdorp&dagdeel=avond&met=zit-sta&met=rustig",
    "/?plaats=Toetsdorp&dag=2026-11-26&dagdeel=ochtend&met=zit-sta",
    "/?plaats=Nergens&dag=gisteren&dagdeel=nacht&met=alles",
    "/?dag=2026-11-20",
    "/?dag=2028-11-20",
    "/dorpshuizen/",
    "/dorpshuizen/?met=snel-internet&met=bellen&met=rolstoel",
    "/dorpshuizen/straks/",
    HOUSE,
    f"{HOUSE}?week=2026-W49",
    f"{HOUSE}?week=onzin",
    f"{HOUSE}?dagdeel=2026-11-25:ochtend",
    f"{HOUSE}?dagdeel=2026-11-25:ochtend&dagdeel=2026-11-27:middag&dagdeel=2026-11-26:ochtend&bureau=9&tarief=gratis",
    f"{HOUSE}?dagdeel=2026-11-25:avond&dagdeel=2026-11-20:ochtend&dagdeel=2027-06-01:ochtend&dagdeel=x",
    "/dorpen/",
    "/dorpen/toetsdorp-toetsdorp/",
    "/dorpen/toetsdorp/",
    "/dorpen/nergens/",
    "/gemeenten/toetsgemeente/",
    "/aanmelden/",
    "/aanmelden/bedankt/",
    "/privacy/",
    "/toegankelijkheid/",
    "/inloggen/",
    "/boeking/link-kwijt/",
    "/boeking/bestaat-niet/",
    "/niet-hier/",
    "/weergave/",
    "/raar/",
    "/dicht/",
    "/stuk/",
    "/demo/",
    "/demo/mail/",
    "/demo/mail/?aan=niemand@voorbeeld.example",
]
each_language = pytest.mark.parametrize("language", ["nl", "en"])


@pytest.fixture
def visitor(language: str) -> Guest:
    """Somebody who chose this language."""
    guest = Guest()
    guest.client.cookies["taal"] = language
    guest.client.raise_request_exception = False
    return guest


@pytest.mark.django_db
@on_monday
@each_language
@pytest.mark.parametrize("address", READ)
def test_a_page_has_no_word_of_the_other_language(
    house: Dorpshuis, visitor: Guest, language: str, address: str
) -> None:
    assert foreign(visitor.get(address), language) == set()


def post(guest: Guest, address: str, at: str = "", **fields: Any) -> Page:
    """What a page answers to a form on it."""
    token = guest.get(address).tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    sent = {"csrfmiddlewaretoken": token, **fields}
    return Page(guest.client.post(at or address, sent))  # type: ignore[arg-type]


def booked(guest: Guest, house: Dorpshuis) -> str:
    """The address of what she just booked."""
    return str(guest.book(house, WEDNESDAY).response["Location"])


def changed(guest: Guest, house: Dorpshuis) -> Page:
    mine = booked(guest, house)
    return guest.get(f"{mine}wijzig/?van=2026-11-25:ochtend&naar=2026-11-27:middag&bureau=999")


def cancelled(guest: Guest, house: Dorpshuis) -> Page:
    mine = booked(guest, house)
    post(guest, mine, f"{mine}annuleer/")
    return guest.get(mine)


def changed_too_late(guest: Guest, house: Dorpshuis) -> Page:
    cancelled(guest, house)
    return guest.get(f"/boeking/{Reservation.objects.get().reference}/wijzig/")


def called_off(guest: Guest, house: Dorpshuis) -> Page:
    mine = booked(guest, house)
    make_closed(house, WEDNESDAY.date)
    return guest.get(mine)


def code_asked(guest: Guest, house: Dorpshuis) -> Page:
    post(guest, "/inloggen/", email="anna@voorbeeld.example")
    return post(guest, "/inloggen/code/", code="1")


ANSWERS: dict[str, Callable[[Guest, Dorpshuis], Page]] = {
    "an order without a name": lambda guest, house: guest.book(house, WEDNESDAY, naam="", email="x"),
    "an order with other faults": lambda guest, house: guest.book(
        house, WEDNESDAY, naam="<b>", telefoon="1", bedrag="x", postcode="1", doelgroep="x"
    ),
    "an order that reaches nobody": lambda guest, house: guest.book(house, WEDNESDAY, email=None),
    "an order at another price": lambda guest, house: guest.book(house, WEDNESDAY, bedrag="1"),
    "an order from another browser": lambda guest, house: guest.book(house, WEDNESDAY, sleutel="x"),
    "an order of nothing": lambda guest, house: guest.book(house, WEDNESDAY, dagdeel=None),
    "an order of what is closed": lambda guest, house: guest.book(house, WEDNESDAY, dagdeel=str(THURSDAY)),
    "an order without a cookie": lambda guest, house: Page(
        guest.client.post(f"{HOUSE}boek/", {"dagdeel": str(WEDNESDAY)})  # type: ignore[arg-type]
    ),
    "a booking": lambda guest, house: guest.get(booked(guest, house)),
    "a booking made by phone": lambda guest, house: guest.get(
        f"/boeking/{make_booking(house, WEDNESDAY, name='Marieke Jansen', email='', phone='+31612345678').reference}/"
    ),
    "a second booking": lambda guest, house: guest.get(booked(guest, house) and booked(guest, house)),
    "another day": lambda guest, house: guest.get(f"{booked(guest, house)}wijzig/"),
    "a change": changed,
    "a change that makes no sense": lambda guest, house: guest.get(
        f"{booked(guest, house)}wijzig/?van=x&naar=x&week=x&bureau=x"
    ),
    "a cancelled booking": cancelled,
    "a booking called off": called_off,
    "a change of a cancelled booking": changed_too_late,
    "strange answers": lambda guest, house: post(
        guest, mine := booked(guest, house), f"{mine}vragen/", postcode="x", gevonden="x", doelgroep="x"
    ),
    "a strange language": lambda guest, house: post(guest, mine := booked(guest, house), f"{mine}taal/", taal="x"),
    "a strange cancellation": lambda guest, house: post(
        guest, mine := booked(guest, house), f"{mine}annuleer/", dagdeel="x"
    ),
    "a cancellation at another price": lambda guest, house: post(
        guest, mine := booked(guest, house), f"{mine}annuleer/", kosten="1"
    ),
    "a new link": lambda guest, house: post(guest, mine := booked(guest, house), f"{mine}nieuwe-link/"),
    "a lost link": lambda guest, house: post(guest, "/boeking/link-kwijt/", email="anna@voorbeeld.example"),
    "a lost link of nobody": lambda guest, house: post(guest, "/boeking/link-kwijt/", email="x"),
    "an empty request": lambda guest, house: post(guest, "/aanmelden/"),
    "a request with faults": lambda guest, house: post(
        guest, "/aanmelden/", dorp="x" * 90, huis="x" * 200, naam="1", opmerking="x" * 600, email="x", telefoon="1"
    ),
    "a log-in without an address": lambda guest, house: post(guest, "/inloggen/", email=""),
    "a wrong code": code_asked,
    "a form without its cookie": lambda guest, house: Page(guest.client.post("/inloggen/", {})),  # type: ignore[arg-type]
    "nobody of the demo": lambda guest, house: post(guest, "/demo/", "/demo/inloggen/", wie="x"),
}


@pytest.mark.django_db
@on_monday
@each_language
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_has_no_word_of_the_other_language(
    house: Dorpshuis, visitor: Guest, language: str, answer: str
) -> None:
    assert foreign(ANSWERS[answer](visitor, house), language) == set()


@pytest.mark.django_db
@on_monday
@pytest.mark.parametrize("language", ["en"])
def test_what_is_meant_for_machines_is_dutch_for_everybody(house: Dorpshuis, visitor: Guest, language: str) -> None:
    addresses = [f"{HOUSE}beschikbaarheid.json", f"{HOUSE}deelplaatje.png"]
    hers, others = ([who.client.get(address).content for address in addresses] for who in (visitor, Guest()))
    assert hers == others


@pytest.mark.django_db
def test_a_dutch_word_on_an_english_page_would_be_found() -> None:
    page = Page(HttpResponse('<html lang="en"><body><p title="Kies een dagdeel">Ochtend</p></body></html>'))
    assert foreign(page, "en") == {"kies", "dagdeel", "ochtend"}


def test_every_page_of_the_demo_is_read() -> None:
    read = {address.split("?")[0].removeprefix("/demo/") for address in READ if address.startswith("/demo/")}
    assert {str(pattern.pattern) for pattern in demo_urls.urlpatterns} - read == {
        "inloggen/",
        "klok/",
        "mail/<int:mail_id>/html/",
    }
