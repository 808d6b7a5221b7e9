"""Accepting an invitation: by the link of a mail, by a code on paper; and never as somebody else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache, caches
from django.test import Client, RequestFactory
from pytest_django import Settings

from bookings.actions import team as act
from bookings.codes import token_of
from portal.base import clock, tries
from portal.base.accounts.models import User
from portal.base.log import house as actor_of
from portal.base.log.models import LogEntry
from tests.factories import make_house, make_invitation, make_member, make_user
from tests.guest import Page, on_monday
from tests.mailed import code_for
from villages.models import Dorpshuis, Invitation, Membership

pytestmark = [pytest.mark.django_db, on_monday]

Role = Membership.Role
NEW = "nieuw@voorbeeld.example"
CODE = "BCDFGHJKMNPRSTWX"
TYPED = {"code": "bcdf ghjk-mnpr stwx", "naam": "Nina", "email": NEW}
HOME = "/beheer/het-huis/"


@pytest.fixture(autouse=True)
def no_tries_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def mailed(house: Dorpshuis) -> Invitation:
    return make_invitation(house)


@pytest.fixture
def paper(house: Dorpshuis) -> Invitation:
    return make_invitation(house, code=CODE)


def link(invitation: Invitation) -> str:
    return f"/uitnodiging/{token_of(invitation)}/"


def send(client: Client, path: str, **fields: str) -> Page:
    return Page(client.post(path, fields))  # type: ignore[arg-type]


def type_code(client: Client, **fields: str) -> Page:
    return send(client, "/uitnodiging/", **TYPED | fields)


def who_is_in(client: Client) -> str:
    """The address of who is logged in; empty for nobody."""
    number = client.session.get(SESSION_KEY)
    return User.objects.get(pk=number).email if number else ""


def team() -> list[tuple[str, str]]:
    return sorted(Membership.objects.values_list("user__email", "role"))


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- by the link ------------------------------------------------------------------------------------------


def test_opening_the_link_names_house_and_role_and_changes_nothing(client: Client, mailed: Invitation) -> None:
    for _ in range(3):
        page = Page(client.get(link(mailed)))  # type: ignore[arg-type]
    assert (page.status, page.tree.one("h1").text) == (200, "Kom je bij het team van Het Huis?")
    assert "Je wordt vrijwilliger" in page.text
    assert len(page.tree.one("main").all("button")) == 1
    assert (team(), User.objects.filter(email=NEW).exists(), LogEntry.objects.exists()) == ([], False, False)


def test_the_button_makes_her_an_account_lets_her_in_and_is_logged(client: Client, mailed: Invitation) -> None:
    answer = send(client, link(mailed), naam="Nina")
    nina = User.objects.get(email=NEW)
    assert (answer.status, answer.response["Location"], client.get(HOME).status_code) == (302, HOME, 200)
    assert (nina.name, nina.has_usable_password()) == ("Nina", False)
    assert (who_is_in(client), team()) == (NEW, [(NEW, "volunteer")])
    assert Membership.objects.get().since == clock.today()
    assert list(LogEntry.objects.values_list("verb", "subject", "actor_id")) == [("join", f"user:{nina.pk}", nina.pk)]


@pytest.mark.parametrize("name", ["", "  ", "123", "<b>", "x" * 200, "\x00"])
def test_a_name_that_is_none_is_422_and_lets_nobody_in(client: Client, mailed: Invitation, name: str) -> None:
    page = send(client, link(mailed), naam=name)
    assert (page.status, team(), who_is_in(client)) == (422, [], "")
    assert page.notice


def test_who_has_an_account_at_that_address_is_logged_in_as_herself(client: Client, mailed: Invitation) -> None:
    make_user(NEW, name="Nina")
    page = Page(client.get(link(mailed)))  # type: ignore[arg-type]
    assert page.tree.all("input", name="naam") == []
    assert (send(client, link(mailed)).status, who_is_in(client)) == (302, NEW)
    assert User.objects.get(email=NEW).name == "Nina"


@pytest.mark.parametrize("more", ["is_staff", "is_coordinator", "is_superuser"])
def test_who_may_see_more_than_houses_logs_in_first(client: Client, mailed: Invitation, more: str) -> None:
    user = make_user(NEW, name="Ilse", **{more: True})
    page = send(client, link(mailed))
    assert (page.status, page.tree.one("h1").text, who_is_in(client), team()) == (409, "Log eerst in", "", [])
    assert page.tree.one("main").all("a")[0].attrs["href"].endswith(f"?next={link(mailed)}")
    assert send(logged_in(user), link(mailed)).status == 302


def test_who_has_a_code_app_logs_in_first(client: Client, mailed: Invitation) -> None:
    user = make_user(NEW, name="Nina")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    assert (send(client, link(mailed)).status, who_is_in(client), team()) == (409, "", [])


def test_who_may_no_longer_log_in_is_not_let_in(client: Client, mailed: Invitation) -> None:
    make_user(NEW, name="Nina", is_active=False)
    assert (send(client, link(mailed)).status, who_is_in(client), team()) == (409, "", [])


def test_who_is_logged_in_as_somebody_else_is_asked_and_accepts_as_herself(mailed: Invitation) -> None:
    anna = make_user("anna@voorbeeld.example", name="Anna")
    client = logged_in(anna)
    page = Page(client.get(link(mailed)))  # type: ignore[arg-type]
    assert "Je bent ingelogd als Anna" in page.text
    assert page.tree.one("input", name="next").attrs["value"] == link(mailed)
    send(client, link(mailed))
    assert (who_is_in(client), team()) == (anna.email, [(anna.email, "volunteer")])
    assert not User.objects.filter(email=NEW).exists()


def test_she_can_log_out_there_and_comes_back(mailed: Invitation) -> None:
    client = logged_in(make_user())
    assert send(client, "/uitloggen/", next=link(mailed)).response["Location"] == link(mailed)
    assert who_is_in(client) == ""
    assert send(client, "/uitloggen/", next="https://kwaad.example/").response["Location"] == "/"


def test_accepting_begins_a_new_session_that_lasts(client: Client, mailed: Invitation) -> None:
    session = client.session
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    send(client, link(mailed), naam="Nina")
    assert client.session.session_key != session.session_key
    assert client.session.get_expiry_age() == 90 * 24 * 3600


def test_a_second_tap_is_the_same_person_once(mailed: Invitation) -> None:
    browsers = [Client(), Client()]
    answers = [send(browser, link(mailed), naam="Nina") for browser in browsers]
    assert [(answer.status, answer.response["Location"]) for answer in answers] == [(302, HOME)] * 2
    assert ([who_is_in(browser) for browser in browsers], team()) == ([NEW] * 2, [(NEW, "volunteer")])
    assert LogEntry.objects.count() == 1


def test_a_used_link_lets_nobody_in_later(mailed: Invitation) -> None:
    send(Client(), link(mailed), naam="Nina")
    later = Client()
    with time_machine.travel(clock.now() + timedelta(minutes=3), tick=False):
        page = send(later, link(mailed), naam="Nina")
    assert (page.status, page.tree.one("h1").text) == (410, "Deze uitnodiging werkt niet meer")
    assert "0521 591 000" in page.text
    assert who_is_in(later) == ""


def test_what_another_person_accepted_lets_the_reader_of_the_mail_not_in_as_her(mailed: Invitation) -> None:
    send(logged_in(make_user(name="Anna")), link(mailed))
    reader = Client()
    assert send(reader, link(mailed), naam="Nina").status == 410
    assert who_is_in(reader) == ""


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_link_is_404_with_what_to_do(client: Client, mailed: Invitation, method: str) -> None:
    for path in (f"/uitnodiging/{mailed.pk}-{'0' * 40}/", "/uitnodiging/onzin/"):
        page = Page(getattr(client, method)(path))
        assert (page.status, "Vraag het dorpshuis om een nieuwe." in page.text) == (404, True)


def test_who_is_in_the_team_already_uses_nothing_up(house: Dorpshuis, mailed: Invitation) -> None:
    anna = make_member(house, Role.TREASURER)
    client = logged_in(anna)
    assert client.get(link(mailed)).status_code == 200
    page = send(client, link(mailed))
    assert (page.status, page.tree.one("h1").text) == (409, "Je hoort al bij het team van Het Huis")
    mailed.refresh_from_db()
    assert (mailed.is_open(clock.now()), team()) == (True, [(anna.email, "treasurer")])


def test_the_page_is_kept_and_shown_by_nobody(client: Client, mailed: Invitation) -> None:
    answer = client.get(link(mailed))
    assert [answer[name] for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")] == [
        "no-store, private", "noindex, nofollow", "no-referrer",
    ]  # fmt: skip
    assert '<link rel="canonical"' not in answer.content.decode()


def test_the_button_needs_the_token_of_the_form(mailed: Invitation) -> None:
    client = Client(enforce_csrf_checks=True)
    assert send(client, link(mailed), naam="Nina").status == 403
    token = Page(client.get(link(mailed))).tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]  # type: ignore[arg-type]
    assert send(client, link(mailed), naam="Nina", csrfmiddlewaretoken=token).status == 302


# --- by the code ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [CODE, CODE.lower(), "BCDF-GHJK-MNPR-STWX", " b c d f ghjk mnpr stwx "])
def test_the_code_lets_her_in_however_it_is_typed(client: Client, paper: Invitation, code: str) -> None:
    answer = type_code(client, code=code)
    assert (answer.status, answer.response["Location"], who_is_in(client)) == (302, HOME, NEW)
    assert team() == [(NEW, "volunteer")]


def test_a_second_tap_with_a_code_is_the_same_person(paper: Invitation) -> None:
    browsers = [Client(), Client()]
    assert [type_code(browser).status for browser in browsers] == [302, 302]
    assert ([who_is_in(browser) for browser in browsers], team()) == ([NEW] * 2, [(NEW, "volunteer")])


def test_somebody_else_s_address_beside_a_code_logs_nobody_in_as_her(client: Client, paper: Invitation) -> None:
    make_user(NEW, name="Nina", password="een lange zin van mij")
    page = type_code(client)
    assert (page.status, page.tree.one("h1").text, who_is_in(client), team()) == (409, "Log eerst in", "", [])
    assert page.tree.one("main").all("a")[0].attrs["href"] == "/inloggen/?next=/uitnodiging/"


def test_after_logging_in_she_comes_back_and_types_no_code_again(client: Client, paper: Invitation) -> None:
    make_user(NEW, name="Nina", password="een lange zin van mij")
    type_code(client)
    send(client, "/inloggen/", email=NEW, next="/uitnodiging/")
    send(client, "/inloggen/code/", code=code_for(NEW))
    page = Page(client.get("/uitnodiging/"))  # type: ignore[arg-type]
    assert "Doe mee als Nina" in page.text
    assert (send(client, "/uitnodiging/").status, team()) == (302, [(NEW, "volunteer")])


def test_nor_in_the_two_minutes_in_which_a_tap_counts_again(paper: Invitation) -> None:
    user = make_user(NEW, name="Nina", date_joined=clock.now() - timedelta(days=1))
    send(logged_in(user), "/uitnodiging/", code=CODE)
    other = Client()
    assert (type_code(other).status, who_is_in(other)) == (410, "")


def test_who_is_logged_in_types_only_the_code(paper: Invitation) -> None:
    client = logged_in(make_user("anna@voorbeeld.example", name="Anna"))
    page = Page(client.get("/uitnodiging/"))  # type: ignore[arg-type]
    shown = [node.attrs for node in page.tree.one("main").all("input") if node.attrs.get("type") != "hidden"]
    assert [attrs["name"] for attrs in shown] == ["code"]
    assert (send(client, "/uitnodiging/", code=CODE).status, team()) == (302, [("anna@voorbeeld.example", "volunteer")])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"code": ""}, "zestien letters"),
        ({"code": "BCDF"}, "zestien letters"),
        ({"code": "AAAA AAAA AAAA AAAA"}, "zestien letters"),
        ({"code": "\x00"}, "zestien letters"),
        ({"code": "B" * 200}, "zestien letters"),
        ({"code": CODE[::-1]}, "Deze code kennen we niet."),
        ({"email": ""}, "Vul je e-mailadres in."),
        ({"email": "nee"}, "Dit e-mailadres klopt niet helemaal."),
        ({"naam": ""}, "Vul je naam in."),
    ],
)
def test_what_is_typed_wrongly_is_422_and_kept(
    client: Client, paper: Invitation, fields: dict[str, str], words: str
) -> None:
    page = type_code(client, **fields)
    assert (page.status, team(), User.objects.filter(email=NEW).exists()) == (422, [], False)
    assert words in page.text
    assert 'value="Nina"' in page.html or "naam" in fields


@pytest.mark.parametrize("over", ["used_at", "withdrawn_at", "expires_at"])
def test_a_code_that_is_over_says_what_to_do(client: Client, paper: Invitation, over: str) -> None:
    Invitation.objects.update(**{over: clock.now() - timedelta(minutes=5)})
    page = type_code(client)
    assert (page.status, "Vraag Het Huis om een nieuwe." in page.text, team()) == (410, True, [])


# --- guessing ---------------------------------------------------------------------------------------------


def guess(client: Client, times: int, **headers: str) -> list[int]:
    wrong = TYPED | {"code": CODE[::-1]}
    return [client.post("/uitnodiging/", wrong, headers=headers).status_code for _ in range(times)]


def test_after_ten_wrong_codes_also_the_right_one_must_wait_an_hour(client: Client, paper: Invitation) -> None:
    assert guess(client, 11) == [422] * 10 + [429]
    page = type_code(client)
    assert (page.status, "over een uur" in page.notice, team()) == (429, True, [])
    cache.clear()  # an hour later
    assert type_code(client).status == 302


def test_the_rest_of_the_portal_does_not_wait_with_her(client: Client, mailed: Invitation) -> None:
    guess(client, 11)
    assert [client.get(path).status_code for path in ("/", "/inloggen/", "/uitnodiging/")] == [200] * 3
    assert send(client, link(mailed), naam="Nina").status == 302


def test_a_typing_mistake_that_can_not_be_a_code_does_not_count(client: Client, paper: Invitation) -> None:
    for _ in range(12):
        type_code(client, code="BCDF")
    assert type_code(client).status == 302


def test_another_house_on_the_network_may_still_try(settings: Settings, client: Client, paper: Invitation) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    here, there = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.2"}
    assert guess(client, 11, **here)[-1] == 429
    assert guess(client, 1, **there) == [422]


def test_nobody_gets_more_tries_by_claiming_another_address(client: Client, paper: Invitation) -> None:
    answers = [guess(client, 1, **{"X-Forwarded-For": f"192.0.2.{n}"})[0] for n in range(11)]
    assert answers[-1] == 429


def test_one_network_of_a_house_is_one_place(settings: Settings, client: Client, paper: Invitation) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    answers = [guess(client, 1, **{"X-Forwarded-For": f"2001:db8::{n}"})[0] for n in range(11)]
    assert answers[-1] == 429


@pytest.mark.parametrize("is_demo", [True, False])
def test_in_the_demo_this_machine_may_try_on(settings: Settings, rf: RequestFactory, is_demo: bool) -> None:
    settings.DEMO = is_demo
    request = rf.get("/")
    for _ in range(10):
        tries.count_wrong_try(request, "toets")
    assert tries.may_try(request, "toets", 10) is is_demo


def test_a_cache_that_is_away_refuses_nobody(
    client: Client, paper: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_more: object) -> None:
        raise ConnectionError

    for name in ("get", "add", "incr"):
        monkeypatch.setattr(cache, name, away)
    assert guess(client, 11) == [422] * 11
    assert type_code(client).status == 302


def test_no_address_of_the_network_stands_in_the_cache(client: Client, paper: Invitation, settings: Settings) -> None:
    """In one that can be read whole."""
    readable = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tries"}
    settings.CACHES = settings.CACHES | {"default": readable}
    guess(client, 1)
    kept = str(caches["default"]._cache)  # type: ignore[attr-defined]
    assert ("tries:" in kept, "127.0.0.1" in kept) == (True, False)


# --- and the team page after ------------------------------------------------------------------------------


def test_what_was_accepted_is_no_longer_open(house: Dorpshuis, mailed: Invitation) -> None:
    els = make_member(house, Role.BOARD)
    send(Client(), link(mailed), naam="Nina")
    page = Page(logged_in(els).get("/beheer/het-huis/team/"))  # type: ignore[arg-type]
    assert ("Nina" in page.text, "Uitgenodigd" in page.text) == (True, False)
    answer = send(logged_in(els), f"/beheer/het-huis/team/uitnodiging/{mailed.pk}/", doe="intrekken")
    assert (answer.status, len(team())) == (409, 2)


def test_who_was_let_go_can_be_asked_again(house: Dorpshuis, mailed: Invitation) -> None:
    by = actor_of(make_member(house, Role.BOARD))
    send(Client(), link(mailed), naam="Nina")
    act.leave(Membership.objects.get(user__email=NEW), by)
    again = act.invite(house.pk, Role.HOST, NEW, by).invitation
    client = Client()
    assert (send(client, link(again)).status, client.get(HOME).status_code) == (302, 200)
