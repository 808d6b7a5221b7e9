"""Who may open what: every address of the project, for every role."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bookings.codes import token_of
from bookings.missed import token_of as token_of_guest
from bookings.models import CallEntry, Reservation, StandingPlace, Waiting
from portal.base.accounts.models import User
from portal.demo import urls as demo_urls
from tests.factories import (
    desks_of,
    log_in_fully,
    make_booking,
    make_closed,
    make_house,
    make_invitation,
    make_member,
    make_photo,
    make_request,
    make_standing,
    make_trial,
    make_user,
    make_wait,
)
from tests.guest import THURSDAY, WEDNESDAY, Guest, on_monday, without_tokens
from villages.doors import DOORS
from villages.models import Closure, Dorpshuis, HouseRequest, Invitation, Membership, Operator

pytestmark = [pytest.mark.django_db, on_monday]

PHONE = "+31687651234"

Role = Membership.Role
TEAM = ("host", "volunteer", "treasurer", "board", "operator member", "operator board")
LOGGED_IN = (*TEAM, "member", "volunteer of another house", "coordinator", "administrator")
ROLES = ("anonymous", "guest", *LOGGED_IN)

# What one gets: a status, or where one is sent.
Outcome = int | str
LOGIN = "to the log-in page"
ELSEWHERE = "to another page"


@dataclass
class Rule:
    """What GET and POST of an address give, per role; `others` for the roles that are not named."""

    others: Outcome
    post: Outcome = 405
    get_of: dict[str, Outcome] = field(default_factory=dict)
    post_of: dict[str, Outcome] = field(default_factory=dict)

    def expected(self, role: str) -> tuple[Outcome, Outcome]:
        return self.get_of.get(role, self.others), self.post_of.get(role, self.post)


def just_now(get: Outcome, post: Outcome) -> Rule:
    """Of whoever is logged in, and showed just now who she is; the others of this table did not."""
    strangers = dict.fromkeys(("anonymous", "guest"), LOGIN)
    return Rule(ELSEWHERE, ELSEWHERE, {**strangers, "administrator": get}, {**strangers, "administrator": post})


def of_everybody(get: Outcome, post: Outcome) -> Rule:
    """Of whoever is logged in."""
    strangers = dict.fromkeys(("anonymous", "guest"), LOGIN)
    return Rule(get, post, dict(strangers), dict(strangers))


def only(*roles: str, get: Outcome = 200) -> Rule:
    """Behind log-in, and there only for these; for the others it does not exist."""
    strangers = dict.fromkeys(("anonymous", "guest"), LOGIN)
    return Rule(404, 405, {**strangers, **dict.fromkeys(roles, get)}, {**strangers})


RUNNING = ("volunteer", "treasurer", "board", "operator member", "operator board")
IN_TEAM = ("host", "volunteer", "treasurer", "board")
MONEY = ("treasurer", "board", "operator board")


def room(get: Outcome, post: Outcome = 405) -> Rule:
    """A room of who runs the house. A host of it is told that she may not; for others it does not exist."""
    strangers = dict.fromkeys(("anonymous", "guest"), LOGIN)
    rule = Rule(404, 404 if post != 405 else 405, {**strangers, "host": 403}, {**strangers})
    rule.get_of |= dict.fromkeys(RUNNING, get)
    if post != 405:
        rule.post_of |= {"host": 403, **dict.fromkeys(RUNNING, post)}
    return rule


def ticking(get: Outcome, post: Outcome, *, lost: Outcome = LOGIN) -> Rule:
    """The day at the house, by its team. Who was logged out is led through the log-in page, and loses nothing."""
    rule = Rule(404, 404, dict.fromkeys(("anonymous", "guest"), lost), dict.fromkeys(("anonymous", "guest"), lost))
    rule.get_of |= dict.fromkeys(TEAM, get)
    rule.post_of |= dict.fromkeys(TEAM, post)
    return rule


def of_money(get: Outcome, post: Outcome = 405) -> Rule:
    """A room of board and treasurer: others of the team are told that they may not."""
    rule = room(get, post)
    for role in set(TEAM) - set(MONEY):
        rule.get_of[role] = 403
        if post != 405:
            rule.post_of[role] = 403
    return rule


def not_for_a_host(rule: Rule) -> Rule:
    """These addresses are of another day than today: a host sees no names of it."""
    rule.get_of["host"] = 403
    if rule.post_of.get("host", 405) != 405:
        rule.post_of["host"] = 403
    return rule


COORDINATORS = only("coordinator")
COORDINATORS.post_of |= dict.fromkeys(set(LOGGED_IN) - {"coordinator"}, 404)
COORDINATOR_S_CHOICE = only("coordinator")
COORDINATOR_S_CHOICE.post_of |= {**dict.fromkeys(LOGGED_IN, 404), "coordinator": 422}
HANDLE = only("coordinator", get=405)
HANDLE.post_of |= {**dict.fromkeys(LOGGED_IN, 404), "coordinator": ELSEWHERE}

PRIVATE = (
    *("booking", "agenda", "cancel-booking", "change-booking", "new-link", "answers", "mail-language", "reminders"),
    "series",
)
OF_THE_HOUSE = (
    "house",
    "book",
    "availability",
    "share-picture",
    "today",
    "phone-booking",
    "close",
    "schedule",
    "holidays",
    "desks",
    "call-list",
    "team",
    "team-invite",
    "guests",
    "keeping",
    "stayed-away",
    "prices",
    "trials",
    "settings",
    "my-messages",
    "standing-places",
    "standing-new",
    "wait-for",
    "waiting-joined",
    "waiting-list",
    "house-figures",
    "house-csv",
)
OF_A_GUEST = tuple(f"guest-{act}" for act in ("cancel", "cancel-all", "mail", "correct", "merge", "copy", "forget"))

TABLE: dict[str, Rule] = {
    "healthz": Rule(200),
    "readyz": Rule(200),
    "set-theme": Rule(405, ELSEWHERE),
    "set-language": Rule(405, ELSEWHERE),
    "login": Rule(200, 422),
    # Without a code that was asked for.
    "login-code": Rule(LOGIN, 422),
    # POST gives a challenge for a passkey.
    "login-device": Rule(405, 200),
    # Without a first step.
    "login-app": Rule(LOGIN, LOGIN),
    "logout": Rule(405, ELSEWHERE),
    "privacy": Rule(200),
    "meaning": Rule(200),
    "accessibility": Rule(200),
    "robots": Rule(200),
    "sitemap": Rule(200),
    "home": Rule(200),
    "houses": Rule(200),
    "house": Rule(200),
    "book": Rule(ELSEWHERE, 422),
    "availability": Rule(200),
    "share-picture": Rule(200),
    "mine": Rule(200, 405, dict.fromkeys(("anonymous", "guest"), LOGIN)),
    "my-details": Rule(
        200, 422, dict.fromkeys(("anonymous", "guest"), LOGIN), dict.fromkeys(("anonymous", "guest"), LOGIN)
    ),
    "my-keys": Rule(200, 405, dict.fromkeys(("anonymous", "guest"), LOGIN)),
    "my-browsers": Rule(405, ELSEWHERE, post_of=dict.fromkeys(("anonymous", "guest"), LOGIN)),
    "log-in-again": of_everybody(200, ELSEWHERE),
    # Without a second factor there is nothing to show.
    "second-step": of_everybody(200, 409),
    "add-passkey": just_now(200, 200),
    # One that is not there.
    "passkey": just_now(404, 404),
    "code-app": just_now(200, ELSEWHERE),
    "paper-codes": just_now(ELSEWHERE, ELSEWHERE),
    "my-address": just_now(200, 422),
    # Without a code that was asked for.
    "my-address-code": just_now(ELSEWHERE, ELSEWHERE),
    "my-copy": Rule(
        ELSEWHERE, 200, dict.fromkeys(("anonymous", "guest"), LOGIN), dict.fromkeys(("anonymous", "guest"), LOGIN)
    ),
    # Without the fingerprint of what was shown: 409.
    "my-deletion": Rule(
        200, 409, dict.fromkeys(("anonymous", "guest"), LOGIN), dict.fromkeys(("anonymous", "guest"), LOGIN)
    ),
    "my-data-gone": Rule(200),
    # Of somebody else: as absent as none.
    "series": Rule(
        404, 404, dict.fromkeys(("anonymous", "guest"), LOGIN), dict.fromkeys(("anonymous", "guest"), LOGIN)
    ),
    "villages": Rule(200),
    "village": Rule(200),
    "municipality": Rule(200),
    # Without a dagdeel: to the week.
    "wait-for": Rule(ELSEWHERE, ELSEWHERE),
    "waiting-joined": Rule(ELSEWHERE),
    "apply": Rule(200, 422),
    "applied": Rule(200),
    "photo": Rule(200),
    # Who has the link, may: 128 random bits are the key.
    "booking": Rule(200),
    "agenda": Rule(200),
    "cancel-booking": Rule(ELSEWHERE, ELSEWHERE),
    "change-booking": Rule(200, 422),
    "answers": Rule(ELSEWHERE, ELSEWHERE),
    "mail-language": Rule(ELSEWHERE, 422),
    "reminders": Rule(ELSEWHERE, 422),
    "my-messages": ticking(200, ELSEWHERE),
    "lost-link": Rule(200, 422),
    "standing-place": Rule(200),
    # Without a date: 422.
    "release-standing": Rule(ELSEWHERE, 422),
    "waiting": Rule(200),
    # It is not her turn: 409.
    "take-place": Rule(ELSEWHERE, 409),
    "leave-list": Rule(ELSEWHERE, ELSEWHERE),
    # Last of these: it lets the link of this world die.
    "new-link": Rule(ELSEWHERE, 200),
    "beheer": only(*TEAM, "volunteer of another house", get=ELSEWHERE),
    "today": only(*TEAM),
    "phone-booking": room(200, 422),
    "phone-booked": room(200),
    "phone-slip": room(200),
    "phone-cancel": room(ELSEWHERE, 422),
    "waiting-list": room(200, 422),
    "close": room(200, 422),
    "standing-places": room(200),
    "standing-new": room(200, 422),
    "standing-detail": room(200, 422),
    "closure": room(200, 422),
    "schedule": room(200, 422),
    "schedule-change": room(200, 422),
    "holidays": room(200, 422),
    "desks": room(200, 422),
    "desk-change": room(200, 422),
    "desk": room(200, 422),
    "room": room(200, 422),
    "call-list": room(200),
    "answer-call": room(ELSEWHERE, 422),
    "note-seen": room(ELSEWHERE, ELSEWHERE),
    "guests": room(200),
    "keeping": room(200),
    "stayed-away": room(200),
    # Who has the link, may; without a reason 422.
    "missed": Rule(200, 422),
    "missed-stop": Rule(200, ELSEWHERE),
    "guest": room(200),
    "guest-cancel": room(ELSEWHERE, 422),
    # Without the fingerprint of what was shown: 409.
    "guest-cancel-all": room(200, 409),
    "guest-mail": room(ELSEWHERE, 404),
    "guest-correct": room(200, 422),
    "guest-merge": room(200, 409),
    "guest-copy": room(200, 200),
    "guest-forget": room(200, 409),
    "day": not_for_a_host(only(*TEAM)),
    # Without a booking that exists: 404, and 422 for a walk-in without a dagdeel. A host: another day than today.
    "mark": not_for_a_host(ticking(ELSEWHERE, 404)),
    "walk-in": not_for_a_host(ticking(ELSEWHERE, 422)),
    "day-sheet": not_for_a_host(only(*TEAM)),
    "day-entry": not_for_a_host(ticking(200, ELSEWHERE)),
    "prices": of_money(200),
    "settings": of_money(200),
    "setting": of_money(200, 422),
    "house-figures": room(200, 422),
    "house-csv": room(200),
    "house-chart": room(200),
    "trials": room(200, 422),
    "trial": room(200, ELSEWHERE),
    "price": of_money(200, 422),
    "team": of_money(200),
    "team-invite": of_money(ELSEWHERE, 422),
    "team-invitation": of_money(ELSEWHERE, 422),
    "team-member": of_money(200, 422),
    "team-leave": of_money(200, ELSEWHERE),
    # Who has the link or the code, may. Without a name 422; who is in the team already is told so.
    "invitation": Rule(200, 422, post_of=dict.fromkeys(IN_TEAM, 409) | {"volunteer of another house": ELSEWHERE}),
    "invitation-code": Rule(200, 422),
    "bokd": COORDINATORS,
    "bokd-houses": COORDINATORS,
    "bokd-house": COORDINATORS,
    "bokd-chart": COORDINATORS,
    "report": COORDINATORS,
    "report-csv": COORDINATORS,
    "bokd-messages": COORDINATOR_S_CHOICE,
    "handle-request": HANDLE,
    "admin": Rule(LOGIN, LOGIN, {"administrator": 200}, {"administrator": 200}),
    # Without DEMO=1 the demo is not there.
    "demo": Rule(404, 404),
    "demo-login": Rule(404, 404),
    "demo-clock": Rule(404, 404),
    "demo-mail": Rule(404, 404),
    "demo-mail-html": Rule(404, 404),
}


@dataclass
class World:
    """A house with its people, and another house."""

    house: Dorpshuis
    reservation: Reservation
    request: HouseRequest
    call: CallEntry
    closure: Closure
    invitation: Invitation
    colleague: Membership
    guest: Guest
    standing: StandingPlace
    people: dict[str, Callable[[], User]]
    sessions: dict[str, str] = field(default_factory=dict)

    def client_of(self, role: str) -> Client:
        """Her browser, without CSRF checks: the table is about who may. Whose log-in still holds keeps it."""
        client = Client()
        if role == "guest":
            client.cookies = self.guest.client.cookies
        elif role != "anonymous":
            self._log_in(client, role)
        return client

    def _log_in(self, client: Client, role: str) -> None:
        key = self.sessions.get(role)
        if key is not None and Session.objects.filter(pk=key).exists():
            client.cookies[settings.SESSION_COOKIE_NAME] = key
            return
        log_in = log_in_fully if role == "administrator" else Client.force_login
        log_in(client, self.people[role]())
        self.sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value

    @property
    def waits(self) -> str:
        """The reference of somebody who waits in this house."""
        return make_wait(
            self.house, WEDNESDAY, f"wacht-{Waiting.objects.count()}@voorbeeld.example"
        ).reservation.reference

    def address(self, name: str) -> str:
        """The address with this name, of the house or the reservation of this world."""
        if name.startswith("demo"):
            paths = {"login": "inloggen/", "clock": "klok/", "mail": "mail/", "mail-html": "mail/1/html/"}
            return "/demo/" + paths.get(name.removeprefix("demo-"), "")
        if name == "admin":
            return "/admin/"
        if name == "photo":
            return make_photo(self.house).get_absolute_url()
        slug: list[str | int] = [self.house.slug]
        if name in ("schedule-change", "desk-change"):
            cause = "schedule" if name == "schedule-change" else "desk"
            day = WEDNESDAY.date
            row = Closure.objects.create(dorpshuis=self.house, cause=cause, first_day=day, last_day=day, reason="x")
            return reverse(name, args=[*slug, row.pk])
        desk = desks_of(self.house)[0]
        reference: list[str | int] = [self.reservation.reference]
        given: dict[str, list[str | int]] = dict.fromkeys(OF_THE_HOUSE, slug)
        given |= dict.fromkeys(PRIVATE, reference)
        given |= {
            "day": [*slug, "2026-11-25"],
            **dict.fromkeys(("answer-call", "note-seen"), [*slug, self.call.pk]),
            "closure": [*slug, self.closure.pk],
            "standing-detail": [*slug, self.standing.pk],
            **dict.fromkeys(("missed", "missed-stop"), [token_of_guest(self.reservation.guest)]),
            "standing-place": [self.standing.reservation.reference],
            "release-standing": [self.standing.reservation.reference],
            **dict.fromkeys(("waiting", "take-place", "leave-list"), [self.waits]),
            "desk": [*slug, desk.pk],
            "room": [*slug, desk.room_id],
        }
        given |= dict.fromkeys(("phone-booked", "phone-slip", "phone-cancel"), [*slug, self.reservation.pk])
        given |= dict.fromkeys(("guest", *OF_A_GUEST), [*slug, self.reservation.guest_id])
        given |= {"village": ["toetsdorp-toetsdorp"], "municipality": ["toetsgemeente"]}
        given |= {"passkey": [1]}
        given |= {"trial": [*slug, make_trial(self.house)[0].pk]}
        given |= {"setting": [*slug, "annuleren"], "house-chart": [*slug, "maanden"]}
        given |= {"price": [*slug, "standaard"]}
        given |= {"handle-request": [self.request.pk], "bokd-house": slug, "bokd-chart": ["kaart"]}
        given |= {"team-invitation": [*slug, self.invitation.pk], "invitation": [token_of(self.invitation)]}
        given |= dict.fromkeys(("team-member", "team-leave"), [*slug, self.colleague.pk])
        given |= dict.fromkeys(("mark", "walk-in", "day-sheet", "day-entry"), [*slug, "2026-11-25"])
        return reverse(name, args=given.get(name, []))


@pytest.fixture
def world() -> World:
    operator = Operator.objects.create(name="Welzijn")
    house = make_house("het-huis", operator=operator)
    other = make_house("ander-huis")
    reservation = make_booking(house, WEDNESDAY, name="Geheime Gast", phone=PHONE)
    call = CallEntry.objects.create(dorpshuis=house, reservation=reservation, kind="confirmation", key="confirmation:0")
    guest = Guest()
    guest.book(house, THURSDAY)

    def of_operator(role: str = Role.VOLUNTEER) -> User:
        user = make_user()
        Membership.objects.create(user=user, operator=operator, role=role)
        return user

    people: dict[str, Callable[[], User]] = {
        "member": make_user,
        "host": lambda: make_member(house, Membership.Role.HOST),
        "volunteer": lambda: make_member(house),
        "volunteer of another house": lambda: make_member(other),
        "treasurer": lambda: make_member(house, Membership.Role.TREASURER),
        "board": lambda: make_member(house, Role.BOARD),
        "operator member": of_operator,
        "operator board": lambda: of_operator(Role.BOARD),
        "coordinator": lambda: make_user(is_coordinator=True),
        "administrator": lambda: make_user(is_staff=True, is_superuser=True),
    }
    closure = make_closed(house, THURSDAY.date + timedelta(days=1)).closure
    standing = make_standing(house)
    colleague = Membership.objects.get(user=make_member(house, Role.HOST))
    return World(
        house, reservation, make_request(), call, closure, make_invitation(house), colleague, guest, standing, people
    )


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """Every URL name; Django's admin is one, by its prefix."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name or "(without a name)"
        elif pattern.namespace == "admin":
            yield "admin"
        else:
            yield from names(pattern.url_patterns)


def outcome(answer: HttpResponse) -> Outcome:
    if answer.status_code != 302:
        return answer.status_code
    return LOGIN if answer["Location"].startswith(("/inloggen/", "/admin/login/")) else ELSEWHERE


def test_the_table_knows_every_address() -> None:
    found = [*names(get_resolver().url_patterns), *names(list(demo_urls.urlpatterns))]
    assert sorted(found) == sorted(TABLE)


# Whoever names no guest: but on the private page, of which she must know the address.
OUTSIDERS = ("anonymous", "guest", "member", "volunteer of another house", "coordinator")
# What they get is what others get who are tried each time.
LATER = ("operator member", "operator board", "treasurer")


# Who has one of these addresses was told it: the guest's own pages.
WITH_REFERENCE = {*PRIVATE, "missed", "missed-stop"}


def shown_of(world: World, *answers: Any) -> list[str]:
    """What these answers say of the guest whom nobody may know: name, address, number, reference."""
    whole = b"".join(b"".join(answer) for answer in answers).decode(errors="replace")
    own = world.reservation
    secrets = ("Geheime Gast", own.email, PHONE, "06 87651234", own.reference)
    return [secret for secret in secrets if secret in whole]


def test_the_admin_shows_a_coordinator_nothing(world: World) -> None:
    client = world.client_of("coordinator")
    for model in admin.site._registry:
        for page, which in {"changelist": [], "add": [], "change": [1], "delete": [1], "history": [1]}.items():
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=which)
            answers = client.get(address, {"q": "Geheime"}), client.post(address)
            assert {outcome(answer) for answer in answers} == {LOGIN}, address  # type: ignore[arg-type]


SEARCHED = ("q", "zoek", "naam", "huis", "gemeente", "exploitant", "sorteer")


def test_no_search_of_a_coordinator_finds_a_guest(world: World) -> None:
    """Nor does a page that says that something can't be: at most it repeats what she typed."""
    client, own = world.client_of("coordinator"), world.reservation
    for name in (name for name in TABLE if name.startswith(("bokd", "report"))):
        for typed in ("Geheime Gast", own.email, own.reference):
            for asked in (dict.fromkeys(SEARCHED, typed), {"van": typed}):
                assert set(shown_of(world, client.get(world.address(name), asked))) <= {typed}, (name, asked)


@pytest.mark.parametrize("role", [pytest.param(r, marks=pytest.mark.long) if r in LATER else r for r in ROLES])
def test_each_role_gets_what_the_table_says(world: World, role: str) -> None:
    found = {}
    for name in TABLE:
        address = world.address(name)
        got, posted = world.client_of(role).get(address), world.client_of(role).post(address)
        assert role not in OUTSIDERS or name in WITH_REFERENCE or not shown_of(world, got, posted), name
        found[name] = (outcome(got), outcome(posted))  # type: ignore[arg-type]
    assert found == {name: rule.expected(role) for name, rule in TABLE.items()}


def test_a_get_writes_nothing_for_anybody(world: World) -> None:
    client = world.client_of("volunteer")
    for name in TABLE:
        client.get(world.address(name))
    assert list(world.reservation.bookings.values_list("state", flat=True)) == ["booked"]


REST = (
    "",
    "dag/2026-11-25/",
    "boek/",
    "boek/1/",
    "boek/1/briefje/",
    "bellijst/",
    "dicht/",
    "rooster/",
    "bureaus/",
    "gasten/",
    "gasten/1/",
    "team/",
    "vaste-plekken/",
    "vaste-plekken/nieuw/",
    "vaste-plekken/1/",
)


@pytest.mark.parametrize("rest", REST)
def test_another_house_is_as_absent_as_no_house(world: World, rest: str) -> None:
    client = world.client_of("volunteer of another house")
    answers = [client.get(f"/beheer/{slug}/{rest}") for slug in ("het-huis", "geen-huis")]
    assert [answer.status_code for answer in answers] == [404, 404]
    there, absent = (without_tokens(answer.content.decode()).replace("het-huis", "geen-huis") for answer in answers)
    assert there == absent


HELD = {"host": Role.HOST, "volunteer": Role.VOLUNTEER, "treasurer": Role.TREASURER, "board": Role.BOARD}
HELD |= {"operator member": Role.VOLUNTEER, "operator board": Role.BOARD}


def behind(prefix: str) -> list[str]:
    """The names of the addresses that begin so."""
    patterns = get_resolver().url_patterns
    flat = [p for part in patterns for p in (part.url_patterns if isinstance(part, URLResolver) else [part])]
    return [p.name or "" for p in flat if isinstance(p, URLPattern) and str(p.pattern).startswith(prefix)]


@pytest.mark.parametrize("role", [pytest.param(r, marks=pytest.mark.long) if r in LATER else r for r in HELD])
def test_every_address_behind_a_door_obeys_it(world: World, role: str) -> None:
    client = world.client_of(role)
    for door in DOORS:
        for name in behind(f"beheer/<slug:slug>/{door.name}/"):
            may = HELD[role] in door.roles
            # A host sees the day list, and of it only today.
            expected = TABLE[name].get_of[role] if may else 403
            assert (name, outcome(client.get(world.address(name)))) == (name, expected)  # type: ignore[arg-type]
            assert may or client.post(world.address(name)).status_code in (403, 405)


def test_there_are_addresses_behind_doors() -> None:
    assert {"team", "team-member", "team-leave"} <= set(behind("beheer/<slug:slug>/team/"))


def test_a_former_volunteer_is_a_stranger(world: World) -> None:
    client = world.client_of("volunteer")
    assert client.get("/beheer/het-huis/").status_code == 200
    Membership.objects.filter(dorpshuis=world.house).delete()
    assert client.get("/beheer/het-huis/").status_code == 404


def test_who_may_no_longer_log_in_is_out_at_once(world: World) -> None:
    client = world.client_of("volunteer")
    User.objects.update(is_active=False)
    assert outcome(client.get("/beheer/het-huis/")) == LOGIN  # type: ignore[arg-type]


@pytest.mark.parametrize("rest", ["", "agenda.ics", "annuleer/", "wijzig/", "nieuwe-link/", "vragen/", "taal/"])
@pytest.mark.parametrize("role", ["anonymous", "guest", "volunteer", "administrator"])
def test_an_unknown_reference_is_404_for_everybody(world: World, role: str, rest: str) -> None:
    client = world.client_of(role)
    address = f"/boeking/{'a' * 26}/{rest}"
    posted = 404 if rest.endswith("/") else 405
    assert [client.get(address).status_code, client.post(address).status_code] == [404, posted]


def test_the_log_in_page_leads_back_to_what_was_asked(world: World) -> None:
    answer = world.client_of("anonymous").get("/beheer/het-huis/")
    assert answer["Location"] == "/inloggen/?next=/beheer/het-huis/"
