"""A standing place: a desk that an organisation has every week, as a rule. Its dates are bookings."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from bookings.domain.dagdelen import Dagdeel as DomainDagdeel
from bookings.domain.standing import Pattern
from bookings.models.reservation import Reservation
from portal.base import clock
from villages.models import Dagdeel, Desk, Dorpshuis, Tariff


class StandingPlaceQuerySet(models.QuerySet["StandingPlace"]):
    def running(self, today: date) -> Self:
        """Those that are not over."""
        return self.filter(last_day__gte=today)

    def over(self, today: date) -> Self:
        """Those that ended."""
        return self.filter(last_day__lt=today)

    def with_names(self) -> Self:
        """Reservation, desk and house in the same query."""
        return self.select_related("reservation", "desk", "dorpshuis__village")


class StandingPlace(models.Model):
    """The rule. Who holds it and how to reach her is on its one reservation, which also has all its bookings."""

    class Every(models.IntegerChoices):
        WEEK = 1, gettext_lazy("elke week")
        OTHER_WEEK = 2, gettext_lazy("om de week")

    dorpshuis = models.ForeignKey(Dorpshuis, models.PROTECT, related_name="standing_places", verbose_name="dorpshuis")
    reservation = models.OneToOneField(Reservation, models.PROTECT, related_name="standing", verbose_name="reservering")
    organisation = models.CharField("organisatie", max_length=60, blank=True)
    desk = models.ForeignKey(
        Desk, models.PROTECT, null=True, blank=True, related_name="standing_places", verbose_name="bureau"
    )
    weekday = models.PositiveSmallIntegerField("weekdag")
    dagdeel = models.CharField("dagdeel", max_length=7, choices=Dagdeel)
    every = models.PositiveSmallIntegerField("hoe vaak", choices=Every, default=Every.WEEK)
    first_day = models.DateField("vanaf")
    last_day = models.DateField("tot en met")
    tariff = models.CharField("tarief", max_length=15, choices=Tariff.Kind, default=Tariff.Kind.GRATIS)
    skip_holidays = models.BooleanField("niet op feestdagen", default=True)
    agreed_at = models.DateTimeField("afgesproken op", default=clock.now)
    ended_at = models.DateTimeField("eerder gestopt op", null=True, blank=True)
    # Dates without a desk of which the house knows: they are not reported twice.
    known_clashes = models.JSONField(default=list, blank=True, editable=False)

    objects = StandingPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "vaste plek"
        verbose_name_plural = "vaste plekken"
        ordering = ("weekday", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(weekday__lte=6) & Q(every__in=(1, 2)), name="standing_place_repeats_weekly"
            ),
            models.CheckConstraint(
                condition=Q(dagdeel__in=("ochtend", "middag", "avond")), name="standing_dagdeel_is_one_of_three"
            ),
        )
        indexes = (models.Index(fields=["dorpshuis", "last_day"], name="standing_place_by_house"),)

    def __str__(self) -> str:
        return f"standingplace:{self.pk}"

    @property
    def pattern(self) -> Pattern:
        return Pattern(
            self.weekday, DomainDagdeel(self.dagdeel), self.first_day, self.last_day, self.every, self.skip_holidays
        )
