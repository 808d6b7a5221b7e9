"""The prices of a house, set by its treasurer."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from bookings.actions.prices import plan_price, set_price
from bookings.beheer.money import cents_of
from bookings.domain.pricing import PriceChange
from bookings.models import Booking
from bookings.refusals import InThePast, NotAsShown, NothingChanges
from portal.base.log.models import LogEntry
from tests.conftest import QueryCount
from tests.factories import house_actor, make_booking, make_house, make_member, make_tariff
from tests.guest import THURSDAY, WEDNESDAY, Guest, Page, on_monday
from villages.models import Dorpshuis, Membership, Tariff

pytestmark = [pytest.mark.django_db, on_monday]

ROOM = "/beheer/het-huis/prijzen/"
DECEMBER: dict[str, Any] = {"doe": "prijs", "bedrag": "8,00", "van": "2026-12-01", "wie": "guest"}
STOP: dict[str, Any] = {"doe": "stop", "van": "2026-12-01"}


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def desk(house: Dorpshuis) -> Guest:
    """The treasurer at her screen."""
    treasurer = Guest()
    treasurer.client.force_login(make_member(house, Membership.Role.TREASURER))
    return treasurer


def preview(desk: Guest, asked: dict[str, Any], kind: str = "standaard") -> Page:
    return desk.get(f"{ROOM}{kind}/?{urlencode(asked)}")


def save(desk: Guest, page: Page, follow: bool = True, **more: Any) -> Page:
    """Tap the button of the preview."""
    (form,) = [form for form in page.tree.one("main").all("form", method="post")]
    sent = {node.attrs["name"]: node.attrs.get("value", "") for node in form.all("input", type="hidden")}
    return Page(desk.client.post(form.attrs["action"], sent | more, follow=follow))  # type: ignore[arg-type]


def rows(house: Dorpshuis, kind: str = "standaard") -> list[tuple[int, date, date | None]]:
    found = Tariff.objects.filter(dorpshuis=house, kind=kind).order_by("valid_from")
    return [(row.cents, row.valid_from, row.valid_until) for row in found]


def test_the_room_shows_what_holds_comes_and_was(house: Dorpshuis, desk: Guest) -> None:
    make_tariff(house, "standaard", 800, valid_from=date(2027, 1, 1))
    make_tariff(house, "dorpsgenoot", 500, chooser="house")
    make_tariff(house, "gratis", 0, valid_from=date(2024, 1, 1), valid_until=date(2024, 12, 31))
    text = desk.get(ROOM).text
    assert "Gewone prijs Verander : Gewone prijs € 7,50 Gasten kiezen deze prijs zelf." in text
    assert "Vanaf 1 januari 2027: € 8,00." in text
    assert "Alleen het huis kan deze prijs kiezen." in text
    assert "1 januari 2024 tot en met 31 december 2024: € 0,00" in text
    assert "Begin met “Voor een bedrijf”" in text


def test_a_new_price_is_offered_from_the_first_of_next_month(desk: Guest) -> None:
    page = desk.get(f"{ROOM}standaard/")
    assert [node.attrs["value"] for node in page.tree.all("input", type="date")] == ["2026-12-01", "2026-12-01"]


def test_what_it_hits_is_shown_before_it_is_saved(house: Dorpshuis, desk: Guest) -> None:
    make_booking(house, WEDNESDAY, THURSDAY)
    page = preview(desk, DECEMBER | {"van": "2026-11-26"})
    assert "“Gewone prijs” kost vanaf 26 november 2026 € 8,00 per dagdeel." in page.text
    assert "Boekingen die al gemaakt zijn houden hun prijs. Vanaf die dag is dat 1 dagdeel" in page.text
    assert rows(house)[0][0] == 750
    assert len(rows(house)) == 1


def test_the_button_begins_the_new_price_and_ends_the_old(house: Dorpshuis, desk: Guest) -> None:
    page = save(desk, preview(desk, DECEMBER))
    assert "De nieuwe prijs staat erin." in page.text
    assert rows(house) == [(750, date(2020, 1, 1), date(2026, 11, 30)), (800, date(2026, 12, 1), None)]
    assert LogEntry.objects.filter(verb="set_price").count() == 1


def test_a_booking_that_was_made_keeps_its_price(house: Dorpshuis, desk: Guest) -> None:
    make_booking(house, THURSDAY)
    save(desk, preview(desk, DECEMBER | {"van": "2026-11-24"}))
    assert Booking.objects.get().price_cents == 750
    assert "€ 8,00" in Guest().look(house, WEDNESDAY).text


def test_a_second_tap_changes_nothing(house: Dorpshuis, desk: Guest) -> None:
    page = preview(desk, DECEMBER)
    save(desk, page)
    again = save(desk, page)
    assert (again.status, len(rows(house))) == (422, 2)
    assert "Zo is het al." in again.notice


def test_two_treasurers_do_not_overwrite_each_other(house: Dorpshuis, desk: Guest) -> None:
    mine, hers = preview(desk, DECEMBER), preview(desk, DECEMBER | {"bedrag": "9"})
    save(desk, hers)
    page = save(desk, mine)
    assert page.status == 409
    assert "Iemand anders heeft net een prijs veranderd." in page.notice
    assert "Dit komt in de plaats van de prijs die op 1 december 2026 ingaat: € 9,00." in page.text
    assert rows(house)[1][0] == 900
    assert save(desk, page).status == 200
    assert rows(house)[1][0] == 800


def test_a_price_between_now_and_a_coming_one_ends_before_it(house: Dorpshuis, desk: Guest) -> None:
    make_tariff(house, "standaard", 900, valid_from=date(2027, 1, 1))
    page = preview(desk, DECEMBER)
    assert "Op 1 januari 2027 gaat een andere prijs in, die er al stond: € 9,00." in page.text
    save(desk, page)
    assert rows(house)[1:] == [(800, date(2026, 12, 1), date(2026, 12, 31)), (900, date(2027, 1, 1), None)]


def test_only_the_house_may_choose_it_then(house: Dorpshuis, desk: Guest) -> None:
    save(desk, preview(desk, DECEMBER | {"wie": "house"}, "maatschappelijk"), bellen="ja")
    assert Tariff.objects.get(kind="maatschappelijk").chooser == "house"


def test_free_costs_nothing_whatever_is_typed(house: Dorpshuis, desk: Guest) -> None:
    save(desk, preview(desk, DECEMBER, "gratis"))
    assert rows(house, "gratis")[0][0] == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"van": "2026-11-22"}, "Deze dag is al voorbij."),
        ({"van": "2029-01-01"}, "Dit is te ver vooruit."),
        ({"van": ""}, "Kies vanaf welke dag."),
        ({"van": "31-02-2027"}, "Deze dag kennen we niet."),
        ({"bedrag": ""}, "Vul in wat een dagdeel kost"),
        ({"bedrag": "-1"}, "Dit bedrag kunnen we niet lezen."),
        ({"bedrag": "1000,01"}, "Dit bedrag is te hoog."),
        ({"bedrag": "a\0b"}, "Er staat een vreemd teken in."),
        ({"bedrag": "7" * 50}, "Vul in wat een dagdeel kost"),
        ({"wie": "iedereen"}, "Kies wie deze prijs mag kiezen."),
        ({"bedrag": "7,50"}, "Zo is het al."),
        ({"doe": "niets"}, "Deze knop kennen we niet."),
    ],
)
def test_what_can_not_be_is_said(house: Dorpshuis, desk: Guest, wrong: dict[str, Any], sentence: str) -> None:
    asked = DECEMBER | wrong
    posted = Page(desk.client.post(f"{ROOM}standaard/", asked | _token(desk)))  # type: ignore[arg-type]
    for page in (preview(desk, asked), posted):
        assert page.status == 422
        assert sentence in page.text
    assert len(rows(house)) == 1


def _token(desk: Guest) -> dict[str, str]:
    page = preview(desk, DECEMBER)
    return {"csrfmiddlewaretoken": page.tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]}


def test_a_kind_ends_on_a_day(house: Dorpshuis, desk: Guest) -> None:
    make_tariff(house, "dorpsgenoot", 500)
    page = preview(desk, STOP, "dorpsgenoot")
    assert "“Woont in het dorp” stopt. Vanaf 1 december 2026 kan niemand deze prijs nog kiezen." in page.text
    save(desk, page)
    assert rows(house, "dorpsgenoot") == [(500, date(2020, 1, 1), date(2026, 11, 30))]


def test_the_last_price_ends_only_when_it_is_said_that_guests_must_phone(house: Dorpshuis, desk: Guest) -> None:
    page = preview(desk, STOP | {"van": "2026-11-25"})
    assert "Ze kunnen dan niet zelf boeken" in page.text
    refused = save(desk, page)
    assert refused.status == 422
    assert "Zet eerst het vinkje" in refused.notice
    assert save(desk, refused, bellen="ja").status == 200
    assert "Alleen op afspraak" in Guest().look(house).cells[str(WEDNESDAY)].text


def test_ending_the_usual_price_says_which_one_follows(house: Dorpshuis, desk: Guest) -> None:
    make_tariff(house, "gratis", 0)
    assert "Kiest een gast niets? Dan geldt vanaf dan: “Gratis”." in preview(desk, STOP).text


def test_a_kind_that_is_not_there_is_404(desk: Guest) -> None:
    assert desk.get(f"{ROOM}duur/").status == 404


def test_the_action_refuses_what_was_not_shown(house: Dorpshuis) -> None:
    by, change = house_actor(house), PriceChange("standaard", date(2026, 12, 1), 800)
    with pytest.raises(NotAsShown):
        set_price(house.pk, change, by, "anders")
    with pytest.raises(InThePast):
        plan_price(house, PriceChange("standaard", date(2026, 11, 22), 800))
    with pytest.raises(NothingChanges):
        plan_price(house, PriceChange("gratis", date(2026, 12, 1)))


def test_the_room_keeps_its_query_count(house: Dorpshuis, desk: Guest, query_count: QueryCount) -> None:
    desk.get(ROOM)
    for kind in Tariff.Kind.values[1:]:
        make_tariff(house, kind, 0)
    with query_count(7):
        desk.get(ROOM)


@pytest.mark.parametrize(
    ("text", "cents"),
    [("7,50", 750), ("7.5", 750), ("7", 700), ("€ 7,50", 750), ("€7,50", 750), (" 7,50 ", 750), ("7,-", 700)]
    + [("0", 0), ("7,5 euro", 750), ("7,50 €", 750), ("1000", 100_000), ("€\N{NO-BREAK SPACE}8,00", 800)],
)
def test_money_is_read_as_people_type_it(text: str, cents: int) -> None:
    assert cents_of(text) == cents


@pytest.mark.parametrize(
    "text", ["-1", "1e9", "7,505", "abc", "", "1000,01", "7,50,00", "٧", "9999999999", "7 50", "1.000"]
)
def test_other_money_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="bedrag"):
        cents_of(text)


def test_the_menu_leads_here_only_for_who_may(house: Dorpshuis, desk: Guest) -> None:
    address = reverse("prices", args=["het-huis"])
    volunteer = Guest()
    volunteer.client.force_login(make_member(house))
    assert f'href="{address}"' in desk.get("/beheer/het-huis/").html
    assert f'href="{address}"' not in volunteer.get("/beheer/het-huis/").html
    assert volunteer.get(address).status == 403
