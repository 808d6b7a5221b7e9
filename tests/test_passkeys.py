"""Passkeys: what lets somebody in, and what doesn't."""

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.test import Client
from pytest_django import Settings

from portal.base.accounts.models import User
from portal.base.accounts.sessions import RECENT
from portal.base.cache import SteadyRedisCache
from tests.conftest import QueryCount
from tests.device import HOST, Device
from tests.factories import make_user
from tests.guest import Page, on_monday
from tests.mailed import code_for
from tests.test_keys import get, later, post, set_up_app, way_in
from tests.test_login import EMAIL, ask, enter, is_in, log_in

pytestmark = [pytest.mark.django_db, on_monday]

ADD, IN = "/mijn/inloggen/apparaat/", "/inloggen/apparaat/"


def at_localhost() -> Client:
    """A browser at an address where passkeys exist."""
    return Client(SERVER_NAME=HOST)


@pytest.fixture
def anna() -> User:
    return make_user(EMAIL, name="Anna")


@pytest.fixture
def client(anna: User) -> Client:
    """Anna's browser, in which she has just logged in."""
    browser = at_localhost()
    log_in(browser)
    return browser


@pytest.fixture
def device(client: Client) -> Device:
    """A device of Anna's that can log in."""
    device = Device()
    assert add(client, device).status == 302
    return device


def challenge(browser: Client, path: str = IN) -> bytes:
    return browser.post(path).content


def add(browser: Client, device: Device, **fields: str) -> Page:
    return post(browser, ADD, credential=device.make(challenge(browser, ADD)), **fields)


def come_in(browser: Client, device: Device, **fields: str) -> Page:
    return post(browser, IN, credential=device.answer(challenge(browser)), **fields)


def test_a_device_that_was_added_lets_her_in(device: Device, anna: User) -> None:
    browser = at_localhost()
    assert come_in(browser, device, next="/mijn/gegevens/").response["Location"] == "/mijn/gegevens/"
    assert browser.session[SESSION_KEY] == str(anna.pk)


def test_it_goes_before_an_app_and_opens_the_admin(client: Client, device: Device, anna: User) -> None:
    set_up_app(client)
    User.objects.update(is_staff=True, is_superuser=True)
    browser = at_localhost()
    come_in(browser, device)
    assert (is_in(browser), way_in(browser)) == (True, "/admin/")


def test_who_lost_her_device_logs_in_with_the_code_of_the_mail_and_takes_it_away(device: Device) -> None:
    browser = at_localhost()
    log_in(browser)
    assert is_in(browser)
    key = Authenticator.objects.get()
    assert post(browser, f"{ADD}{key.pk}/", doe="weg").status == 302
    assert come_in(at_localhost(), device).status == 422


def test_the_passkey_has_a_name_and_says_when_it_was_used(client: Client, device: Device) -> None:
    assert "Mijn apparaat" in get(client, "/mijn/inloggen/").text
    key = Authenticator.objects.get()
    post(client, f"{ADD}{key.pk}/", naam=" Mijn  <b>telefoon ")
    page = get(client, "/mijn/inloggen/")
    assert ("Mijn <b>telefoon" in page.text, "Nog niet gebruikt." in page.text) == (True, True)
    come_in(at_localhost(), device)
    assert "Laatst gebruikt op" in get(client, "/mijn/inloggen/").text
    assert post(client, f"{ADD}{key.pk}/", naam=" ").status == 422


def test_the_key_of_another_is_not_there(device: Device) -> None:
    other = at_localhost()
    log_in(other, "bert@voorbeeld.example")
    path = f"{ADD}{Authenticator.objects.get().pk}/"
    assert (get(other, path).status, post(other, path, doe="weg").status) == (404, 404)


def test_an_answer_works_once(device: Device) -> None:
    browser = at_localhost()
    answer = device.answer(challenge(browser))
    assert post(browser, IN, credential=answer).status == 302
    browser.post("/uitloggen/")
    assert (post(browser, IN, credential=answer).status, is_in(browser)) == (422, False)


def test_an_answer_works_only_in_the_browser_that_asked(device: Device) -> None:
    answer = device.answer(challenge(at_localhost()))
    other = at_localhost()
    challenge(other)
    assert (post(other, IN, credential=answer).status, is_in(other)) == (422, False)


def test_after_a_wrong_answer_the_challenge_is_over(device: Device) -> None:
    browser = at_localhost()
    answer = device.answer(challenge(browser))
    post(browser, IN, credential="{}")
    assert (post(browser, IN, credential=answer).status, is_in(browser)) == (422, False)


def test_a_device_that_did_not_see_its_owner_is_refused(client: Client, device: Device) -> None:
    device.verified = False
    assert come_in(at_localhost(), device).status == 422
    assert add(client, Device(verified=False)).status == 422


def test_a_device_that_was_lured_to_another_site_is_refused(client: Client, device: Device) -> None:
    device.origin = "https://kwaad.example"
    assert come_in(at_localhost(), device).status == 422
    assert add(client, Device(origin="https://kwaad.example")).status == 422


def test_a_device_of_another_that_says_to_be_hers_is_refused(device: Device) -> None:
    assert come_in(at_localhost(), Device(user=device.user)).status == 422


def test_who_may_no_longer_log_in_is_refused(device: Device) -> None:
    User.objects.update(is_active=False)
    browser = at_localhost()
    assert (come_in(browser, device).status, is_in(browser)) == (422, False)


GARBAGE: list[Any] = [
    "", "{", "[]", "null", "1", '"x"', "{}", "\x00", "[" * 2_000, {"id": "x"}, {"id": 1, "rawId": 2, "type": 3},
    {"id": "eA", "rawId": "eA", "type": "public-key", "response": {}, "clientExtensionResults": {}},
    {"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "eA", "attestationObject": "oA"}},
    {"id": "eA", "rawId": "eA", "type": "public-key", "response": {"userHandle": "!", "clientDataJSON": "e30"}},
    {"id": "eA", "rawId": "eA", "response": {"userHandle": ["x"], "authenticatorData": None, "signature": 5}},
]  # fmt: skip


@pytest.mark.parametrize("garbage", GARBAGE)
def test_what_is_no_answer_of_a_device_is_422(client: Client, garbage: Any) -> None:
    typed = garbage if isinstance(garbage, str) else json.dumps(garbage)
    found = []
    for browser, path in ((client, ADD), (at_localhost(), IN), (client, "/mijn/inloggen/nog-een-keer/")):
        challenge(browser, ADD if path == ADD else IN)
        found.append(post(browser, path, credential=typed or " ").status)
    assert found == [422, 422, 422]
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("strange", ["\x00", "\ud800"])
def test_an_answer_that_no_table_can_keep_is_422(client: Client, strange: str) -> None:
    answer = json.loads(Device().make(challenge(client, ADD))) | {"more": strange}
    assert post(client, ADD, credential=json.dumps(answer)).status == 422
    assert not Authenticator.objects.exists()
    assert add(client, Device()).status == 302


def test_a_device_is_added_only_by_who_was_asked_for_it_just_now(client: Client) -> None:
    answer = Device().make(challenge(client, ADD))
    post(client, "/uitloggen/")
    log_in(client)
    assert post(client, ADD, credential=answer).status == 422


def test_nobody_has_more_than_ten_devices(client: Client) -> None:
    for _ in range(10):
        assert add(client, Device()).status == 302
    assert add_more(client) == 409


def add_more(browser: Client) -> int:
    return browser.post(ADD).status_code


def test_the_device_shows_again_that_it_is_her(client: Client, device: Device) -> None:
    again = "/mijn/inloggen/nog-een-keer/"
    with later(RECENT + timedelta(seconds=1)):
        assert get(client, ADD).status == 302
        answer = device.answer(challenge(client))
        assert post(client, again, credential=answer, next=ADD).response["Location"] == ADD
        assert get(client, ADD).status == 200


def test_the_device_of_another_does_not_show_that_it_is_her(client: Client, device: Device) -> None:
    other = at_localhost()
    log_in(other, "bert@voorbeeld.example")
    page = post(other, "/mijn/inloggen/nog-een-keer/", credential=device.answer(challenge(other)))
    assert (page.status, page.notice) == (422, "Dit apparaat is van een ander account.")


def test_logging_in_as_another_with_a_device_ends_the_first(client: Client, device: Device) -> None:
    browser = at_localhost()
    log_in(browser, "bert@voorbeeld.example")
    come_in(browser, device)
    assert "bert@" not in get(browser, "/mijn/inloggen/").html
    assert browser.session[SESSION_KEY] == str(User.objects.get(name="Anna").pk)


def test_asking_for_challenges_has_an_end(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"passkey": "2/m/ip"}
    assert [at_localhost().post(IN).status_code for _ in range(3)] == [200, 200, 429]


def test_redis_that_stops_during_log_in_keeps_nobody_out(
    device: Device, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_mail, by_device = at_localhost(), at_localhost()
    ask(by_mail)
    asked = challenge(by_device)
    gone = {"BACKEND": "portal.base.cache.SteadyRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": gone}
    monkeypatch.setattr(SteadyRedisCache, "_left_alone_until", 0.0)
    enter(by_mail, code_for(EMAIL))
    post(by_device, IN, credential=device.answer(asked))
    assert [is_in(browser) for browser in (by_mail, by_device)] == [True, True]


def test_nothing_of_the_device_is_shown_or_kept_in_the_cache_or_mail(client: Client, device: Device) -> None:
    key = Authenticator.objects.get()
    assert key.data["credential"]["id"] not in get(client, "/mijn/inloggen/").html
    assert set(key.data) == {"name", "credential"}


def test_the_room_asks_few_questions_however_many_devices(
    client: Client, device: Device, query_count: QueryCount
) -> None:
    with query_count(6):
        client.get("/mijn/inloggen/")
    for _ in range(3):
        add(client, Device())
        log_in(at_localhost())
    with query_count(6):
        client.get("/mijn/inloggen/")


def test_a_deleted_account_leaves_no_key_and_no_browser(client: Client, device: Device, anna: User) -> None:
    anna.delete()
    assert not Authenticator.objects.exists()
    assert not is_known(client)


def is_known(browser: Client) -> bool:
    return browser.get("/mijn/").status_code == 200
