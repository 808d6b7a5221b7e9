"""The team of a house: who is asked, given another role, let go; and that somebody always stays."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from bookings.actions import team as act
from bookings.codes import LETTERS, hash_of, invitation_with_code, invitation_with_token, token_of, typed_code
from bookings.refusals import InvitationGone, LastKeeper, NotInCharge
from bookings.tasks import forget_invited
from portal.base import clock
from portal.base.accounts.models import User
from portal.base.log import house as actor_of
from portal.base.log.models import LogEntry
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from tests.conftest import QueryCount
from tests.factories import make_house, make_invitation, make_member, make_user
from tests.guest import Page, on_monday, without_tokens
from tests.post import Post
from villages.doors import DOORS
from villages.models import Dorpshuis, Invitation, Membership, Operator

pytestmark = [pytest.mark.django_db, on_monday]

Role = Membership.Role
TEAM = "/beheer/het-huis/team/"
NEW = "nieuw@voorbeeld.example"


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def els(house: Dorpshuis) -> User:
    """Of the board, alone."""
    return make_member(house, Role.BOARD)


@pytest.fixture
def browser(els: User) -> Client:
    return browser_of(els)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def row_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def role_of(user: User) -> str:
    """Her role; empty when she has none."""
    return "".join(Membership.objects.filter(user=user).values_list("role", flat=True))


def get(browser: Client, path: str = "") -> Page:
    return Page(browser.get(TEAM + path))  # type: ignore[arg-type]


def post(browser: Client, path: str, **fields: str) -> Page:
    return Page(browser.post(TEAM + path, fields))  # type: ignore[arg-type]


def verbs() -> list[tuple[str, str]]:
    return list(LogEntry.objects.order_by("pk").values_list("verb", "subject"))


def waiting() -> list[tuple[str, str]]:
    """The mails that were told: kind and address."""
    return list(OutboxMail.objects.order_by("pk").values_list("kind", "recipient"))


# --- the page ---------------------------------------------------------------------------------------------


def test_the_page_names_each_with_address_role_and_since_when(house: Dorpshuis, browser: Client) -> None:
    anna = make_user("anna@voorbeeld.example", name="Anna")
    Membership.objects.create(user=anna, dorpshuis=house, role=Role.HOST, since=clock.today())
    text = get(browser).text
    for words in ("Anna", "anna@voorbeeld.example", "gastvrouw of gastheer", "Sinds 23 november 2026"):
        assert words in text


def test_the_team_of_another_house_is_not_on_it(house: Dorpshuis, browser: Client) -> None:
    make_member(make_house("ander"))
    User.objects.filter(memberships__dorpshuis__slug="ander").update(name="Vreemde")
    make_invitation(Dorpshuis.objects.get(slug="ander"), email="vreemd@voorbeeld.example")
    assert "reemd" not in without_tokens(get(browser).html)


def test_who_comes_from_the_operator_is_shown_and_can_not_be_changed_here(house: Dorpshuis, browser: Client) -> None:
    operator = Operator.objects.create(name="Welzijn")
    Dorpshuis.objects.update(operator=operator)
    row = Membership.objects.create(user=make_user(name="Wilma"), operator=operator, role=Role.BOARD)
    page = get(browser)
    assert "Via Welzijn" in page.text
    assert "Wilma" in page.text
    assert f"{TEAM}{row.pk}/" not in page.html
    assert [post(browser, f"{row.pk}/", rol="host").status, post(browser, f"{row.pk}/weg/").status] == [404, 404]


def test_the_table_of_rights_says_what_the_doors_say(browser: Client) -> None:
    rows = get(browser).tree.one("table").all("tr")[1:]
    found = {row.one("th").text: [cell.text == "Ja" for cell in row.all("td")] for row in rows}
    by_words = {door.words: [role in door.roles for role in Role.values] for door in DOORS}
    assert found == {words: by_words[words] for words in found}
    assert found["Team"] == [False, False, True, True]
    assert found["Vandaag"] == [True] * 4


@pytest.mark.parametrize("others", [1, 3])
def test_the_page_asks_the_database_as_often_for_one_as_for_many(
    house: Dorpshuis, browser: Client, others: int, query_count: QueryCount
) -> None:
    for number in range(others):
        make_member(house)
        make_invitation(house, email=f"n{number}@voorbeeld.example")
    get(browser)
    with query_count(9):
        get(browser)


# --- inviting ---------------------------------------------------------------------------------------------


def test_an_invitation_by_mail_is_a_row_and_a_mail(house: Dorpshuis, browser: Client, els: User) -> None:
    answer = post(browser, "uitnodigen/", hoe="mail", rol="host", email="Nieuw@Voorbeeld.example")
    row = Invitation.objects.get()
    assert (answer.status, answer.response["Location"]) == (302, f"{TEAM}?gedaan=verstuurd")
    assert (row.email, row.role, row.created_by) == (NEW, "host", els)
    assert row.expires_at == clock.now() + timedelta(days=14)
    assert waiting() == [("invitation", NEW)]
    assert verbs() == [("invite", f"invitation:{row.pk}")]


def test_a_code_on_paper_is_shown_once_and_kept_nowhere(house: Dorpshuis, browser: Client) -> None:
    page = post(browser, "uitnodigen/", hoe="papier", rol="volunteer", email=NEW)
    row = Invitation.objects.get()
    code = page.tree.one(class_="paper-code").text
    assert (page.status, row.email, waiting()) == (200, "", [])
    assert re.fullmatch(rf"([{LETTERS}]{{4}} ){{3}}[{LETTERS}]{{4}}", code)
    assert invitation_with_code(typed_code(code)) == row
    assert code.replace(" ", "") not in "".join(map(str, vars(row).values()))
    assert code not in get(browser).text
    assert page.response["Cache-Control"] == "no-store, private"


def test_a_code_has_more_than_sixty_bits() -> None:
    assert len(set(LETTERS)) ** 16 > 2**60


def test_no_link_stands_in_the_table_before_or_after_the_mail_went(house: Dorpshuis, els: User, post: Post) -> None:
    row = act.invite(house.pk, Role.HOST, NEW, actor_of(els)).invitation
    delivery.sweep()
    (mail,) = post.mails
    body = mail.get_body(("plain",))
    assert body
    assert token_of(row) in body.get_content()
    stored = [value for table in (OutboxMail, Invitation) for line in table.objects.values() for value in line.values()]
    assert [value for value in stored if token_of(row) in str(value)] == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"hoe": "mail", "rol": "host", "email": ""}, "Vul het e-mailadres in"),
        ({"hoe": "mail", "rol": "host", "email": "geen adres"}, "Dit e-mailadres klopt niet helemaal."),
        ({"hoe": "mail", "rol": "host", "email": "a@b.nl\x00"}, "Er staat een vreemd teken"),
        ({"hoe": "mail", "rol": "koning", "email": NEW}, "Kies een rol uit de lijst."),
        ({"hoe": "papier"}, "Kies een rol uit de lijst."),
        ({"hoe": "duif", "rol": "host", "email": NEW}, "Deze knop kennen we niet."),
    ],
)
def test_what_can_not_be_is_422_and_says_why(browser: Client, fields: dict[str, str], words: str) -> None:
    page = post(browser, "uitnodigen/", **fields)
    assert page.status == 422
    assert words in page.notice
    assert not Invitation.objects.exists()


def test_who_is_in_the_team_is_not_invited(browser: Client, els: User) -> None:
    page = post(browser, "uitnodigen/", hoe="mail", rol="host", email=els.email)
    assert (page.status, Invitation.objects.count()) == (422, 0)
    assert "hoort al bij het team" in page.notice


def test_an_address_has_one_open_invitation(browser: Client) -> None:
    pages = [post(browser, "uitnodigen/", hoe="mail", rol="host", email=NEW) for _ in range(2)]
    assert ([page.status for page in pages], Invitation.objects.count()) == ([302, 422], 1)
    assert "heeft al een uitnodiging" in pages[1].notice


def test_another_house_may_invite_the_same_address(browser: Client) -> None:
    make_invitation(make_house("ander"), email=NEW)
    assert post(browser, "uitnodigen/", hoe="mail", rol="host", email=NEW).status == 302


def test_a_house_does_not_mail_the_world(house: Dorpshuis, browser: Client) -> None:
    for number in range(act.MOST_A_DAY):
        make_invitation(house, email=f"n{number}@voorbeeld.example")
    page = post(browser, "uitnodigen/", hoe="mail", rol="host", email=NEW)
    assert (page.status, "Morgen kan het weer" in page.notice, waiting()) == (422, True, [])


def test_a_withdrawn_invitation_is_dead_and_forgets_its_address(house: Dorpshuis, browser: Client) -> None:
    row = make_invitation(house)
    assert post(browser, f"uitnodiging/{row.pk}/", doe="intrekken").status == 302
    row.refresh_from_db()
    assert (row.is_open(clock.now()), row.email) == (False, "")
    assert verbs() == [("withdraw_invitation", f"invitation:{row.pk}")]
    assert post(browser, f"uitnodiging/{row.pk}/", doe="intrekken").status == 409


def test_sent_again_there_is_a_new_link_and_the_old_one_is_dead(house: Dorpshuis, browser: Client) -> None:
    old = make_invitation(house)
    assert post(browser, f"uitnodiging/{old.pk}/", doe="opnieuw").status == 302
    (new,) = Invitation.objects.open_at(clock.now())
    assert (new.email, new.role, token_of(new) != token_of(old)) == (NEW, old.role, True)
    assert waiting() == [("invitation", NEW)]
    assert Client().get(f"/uitnodiging/{token_of(old)}/").status_code == 410


def test_a_new_code_is_shown_like_the_first(house: Dorpshuis, browser: Client) -> None:
    old = make_invitation(house, code="BCDFGHJKMNPRSTWX")
    page = post(browser, f"uitnodiging/{old.pk}/", doe="opnieuw")
    assert (page.status, len(page.tree.one(class_="paper-code").text)) == (200, 19)


def test_the_invitation_of_another_house_is_not_there(browser: Client) -> None:
    row = make_invitation(make_house("ander"))
    assert post(browser, f"uitnodiging/{row.pk}/", doe="intrekken").status == 404
    assert row.is_open(clock.now())


def test_only_the_seal_of_the_portal_opens_a_link(house: Dorpshuis) -> None:
    row, other = make_invitation(house), make_invitation(house, email="x@voorbeeld.example")
    seal = token_of(other).split("-")[1]
    assert invitation_with_token(token_of(row)) == row
    wrong = [f"{row.pk}-{seal}", f"{row.pk}-", str(row.pk), "", "-", f"²-{seal}", f"{'9' * 40}-{seal}"]
    assert [invitation_with_token(token) for token in wrong] == [None] * len(wrong)


def test_an_hour_after_it_is_over_an_invitation_forgets_its_address(house: Dorpshuis) -> None:
    make_invitation(house, expires_at=clock.now() - timedelta(hours=2))
    make_invitation(house, used_at=clock.now() - timedelta(hours=2))
    make_invitation(house)
    for _ in range(2):
        forget_invited()
        assert sorted(Invitation.objects.values_list("email", flat=True)) == ["", "", NEW]


# --- another role, out of the team ------------------------------------------------------------------------


def test_another_role_holds_at_once_is_logged_and_told(house: Dorpshuis, browser: Client) -> None:
    anna = make_member(house)
    assert post(browser, f"{row_of(anna).pk}/", rol="host").status == 302
    assert role_of(anna) == "host"
    assert verbs() == [("change_role", f"user:{anna.pk}")]
    assert waiting() == [("role_changed", anna.email)]


def test_the_same_role_again_changes_and_tells_nothing(house: Dorpshuis, browser: Client) -> None:
    anna = make_member(house)
    assert post(browser, f"{row_of(anna).pk}/", rol="volunteer").status == 302
    assert (verbs(), waiting()) == ([], [])


@pytest.mark.parametrize("role", ["koning", "", "day_list"])
def test_a_role_that_there_is_not_is_422(house: Dorpshuis, browser: Client, role: str) -> None:
    anna = make_member(house)
    assert post(browser, f"{row_of(anna).pk}/", rol=role).status == 422
    assert role_of(anna) == "volunteer"


def test_who_is_removed_is_out_at_once_also_where_a_page_is_open(house: Dorpshuis, browser: Client) -> None:
    anna = make_member(house)
    other = make_house("ander")
    Membership.objects.create(user=anna, dorpshuis=other)
    hers = browser_of(anna)
    assert hers.get("/beheer/het-huis/").status_code == 200
    assert post(browser, f"{row_of_in(anna, house).pk}/weg/").status == 302
    assert [hers.get(f"/beheer/{slug}/").status_code for slug in ("het-huis", "ander")] == [404, 200]
    assert verbs() == [("leave", f"user:{anna.pk}")]
    assert waiting() == [("left_team", anna.email)]


def row_of_in(user: User, house: Dorpshuis) -> Membership:
    return Membership.objects.get(user=user, dorpshuis=house)


def test_leaving_asks_first(house: Dorpshuis, browser: Client, els: User) -> None:
    make_member(house, Role.BOARD)
    page = get(browser, f"{row_of(els).pk}/weg/")
    assert "Wil je zelf uit het team?" in page.text
    assert role_of(els) == "board"
    answer = post(browser, f"{row_of(els).pk}/weg/")
    assert (answer.response["Location"], role_of(els)) == ("/", "")
    assert get(browser).status == 404


def test_who_gives_herself_a_smaller_role_goes_to_where_she_may(house: Dorpshuis, browser: Client, els: User) -> None:
    make_member(house, Role.BOARD)
    answer = post(browser, f"{row_of(els).pk}/", rol="host")
    assert answer.response["Location"] == "/beheer/het-huis/"


@pytest.mark.parametrize(("path", "fields"), [("", {"rol": "treasurer"}), ("weg/", {})])
def test_the_last_of_the_board_stays(
    house: Dorpshuis, browser: Client, els: User, path: str, fields: dict[str, str]
) -> None:
    make_member(house, Role.TREASURER)
    page = post(browser, f"{row_of(els).pk}/{path}", **fields)
    assert (page.status, role_of(els)) == (409, "board")
    assert "Maak eerst iemand anders lid van het bestuur." in page.notice
    assert (verbs(), waiting()) == ([], [])


def test_without_a_board_the_last_treasurer_stays_or_becomes_the_board(house: Dorpshuis) -> None:
    gerrit = make_member(house, Role.TREASURER)
    by, row = actor_of(gerrit), row_of(gerrit)
    with pytest.raises(LastKeeper):
        act.leave(row, by)
    with pytest.raises(LastKeeper):
        act.change_role(row, Role.VOLUNTEER, by)
    assert act.change_role(row, Role.BOARD, by)


def test_the_board_of_the_operator_does_not_count_as_the_house_s_own(house: Dorpshuis, els: User) -> None:
    operator = Operator.objects.create(name="Welzijn")
    Dorpshuis.objects.update(operator=operator)
    wilma = make_user()
    Membership.objects.create(user=wilma, operator=operator, role=Role.BOARD)
    with pytest.raises(LastKeeper):
        act.leave(row_of(els), actor_of(wilma))


def test_who_lost_her_role_meanwhile_can_change_nothing_any_more(house: Dorpshuis, els: User) -> None:
    anna = make_member(house, Role.BOARD)
    by = actor_of(anna)
    act.change_role(row_of(anna), Role.HOST, actor_of(els))
    for attempt in (
        lambda: act.leave(row_of(els), by),
        lambda: act.change_role(row_of(els), Role.HOST, by),
        lambda: act.invite(house.pk, Role.BOARD, NEW, by),
        lambda: act.withdraw_invitation(make_invitation(house), by),
        lambda: act.invite_again(make_invitation(house), by),
    ):
        with pytest.raises(NotInCharge):
            attempt()


@pytest.mark.parametrize("role", [Role.HOST, Role.VOLUNTEER])
def test_who_may_not_gets_403_and_changes_nothing(house: Dorpshuis, els: User, role: str) -> None:
    gerrit = make_member(house, Role.TREASURER)
    hers = browser_of(make_member(house, role))
    row = row_of(gerrit)
    paths = {"uitnodigen/": {"hoe": "papier", "rol": "board"}, f"{row.pk}/": {"rol": "board"}, f"{row.pk}/weg/": {}}
    assert [post(hers, path, **fields).status for path, fields in paths.items()] == [403] * 3
    assert (role_of(gerrit), Invitation.objects.count()) == ("treasurer", 0)


def test_somebody_of_another_house_is_not_there(browser: Client) -> None:
    stranger = make_member(make_house("ander"))
    row = row_of(stranger)
    answers = [get(browser, f"{row.pk}/"), post(browser, f"{row.pk}/", rol="host"), post(browser, f"{row.pk}/weg/")]
    assert [page.status for page in answers] == [404] * 3
    assert role_of(stranger) == "volunteer"


# --- a mail that never arrives ----------------------------------------------------------------------------


def test_an_invitation_that_was_refused_says_so_on_the_page(browser: Client, els: User, post: Post) -> None:
    post.answers = ["550 No such user"]
    house = Dorpshuis.objects.get()
    act.invite(house.pk, Role.HOST, NEW, actor_of(els))
    act.invite(house.pk, Role.HOST, "goed@voorbeeld.example", actor_of(els))
    delivery.sweep()
    assert get(browser).html.count("De mail kwam niet aan.") == 1


def test_an_address_of_the_team_that_refuses_says_so_until_a_mail_arrives(
    browser: Client, house: Dorpshuis, els: User, post: Post
) -> None:
    anna = make_member(house)
    said: list[int] = []
    for role, answer in ((Role.HOST, "550 No such user"), (Role.VOLUNTEER, "250 OK")):
        post.answers = [answer]
        with time_machine.travel(clock.now() + timedelta(minutes=len(said)), tick=False):
            act.change_role(row_of(anna), role, actor_of(els))
            delivery.sweep()
        said.append(get(browser).html.count("Onze laatste mail kwam niet aan."))
    assert said == [1, 0]


# --- what is told is what is true -------------------------------------------------------------------------


def test_a_mail_that_is_no_longer_true_is_not_sent(house: Dorpshuis, els: User, post: Post) -> None:
    by = actor_of(els)
    invited = act.invite(house.pk, Role.HOST, NEW, by).invitation
    act.withdraw_invitation(invited, by)
    anna = make_member(house)
    act.change_role(row_of(anna), Role.HOST, by)
    act.leave(row_of(anna), by)
    Membership.objects.create(user=anna, dorpshuis=house)
    Membership.objects.filter(user=anna).delete()
    delivery.sweep()
    assert [mail["Subject"] for mail in post.mails] == ["Je hoort niet meer bij het team van Het Huis"]


def test_an_invitation_ends_after_fourteen_days(house: Dorpshuis, els: User) -> None:
    row = act.invite(house.pk, Role.HOST, NEW, actor_of(els)).invitation
    with time_machine.travel(row.expires_at - timedelta(seconds=1), tick=False):
        assert Client().get(f"/uitnodiging/{token_of(row)}/").status_code == 200
    with time_machine.travel(row.expires_at, tick=False):
        assert Client().get(f"/uitnodiging/{token_of(row)}/").status_code == 410
        with pytest.raises(InvitationGone):
            act.withdraw_invitation(row, actor_of(els))


def test_the_hash_of_a_code_needs_the_portal_s_key(settings: object, house: Dorpshuis) -> None:
    before = hash_of("BCDFGHJKMNPRSTWX")
    settings.SECRET_KEY = "een andere sleutel"  # type: ignore[attr-defined]
    assert hash_of("BCDFGHJKMNPRSTWX") != before
