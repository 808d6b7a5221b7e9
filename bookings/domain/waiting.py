"""Whose turn it is on the waiting list of one dagdeel, and for how long. Moments are aware; spans are real time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bookings.domain.availability import Cell, Status, Supply, cell_at
from bookings.domain.dagdelen import AMSTERDAM

TURN = timedelta(hours=2)
LAST_CALL = timedelta(hours=1)
TELLS_FROM, TELLS_UNTIL = time(8), time(21)


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody on the list: her number, and until when it is her turn (None: she still waits).

    `holds`: a desk is held for her turn; who is called has a turn without a desk. `has_place`: she booked this
    dagdeel in another way, so she is passed over. `unheard`: nobody took the mail that it is her turn.
    """

    number: int
    until: datetime | None = None
    holds: bool = True
    has_place: bool = False
    unheard: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """What happens on one list now, by the numbers of who waits: her turn is `over`, she goes `back` to waiting (the
    house is closed, or she could not hear of her turn), the whole list is `ended`, or it is her turn as `given`, until
    `until`.
    """

    over: tuple[int, ...] = ()
    back: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()
    given: tuple[int, ...] = ()
    until: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.over or self.back or self.ended or self.given)


def can_wait(supply: Supply, cell: Cell, now: datetime, *, known_guest: bool = False, by_house: bool = False) -> bool:
    """Whether somebody can be put on the list of this dagdeel: it is full, and she could book it were it not."""
    if cell.status is not Status.VOL:
        return False
    empty = cell_at(supply, cell.moment, (), now, known_guest=known_guest)
    return empty.bookable_by_house if by_house else empty.bookable


def may_tell(now: datetime) -> bool:
    """Whether somebody may be told of a place: between 8.00 and 21.00 on the clock in Drenthe."""
    return TELLS_FROM <= now.astimezone(AMSTERDAM).time() < TELLS_UNTIL


def tells_again(now: datetime) -> datetime:
    """The next moment at which somebody may be told: `now`, or 8.00."""
    if may_tell(now):
        return now
    here = now.astimezone(AMSTERDAM)
    day = here.date() + timedelta(days=1 if here.time() >= TELLS_UNTIL else 0)
    return datetime.combine(day, TELLS_FROM, tzinfo=AMSTERDAM)


def turn_ends(now: datetime, begins: datetime, book_until: datetime | None = None) -> datetime | None:
    """Until when (exclusive, whole minutes) a place that is offered `now` is held; None when none is offered.

    The least of two hours and half the time until the dagdeel begins, and no longer than it can be booked
    (`book_until`). None in the last hour before it begins, and none at night. A turn that began in the evening runs
    on after 21.00: she was told in time.
    """
    # In UTC: on the clock of the wall one night has an hour twice and another misses one.
    start, left = now.astimezone(UTC), begins.astimezone(UTC) - now.astimezone(UTC)
    if left <= LAST_CALL or not may_tell(now):
        return None
    end = start + min(TURN, left / 2)
    if book_until is not None:
        end = min(end, book_until.astimezone(UTC))
    end = end.replace(second=0, microsecond=0)
    return end.astimezone(AMSTERDAM) if start < end else None


def steps(
    line: Sequence[Wait],
    free: int,
    now: datetime,
    begins: datetime,
    book_until: datetime | None = None,
    *,
    is_open: bool = True,
) -> Steps:
    """What happens on this list, which stands in the order in which they came.

    `free`: desks that nobody has, those counted of which the hold is past its end. One offer for each of them, and
    first come first served; who is called has her turn too, so a desk less is offered meanwhile. Who let her turn
    pass is off the list; who could not hear of it is not, but this time the others go before her. While the house is
    closed (`is_open` is false) the list sleeps; when the dagdeel begins it ends.
    """
    if now >= begins:
        return Steps(ended=tuple(wait.number for wait in line))
    in_turn = [wait for wait in line if wait.until is not None]
    if not is_open:
        return Steps(back=tuple(wait.number for wait in in_turn))
    ended = [wait for wait in in_turn if wait.until is not None and wait.until <= now]
    over = tuple(wait.number for wait in ended if not wait.unheard)
    back = tuple(wait.number for wait in ended if wait.unheard)
    called = sum(1 for wait in in_turn if wait not in ended and not wait.holds)
    until = turn_ends(now, begins, book_until)
    if until is None:
        return Steps(over, back)
    others = [wait for wait in line if wait.until is None]
    next_ones = [wait.number for wait in (*others, *ended) if wait.number not in over and not wait.has_place]
    return Steps(over, back, given=tuple(next_ones[: max(0, free - called)]), until=until)
