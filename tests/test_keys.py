"""How a member logs in beside the code of a mail: an app for codes, codes on paper, and where she is logged in."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.test import Client
from pytest_django import Settings

from portal.base import clock
from portal.base.accounts.models import Browser, User
from portal.base.accounts.sessions import LASTING, OF_THOSE_IN_CHARGE, RECENT
from portal.base.cache import SteadyRedisCache
from tests.factories import make_user
from tests.guest import Page, on_monday, without_tokens
from tests.mailed import code_for, wrong
from tests.test_login import EMAIL, ask, enter, is_in, log_in

pytestmark = [pytest.mark.django_db, on_monday]

ROOM = "/mijn/inloggen/"
PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture
def anna() -> User:
    return make_user(EMAIL, name="Anna")


@pytest.fixture
def her(client: Client, anna: User) -> Client:
    """Anna's browser, in which she has just logged in."""
    log_in(client)
    return client


def app_code(secret: str, at: datetime | None = None) -> str:
    """What her app shows."""
    return str(format_hotp_value(hotp_value(secret, int((at or clock.now()).timestamp()) // 30)))


def get(client: Client, path: str) -> Page:
    return Page(client.get(path))  # type: ignore[arg-type]


def post(client: Client, path: str, **fields: str) -> Page:
    return Page(client.post(path, fields))  # type: ignore[arg-type]


def begin_app(client: Client) -> str:
    """Begin with an app; gives the secret that the page shows."""
    post(client, ROOM + "code-app/", begin="ja")
    return get(client, ROOM + "code-app/").tree.one("b", class_="secret").text.replace(" ", "")


def set_up_app(client: Client) -> tuple[str, list[str]]:
    """Turn an app on; gives its secret and the codes for on paper."""
    secret = begin_app(client)
    page = post(client, ROOM + "code-app/", code=app_code(secret))
    assert page.status == 200
    return secret, [node.text.replace(" ", "") for node in page.tree.all("b", class_="secret")]


def later(by: timedelta = 2 * HALF_A_MINUTE) -> time_machine.travel:
    """A while later: an app shows another code by then."""
    return time_machine.travel(clock.now() + by, tick=False)


# --- an app for codes -------------------------------------------------------------------------------------


def test_with_an_app_the_code_of_the_mail_is_only_the_first_step(her: Client) -> None:
    secret, _ = set_up_app(her)
    with later():
        other = Client()
        answer = log_in(other, next="/mijn/gegevens/")
        assert (answer.response["Location"], is_in(other)) == ("/inloggen/code-app/", False)
        answer = post(other, "/inloggen/code-app/", code=app_code(secret))
        assert (answer.response["Location"], is_in(other)) == ("/mijn/gegevens/", True)


def test_nothing_is_on_before_a_code_of_the_app_was_typed(her: Client) -> None:
    secret = begin_app(her)
    page = post(her, ROOM + "code-app/", code=wrong(app_code(secret)))
    assert (page.status, Authenticator.objects.exists()) == (422, False)
    assert page.notice.startswith("Deze code klopt niet.")


def test_looking_at_the_page_of_the_app_begins_nothing(her: Client) -> None:
    get(her, ROOM + "code-app/")
    assert "new_app" not in her.session


def test_the_secret_of_an_app_stands_nowhere_in_plain_letters(her: Client) -> None:
    secret = begin_app(her)
    assert secret not in str(dict(her.session.items()))
    post(her, ROOM + "code-app/", code=app_code(secret))
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


@pytest.mark.parametrize("typed", ["", "abc", "\x00", "1" * 10_000, "٠١٢٣٤٥"])
def test_what_is_no_code_of_the_app_is_422(her: Client, typed: str) -> None:
    set_up_app(her)
    other = Client()
    log_in(other)
    assert (post(other, "/inloggen/code-app/", code=typed).status, is_in(other)) == (422, False)


def test_a_code_of_the_app_works_once(her: Client) -> None:
    secret, _ = set_up_app(her)
    with later():
        code = app_code(secret)
        found = []
        for browser in (Client(), Client()):
            log_in(browser)
            post(browser, "/inloggen/code-app/", code=code)
            found.append(is_in(browser))
    assert found == [True, False]


def test_the_code_with_which_the_app_was_set_up_is_used_too(her: Client) -> None:
    secret = begin_app(her)
    code = app_code(secret)
    post(her, ROOM + "code-app/", code=code)
    other = Client()
    log_in(other)
    assert post(other, "/inloggen/code-app/", code=code).status == 422


def test_the_code_of_the_app_works_only_in_the_browser_of_the_first_step(her: Client) -> None:
    secret, _ = set_up_app(her)
    with later():
        log_in(Client())
        stranger = Client()
        answer = post(stranger, "/inloggen/code-app/", code=app_code(secret))
    assert (answer.response["Location"], is_in(stranger)) == ("/inloggen/", False)


def five_wrong_codes(browser: Client, secret: str) -> list[int]:
    log_in(browser)
    code = app_code(secret)
    tries = [post(browser, "/inloggen/code-app/", code=wrong(code)).status for _ in range(5)]
    return [*tries, post(browser, "/inloggen/code-app/", code=code).status]


def test_who_was_deleted_between_the_two_steps_begins_anew(her: Client, anna: User) -> None:
    secret, _ = set_up_app(her)
    other = Client()
    log_in(other)
    anna.delete()
    answers = [get(other, "/inloggen/code-app/"), post(other, "/inloggen/code-app/", code=app_code(secret))]
    assert [(page.status, page.response["Location"]) for page in answers] == [(302, "/inloggen/")] * 2


def test_after_five_wrong_codes_the_right_one_has_to_wait(her: Client) -> None:
    secret, _ = set_up_app(her)
    with later():
        browser = Client()
        assert five_wrong_codes(browser, secret) == [422] * 5 + [429]
        log_in(browser)  # a new first step begins no new count
        assert post(browser, "/inloggen/code-app/", code=app_code(secret)).status == 429
    with later(timedelta(minutes=12)):
        log_in(browser)
        assert post(browser, "/inloggen/code-app/", code=app_code(secret)).status == 302


def test_without_redis_five_wrong_codes_are_enough_too(
    her: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, _ = set_up_app(her)
    gone = {"BACKEND": "portal.base.cache.SteadyRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": gone}
    monkeypatch.setattr(SteadyRedisCache, "_left_alone_until", 0.0)
    caches["default"].clear()
    with later():
        assert five_wrong_codes(Client(), secret) == [422] * 5 + [429]


def test_the_app_can_be_turned_off(her: Client) -> None:
    set_up_app(her)
    post(her, ROOM + "code-app/", uit="ja")
    assert not Authenticator.objects.exists()
    other = Client()
    log_in(other)
    assert is_in(other)


def test_with_another_secret_key_an_app_lets_nobody_in(her: Client, settings: Settings) -> None:
    secret, paper = set_up_app(her)
    with later():
        settings.SECRET_KEY = "een-andere-sleutel"
        browser = Client()
        log_in(browser)
        found = [post(browser, "/inloggen/code-app/", code=code).status for code in (app_code(secret), paper[0])]
    assert (found, is_in(browser)) == ([422, 422], False)


# --- codes on paper ---------------------------------------------------------------------------------------


def test_who_lost_her_phone_logs_in_with_a_code_from_paper_and_only_once(her: Client) -> None:
    _, paper = set_up_app(her)
    assert len(set(paper)) == 10
    found = []
    for browser in (Client(), Client()):
        log_in(browser)
        post(browser, "/inloggen/code-app/", code=f"{paper[3][:4]} {paper[3][4:]}")
        found.append(is_in(browser))
    assert found == [True, False]
    assert "Je hebt nog 9 noodcodes." in get(her, ROOM).text


def test_the_page_says_what_to_do_when_phone_and_paper_are_lost(her: Client) -> None:
    set_up_app(her)
    browser = Client()
    log_in(browser)
    assert "Bel je dorpshuis." in get(browser, "/inloggen/code-app/").text


def test_new_codes_for_on_paper_take_the_place_of_the_old(her: Client) -> None:
    _, old = set_up_app(her)
    page = post(her, ROOM + "code-app/noodcodes/")
    new = [node.text.replace(" ", "") for node in page.tree.all("b", class_="secret")]
    assert not set(old) & set(new)
    browser = Client()
    log_in(browser)
    assert [post(browser, "/inloggen/code-app/", code=code).status for code in (old[0], new[0])] == [422, 302]


def test_the_codes_for_on_paper_are_shown_once(her: Client) -> None:
    _, paper = set_up_app(her)
    for path in (ROOM, ROOM + "code-app/", ROOM + "code-app/noodcodes/"):
        shown = get(her, path).tree.text
        assert not [code for code in paper if code in shown or f"{code[:4]} {code[4:]}" in shown]


# --- shown just now ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [ROOM + "apparaat/", ROOM + "code-app/", "/mijn/adres/"])
def test_after_a_quarter_of_an_hour_she_shows_again_that_it_is_her(her: Client, asked: str) -> None:
    assert get(her, asked).status == 200
    with later(RECENT + timedelta(seconds=1)):
        back = get(her, asked).response["Location"]
        assert back == f"/mijn/inloggen/nog-een-keer/?next={asked}"
        post(her, back, nieuw="ja")
        code = code_for(EMAIL)
        assert post(her, back, code=wrong(code)).notice.endswith("Je kunt het nog 4 keer proberen.")
        assert post(her, back, code=code, next=asked).response["Location"] == asked
        assert get(her, asked).status == 200


def test_asking_for_a_code_keeps_the_whole_of_where_she_was_going(her: Client) -> None:
    page = post(her, ROOM + "nog-een-keer/", nieuw="ja", next="/mijn/?toon=geweest&blad=2")
    assert get(her, page.response["Location"]).tree.all("input", name="next")[0].attrs["value"] == (
        "/mijn/?toon=geweest&blad=2"
    )


def test_who_has_an_app_shows_that_and_not_a_code_by_mail(her: Client) -> None:
    secret, _ = set_up_app(her)
    with later(RECENT + timedelta(seconds=1)):
        page = post(her, ROOM + "nog-een-keer/", nieuw="ja")
        assert page.status == 422
        assert post(her, ROOM + "nog-een-keer/", code=app_code(secret)).status == 302
        assert get(her, ROOM + "code-app/").status == 200


# --- where she is logged in -------------------------------------------------------------------------------


def browsers(page: Page) -> list[str]:
    return [node.text for node in page.tree.all("ul", class_="list keys")[-1].all("p")]


def on_phone() -> Client:
    browser = Client(headers={"user-agent": PHONE})
    log_in(browser)
    return browser


def test_she_sees_in_plain_words_where_she_is_logged_in(her: Client) -> None:
    on_phone()
    shown = browsers(get(her, ROOM))
    assert any(words.startswith("Chrome op Android") for words in shown)
    assert [words for words in shown if "(hier)" in words] == [words for words in shown if "Een andere" in words]


def test_she_logs_out_in_one_other_browser(her: Client) -> None:
    phone, tablet = on_phone(), on_phone()
    number = Browser.objects.get(session=phone.session.session_key).pk
    post(her, ROOM + "browsers/", browser=str(number))
    assert [is_in(browser) for browser in (her, phone, tablet)] == [True, False, True]


def test_she_logs_out_everywhere_else(her: Client) -> None:
    others = [on_phone(), on_phone()]
    post(her, ROOM + "browsers/")
    assert [is_in(browser) for browser in (her, *others)] == [True, False, False]
    assert others[0].get("/mijn/").status_code == 302


def test_nobody_logs_out_another_person(her: Client) -> None:
    other = Client()
    log_in(other, "bert@voorbeeld.example")
    number = Browser.objects.get(user__email="bert@voorbeeld.example").pk
    assert post(her, ROOM + "browsers/", browser=str(number)).status == 302
    post(her, ROOM + "browsers/")
    assert is_in(other)


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 40, "\x00", "²"])
def test_a_browser_that_is_not_there_is_simply_out(her: Client, number: str) -> None:
    assert post(her, ROOM + "browsers/", browser=number).status == 302
    assert is_in(her)


def test_logging_out_leaves_no_trace_of_the_browser(her: Client) -> None:
    her.post("/uitloggen/")
    assert not Browser.objects.exists()
    assert not Session.objects.exists()


def test_when_she_was_last_here_is_known_to_the_day_and_no_finer(her: Client) -> None:
    with later(timedelta(days=3)):
        her.get("/mijn/")
        row = Browser.objects.get()
        assert (row.seen_on, row.since.date()) == (clock.today(), clock.today() - timedelta(days=3))
        assert her.session.get_expiry_age() == LASTING.total_seconds()


def test_of_a_browser_only_two_words_are_kept(her: Client) -> None:
    on_phone()
    row = Browser.objects.latest("pk")
    kept = {name: value for name, value in vars(row).items() if isinstance(value, str) and name != "session_id"}
    assert kept == {"browser": "Chrome", "system": "Android"}


@pytest.mark.parametrize(
    ("who", "lasts"),
    [({}, LASTING), ({"is_coordinator": True}, OF_THOSE_IN_CHARGE), ({"is_staff": True}, OF_THOSE_IN_CHARGE)],
)
def test_one_rule_says_how_long_she_stays_in(client: Client, who: dict[str, bool], lasts: timedelta) -> None:
    make_user(EMAIL, **who)
    log_in(client)
    assert client.session.get_expiry_age() == lasts.total_seconds()


def test_logging_in_as_another_ends_the_first_in_this_browser(her: Client) -> None:
    her.cookies["boekingen"] = "wat Anna boekte"
    log_in(her, "bert@voorbeeld.example")
    assert her.session[SESSION_KEY] == str(User.objects.get(email="bert@voorbeeld.example").pk)
    assert [row.user.email for row in Browser.objects.all()] == ["bert@voorbeeld.example"]
    assert her.cookies["boekingen"].value == ""
    for path in ("/mijn/", "/mijn/gegevens/", ROOM, "/"):
        assert not re.search(f"Anna|{EMAIL}", without_tokens(get(her, path).html))


def test_logging_in_where_she_is_in_already_gives_a_new_session_and_ends_the_old(her: Client) -> None:
    before = her.session.session_key
    for _ in range(2):
        assert log_in(her).status == 302
    assert is_in(her)
    assert her.session.session_key != before
    assert [row.session_id for row in Browser.objects.all()] == [her.session.session_key]
    assert len(her.session["account_authentication_methods"]) == 3


# --- administrators ---------------------------------------------------------------------------------------


@pytest.fixture
def administrator(anna: User) -> User:
    User.objects.update(is_staff=True, is_superuser=True)
    return anna


def way_in(client: Client) -> str:
    """Where the Django admin leads to."""
    return str(client.get("/admin/", follow=True).request["PATH_INFO"])


def test_the_admin_asks_for_the_log_in_of_everybody(client: Client) -> None:
    assert way_in(client) == "/inloggen/"
    answer = client.post("/admin/login/", {"username": EMAIL, "password": "x"})
    assert answer["Location"].startswith("/inloggen/")
    assert client.get("/admin/password_change/", follow=True).request["PATH_INFO"] == "/inloggen/"


def test_an_administrator_without_a_second_factor_is_led_to_setting_one_up(client: Client, administrator: User) -> None:
    log_in(client)
    assert way_in(client) == "/mijn/inloggen/tweede-stap/"
    assert "zet een code-app aan" in get(client, "/mijn/inloggen/tweede-stap/").text
    set_up_app(client)
    assert way_in(client) == "/admin/"


def test_an_administrator_with_an_app_is_in_by_two_steps(client: Client, administrator: User) -> None:
    log_in(client)
    secret, _ = set_up_app(client)
    with later():
        other = Client()
        log_in(other, next="/admin/")
        assert way_in(other) == "/inloggen/"
        assert post(other, "/inloggen/code-app/", code=app_code(secret)).response["Location"] == "/admin/"
        assert way_in(other) == "/admin/"


def test_with_only_a_code_by_mail_nobody_gives_herself_an_administrator_s_factor(
    client: Client, administrator: User
) -> None:
    key = Authenticator.objects.create(user=administrator, type="webauthn", data={"name": "Pixel"})
    log_in(client)
    for path in ("apparaat/", "code-app/", f"apparaat/{key.pk}/"):
        for answer in (get(client, ROOM + path), post(client, ROOM + path, begin="ja", doe="weg")):
            assert answer.response["Location"].startswith("/mijn/inloggen/tweede-stap/")
    assert way_in(client) == "/mijn/inloggen/tweede-stap/"
    assert post(client, ROOM + "tweede-stap/", code="123456").status == 422


def test_who_is_no_administrator_reads_that_she_may_not(her: Client) -> None:
    set_up_app(her)
    assert her.get("/admin/", follow=True).status_code == 403


def test_an_administrator_takes_away_what_somebody_lost_and_sees_no_secret(client: Client, administrator: User) -> None:
    log_in(client)
    set_up_app(client)
    row = Authenticator.objects.create(user=make_user(), type="totp", data={"secret": "geheim"})
    page = f"/admin/mfa/authenticator/{row.pk}/"
    assert "geheim" not in client.get(page + "change/").content.decode()
    client.post(page + "delete/", {"post": "yes"})
    assert not Authenticator.objects.filter(pk=row.pk).exists()


# --- what the cache holds ---------------------------------------------------------------------------------


def test_no_address_code_key_or_token_ever_enters_the_cache(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    anna = make_user(EMAIL, name="Anna", pk=7_160_412_095)  # a number that counts or measures nothing
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "read"}}
    cache, secrets = caches["default"], [EMAIL, "anna", "203.0.113.7", str(anna.pk)]

    def spy(method: Callable[..., object]) -> Callable[..., object]:
        def noted(key: str, *args: object, **kwargs: object) -> object:
            written.append(f"{key} {args} {kwargs}")
            return method(key, *args, **kwargs)

        return noted

    for name in ("add", "set", "incr"):
        monkeypatch.setattr(cache, name, spy(getattr(cache, name)))
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    client = Client(headers={"x-forwarded-for": "203.0.113.7"})
    ask(client)
    code = code_for(EMAIL)
    enter(client, wrong(code))
    enter(client, code)
    secret, paper = set_up_app(client)
    client.post("/inloggen/apparaat/")
    post(client, "/mijn/adres/", email="nieuw@voorbeeld.example")
    with later():
        post(client, "/uitloggen/")
        log_in(client)
        for typed in (wrong(app_code(secret)), app_code(secret)):
            post(client, "/inloggen/code-app/", code=typed)
        assert is_in(client)
        post(client, "/uitnodiging/", code="BCDFGHJKMNPRSTWX", naam="Anna", email=EMAIL)
        secrets += [code, secret, *paper, app_code(secret), client.session.session_key or "", "nieuw@voorbeeld.example"]
    assert len(written) > 10
    parts = {part for line in written for part in re.split(r"[^\w.@]+", line)}
    assert [found for found in secrets if found in parts] == []
    assert [found for found in secrets if len(found) > 10 and any(found in line for line in written)] == []
