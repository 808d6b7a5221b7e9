"""How far apart two places are, as the crow flies."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0

Point = tuple[float, float]  # latitude and longitude in degrees


def distance_km(one: Point, other: Point) -> float:
    """The great-circle distance (haversine)."""
    (lat_1, lon_1), (lat_2, lon_2) = [(radians(lat), radians(lon)) for lat, lon in (one, other)]
    half = sin((lat_2 - lat_1) / 2) ** 2 + cos(lat_1) * cos(lat_2) * sin((lon_2 - lon_1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half))
