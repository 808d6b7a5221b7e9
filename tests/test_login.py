"""The way in by a code that is mailed, and the way out."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from portal.base import clock
from portal.base.accounts import codes
from portal.base.accounts.models import LoginCode, User
from portal.base.cache import SteadyRedisCache
from portal.base.models import OutboxMail
from portal.base.tasks import forget_log_ins
from portal.login import HOUR_SECONDS
from tests.factories import make_house, make_member, make_user
from tests.guest import Page, on_monday
from tests.mailed import code_for, wrong

pytestmark = [pytest.mark.django_db, on_monday]

EMAIL = "anna@voorbeeld.example"
LIMIT = 5  # codes for one address within ten minutes


@pytest.fixture
def anna() -> User:
    return make_user(EMAIL, name="Anna")


def ask(client: Client, email: str = EMAIL, **more: str) -> Page:
    return Page(client.post("/inloggen/", {"email": email, **more}))  # type: ignore[arg-type]


def enter(client: Client, code: str) -> Page:
    return Page(client.post("/inloggen/code/", {"code": code}))  # type: ignore[arg-type]


def log_in(client: Client, email: str = EMAIL, **more: str) -> Page:
    ask(client, email, **more)
    return enter(client, code_for(email.strip().lower()))


def is_in(client: Client) -> bool:
    return SESSION_KEY in client.session


# --- in ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", [EMAIL, "Anna@Voorbeeld.example", f" {EMAIL} "])
def test_the_code_from_the_mail_lets_her_in(client: Client, anna: User, email: str) -> None:
    answer = ask(client, email)
    assert (answer.status, answer.response["Location"]) == (302, "/inloggen/code/")
    assert enter(client, code_for(EMAIL)).status == 302
    assert client.session[SESSION_KEY] == str(anna.pk)


def test_the_code_may_be_typed_with_spaces(client: Client, anna: User) -> None:
    ask(client)
    code = code_for(EMAIL)
    enter(client, f" {code[:3]} {code[3:]} ")
    assert is_in(client)


def test_who_is_unknown_becomes_a_member_by_her_code_and_not_before(client: Client) -> None:
    ask(client)
    assert not User.objects.exists()
    enter(client, code_for(EMAIL))
    user = User.objects.get()
    assert (user.email, user.has_usable_password(), user.is_staff, user.is_coordinator) == (EMAIL, False, False, False)
    assert client.session[SESSION_KEY] == str(user.pk)


def test_her_address_is_hers_from_then_on(client: Client, anna: User) -> None:
    log_in(client)
    assert list(EmailAddress.objects.values_list("user", "email", "verified", "primary")) == [
        (anna.pk, EMAIL, True, True)
    ]


def test_an_address_that_moved_to_her_is_no_longer_another_s(client: Client, anna: User) -> None:
    other = make_user("oud@voorbeeld.example")
    EmailAddress.objects.create(user=other, email=EMAIL, verified=True, primary=True)
    log_in(client)
    assert list(EmailAddress.objects.values_list("user", flat=True)) == [anna.pk]


def test_somebody_unknown_gets_the_same_answer_with_the_same_work(anna: User) -> None:
    found = []
    for email in (EMAIL, "niemand@voorbeeld.example"):
        client = Client()
        with CaptureQueriesContext(connection) as made:
            asked = ask(client, email)
        shown = Page(client.get("/inloggen/code/")).text.replace(email, "•")  # type: ignore[arg-type]
        statements = [query["sql"].split(" ")[:3] for query in made]
        found.append((asked.status, asked.response["Location"], shown, statements))
    assert found[0] == found[1]
    assert OutboxMail.objects.filter(lane=OutboxMail.Lane.CODE).count() == 2


def test_logging_in_begins_a_new_session_that_lasts(client: Client, anna: User) -> None:
    ask(client)
    before = client.session
    assert before.get_expiry_age() == HOUR_SECONDS
    enter(client, code_for(EMAIL))
    assert client.session.session_key != before.session_key
    assert client.session.get_expiry_age() > HOUR_SECONDS


# --- not in -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "email", ["", "geen adres", f"{EMAIL}\x00", f"{EMAIL}\u200b", "x" * 5_000, "a@" + "b" * 300 + ".nl"]
)
def test_what_is_no_address_is_422_and_says_so(client: Client, email: str) -> None:
    page = ask(client, email)
    assert (page.status, OutboxMail.objects.count()) == (422, 0)
    assert page.notice


def test_what_was_typed_comes_back_escaped(client: Client) -> None:
    page = ask(client, '"><script>alert(1)</script>')
    assert page.tree.one("input", name="email").attrs["value"] == '"><script>alert(1)</script>'
    assert "<script>alert" not in page.html


@pytest.mark.parametrize("typed", ["", "abc", "\x00", "1" * 10_000, "٠١٢٣٤٥"])
def test_what_is_no_code_is_422_and_counts_as_a_try(client: Client, anna: User, typed: str) -> None:
    ask(client)
    page = enter(client, typed)
    assert (page.status, is_in(client)) == (422, False)
    assert page.notice.endswith("Je kunt het nog 4 keer proberen.")


def test_after_five_wrong_tries_the_right_code_is_worth_nothing(client: Client, anna: User) -> None:
    ask(client)
    code = code_for(EMAIL)
    pages = [enter(client, wrong(code)) for _ in range(codes.TRIES)]
    assert "nog één keer" in pages[-2].notice
    assert pages[-1].notice == "Deze code werkt niet meer. Vraag een nieuwe code."
    assert not pages[-1].tree.all("input", name="code")
    assert (enter(client, code).status, is_in(client)) == (422, False)


def test_a_code_works_once(client: Client, anna: User) -> None:
    ask(client)
    code, pending = code_for(EMAIL), client.session["login_code"]
    enter(client, code)
    client.post("/uitloggen/")
    session = client.session
    session["login_code"] = pending  # as if this browser kept the page from before
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    assert (enter(client, code).status, is_in(client)) == (422, False)


def test_a_code_works_only_in_the_browser_that_asked(client: Client, anna: User) -> None:
    ask(client)
    other = Client()
    page = enter(other, code_for(EMAIL))
    assert (page.status, is_in(other)) == (422, False)
    assert "in deze browser" in page.notice
    asked_too = Client()
    ask(asked_too, "bert@voorbeeld.example")
    assert (enter(asked_too, code_for(EMAIL)).status, is_in(asked_too)) == (422, False)


def test_a_code_is_over_after_a_quarter_of_an_hour(client: Client, anna: User) -> None:
    ask(client)
    code = code_for(EMAIL)
    with time_machine.travel(clock.now() + codes.LIFE + timedelta(seconds=1)):
        page = enter(client, code)
        assert (page.status, is_in(client)) == (422, False)
    assert page.notice == "Deze code werkt niet meer. Vraag een nieuwe code."


def test_a_new_code_takes_the_place_of_the_old(client: Client, anna: User) -> None:
    ask(client)
    old = code_for(EMAIL)
    assert client.post("/inloggen/code/", {"nieuw": "ja"}).status_code == 302
    new = code_for(EMAIL)
    assert LoginCode.objects.count() == 1
    if old != new:
        enter(client, old)
        assert not is_in(client)
    enter(client, new)
    assert is_in(client)


def test_the_page_for_the_code_leads_back_when_no_code_was_asked(client: Client) -> None:
    answer = client.get("/inloggen/code/")
    assert (answer.status_code, answer["Location"]) == (302, "/inloggen/")


def test_who_may_no_longer_log_in_is_refused(client: Client, anna: User) -> None:
    User.objects.update(is_active=False)
    page = log_in(client)
    assert (page.status, is_in(client)) == (422, False)
    assert page.notice.startswith("Met dit e-mailadres kun je niet meer inloggen.")


def test_a_code_that_nobody_used_is_forgotten_with_its_address(client: Client) -> None:
    ask(client)
    with time_machine.travel(clock.now() + codes.LIFE + timedelta(seconds=1)):
        forget_log_ins()
    assert not LoginCode.objects.exists()


def test_the_code_stands_nowhere_in_the_database_in_plain_words(client: Client, anna: User) -> None:
    ask(client)
    row, mail = LoginCode.objects.get(), OutboxMail.objects.get()
    kept = str([row.digest, mail.sealed, mail.subject, mail.key, *client.session.items()])
    assert code_for(EMAIL) not in re.findall(r"\w+", kept)


# --- how often --------------------------------------------------------------------------------------------


def test_one_address_gets_five_codes_in_ten_minutes(client: Client) -> None:
    found = [ask(Client()).status for _ in range(LIMIT + 1)]
    assert found == [302] * LIMIT + [429]
    page = ask(client)
    assert page.notice == "Er zijn te veel codes gevraagd. Probeer het later nog een keer."
    assert ask(client, "bert@voorbeeld.example").status == 302


def test_the_button_for_a_new_code_is_under_the_same_limit(client: Client) -> None:
    ask(client)
    found = [client.post("/inloggen/code/", {"nieuw": "ja"}).status_code for _ in range(LIMIT)]
    assert found == [302] * (LIMIT - 1) + [429]
    enter(client, code_for(EMAIL))  # the last one that was sent
    assert is_in(client)


def test_without_redis_the_limit_stands_and_nobody_sees_an_error(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = {"BACKEND": "portal.base.cache.SteadyRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": gone}
    monkeypatch.setattr(SteadyRedisCache, "_left_alone_until", 0.0)
    assert isinstance(caches["default"], SteadyRedisCache)
    caches["default"].clear()
    assert [ask(client).status for _ in range(LIMIT + 1)] == [302] * LIMIT + [429]


@pytest.mark.urls("tests.demo.urls")
@pytest.mark.parametrize(
    ("demo", "headers", "last"),
    [
        (True, {}, 302),
        (True, {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}, 429),
        (True, {"HTTP_X_FORWARDED_FOR": "127.0.0.1", "REMOTE_ADDR": "192.0.2.1"}, 429),
        (False, {}, 429),
    ],
)
def test_the_limit_is_off_only_at_the_machine_of_the_demo(
    client: Client, settings: Settings, demo: bool, headers: dict[str, Any], last: int
) -> None:
    settings.DEMO, settings.TRUSTED_PROXIES = demo, ["127.0.0.1"]
    found = [client.post("/inloggen/", {"email": EMAIL}, **headers).status_code for _ in range(LIMIT + 1)]
    assert found[-1] == last


def test_a_forwarded_address_of_a_stranger_counts_for_nothing(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "2/h/ip"}
    extra: list[dict[str, Any]] = [{"HTTP_X_FORWARDED_FOR": f"203.0.113.{n}"} for n in range(3)]
    found = [client.post("/inloggen/", {"email": EMAIL}, **one).status_code for one in extra]
    assert found == [302, 302, 429]


# --- whereto ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["/beheer/het-huis/", "/bokd/?x=1", "/dorpshuizen/"])
def test_she_goes_on_to_the_page_that_asked(client: Client, anna: User, where: str) -> None:
    page = Page(client.get("/inloggen/", {"next": where}))  # type: ignore[arg-type]
    (asked,) = {field.attrs["value"] for field in page.tree.all("input", name="next")}
    assert log_in(client, next=asked).response["Location"] == where


@pytest.mark.parametrize(
    "where",
    ["https://kwaad.example/", "//kwaad.example", "/\\kwaad.example", "javascript:alert(1)", "kwaad", "", "\x00"],
)
def test_she_never_goes_on_to_another_site(client: Client, anna: User, where: str) -> None:
    assert log_in(client, next=where).response["Location"] == BEGIN


BEGIN = "/mijn/"


def test_who_runs_a_house_begins_there(client: Client) -> None:
    volunteer = make_member(make_house("het-huis"))
    assert log_in(client, volunteer.email).response["Location"] == "/beheer/"


def test_a_coordinator_begins_at_the_figures(client: Client) -> None:
    make_user(EMAIL, is_coordinator=True)
    assert log_in(client).response["Location"] == "/bokd/"


# --- out --------------------------------------------------------------------------------------------------


def test_logging_out_ends_it(client: Client) -> None:
    client.force_login(make_member(make_house("het-huis")))
    assert client.get("/beheer/het-huis/").status_code == 200
    answer = client.post("/uitloggen/")
    assert (answer.status_code, answer["Location"], SESSION_KEY in client.session) == (302, "/", False)
    assert client.get("/beheer/het-huis/").status_code == 302


def test_another_site_can_not_log_her_out(anna: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna)
    assert client.post("/uitloggen/").status_code == 403
    assert client.get("/uitloggen/").status_code == 405
    assert SESSION_KEY in client.session


@pytest.mark.parametrize("path", ["/accounts/signup/", "/inloggen/wachtwoord/", "/accounts/password/reset/"])
def test_there_is_no_page_to_sign_up_or_for_a_password(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
