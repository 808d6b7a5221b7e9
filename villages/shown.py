"""What a house shows of itself beside its week: facilities, ways in and photos, in one query for the three."""

from dataclasses import dataclass, field

from django.db.models import CharField, F, IntegerField, Value
from django.db.models.functions import Cast

from villages.models import AccessWay, Dagdeel, Dorpshuis, Facility, Photo

TEXT, NUMBER = CharField(), IntegerField()
NONE = Value(0)
DAGDELEN = ["", *Dagdeel.values]


@dataclass(frozen=True)
class Shown:
    """Rows as the page needs them, in the house's own order. What is private is not even read."""

    facilities: list[Facility] = field(default_factory=list)
    ways_in: list[AccessWay] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)


def shown(dorpshuis: Dorpshuis) -> Shown:
    """All three of this house. One query: the page has few to spend, and each of these is a handful of rows."""
    facilities = dorpshuis.facilities.order_by().values_list(
        Value("facility"), Cast("position", NUMBER), "pk", "kind", "title", "text", NONE, NONE
    )
    ways_in = dorpshuis.access_ways.order_by().values_list(
        Value("way in"), NONE, "pk", "dagdeel", "method", "public_text", NONE, NONE
    )
    photos = dorpshuis.photos.order_by().values_list(
        Value("photo"), Cast("position", NUMBER), "pk", Cast("image", TEXT), "alt", "credit", F("width"), F("height")
    )
    found = Shown()
    for table, _, _, first, second, third, wide, high in sorted(facilities.union(ways_in, photos, all=True)):
        if table == "facility":
            found.facilities.append(Facility(kind=first, title=second, text=third))
        elif table == "way in":
            found.ways_in.append(AccessWay(dagdeel=first, method=second, public_text=third))
        else:
            found.photos.append(Photo(image=first, alt=second, credit=third, width=wide, height=high))
    found.ways_in.sort(key=lambda way: DAGDELEN.index(way.dagdeel))
    return found
