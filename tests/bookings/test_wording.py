"""The Dutch words for what the rules say."""

from datetime import date, time

import pytest
from django.utils import translation

from bookings import wording
from bookings.domain.availability import Cell, Closed, Status
from bookings.domain.dagdelen import Dagdeel, Moment
from tests.domain.values import POLICY, policy
from villages.models import Dorpshuis

WEDNESDAY = Moment(date(2026, 11, 25), Dagdeel.OCHTEND)
HOUSE = Dorpshuis(name="Het Huis", phone="+31521591000")


def cell(status: Status = Status.VRIJ, free: int = 0, total: int = 0, closed: Closed | None = None) -> Cell:
    desks = tuple(range(total))
    return Cell(WEDNESDAY, status, open_ids=desks, free_ids=desks[:free], closed=closed, reason="dorpsfeest")


@pytest.mark.parametrize(
    ("free", "total", "words"),
    [(1, 1, "1 plek vrij"), (4, 4, "4 plekken vrij"), (3, 4, "Nog 3 plekken"), (1, 4, "Nog 1 plek")],
)
def test_free_desks_in_words(free: int, total: int, words: str) -> None:
    assert wording.status_words(cell(free=free, total=total)) == words


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.VRIJ])
def test_every_other_status_has_words_a_reason_and_a_next_step(status: Status) -> None:
    shut = cell(status, closed=Closed.CLOSURE)
    assert wording.status_words(shut)
    assert wording.reason(shut, POLICY)
    sentence = wording.why_not(shut, HOUSE, POLICY)
    assert sentence.startswith("Woensdag 25 november, ochtend: ")
    assert any(step in sentence for step in ("Kies een", "Bel het dorpshuis: 0521 591 000.", "Dat kan vanaf"))


def test_what_is_free_needs_no_reason() -> None:
    assert wording.reason(cell(free=1, total=1), POLICY) == ""


@pytest.mark.parametrize(
    ("closed", "reason"),
    [
        (Closed.CLOSURE, "dorpsfeest"),
        (Closed.DAGDEEL, "’s ochtends dicht"),
        (Closed.NO_DESKS, "er staan dan geen bureaus"),
        (Closed.WEEKDAY, "woensdag"),
    ],
)
def test_why_it_is_closed(closed: Closed, reason: str) -> None:
    assert wording.reason(cell(Status.GESLOTEN, closed=closed), POLICY) == reason


def test_what_is_too_far_ahead_says_from_when() -> None:
    assert wording.reason(cell(Status.NOG_NIET), policy(window_days=5)) == "boeken kan vanaf vrijdag 20 november"


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "Boek gratis"),
        (750, "Boek en betaal €\xa07,50 in het dorpshuis"),
        (150_000, "Boek en betaal €\xa01.500,00 in het dorpshuis"),
    ],
)
def test_the_button_names_the_payment(cents: int, words: str) -> None:
    assert wording.promise(cents) == words


@pytest.mark.parametrize(
    ("count", "cents", "words"),
    [(1, 750, "1 dagdeel, €\xa07,50"), (2, 1500, "2 dagdelen, samen €\xa015,00")],
)
def test_the_sum_in_words(count: int, cents: int, words: str) -> None:
    assert wording.total_words(count, cents) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "17.00 uur op de dag zelf"), (1, "17.00 uur de dag ervoor"), (3, "17.00 uur 3 dagen ervoor")],
)
def test_until_when_cancelling_is_free(days: int, words: str) -> None:
    given = policy(cancel_days_before=days, cancel_time=time(17))
    assert wording.cancel_words(given) == f"Gratis annuleren tot {words}. Daarna betaal je het dagdeel."


@pytest.mark.parametrize(
    ("pin", "cash", "link", "words"),
    [
        (True, True, "", "Je betaalt als je er bent, met pin of contant."),
        (True, False, "", "Je betaalt als je er bent, met pin."),
        (True, True, "https://betaal.example", "Je betaalt als je er bent, met pin, contant of een betaallink."),
        (False, False, "", "Je betaalt als je er bent."),
    ],
)
def test_how_the_house_takes_money(pin: bool, cash: bool, link: str, words: str) -> None:
    assert wording.pay_words(Dorpshuis(pay_pin=pin, pay_cash=cash, pay_link=link)) == words


def test_both_limits_say_the_same_with_a_number_to_call() -> None:
    assert wording.too_many(HOUSE) == (
        "Zoveel dagdelen kun je hier niet boeken. Kies er minder, of bel het dorpshuis: 0521 591 000."
    )


# --- English ----------------------------------------------------------------------------------------------


def test_what_mails_use_is_english_too() -> None:
    house = Dorpshuis(pay_pin=True, pay_cash=True, pay_link="https://betaal.example")
    with translation.override("en"):
        said = [wording.pay_words(house), wording.cancel_words(POLICY)]
    assert said == [
        "You pay when you are there, by card, in cash or with a payment link.",
        "You can cancel for free until 17:00 the day before. After that you pay.",
    ]
