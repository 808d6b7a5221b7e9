"""The municipalities of the places: where a place too small for the list is found."""

from collections.abc import Iterable

from django.urls import reverse

from bookings.domain.names import fold
from bookings.guest.search import Question
from bookings.wish import Wish
from villages.models import Municipality, Village


def source_query(source: str) -> str:
    """Where she heard of it, as the question part of an address; empty without."""
    return Wish(source=source).query() if source else ""


def municipalities_of(villages: Iterable[Village]) -> list[Municipality]:
    """The municipalities of these villages, each once, by name. No query when they were fetched along."""
    found = {village.municipality_id: village.municipality for village in villages}
    return sorted(found.values(), key=lambda municipality: municipality.name)


def municipality_links(question: Question, villages: Iterable[Village]) -> list[tuple[str, str]]:
    """Name and address of each municipality; of the one alone whose name was typed as a place."""
    known = municipalities_of(villages)
    typed = fold(question.place.lower().removeprefix("gemeente "))
    meant = [municipality for municipality in known if fold(municipality.name) == typed] or known
    query = source_query(question.source)
    return [(one.name, reverse("municipality", args=[one.slug]) + query) for one in meant]
