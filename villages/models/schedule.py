"""The normal week: on which weekdays which dagdelen are open, and at what clock times."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from villages.models.dagdeel import Dagdeel
from villages.models.desks import Room
from villages.models.dorpshuis import Dorpshuis
from villages.models.validity import Validity, ValidityQuerySet, ends_after_start


class Opening(Validity):
    """One dagdeel of one weekday. Of several that hold on a day, the one that began last counts.

    `once`: an extra dagdeel on one date, outside the normal week; it counts before a line that begins that day.

    Clock times live here and never in the key of a booking: moving "ochtend" from 08.30 to 09.00
    breaks no booking, and summer time has nothing to break.
    """

    class Weekday(models.IntegerChoices):
        MAANDAG = 0, "maandag"
        DINSDAG = 1, "dinsdag"
        WOENSDAG = 2, "woensdag"
        DONDERDAG = 3, "donderdag"
        VRIJDAG = 4, "vrijdag"
        ZATERDAG = 5, "zaterdag"
        ZONDAG = 6, "zondag"

    dorpshuis = models.ForeignKey(Dorpshuis, models.CASCADE, related_name="openings", verbose_name="dorpshuis")
    weekday = models.PositiveSmallIntegerField("dag", choices=Weekday, validators=[MaxValueValidator(6)])
    dagdeel = models.CharField("dagdeel", max_length=7, choices=Dagdeel)
    begin = models.TimeField("begin")
    end = models.TimeField("eind")
    rooms = models.ManyToManyField(Room, blank=True, verbose_name="ruimtes", help_text="Leeg: alle ruimtes.")
    staffed = models.BooleanField("er is een vrijwilliger", default=True)
    once = models.BooleanField("alleen op deze dag", default=False, editable=False)
    by_appointment = models.BooleanField("alleen op afspraak, per telefoon", default=False)

    objects = ValidityQuerySet["Opening"].as_manager()

    class Meta:
        verbose_name = "dagdeel van de week"
        verbose_name_plural = "weekrooster"
        ordering = ("dorpshuis", "weekday", "begin")
        constraints = (
            models.UniqueConstraint(
                fields=["dorpshuis", "weekday", "dagdeel", "valid_from", "once"], name="opening_once_per_start"
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("begin")),
                name="opening_ends_after_begin",
                violation_error_message="Het eind ligt voor het begin.",
            ),
            ends_after_start("opening_valid_until_after_from"),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()}{self.dagdeel}"
