"""The figures of a month by mail: when, to whom, once; what is in it and what never is."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from bookings.domain.figures import COUNTS
from bookings.models import ClosedMonth, SlotSummary
from bookings.timed_month import next_months, tell_months
from portal.base.accounts.models import User
from portal.base.log.models import LogEntry
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from tests.bookings.frozen_months import make_closed_month, make_people
from tests.factories import at, make_booking, make_house, make_member, make_user
from tests.guest import WEDNESDAY, Page, on_monday, when
from tests.post import Post
from villages.models import (
    CoordinatorMessages,
    Dorpshuis,
    HouseMessages,
    Membership,
    Municipality,
    Operator,
    TeamMessages,
    Village,
)

pytestmark = [pytest.mark.django_db, on_monday]

Role = Membership.Role
NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
CLOSING, SIXTH = at(date(2026, 12, 5), 1), at(date(2026, 12, 6), 8)
CHOICE = "/bokd/berichten/"


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


def close(house: Dorpshuis, moment: datetime = CLOSING, **counts: Any) -> None:
    """November of this house, and who was there in all houses, as they are closed at this moment."""
    with when(moment):
        make_closed_month(house, NOVEMBER, **{"offered": 40, "used": 10} | counts)
        make_people("house", house.pk, NOVEMBER, unique=9, new=2, returning=7, hidden=["returning"])
        make_people("network", "", NOVEMBER, unique=9, new=5, returning=6)


def coordinator(**choice: Any) -> User:
    user = make_user(is_coordinator=True, name="Ilse")
    if choice:
        CoordinatorMessages.objects.create(user=user, **choice)
    return user


def elsewhere(slug: str = "ginds") -> Dorpshuis:
    """A house in another region."""
    municipality = Municipality.objects.create(gm_code="GM9998", name="Elders", region="Andere regio")
    village = Village.objects.create(
        name="Verdorp", slug="verdorp", municipality=municipality, latitude=52.9, longitude=6.6
    )
    return make_house(slug, name="Ginds", village=village)


def told() -> set[str]:
    return set(OutboxMail.objects.values_list("key", flat=True))


def sent(post: Post, moment: datetime = SIXTH) -> list[Any]:
    """What is sent on the sixth."""
    with when(moment):
        tell_months()
        delivery.sweep()
    return post.mails


def text_of(mail: Any) -> str:
    return " ".join(mail.get_body(("plain",)).get_content().split()).replace("\xa0", " ")


def file_of(mail: Any) -> tuple[str, str]:
    (file,) = mail.iter_attachments()
    return file.get_filename(), file.get_content()


# --- when -------------------------------------------------------------------------------------------------


def test_on_the_sixth_each_gets_it_once(house: Dorpshuis) -> None:
    ilse, board = coordinator(), make_member(house, Role.BOARD)
    close(house)
    with when(at(date(2026, 12, 6), 7, 59)):
        assert (tell_months(), next_months()) == (0, SIXTH)
    with when(SIXTH):
        assert (tell_months(), tell_months()) == (2, 0)
    assert told() == {f"house_month:2026-11:{house.pk}:{board.pk}", f"month:2026-11:{ilse.pk}"}
    assert set(OutboxMail.objects.values_list("lane", flat=True)) == {OutboxMail.Lane.BULK}


def test_before_the_month_is_closed_nothing_is_sent(house: Dorpshuis) -> None:
    coordinator()
    with when(SIXTH):
        make_closed_month(house, NOVEMBER, offered=40)
        assert tell_months() == 0


def test_a_month_that_is_closed_late_is_mailed_later(house: Dorpshuis) -> None:
    coordinator()
    close(house, at(date(2026, 12, 9), 14))
    with when(at(date(2026, 12, 9), 15)):
        assert (tell_months(), next_months()) == (0, at(date(2026, 12, 10), 8))
    with when(at(date(2026, 12, 10), 8)):
        assert tell_months() == 1


def test_what_could_not_be_sent_for_two_weeks_is_not_sent_any_more(house: Dorpshuis) -> None:
    coordinator()
    close(house)
    with when(at(date(2026, 12, 20), 8)):
        assert tell_months() == 1
    assert OutboxMail.objects.get().state == OutboxMail.State.DROPPED


def test_next_is_the_sixth_of_the_next_month(house: Dorpshuis) -> None:
    assert next_months() == SIXTH
    close(house)
    with when(SIXTH):
        assert next_months() == at(date(2027, 1, 6), 8)


# --- to whom ----------------------------------------------------------------------------------------------


def test_who_chose_no_mail_gets_none(house: Dorpshuis) -> None:
    coordinator(monthly=False)
    TeamMessages.objects.create(dorpshuis=house, user=make_member(house, Role.BOARD), monthly=False)
    other = elsewhere()
    make_member(other, Role.BOARD)
    HouseMessages.objects.create(dorpshuis=other, monthly=False)
    make_closed_month(other, NOVEMBER, offered=40)
    close(house)
    with when(SIXTH):
        assert tell_months() == 0


def test_it_is_for_the_board_and_for_who_works_for_bokd(house: Dorpshuis) -> None:
    for role in (Role.HOST, Role.VOLUNTEER, Role.TREASURER):
        make_member(house, role)
    make_user(is_coordinator=True, is_active=False)
    close(house)
    with when(SIXTH):
        assert tell_months() == 0


def test_the_board_of_an_operator_gets_one_of_each_of_its_houses() -> None:
    operator = Operator.objects.create(name="Welzijn")
    houses = [make_house(operator=operator), make_house(operator=operator)]
    user = make_user()
    Membership.objects.create(user=user, operator=operator, role=Role.BOARD)
    close(houses[0])
    make_closed_month(houses[1], NOVEMBER, offered=40)
    with when(SIXTH):
        tell_months()
    assert told() == {f"house_month:2026-11:{house.pk}:{user.pk}" for house in houses}


def test_who_left_or_chose_otherwise_meanwhile_gets_nothing(house: Dorpshuis, post: Post) -> None:
    ilse, board = coordinator(), make_member(house, Role.BOARD)
    gone = make_user(is_coordinator=True)
    close(house)
    with when(SIXTH):
        tell_months()
    User.objects.filter(pk=gone.pk).update(is_coordinator=False)
    CoordinatorMessages.objects.create(user=ilse, monthly=False)
    Membership.objects.filter(user=board).delete()
    assert sent(post) == []


def test_when_no_house_fits_there_is_no_mail(house: Dorpshuis, post: Post) -> None:
    coordinator(region="Andere regio")
    close(house)
    assert sent(post) == []


# --- what is in it ----------------------------------------------------------------------------------------


def test_a_coordinator_reads_the_numbers_and_gets_the_file(house: Dorpshuis, post: Post) -> None:
    ilse = coordinator()
    make_closed_month(house, OCTOBER, offered=50, used=20)
    make_closed_month(elsewhere(), NOVEMBER, offered=60, used=15)
    close(house, no_show=1, late_cancelled=2, social=3)
    (mail,) = sent(post)
    assert (post.recipients, mail["Subject"]) == (
        [ilse.email],
        "Cijfers van november 2026: 25 van 100 plekken gebruikt",
    )
    text = text_of(mail)
    assert "Hoi Ilse, November 2026 is afgesloten. Er deden 2 dorpshuizen mee." in text
    assert "Bezettingsgraad: 25,0%. De maand ervoor: 20 van 50." in text
    assert "Geboekt: 28. Niet gekomen: 1. Laat geannuleerd: 2." in text
    assert "Unieke gasten: 9. Nieuwe gasten: 5. Terugkerende gasten: 6." in text
    assert "- Toetsdorp, Het Huis: 10 van 40" in text
    assert "/bokd/?van=2026-11&tot=2026-11" in text
    assert CHOICE in text
    name, content = file_of(mail)
    assert name == "naoberplek-2026-11-2026-11.csv"
    assert [line.split(";")[4] for line in content.splitlines()] == ["dorpshuis", "Ginds", "Het Huis"]


def test_what_stands_out_is_in_the_mail_of_bokd_and_of_the_board(house: Dorpshuis, post: Post) -> None:
    coordinator()
    make_member(house, Role.BOARD)
    for month in (9, 10):
        make_closed_month(house, date(2026, month, 1), offered=40)
    close(house, used=0)
    texts = [text_of(mail) for mail in sent(post)]
    assert (
        sum(
            "Toetsdorp, Het Huis: al drie maanden leeg. Niemand gebruikte een van de 120 plekken." in text
            for text in texts
        )
        == 1
    )
    assert sum("Dit valt op: - Al drie maanden leeg." in text for text in texts) == 1


def test_of_each_house_all_that_stands_out_is_together(house: Dorpshuis, post: Post) -> None:
    coordinator()
    for month in (9, 10):
        make_closed_month(house, date(2026, month, 1), offered=40, used=10)
    close(house)
    for row in ClosedMonth.objects.all():
        for part in ("middag", "avond"):
            counts = dict.fromkeys(COUNTS, 0) | {"offered": 10}
            SlotSummary.objects.create(closed_month=row, weekday=2, dagdeel=part, **counts)
    (mail,) = sent(post)
    said = (
        "Welk huis kan hulp gebruiken? - Toetsdorp, Het Huis: woensdagmiddag al drie maanden leeg."
        " Niemand gebruikte een van de 30 plekken. Woensdagavond al drie maanden leeg."
    )
    assert said in text_of(mail)


def test_who_chose_a_region_gets_that_alone_and_no_people(house: Dorpshuis, post: Post) -> None:
    coordinator(region="Andere regio")
    make_closed_month(elsewhere(), NOVEMBER, offered=60, used=15)
    close(house)
    (mail,) = sent(post)
    text = text_of(mail)
    assert "In Andere regio deed 1 dorpshuis mee." in text
    assert ("gasten" in text, "Het Huis" in text) == (False, False)
    assert len(file_of(mail)[1].splitlines()) == 2


def test_it_is_in_the_language_that_she_chose(house: Dorpshuis, post: Post) -> None:
    coordinator(language="en")
    close(house)
    (mail,) = sent(post)
    assert mail["Subject"] == "Figures of November 2026: 10 of 40 places used"
    assert "November 2026 has been closed." in text_of(mail)


def test_a_board_reads_its_own_month_beside_the_average(house: Dorpshuis, post: Post) -> None:
    make_member(house, Role.BOARD)
    for _ in range(5):
        make_closed_month(make_house(), NOVEMBER, offered=100, used=30)
    close(house, cents=7500)
    (mail,) = sent(post)
    assert mail["Subject"] == "Het Huis in november 2026: 10 van 40 plekken gebruikt"
    text = text_of(mail)
    assert "Gemiddeld in 5 andere dorpshuizen: 30,0%, 150 van 500 plekken." in text
    assert "Unieke gasten: 9. Nieuwe gasten: <5. Vaste gasten: 0. Inkomsten: € 75,00." in text
    assert "/beheer/het-huis/cijfers/?van=2026-11&tot=2026-11" in text
    name, content = file_of(mail)
    assert (name, len(content.splitlines())) == ("het-huis-naoberplek-2026-11-2026-11.csv", 2)


def test_no_guest_is_in_it(house: Dorpshuis, post: Post) -> None:
    coordinator()
    make_member(house, Role.BOARD)
    reservation = make_booking(house, WEDNESDAY, name="Geheime Gast", email="geheim@voorbeeld.example")
    OutboxMail.objects.all().delete()
    close(house)
    mails = sent(post)
    assert len(mails) == 2
    for mail in mails:
        whole = mail.as_string() + file_of(mail)[1] + text_of(mail)
        assert [words in whole for words in ("Geheime", "geheim@", reservation.reference)] == [False] * 3


# --- the choice of a coordinator ----------------------------------------------------------------------------


@pytest.fixture
def screen(house: Dorpshuis) -> Client:
    client = Client()
    client.force_login(coordinator())
    return client


def test_she_chooses_a_region_and_a_language(screen: Client) -> None:
    answer = screen.post(CHOICE, {"regio": "Toetsregio", "taal": "en"})
    assert (answer.status_code, answer["Location"]) == (302, f"{CHOICE}?bewaard=ja")
    chosen = CoordinatorMessages.objects.get()
    assert (chosen.monthly, chosen.region, chosen.language) == (True, "Toetsregio", "en")
    page = Page(screen.get(f"{CHOICE}?bewaard=ja"))  # type: ignore[arg-type]
    assert [node.text for node in page.tree.all("option") if "selected" in node.attrs] == ["Toetsregio", "English"]


def test_she_chooses_no_mail_and_then_all(screen: Client) -> None:
    screen.post(CHOICE, {"regio": "geen", "taal": "nl"})
    assert not CoordinatorMessages.objects.get().monthly
    screen.post(CHOICE, {"regio": "", "taal": "nl"})
    chosen = CoordinatorMessages.objects.get()
    assert (chosen.monthly, chosen.region) == (True, "")


def test_the_same_choice_twice_writes_once(screen: Client) -> None:
    for _ in range(2):
        screen.post(CHOICE, {"regio": "Toetsregio", "taal": "nl"})
    assert LogEntry.objects.filter(verb="choose_figures").count() == 1


@pytest.mark.parametrize(
    "sent", [{}, {"regio": "Friesland", "taal": "nl"}, {"regio": "", "taal": "fr"}, {"regio": "\x00", "taal": "nl"}]
)
def test_a_choice_that_is_not_there_is_refused_with_a_sentence(screen: Client, sent: dict[str, str]) -> None:
    answer = screen.post(CHOICE, sent)
    assert answer.status_code == 422
    assert "Kies uit de lijst." in answer.content.decode()
    assert not CoordinatorMessages.objects.exists()


def test_somebody_of_the_board_switches_it_off_for_herself(house: Dorpshuis) -> None:
    client = Client()
    client.force_login(make_member(house, Role.BOARD))
    client.post("/beheer/het-huis/mijn-berichten/", {"daglijst": "", "week": "on"})
    close(house)
    with when(SIXTH):
        assert tell_months() == 0
