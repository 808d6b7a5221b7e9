"""What is to come of standing places, as the holder and the house see it. Only reads."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from bookings.domain.availability import Supply, begins_at, ends_at, opening_on
from bookings.domain.dagdelen import parse_day
from bookings.models import Booking, StandingPlace
from bookings.queries import supplies
from bookings.wording import day_words, pattern_words
from portal.base import clock

State = Booking.State


@dataclass(frozen=True)
class StandingDay:
    """A date of a standing place that is not over; times local."""

    booking: Booking
    begin: time | None
    end: time | None
    has_begun: bool

    @property
    def words(self) -> str:
        """ "dinsdag 24 november" """
        return day_words(self.booking.date)

    @property
    def can_release(self) -> bool:
        return self.booking.state == State.BOOKED and not self.has_begun

    @property
    def released(self) -> bool:
        return self.booking.state in (State.CANCELLED, State.LATE_CANCELLED, State.RETAKEN)

    @property
    def called_off(self) -> bool:
        return self.booking.state == State.HOUSE_CANCELLED


@dataclass(frozen=True)
class Held:
    """A standing place and its dates to come."""

    place: StandingPlace
    days: list[StandingDay] = field(default_factory=list)
    # A date that was given back just now, as her address says.
    given_back_now: StandingDay | None = None

    @property
    def pattern(self) -> str:
        return pattern_words(self.place.pattern)

    @property
    def house_days(self) -> list[date]:
        """Coming dates for which there is no desk, as the house knows."""
        written = {day.booking.date for day in self.days}
        known = [date.fromisoformat(text) for text in self.place.known_clashes]
        return [day for day in known if day >= clock.today() and day not in written]

    def given_back(self, text: str) -> StandingDay | None:
        """The date that this text names, when it was given back: to say so once more after the button."""
        try:
            wanted = parse_day(text)
        except ValueError:
            return None
        return next((day for day in self.days if day.booking.date == wanted and day.released), None)


def held(places: Collection[StandingPlace]) -> list[Held]:
    """These (with their houses) and their dates to come, in order. Five queries at most, whatever their number."""
    rows = Booking.objects.filter(standing__in=places, date__gte=clock.today()).not_changed()
    found: defaultdict[int | None, list[Booking]] = defaultdict(list)
    for row in rows.select_related("desk").in_order() if places else ():
        found[row.standing_id].append(row)
    days = [row.date for group in found.values() for row in group]
    houses = {place.dorpshuis_id: place.dorpshuis for place in places}
    offers = supplies(houses.values(), min(days), max(days)) if days else {}
    now, found_days = clock.now(), {}
    for place in places:
        rows_of, offer = found[place.pk], offers.get(place.dorpshuis_id)
        coming = [row for row in rows_of if offer and now < ends_at(offer, row.moment)]
        found_days[place.pk] = [_day(row, offer, now) for row in coming if offer]
    return [Held(place, found_days[place.pk]) for place in places]


def _day(row: Booking, supply: Supply, now: datetime) -> StandingDay:
    opening = opening_on(supply, row.moment)
    begin, end = (opening.begin, opening.end) if opening else (None, None)
    return StandingDay(row, begin, end, now >= begins_at(supply, row.moment))


def held_with(address: str, *, given_back: str = "") -> list[Held]:
    """What is held with this proven address, and is not over. `given_back`: the date that was given back just now."""
    if not address:
        return []
    rows = StandingPlace.objects.running(clock.today()).filter(reservation__confirmed_to=address)
    return [replace(one, given_back_now=one.given_back(given_back)) for one in held(list(rows.with_names()))]
