"""For which dagdelen a member waits, whichever the house: all lists that she is on with her own proven address."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from bookings.models import Waiting
from bookings.wording import moment_words
from portal.base import clock
from villages.models import Dorpshuis

State = Waiting.State


@dataclass(frozen=True)
class MyWait:
    """Her place on one list. `until` (local) while it is her turn and a desk is held for her."""

    wait: Waiting
    place: int
    until: datetime | None

    @property
    def house(self) -> Dorpshuis:
        return self.wait.dorpshuis

    @property
    def words(self) -> str:
        """ "woensdag 25 november, ochtend" """
        return moment_words(self.wait.moment)

    @property
    def url(self) -> str:
        """Her private page of this list."""
        return reverse("waiting", args=[self.wait.reservation.reference])


def waits_of(address: str) -> list[MyWait]:
    """What this proven address waits for from today on, in the order of the days. Two queries, or one for none."""
    rows = Waiting.objects.on_the_list().filter(date__gte=clock.today(), reservation__confirmed_to=address)
    hers = list(rows.with_names().order_by("date", "created_at", "pk")) if address else []
    if not hers:
        return []
    lines: defaultdict[tuple[int, date, str], list[int]] = defaultdict(list)
    others = Waiting.objects.on_the_list().filter(dorpshuis__in={wait.dorpshuis_id for wait in hers})
    found = others.at({wait.moment for wait in hers}).first_first()
    for house, day, part, number in found.values_list("dorpshuis_id", "date", "dagdeel", "pk"):
        lines[house, day, part].append(number)
    return [_mine(wait, lines[wait.dorpshuis_id, wait.date, wait.dagdeel]) for wait in hers]


def _mine(wait: Waiting, line: list[int]) -> MyWait:
    in_turn = wait.state == State.OFFERED and wait.turn_until is not None and clock.now() < wait.turn_until
    until = clock.local(wait.turn_until) if in_turn and wait.turn_until else None
    return MyWait(wait, line.index(wait.pk) + 1 if wait.pk in line else len(line), until)
