"""All that a member sees of her own, in either language: no word of the other one is left."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.base import clock
from portal.base.accounts.members import member_of
from portal.base.accounts.models import User
from portal.base.accounts.sessions import PROVEN
from tests.bookings.test_rooms_in_english import left_over
from tests.factories import make_booking, make_closed, make_house, make_rules, make_wait
from tests.guest import THURSDAY, WEDNESDAY, WEDNESDAY_NOON, Page, on_monday
from tests.test_keys import begin_app, set_up_app
from tests.test_translated import each_language, foreign
from villages.models import Dorpshuis, Membership

pytestmark = [pytest.mark.long, pytest.mark.django_db, on_monday]

EMAIL = "anna@voorbeeld.example"
ANNA: dict[str, Any] = {"name": "Xyzzy", "email": EMAIL, "phone": "+31612345678"}
KEYS, DATA = "/mijn/inloggen/", "/mijn/gegevens/"


@pytest.fixture
def house() -> Dorpshuis:
    house = make_house("het-huis", name="Xyzzy")
    rules = make_rules(house)
    rules.bullets = "Xyzzy"
    rules.save(update_fields=["bullets"])
    return house


@pytest.fixture
def anna(language: str) -> Client:
    """Her browser, in this language; she has just shown who she is."""
    client = Client()
    client.cookies["taal"] = language
    client.force_login(member_of(EMAIL))
    session = client.session
    session[PROVEN] = clock.now().timestamp()
    session.save()
    return client


def series(house: Dorpshuis) -> str:
    return reverse("series", args=[make_booking(house, WEDNESDAY, **ANNA).reference])


def last(*steps: Any) -> Any:
    """What came of the last of these."""
    return steps[-1]


def lived(house: Dorpshuis) -> Dorpshuis:
    """The house, with bookings in each state that a member's pages know."""
    make_booking(house, WEDNESDAY, THURSDAY, **ANNA)
    make_booking(house, WEDNESDAY, **ANNA).bookings.update(state="used", paid_how="pin", date="2026-11-02")
    make_booking(house, WEDNESDAY, **ANNA).bookings.update(state="late_cancelled", date="2026-11-03")
    make_booking(house, WEDNESDAY, **ANNA).bookings.update(state="house_cancelled", date="2026-11-04")
    return house


def waits(house: Dorpshuis) -> Dorpshuis:
    """The house; she waits for three dagdelen of it: as the first, as the second, and for one that is held for her."""
    make_wait(house, WEDNESDAY, EMAIL)
    make_wait(house, THURSDAY)
    make_wait(house, THURSDAY, EMAIL)
    make_wait(house, WEDNESDAY_NOON, EMAIL, state="offered", turn_until=clock.now() + timedelta(hours=1))
    return house


def in_charge(house: Dorpshuis) -> Membership:
    return Membership.objects.create(user=User.objects.get(), dorpshuis=house, role=Membership.Role.BOARD)


Look = Callable[[Client, Dorpshuis], Any]
PAGES: dict[str, Look] = {
    "bookings, none": lambda anna, house: anna.get("/mijn/"),
    "bookings": lambda anna, house: last(lived(house), anna.get("/mijn/")),
    "bookings, past": lambda anna, house: last(lived(house), anna.get("/mijn/?toon=geweest")),
    "bookings, and waiting": lambda anna, house: last(waits(house), anna.get("/mijn/?wachtlijst=weg")),
    "details": lambda anna, house: anna.get(f"{DATA}?bewaard=ja"),
    "details with faults": lambda anna, house: anna.post(DATA, {"naam": "1" * 200, "telefoon": "1"}),
    "copy": lambda anna, house: last(lived(house), anna.post(f"{DATA}kopie/", {"vorm": "pagina"})),
    "deletion": lambda anna, house: last(lived(house), anna.get(f"{DATA}verwijder/")),
    "deletion, changed": lambda anna, house: last(lived(house), anna.post(f"{DATA}verwijder/")),
    "deletion, in charge": lambda anna, house: last(in_charge(house), anna.get(f"{DATA}verwijder/")),
    "gone": lambda anna, house: anna.get("/mijn/weg/"),
    "series": lambda anna, house: anna.get(series(house)),
    "series, too long": lambda anna, house: anna.get(f"{series(house)}?weken=99"),
    "series, beyond": lambda anna, house: anna.get(f"{series(house)}?weken=26"),
    "series, closed": lambda anna, house: last(
        make_closed(house, WEDNESDAY.date + timedelta(weeks=1)), anna.get(series(house))
    ),
    "series, old form": lambda anna, house: anna.post(series(house), {"weken": "2"}),
    "keys": lambda anna, house: anna.get(f"{KEYS}?gedaan=browsers"),
    "keys, with an app": lambda anna, house: last(set_up_app(anna), anna.get(KEYS)),
    "app": lambda anna, house: anna.get(f"{KEYS}code-app/"),
    "app, to scan": lambda anna, house: last(begin_app(anna), anna.get(f"{KEYS}code-app/")),
    "app, wrong code": lambda anna, house: last(begin_app(anna), anna.post(f"{KEYS}code-app/", {"code": "1"})),
    "paper": lambda anna, house: last(set_up_app(anna), anna.post(f"{KEYS}code-app/noodcodes/")),
    "passkey": lambda anna, house: anna.get(f"{KEYS}apparaat/"),
    "passkey, refused": lambda anna, house: anna.post(f"{KEYS}apparaat/", {"credential": "x"}),
    "passkey, unknown": lambda anna, house: anna.post("/inloggen/apparaat/", {"credential": "x"}),
    "once more": lambda anna, house: anna.get(f"{KEYS}nog-een-keer/"),
    "once more, wrong": lambda anna, house: last(
        anna.post(f"{KEYS}nog-een-keer/"), anna.post(f"{KEYS}nog-een-keer/", {"code": "1"})
    ),
    "second step": lambda anna, house: anna.get(f"{KEYS}tweede-stap/"),
    "address": lambda anna, house: anna.get("/mijn/adres/"),
    "address, the same": lambda anna, house: anna.post("/mijn/adres/", {"email": EMAIL}),
    "address, wrong code": lambda anna, house: last(
        anna.post("/mijn/adres/", {"email": "a@voorbeeld.example"}), anna.post("/mijn/adres/code/", {"code": "1"})
    ),
}


@each_language
@pytest.mark.parametrize("look", PAGES)
def test_a_member_reads_no_word_of_the_other_language(house: Dorpshuis, anna: Client, language: str, look: str) -> None:
    answer = PAGES[look](anna, house)
    assert answer.status_code in (200, 409, 422)
    assert foreign(Page(answer), language) <= {"nederlands"}  # a language's own name
    if language == "en":
        assert left_over(answer.content.decode()) == []
