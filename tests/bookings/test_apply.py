"""Asking for a desk in the house of one's own village, and BOKD that deals with it."""

from typing import Any

import pytest
from django.test import Client

from bookings.actions.apply import Application, apply, mark_handled
from portal.base.clock import now
from portal.base.log import GUEST, coordinator
from portal.base.log.models import LogEntry
from tests.factories import make_request, make_user, make_village
from tests.guest import Guest, Page, on_monday
from villages.models import HouseRequest, Municipality, Village

pytestmark = [pytest.mark.django_db, on_monday]

TYPED = {
    "dorp": "Zoekerveen",
    "huis": "Ons Huis",
    "naam": "Marieke Jansen",
    "email": "Marieke@voorbeeld.example",
    "telefoon": "",
    "opmerking": "Wij hebben\nal een bureau.",
    "website": "",
}


@pytest.fixture
def village() -> Village:
    return make_village("Zoekerveen")


def send(**typed: Any) -> Page:
    """The form, filled in and sent by a browser of its own."""
    guest = Guest()
    token = guest.get("/aanmelden/").tree.one("input", name="csrfmiddlewaretoken").attrs["value"]
    answer = guest.client.post("/aanmelden/", {"csrfmiddlewaretoken": token, **TYPED, **typed})
    return Page(answer)  # type: ignore[arg-type]


def row() -> HouseRequest:
    return HouseRequest.objects.get()


# --- the form ---------------------------------------------------------------------------------------------


def test_what_was_asked_is_written_down_and_thanked_for(village: Village) -> None:
    answer = send()
    assert (answer.status, answer.response["Location"]) == (302, "/aanmelden/bedankt/")
    found = row()
    assert (found.village, found.place, found.house_name, found.name) == (
        village,
        "Zoekerveen",
        "Ons Huis",
        "Marieke Jansen",
    )
    assert (found.email, str(found.phone), found.remark) == (
        "marieke@voorbeeld.example",
        "",
        "Wij hebben al een bureau.",
    )
    assert "BOKD leest je aanmelding" in Guest().get("/aanmelden/bedankt/").text


def test_a_number_alone_is_enough(village: Village) -> None:
    assert send(email="", telefoon="0612345678").status == 302
    assert row().phone.as_e164 == "+31612345678"


def test_a_village_that_is_not_in_the_list_is_kept_as_typed() -> None:
    assert send(dorp="Kleinstekamp").status == 302
    assert (row().village, row().where) == (None, "Kleinstekamp (staat niet in de lijst)")


def test_a_wrong_letter_in_the_village_is_forgiven(village: Village) -> None:
    assert send(dorp="Zoekervene").status == 302
    assert row().where == "Zoekerveen (Toetsgemeente), getypt: Zoekervene"


def test_of_two_villages_with_one_name_she_chooses(village: Village) -> None:
    other = Municipality.objects.create(gm_code="GM9998", name="Andergemeente", region="Toetsregio")
    Village.objects.create(name="Zoekerveen", slug="ander", municipality=other, latitude=52.9, longitude=6.8)
    page = send()
    assert page.status == 422
    assert "Zoekerveen (Andergemeente)" in page.tree.one("p", id="fout-dorp").text
    assert send(dorp="Zoekerveen (Andergemeente)").status == 302


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"dorp": ""}, "dorp", "Vul de naam van je dorp in."),
        ({"dorp": "x" * 90}, "dorp", "hoogstens 80 tekens"),
        ({"dorp": "!!"}, "dorp", "Vul de naam van je dorp in."),
        ({"huis": ""}, "huis", "Vul de naam van het dorpshuis in."),
        ({"huis": "x" * 121}, "huis", "hoogstens 120 tekens"),
        ({"naam": "\u202e 12"}, "naam", "Vul je naam in."),
        ({"naam": "a\0b"}, "naam", "vreemd teken"),
        ({"email": ""}, "email", "Vul je e-mailadres of je telefoonnummer in."),
        ({"email": "geen adres"}, "email", "Er moet een @ in staan."),
        ({"telefoon": "12"}, "telefoon", "Dit telefoonnummer klopt niet."),
        ({"opmerking": "x" * 501}, "opmerking", "hoogstens 500 tekens"),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_what_was_typed_stays(
    village: Village, typed: dict[str, str], field: str, sentence: str
) -> None:
    page = send(**typed)
    assert page.status == 422
    assert sentence in page.tree.one("p", id=f"fout-{field}").text
    assert page.tree.one("a", href=f"#{field}").text.startswith("Kijk")
    kept = {name for name in ("huis", "naam", "email") if name not in typed}
    assert {name: page.tree.one("input", id=name).attrs["value"] for name in kept} == {n: TYPED[n] for n in kept}
    assert not HouseRequest.objects.exists()


def test_what_was_typed_is_escaped() -> None:
    page = send(huis="<u>Huis", email="")
    assert page.tree.one("input", id="huis").attrs["value"] == "<u>Huis"
    assert "<u>" not in page.html


def test_the_link_of_a_village_fills_in_its_name(village: Village) -> None:
    page = Guest().get("/aanmelden/?dorp=toetsdorp-zoekerveen")
    assert page.tree.one("input", id="dorp").attrs["value"] == "Zoekerveen (Toetsgemeente)"
    assert send(dorp="Zoekerveen (Toetsgemeente)").status == 302
    assert (row().village, row().where) == (village, "Zoekerveen (Toetsgemeente)")


@pytest.mark.parametrize("slug", ["", "nergens", "%00", "x" * 3000])
def test_a_strange_village_in_the_link_fills_in_nothing(slug: str) -> None:
    page = Guest().get(f"/aanmelden/?dorp={slug}")
    assert (page.status, page.tree.one("input", id="dorp").attrs["value"]) == (200, "")


def test_who_fills_in_the_hidden_field_is_thanked_and_forgotten(village: Village) -> None:
    assert send(website="https://koop.example").response["Location"] == "/aanmelden/bedankt/"
    assert not HouseRequest.objects.exists()


def test_a_form_without_its_token_is_refused() -> None:
    assert Guest().client.post("/aanmelden/", TYPED).status_code == 403
    assert not HouseRequest.objects.exists()


# --- not too much -----------------------------------------------------------------------------------------


def test_a_second_tap_writes_nothing_and_says_the_same(village: Village) -> None:
    assert [send().response["Location"] for _ in range(2)] == ["/aanmelden/bedankt/"] * 2
    assert HouseRequest.objects.count() == 1


@pytest.mark.parametrize("contact", [{}, {"email": "", "telefoon": "0612345678"}])
def test_a_contact_has_at_most_three_open_and_is_told_nothing(village: Village, contact: dict[str, str]) -> None:
    answers = [send(huis=f"Huis {name}", **contact).response["Location"] for name in "abcd"]
    assert answers == ["/aanmelden/bedankt/"] * 4
    assert HouseRequest.objects.count() == 3


def test_what_was_dealt_with_leaves_room_again(village: Village) -> None:
    for name in "abc":
        send(huis=f"Huis {name}")
    HouseRequest.objects.update(handled_at=now())
    send(huis="Huis d")
    assert HouseRequest.objects.open().count() == 1


def test_other_contacts_are_not_counted(village: Village) -> None:
    for number in range(4):
        send(email=f"gast-{number}@voorbeeld.example")
    assert HouseRequest.objects.count() == 4


# --- BOKD -------------------------------------------------------------------------------------------------


def screen() -> Client:
    client = Client()
    client.force_login(make_user(is_coordinator=True))
    return client


def test_a_coordinator_sees_who_asks_and_how_to_reach_her() -> None:
    make_request(remark="Graag in de zomer.", phone="+31612345678")
    page = Page(screen().get("/bokd/"))  # type: ignore[arg-type]
    for words in ("Ons Huis", "Vrager", "vraag@voorbeeld.example", "06 12345678", "Graag in de zomer."):
        assert words in page.text


def test_the_button_takes_it_off_the_list_and_says_who_did() -> None:
    asked, client = make_request(), screen()
    for _ in range(2):
        assert client.post(f"/bokd/aanmelding/{asked.pk}/afgehandeld/").status_code == 302
    asked.refresh_from_db()
    assert (asked.handled_at, asked.handled_by is not None) == (now(), True)
    assert "Ons Huis" not in client.get("/bokd/").content.decode()
    assert LogEntry.objects.filter(verb="mark_handled", actor_kind="bokd").count() == 1


def test_an_unknown_request_is_404() -> None:
    assert screen().post("/bokd/aanmelding/999999/afgehandeld/").status_code == 404


# --- the action -------------------------------------------------------------------------------------------


def test_asking_and_dealing_with_it_are_logged_without_a_name() -> None:
    asked = apply(Application("Zoekerveen", "Ons Huis", "Marieke", email="m@voorbeeld.example"), GUEST)
    assert asked is not None
    assert mark_handled(asked.pk, coordinator(make_user(is_coordinator=True)))
    assert not mark_handled(asked.pk, GUEST)
    found = list(LogEntry.objects.order_by("pk").values_list("actor_kind", "verb", "subject"))
    assert found == [
        ("guest", "apply", f"houserequest:{asked.pk}"),
        ("bokd", "mark_handled", f"houserequest:{asked.pk}"),
    ]
