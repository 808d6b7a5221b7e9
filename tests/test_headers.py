"""Headers and cookies: what every page forbids, what private pages keep to themselves, what is remembered."""

import re
from http.cookies import Morsel

import pytest
from django.test import Client, RequestFactory

from tests.factories import log_in_fully, make_booking, make_house, make_user
from tests.guest import WEDNESDAY, Guest, Page, on_monday
from villages.models import Dorpshuis, Membership

pytestmark = [pytest.mark.django_db, on_monday]

TEXTS = ["/privacy/", "/toegankelijkheid/"]
ANSWERS = ["/?plaats=Toetsdorp&dagdeel=middag", "/?plaats=Nergens&dag=gisteren"]
PUBLIC = ["/", ANSWERS[0], "/dorpshuizen/", "/dorpshuizen/het-huis/", "/dorpshuizen/straks/", *TEXTS]
WITH_FORM = ["/dorpshuizen/het-huis/?dagdeel=2026-11-25:ochtend", "/inloggen/"]
PRIVATE = ["/boeking/{reference}/", "/beheer/het-huis/", "/beheer/het-huis/dag/2026-11-25/", "/bokd/", "/uitnodiging/"]
OTHER = ["/niet-hier/", "/healthz", "/readyz", "/dorpshuizen/het-huis/beschikbaarheid.json", "/admin/", "/weergave/"]
OTHER += ["/robots.txt", "/sitemap.xml"]
EVERY = [*PUBLIC, ANSWERS[1], *WITH_FORM, *PRIVATE, *OTHER]
# A block of data that no browser runs.
DATA = "application/ld+json"
CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.fixture
def reference() -> str:
    """The pages that the addresses above name."""
    house = make_house("het-huis")
    make_house("straks", desks=0, status="aspirant")
    return make_booking(house, WEDNESDAY).reference


@pytest.fixture
def insider(reference: str) -> Guest:
    """Somebody who may open all of them."""
    user = make_user(is_coordinator=True, is_staff=True, is_superuser=True)
    Membership.objects.create(user=user, dorpshuis=the_house(), role=Membership.Role.BOARD)
    guest = Guest()
    log_in_fully(guest.client, user)
    return guest


def the_house() -> Dorpshuis:
    return Dorpshuis.objects.get(slug="het-huis")


@pytest.mark.parametrize("address", EVERY)
def test_every_answer_has_the_strict_headers(insider: Guest, reference: str, address: str) -> None:
    answer = insider.get(address.format(reference=reference)).response
    assert {part.strip() for part in answer["Content-Security-Policy"].split(";")} == CSP
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert answer["Permissions-Policy"] == "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    assert re.fullmatch(r"[0-9a-f]{32}", answer["X-Request-ID"])


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_page_is_kept_by_nobody(insider: Guest, reference: str, address: str) -> None:
    page = insider.get(address.format(reference=reference))
    headers = [page.response[name] for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")]
    assert (page.status, headers) == (200, ["no-store, private", "noindex, nofollow", "no-referrer"])


@pytest.mark.parametrize("address", ["/boeking/{reference}/annuleer/", "/beheer/"])
def test_a_step_on_the_way_to_a_private_page_is_private_too(insider: Guest, reference: str, address: str) -> None:
    page = insider.get(address.format(reference=reference))
    assert (page.status, page.response["Cache-Control"]) == (302, "no-store, private")


def test_a_refused_cancellation_is_private_too(reference: str) -> None:
    guest = Guest()
    page = guest.get(f"/boeking/{reference}/")
    token = page.tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    fields = {"csrfmiddlewaretoken": token, "dagdeel": "x"}
    answer = guest.client.post(f"/boeking/{reference}/annuleer/", fields)
    assert (answer.status_code, answer["Cache-Control"], answer["Referrer-Policy"]) == (
        422,
        "no-store, private",
        "no-referrer",
    )


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_without_a_form_sets_no_cookie(client: Client, reference: str, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, dict(answer.cookies)) == (200, {})


@pytest.mark.parametrize("address", WITH_FORM)
def test_a_page_with_a_form_sets_only_its_token_and_is_not_kept(client: Client, reference: str, address: str) -> None:
    answer = client.get(address)
    assert list(answer.cookies) == ["csrftoken"]
    assert "no-store" in answer["Cache-Control"]


def _is_safe(cookie: "Morsel[str]") -> bool:
    return bool(cookie["httponly"]) and cookie["samesite"] == "Lax" and cookie["path"] == "/"


def test_every_cookie_is_out_of_reach_of_scripts_and_other_sites(reference: str) -> None:
    guest = Guest()
    guest.book(the_house(), WEDNESDAY)
    guest.client.post("/weergave/", {"weergave": "donker"})
    cookies = guest.client.cookies
    assert {name: _is_safe(cookie) for name, cookie in cookies.items()} == {
        "csrftoken": True,
        "boekingen": True,
        "weergave": True,
    }


def test_the_session_cookie_is_out_of_reach_too(client: Client) -> None:
    answer = client.post("/inloggen/", {"email": "anna@voorbeeld.example"})
    assert _is_safe(answer.cookies["sessionid"])


@pytest.mark.parametrize("address", [*PUBLIC, *WITH_FORM, *PRIVATE, "/niet-hier/"])
def test_no_page_holds_a_style_or_a_script_of_its_own(insider: Guest, reference: str, address: str) -> None:
    page = insider.get(address.format(reference=reference))
    assert page.tree.all("style") == []
    assert {node.attrs.get("type") for node in page.tree.all("script") if "src" not in node.attrs} <= {DATA}
    names = {name for node in page.tree for name in node.attrs}
    assert [name for name in names if name == "style" or name.startswith("on")] == []


@pytest.mark.parametrize("address", [*PUBLIC, *WITH_FORM, *PRIVATE])
def test_a_page_asks_nothing_of_another_site(insider: Guest, reference: str, address: str) -> None:
    page = insider.get(address.format(reference=reference))
    fetched = [node.attrs[name] for node in page.tree for name in ("src", "srcset", "action") if name in node.attrs]
    fetched += [node.attrs["href"] for node in page.tree.all("link") if node.attrs["rel"] != "canonical"]
    assert len(fetched) > 1
    assert [url for url in fetched if not url.startswith("/") or url.startswith("//")] == []


# --- the theme --------------------------------------------------------------------------------------------


def theme(page: Page) -> str | None:
    return page.tree.one("html").attrs.get("data-theme")


@pytest.mark.parametrize(("choice", "shown"), [("licht", "light"), ("donker", "dark")])
def test_a_chosen_theme_is_remembered_in_one_cookie(client: Client, choice: str, shown: str) -> None:
    answer = client.post("/weergave/", {"weergave": choice, "terug": "/dorpshuizen/"})
    assert (answer.status_code, answer["Location"], list(answer.cookies)) == (302, "/dorpshuizen/", ["weergave"])
    assert answer.cookies["weergave"].value == choice
    assert theme(Page(client.get("/"))) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize("choice", ["auto", "", "paars", "<script>", "\x00"])
def test_any_other_theme_is_that_of_the_device(client: Client, choice: str) -> None:
    client.post("/weergave/", {"weergave": "donker"})
    answer = client.post("/weergave/", {"weergave": choice})
    assert answer.cookies["weergave"]["max-age"] == 0
    assert theme(Page(client.get("/"))) is None  # type: ignore[arg-type]


def test_a_theme_that_was_made_up_is_not_shown(client: Client) -> None:
    client.cookies["weergave"] = '"><script>'
    assert theme(Page(client.get("/"))) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "back",
    [
        "https://kwaad.example/",
        "//kwaad.example/",
        "/\\kwaad.example",
        "\\\\kwaad.example",
        "javascript:alert(1)",
        "kwaad",
        "/\n/kwaad.example",
        "/%0d%0aX: y\r\nX: y",
        "/\t/kwaad.example",
        "///kwaad.example",
        "",
    ],
)
def test_a_theme_leads_back_to_our_own_pages_only(client: Client, back: str) -> None:
    answer = client.post("/weergave/", {"weergave": "licht", "terug": back})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_theme_keeps_the_choice_in_the_address(client: Client) -> None:
    back = "/dorpshuizen/het-huis/?dagdeel=2026-11-25:ochtend&dagdeel=2026-11-26:ochtend"
    assert client.post("/weergave/", {"weergave": "licht", "terug": back})["Location"] == back


@pytest.mark.parametrize("address", [*PUBLIC, WITH_FORM[0]])
def test_theme_and_language_know_the_way_back_to_this_page(client: Client, reference: str, address: str) -> None:
    page = Page(client.get(address))  # type: ignore[arg-type]
    assert [node.attrs["value"] for node in page.tree.all("input", name="terug")] == [address] * 2


def test_a_get_of_the_theme_address_is_refused(client: Client) -> None:
    assert client.get("/weergave/?weergave=donker").status_code == 405


@pytest.mark.parametrize("address", PUBLIC)
def test_a_cache_keeps_the_themes_apart(client: Client, reference: str, address: str) -> None:
    assert "Cookie" in client.get(address)["Vary"].split(", ")


@pytest.mark.parametrize("address", ["/boeking/bestaat-niet/", "/beheer/bestaat-niet/"])
def test_a_private_address_that_is_not_there_is_private_too(insider: Guest, address: str) -> None:
    page = insider.get(address)
    headers = [page.response[name] for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")]
    assert (page.status, headers) == (404, ["no-store, private", "noindex, nofollow", "no-referrer"])


def test_a_page_for_somebody_who_is_logged_in_is_kept_by_nobody(insider: Guest) -> None:
    assert insider.get("/").response["Cache-Control"] == "no-store, private"


def test_a_public_page_is_asked_for_again_each_time() -> None:
    assert Guest().get("/").response["Cache-Control"] == "no-cache, private"


def test_a_visitor_can_not_say_herself_that_she_came_over_tls() -> None:
    request = RequestFactory().get("/", headers={"x-forwarded-proto": "https"})
    assert not request.is_secure()
