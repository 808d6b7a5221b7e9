"""A booked slot is never shown as free after the booking's answer: many readers and bookers, over real HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

import httpx
import pytest
from django.core.cache import caches
from django.http import HttpRequest
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from bookings.domain.dagdelen import Moment, Week
from bookings.guest import kept
from bookings.wish import Wish
from tests.factories import make_house, morning
from tests.races.crowd import PATIENCE, Visitor, at_once, free_desks, visitors
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.race]

DESKS = 8


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    caches[kept.CACHE].clear()
    yield
    caches[kept.CACHE].clear()


@dataclass
class Board:
    """What everybody knows: how many bookings were answered; and what a reader saw that was no longer true."""

    page: str
    moment: Moment
    answered: int = 0
    looks: int = 0
    untrue: list[tuple[int, int]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def look(self) -> None:
        """Open the page of the week, as a stranger does."""
        known = self.answered
        free = free_desks(httpx.get(self.page, timeout=PATIENCE, trust_env=False), self.moment)
        with self.lock:
            self.looks += 1
            if int(free or 0) > DESKS - known:
                self.untrue.append((known, int(free or 0)))

    def book(self, guest: Visitor) -> None:
        """Tap; from the answer on it is known; and look."""
        assert guest.tap().status_code == 302
        with self.lock:
            self.answered += 1
        self.look()

    def watch(self) -> None:
        """Look again and again until all is booked."""
        while self.answered < DESKS:
            self.look()
        self.look()


def board_after_a_rush(server: LiveServer, house: Dorpshuis) -> Board:
    """Eight guests book at the same moment while four others look; what came of it."""
    page = f"{server.url}{reverse('house', args=[house.slug])}?week={Week.of(morning().date)}"
    board = Board(page, morning())
    crowd = visitors(server, house, DESKS, morning())
    board.look()  # now the page of before is kept
    jobs: list[Callable[[], None]] = [partial(board.book, guest) for guest in crowd]
    at_once([*jobs, *[board.watch] * 4])
    return board


def test_a_booked_slot_is_never_shown_as_free_after_the_answer(live_server: LiveServer) -> None:
    board = board_after_a_rush(live_server, make_house(desks=DESKS))
    assert (board.answered, board.untrue) == (DESKS, [])
    assert board.looks > DESKS


@pytest.mark.long
def test_without_the_version_of_the_house_it_would_be(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with pages found by house and week alone, the page of before is shown."""

    def by_week_alone(_request: HttpRequest, house: Dorpshuis, wish: Wish) -> str:
        return f"house:{house.pk}:{wish.week}"

    monkeypatch.setattr(kept, "_key", by_week_alone)
    assert board_after_a_rush(live_server, make_house(desks=DESKS)).untrue != []
