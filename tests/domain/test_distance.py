"""Distances between villages."""

import pytest

from bookings.domain.distance import distance_km

DWINGELOO, RUINEN, EMMEN = (52.83417, 6.36944), (52.7625, 6.35417), (52.77917, 6.90694)


def test_a_place_is_no_distance_from_itself() -> None:
    assert distance_km(DWINGELOO, DWINGELOO) == 0


@pytest.mark.parametrize(("other", "km"), [(RUINEN, 8.0), (EMMEN, 36.6)])
def test_known_distances(other: tuple[float, float], km: float) -> None:
    assert distance_km(DWINGELOO, other) == pytest.approx(km, abs=0.1)
    assert distance_km(other, DWINGELOO) == pytest.approx(km, abs=0.1)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert distance_km((52, 6), (53, 6)) == pytest.approx(111.2, abs=0.1)
