"""What a house's page says about the house to machines: search engines, and the preview of a shared link."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext

from bookings.domain.availability import OpeningSpan
from portal.base.words import euro
from villages.models import Dorpshuis, Facility
from villages.shown import Shown

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# As much as a search engine shows.
TEXT_LENGTH = 160
# Inside <script> only these end the block or begin a comment; as JSON escapes they are the same text.
ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class About:
    """The house for who finds it elsewhere: one address, a picture, a text, and the same as linked data."""

    url: str
    picture: str
    text: str
    linked_data: SafeString


def about(dorpshuis: Dorpshuis, shown: Shown, *, openings: Iterable[OpeningSpan], cents: int | None) -> About:
    """All of it from what the page has read already: no query."""
    url = settings.PUBLIC_URL + reverse("house", args=[dorpshuis.slug])
    data = {**_place(dorpshuis, url), **_amenities(dorpshuis, shown.facilities), **_hours(openings), **_offer(cents)}
    if shown.photos:
        data["image"] = [settings.PUBLIC_URL + photo.get_absolute_url() for photo in shown.photos]
    picture = settings.PUBLIC_URL + reverse("share-picture", args=[dorpshuis.slug])
    return About(url, picture, share_text(dorpshuis, cents), as_script_data(data))


def share_text(dorpshuis: Dorpshuis, cents: int | None) -> str:
    """What one reads under the link: where, for how much, and the house's own words."""
    where = gettext("Werk in %(house)s in %(village)s.") % {"house": dorpshuis, "village": dorpshuis.village.name}
    text = f"{where} {_price_words(cents)} {dorpshuis.intro}"
    return Truncator(" ".join(text.split())).chars(TEXT_LENGTH)


def _price_words(cents: int | None) -> str:
    if cents is None:
        return ""
    return gettext("%(sum)s per dagdeel.") % {"sum": euro(cents)} if cents else gettext("Gratis.")


def as_script_data(data: Any) -> SafeString:
    """JSON that can stand in a script element whatever the house is called."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(written.translate(ESCAPES))


def _place(dorpshuis: Dorpshuis, url: str) -> dict[str, Any]:
    latitude, longitude = dorpshuis.coordinates
    address = {
        "@type": "PostalAddress",
        "streetAddress": dorpshuis.street,
        "postalCode": dorpshuis.postcode,
        "addressLocality": dorpshuis.village.name,
        "addressCountry": "NL",
    }
    return {
        "@context": "https://schema.org",
        "@type": "LocalBusiness",
        "name": str(dorpshuis),
        "url": url,
        "telephone": dorpshuis.phone.as_e164,
        "address": {name: value for name, value in address.items() if value},
        "geo": {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude},
    }


def _amenities(dorpshuis: Dorpshuis, facilities: Iterable[Facility]) -> dict[str, Any]:
    names = [f"Internet {dorpshuis.internet_down} Mbit/s"] if dorpshuis.internet_down else []
    names += [facility.title for facility in facilities]
    found = [{"@type": "LocationFeatureSpecification", "name": name, "value": True} for name in names]
    return {"amenityFeature": found} if found else {}


def _hours(openings: Iterable[OpeningSpan]) -> dict[str, Any]:
    """The weekly schedule, the days with the same hours together; without what is by appointment."""
    days: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for span in openings:
        if not span.by_appointment:
            days[f"{span.begin:%H:%M}", f"{span.end:%H:%M}"].add(span.weekday)
    found = [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [DAYS[day] for day in sorted(weekdays)],
            "opens": begin,
            "closes": end,
        }
        for (begin, end), weekdays in sorted(days.items())
    ]
    return {"openingHoursSpecification": found} if found else {}


def _offer(cents: int | None) -> dict[str, Any]:
    if cents is None:
        return {}
    price = f"{cents // 100}.{cents % 100:02}"
    return {
        "makesOffer": {"@type": "Offer", "name": gettext("Bureau per dagdeel"), "price": price, "priceCurrency": "EUR"},
    }
