"""The three parts of a day as the tables store them.

`bookings.domain.dagdelen.Dagdeel` holds the same three for the pure rules, which may import nothing
of Django; a test keeps the two equal.
"""

from django.db import models


class Dagdeel(models.TextChoices):
    OCHTEND = "ochtend", "ochtend"
    MIDDAG = "middag", "middag"
    AVOND = "avond", "avond"
