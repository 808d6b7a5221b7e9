"""A member changes her e-mail address: shown to be hers first, told to the old one, and no oracle."""

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.base.accounts.models import User
from portal.base.models import OutboxMail
from portal.base.outbox.sealed import unseal
from tests.factories import make_booking, make_house, make_member, make_user
from tests.guest import WEDNESDAY, WEDNESDAY_NOON, on_monday
from tests.mailed import code_for, wrong
from tests.test_keys import get, post
from tests.test_login import EMAIL, is_in, log_in
from villages.models import Membership

pytestmark = [pytest.mark.django_db, on_monday]

NEW = "nieuw@voorbeeld.example"


@pytest.fixture
def her(client: Client) -> Client:
    """The browser of Anna, a volunteer, who has just logged in."""
    user = make_member(make_house("het-huis"))
    User.objects.filter(pk=user.pk).update(email=EMAIL, name="Anna")
    log_in(client)
    return client


def move(client: Client, email: str = NEW) -> str:
    """Ask for another address, type the code; gives what she reads then."""
    post(client, "/mijn/adres/", email=email)
    page = post(client, "/mijn/adres/code/", code=code_for(email))
    return page.text if page.status != 302 else get(client, page.response["Location"]).text


def test_the_new_address_is_hers_once_its_code_was_typed(her: Client) -> None:
    assert "Je e-mailadres is veranderd." in move(her)
    user = User.objects.get(name="Anna")
    assert user.email == NEW
    assert list(EmailAddress.objects.values_list("user", "email", "verified")) == [(user.pk, NEW, True)]
    assert Membership.objects.filter(user=user).exists()


def test_nothing_changes_before_the_code_is_right(her: Client) -> None:
    post(her, "/mijn/adres/", email=NEW)
    code = code_for(NEW)
    assert post(her, "/mijn/adres/code/", code=wrong(code)).notice.endswith("Je kunt het nog 4 keer proberen.")
    for _ in range(4):
        page = post(her, "/mijn/adres/code/", code=wrong(code))
    assert page.notice == "Deze code werkt niet meer. Vraag een nieuwe code."
    assert post(her, "/mijn/adres/code/", code=code).status == 422
    assert User.objects.get(name="Anna").email == EMAIL


def test_the_code_for_an_address_works_in_no_other_browser(her: Client) -> None:
    post(her, "/mijn/adres/", email=NEW)
    other = Client()
    log_in(other)
    assert post(other, "/mijn/adres/code/", code=code_for(NEW)).response["Location"] == "/mijn/adres/"
    assert User.objects.get(name="Anna").email == EMAIL


def test_the_old_address_gets_a_mail_that_does_not_tell_the_new_one(her: Client) -> None:
    move(her)
    mail = OutboxMail.objects.filter(recipient=EMAIL).latest("pk")
    message = unseal(mail.sealed)
    assert message is not None
    assert message.subject == "Je logt voortaan in met een ander e-mailadres"
    assert NEW not in str(message.body)
    assert "n…@voorbeeld.example" in str(message.body)


def test_my_bookings_are_those_of_the_new_address_also_from_before(her: Client) -> None:
    house = make_house("ander-huis")
    make_booking(house, WEDNESDAY, email=NEW)
    make_booking(house, WEDNESDAY_NOON, email=EMAIL)
    assert "woensdag 25 november, middag" in get(her, "/mijn/").text.lower()
    move(her)
    shown = get(her, "/mijn/").text.lower()
    assert "woensdag 25 november, ochtend" in shown
    assert "woensdag 25 november, middag" not in shown


def test_the_page_says_beforehand_what_becomes_of_the_old_bookings(her: Client) -> None:
    assert "gebruik je de link in de mail van die boeking" in get(her, "/mijn/adres/").text


def test_an_address_that_an_account_has_gets_the_same_answer_with_the_same_work(her: Client) -> None:
    make_user("bezet@voorbeeld.example")
    found = []
    for email in ("bezet@voorbeeld.example", "vrijj@voorbeeld.example"):
        with CaptureQueriesContext(connection) as made:
            answer = post(her, "/mijn/adres/", email=email)
        page = get(her, "/mijn/adres/code/").text.replace(email, "•")
        found.append((answer.status, answer.response["Location"], page, [q["sql"].split(" ")[:3] for q in made][:3]))
    assert found[0] == found[1]


def test_only_who_has_the_code_hears_that_an_account_has_the_address(her: Client) -> None:
    make_user(NEW)
    assert "Er is al een account met dit adres. Log uit, en log daarmee in." in move(her)
    assert sorted(User.objects.values_list("email", flat=True)) == sorted([EMAIL, NEW])
    assert is_in(her)


@pytest.mark.parametrize("email", ["", "geen adres", f"{NEW}\x00", "x" * 5_000, EMAIL, EMAIL.upper()])
def test_what_is_no_other_address_is_422(her: Client, email: str) -> None:
    page = post(her, "/mijn/adres/", email=email)
    assert (page.status, bool(page.notice)) == (422, True)


def test_asking_for_codes_for_an_address_is_under_the_limit_of_that_address(her: Client) -> None:
    found = [post(her, "/mijn/adres/", email=NEW).status for _ in range(6)]
    assert found == [302] * 5 + [429]


def test_with_the_old_address_she_begins_a_new_account(her: Client) -> None:
    move(her)
    other = Client()
    log_in(other)
    assert User.objects.get(email=EMAIL).name == ""
    assert other.get("/beheer/het-huis/").status_code == 404
