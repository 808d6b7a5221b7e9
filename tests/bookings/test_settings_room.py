"""The settings of a house, a subject a page, by its board and its treasurer."""

from datetime import date, time
from typing import Any

import pytest

from bookings.beheer.settings import SUBJECTS
from bookings.models import Reservation
from portal.base.log.models import LogEntry
from tests.conftest import QueryCount
from tests.factories import make_booking, make_house, make_member, make_rules
from tests.guest import THURSDAY, WEDNESDAY, Guest, Node, Page, on_monday
from villages.models import AccessWay, Dorpshuis, Facility, HouseMessages, HouseRules, Membership

pytestmark = [pytest.mark.django_db, on_monday]

ROOM = "/beheer/het-huis/instellingen/"


@pytest.fixture
def house() -> Dorpshuis:
    house = make_house("het-huis", name="Het Huis", intro="Welkom.")
    make_rules(house)
    Facility.objects.create(dorpshuis=house, kind="coffee", title="Koffie", text="Staat klaar.")
    AccessWay.objects.create(dorpshuis=house, public_text="De deur is open.", private_text="De code is 1234.")
    return house


def keeper(house: Dorpshuis, role: str = Membership.Role.BOARD) -> Guest:
    """Somebody of the board at her screen."""
    guest = Guest()
    guest.client.force_login(make_member(house, role))
    return guest


@pytest.fixture
def desk(house: Dorpshuis) -> Guest:
    return keeper(house)


def fields_of(page: Page) -> dict[str, Any]:
    """What the form would send as it stands."""
    form = page.tree.one("main").one("form", method="post")
    sent: dict[str, Any] = {}
    for node in form:
        if node.tag in ("input", "textarea", "select") and "name" in node.attrs and _is_sent(node):
            sent[node.attrs["name"]] = _value(node)
    return sent


def _is_sent(node: Node) -> bool:
    return node.attrs.get("type") != "checkbox" or "checked" in node.attrs


def _value(node: Node) -> str:
    if node.tag == "select":
        return next((one.attrs["value"] for one in node.all("option") if "selected" in one.attrs), "")
    if node.tag == "textarea":
        return "".join(str(child) for child in node.children).removeprefix("\n").removeprefix("\r\n")
    return node.attrs.get("value", "on" if node.attrs.get("type") == "checkbox" else "")


def save(desk: Guest, subject: str, page: Page | None = None, follow: bool = True, **typed: Any) -> Page:
    """Open the page, type, and tap the button. None leaves a field out."""
    sent = fields_of(page or desk.get(f"{ROOM}{subject}/")) | {k.replace("_", "-"): v for k, v in typed.items()}
    sent = {name: value for name, value in sent.items() if value is not None}
    return Page(desk.client.post(f"{ROOM}{subject}/", sent, follow=follow))  # type: ignore[arg-type]


def test_the_room_names_every_subject_with_what_it_does(desk: Guest) -> None:
    page = desk.get(ROOM)
    for subject in SUBJECTS:
        assert str(subject.words) in page.text
        assert str(subject.does) in page.text


@pytest.mark.parametrize("subject", [subject.name for subject in SUBJECTS])
def test_what_stands_is_in_the_form_and_saving_it_changes_nothing(desk: Guest, subject: str) -> None:
    assert desk.get(f"{ROOM}{subject}/").status == 200
    assert save(desk, subject, gezien="oud").status == 200
    assert LogEntry.objects.count() == 0


SAVED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("teksten", {"tekst": "Hallo.\r\nDag.", "waarom": ""}, {"intro": "Hallo.\nDag."}),
    ("internet", {"omlaag": "500", "gemeten": "2026-11-01"}, {"internet_down": 500, "internet_up": None}),
    ("betalen", {"pin": None, "link": "https://betaal.example/x"}, {"pay_pin": False, "pay_cash": True}),
    ("annuleren", {"dagen": "2", "tijd": "12:00"}, {"cancel_days_before": 2, "cancel_time": time(12)}),
    ("vooruit", {"vooruit": "30", "voor": "60"}, {"window_days": 30, "lead_minutes": 60}),
    ("grenzen", {"per_boeking": "5", "per_gast": "10"}, {"order_limit": 5, "guest_limit": 10}),
    ("eerste-keer", {"eerste": "on"}, {"staffed_only_for_new": True}),
    ("bokd", {"samen": None}, {"joint_reporting": False}),
]


@pytest.mark.parametrize(("subject", "typed", "columns"), SAVED, ids=lambda value: value if type(value) is str else "")
def test_a_setting_is_kept_and_the_page_of_the_house_moves_on(
    house: Dorpshuis, desk: Guest, subject: str, typed: dict[str, Any], columns: dict[str, Any]
) -> None:
    page = save(desk, subject, **typed)
    assert page.status == 200
    assert "Bewaard:" in page.text
    now = Dorpshuis.objects.get()
    assert {name: getattr(now, name) for name in columns} == columns
    assert now.version != house.version
    assert LogEntry.objects.get().verb == "change_settings"


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("teksten", {"tekst": "x" * 401}, "Dit is te lang."),
    ("teksten", {"tekst": "a\0b"}, "Er staat een vreemd teken in."),
    ("internet", {"omlaag": "snel"}, "Vul een heel getal in."),
    ("internet", {"gemeten": "2026-11-24"}, "Deze dag komt nog."),
    ("internet", {"gemeten": "gisteren"}, "Deze dag kennen we niet."),
    ("betalen", {"link": "javascript:alert(1)"}, "Deze link klopt niet."),
    ("betalen", {"link": "http://betaal.example"}, "Deze link klopt niet."),
    ("annuleren", {"dagen": "15"}, "Kies een getal van hoogstens 14."),
    ("annuleren", {"tijd": "laat"}, "Vul een tijd in"),
    ("vooruit", {"vooruit": "0"}, "Kies een getal van 1 of meer."),
    ("vooruit", {"vooruit": ""}, "Vul een heel getal in."),
    ("grenzen", {"per_boeking": "10", "per_gast": "19"}, "Kies minstens twee keer het aantal per boeking: 20 of meer."),
    ("grenzen", {"per_boeking": "31"}, "Kies een getal van hoogstens 30."),
    ("huisregels", {"kort": "  "}, "Zet er minstens een regel in."),
    ("voorzieningen", {"wat_1": ""}, "Vul in wat er is."),
    ("voorzieningen", {"soort_1": "zwembad"}, "Kies uit de lijst."),
    ("binnenkomen", {"iedereen_elk": ""}, "Vul ook in wat iedereen mag lezen."),
    ("binnenkomen", {"manier_avond": "key_safe"}, "Vul ook in wat iedereen mag lezen. Of maak alles leeg."),
    ("binnenkomen", {"iedereen_elk": "De code is 4821."}, "Dit lijkt op een code."),
]


@pytest.mark.parametrize(("subject", "typed", "sentence"), WRONG)
def test_what_can_not_be_is_said_and_nothing_is_kept(
    house: Dorpshuis, desk: Guest, subject: str, typed: dict[str, Any], sentence: str
) -> None:
    page = save(desk, subject, **typed)
    assert page.status == 422
    assert sentence in page.text
    assert Dorpshuis.objects.get().version == house.version
    assert save(desk, subject, page).status in (200, 422)


def test_facilities_are_added_and_taken_away(house: Dorpshuis, desk: Guest) -> None:
    save(desk, "voorzieningen", wat_1="", soort_1="", uitleg_1="", wat_2="Printer", soort_2="printer")
    assert list(Facility.objects.values_list("title", flat=True)) == ["Printer"]
    assert "Printer" in Guest().look(house).text


def test_ways_in_differ_by_dagdeel_and_what_is_private_stays_so(house: Dorpshuis, desk: Guest) -> None:
    save(
        desk, "binnenkomen", manier_avond="key_safe", iedereen_avond="Met een kluisje.", geheim_avond="Onder de zwaluw."
    )
    rows = AccessWay.objects.order_by("dagdeel").values_list("dagdeel", "method", "private_text")
    assert list(rows) == [("", "staffed", "De code is 1234."), ("avond", "key_safe", "Onder de zwaluw.")]
    page = Guest().look(house)
    assert "Met een kluisje." in page.text
    assert "zwaluw" not in page.html


def test_a_way_in_that_is_emptied_is_gone(house: Dorpshuis, desk: Guest) -> None:
    assert save(desk, "binnenkomen", manier_elk="", iedereen_elk="", geheim_elk="").status == 200
    assert not AccessWay.objects.exists()


def test_new_rules_are_a_new_version_and_a_booking_keeps_the_old(house: Dorpshuis, desk: Guest) -> None:
    make_booking(house, WEDNESDAY)
    save(desk, "huisregels", kort="Bellen mag niet.")
    make_booking(house, THURSDAY)
    versions = Reservation.objects.order_by("pk").values_list("house_rules__version", "house_rules__bullets")
    assert list(versions) == [(1, "Een boterham mag.\nBellen mag."), (2, "Bellen mag niet.")]
    assert HouseRules.objects.get(version=2).valid_from == date(2026, 11, 23)


def test_who_booked_keeps_the_deadline_of_then(house: Dorpshuis, desk: Guest) -> None:
    make_booking(house, WEDNESDAY)
    save(desk, "annuleren", dagen="3")
    assert Reservation.objects.get().cancel_days_before == 1


def test_two_of_the_board_on_one_page_overwrite_nothing_unseen(house: Dorpshuis, desk: Guest) -> None:
    mine = desk.get(f"{ROOM}annuleren/")
    save(keeper(house), "annuleren", dagen="3")
    page = save(desk, "annuleren", mine, dagen="5")
    assert page.status == 409
    assert "Iemand anders heeft dit net veranderd." in page.notice
    assert "Hoeveel dagen ervoor?: 3" in page.notice
    assert fields_of(page)["dagen"] == "5"
    assert Dorpshuis.objects.get().cancel_days_before == 3
    assert save(desk, "annuleren", page).status == 200
    assert Dorpshuis.objects.get().cancel_days_before == 5


def test_two_of_the_board_on_the_facilities_too(house: Dorpshuis, desk: Guest) -> None:
    mine = desk.get(f"{ROOM}voorzieningen/")
    save(keeper(house), "voorzieningen", wat_1="Thee")
    page = save(desk, "voorzieningen", mine, wat_1="Limonade")
    assert (page.status, Facility.objects.get().title) == (409, "Thee")
    assert "Thee" in page.notice


def test_another_subject_of_the_same_house_is_in_nobody_s_way(house: Dorpshuis, desk: Guest) -> None:
    mine = desk.get(f"{ROOM}annuleren/")
    save(keeper(house), "vooruit", vooruit="30")
    assert save(desk, "annuleren", mine, dagen="5").status == 200


def test_a_second_tap_is_harmless(desk: Guest) -> None:
    page = desk.get(f"{ROOM}annuleren/")
    for _ in range(2):
        assert save(desk, "annuleren", page, dagen="5").status == 200
    assert LogEntry.objects.count() == 1


def test_an_unknown_subject_is_404(desk: Guest) -> None:
    assert desk.get(f"{ROOM}geheim/").status == 404


def test_the_treasurer_may_and_a_volunteer_may_not(house: Dorpshuis) -> None:
    assert keeper(house, Membership.Role.TREASURER).get(ROOM).status == 200
    assert keeper(house, Membership.Role.VOLUNTEER).get(ROOM).status == 403
    assert keeper(house, Membership.Role.VOLUNTEER).get(f"{ROOM}annuleren/").status == 403


def test_the_pages_keep_their_query_count(house: Dorpshuis, desk: Guest, query_count: QueryCount) -> None:
    desk.get(ROOM)
    with query_count(6):
        desk.get(ROOM)
    for _ in range(5):
        Facility.objects.create(dorpshuis=house, kind="other", title="Iets")
    with query_count(7):
        desk.get(f"{ROOM}voorzieningen/")


def test_which_messages_go_out_is_set_on_one_page(house: Dorpshuis, desk: Guest) -> None:
    page = desk.get(f"{ROOM}berichten/")
    on = [name for name, value in fields_of(page).items() if value == "on"]
    assert ("mis" in on, "herinnering" in on) == (False, True)
    save(desk, "berichten", page, herinnering=None, daglijst="8", mis="on")
    messages = HouseMessages.objects.get()
    assert (messages.reminders, messages.day_list_hour, messages.miss_you, messages.way_in) == (False, 8, True, True)
    assert save(desk, "berichten", page, week=None).status == 409
