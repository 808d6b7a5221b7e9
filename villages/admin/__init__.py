"""The Django admin of places and houses: for who looks after the portal. A volunteer never sees it."""

from villages.admin import closures, desks, houses, people, places, requests, schedule, terms

__all__ = ["closures", "desks", "houses", "people", "places", "requests", "schedule", "terms"]
