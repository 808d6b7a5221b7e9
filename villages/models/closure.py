"""A time in which the house, a room or some desks can't be booked."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from portal.base import clock
from villages.models.dagdeel import Dagdeel
from villages.models.desks import Desk, Room
from villages.models.dorpshuis import Dorpshuis


class ClosureQuerySet(models.QuerySet["Closure"]):
    def standing(self) -> Self:
        """Closures that were not taken back."""
        return self.filter(reopened_at__isnull=True)

    def that_stood_since(self, moment: datetime) -> Self:
        """Closures that stand, or that were taken back only after `moment` (aware)."""
        return self.filter(Q(reopened_at__isnull=True) | Q(reopened_at__gt=moment))

    def shutting(self) -> Self:
        """Closures that take desks away themselves; the others tell what another schedule or fewer desks did."""
        return self.filter(cause=Closure.Cause.CLOSURE)

    def whole_days(self, first: date, last: date) -> Self:
        """Closures that stand and shut the whole house, all dagdelen, on some day of the period."""
        whole = self.shutting().standing().filter(room=None, desks=None, ochtend=True, middag=True, avond=True)
        return whole.during(first, last).order_by("first_day", "pk")

    def during(self, first: date, last: date) -> Self:
        """Closures with at least one day in the period; both days included."""
        return self.filter(first_day__lte=last, last_day__gte=first)


class Closure(models.Model):
    """Written by the action `close`, ended by `reopen`: each can hit bookings.

    Also the record of whom another schedule, or a desk or room that goes, called off (`cause`): what is offered
    then is in the schedule and the desks themselves, and `was` keeps what an undo puts back.
    """

    class Cause(models.TextChoices):
        CLOSURE = "closure", gettext_lazy("dicht")
        SCHEDULE = "schedule", gettext_lazy("ander rooster")
        DESK = "desk", gettext_lazy("bureau weg")
        ROOM = "room", gettext_lazy("ruimte weg")

    dorpshuis = models.ForeignKey(Dorpshuis, models.CASCADE, related_name="closures", verbose_name="dorpshuis")
    cause = models.CharField("oorzaak", max_length=8, choices=Cause, default=Cause.CLOSURE, editable=False)
    first_day = models.DateField("eerste dag")
    last_day = models.DateField("laatste dag")
    ochtend = models.BooleanField("ochtend", default=True)
    middag = models.BooleanField("middag", default=True)
    avond = models.BooleanField("avond", default=True)
    room = models.ForeignKey(
        Room, models.CASCADE, null=True, blank=True, verbose_name="alleen deze ruimte", related_name="+"
    )
    desks = models.ManyToManyField(
        Desk, blank=True, verbose_name="alleen deze bureaus", related_name="+", help_text="Leeg: alle bureaus."
    )
    reason = models.CharField("reden", max_length=120, help_text="Staat in de week, bijvoorbeeld: dorpsfeest")
    guest_text = models.TextField("tekst voor gasten", max_length=600, blank=True)
    created_at = models.DateTimeField("gemaakt", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="door"
    )
    reopened_at = models.DateTimeField("heropend", null=True, blank=True)
    moved = models.PositiveIntegerField("boekingen naar een ander bureau", default=0, editable=False)
    # Of another cause: which bookings it called off, and what stood before it. Numbers and dates, see `actions.offer`.
    was = models.JSONField("wat er was", default=dict, blank=True, editable=False)
    # The form that made it, as a keyed hash: a second tap on its button is this closure again.
    form = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - NULL leaves the index

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = "sluiting"
        verbose_name_plural = "sluitingen"
        ordering = ("-first_day", "id")
        indexes = (models.Index(fields=["dorpshuis", "last_day"], name="closure_by_house"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="closure_ends_after_start",
                violation_error_message="De laatste dag ligt voor de eerste dag.",
            ),
            models.CheckConstraint(
                condition=Q(ochtend=True) | Q(middag=True) | Q(avond=True),
                name="closure_has_a_dagdeel",
                violation_error_message="Kies minstens een dagdeel.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="closure_has_a_reason",
                violation_error_message="Zeg in een paar woorden waarom.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_day:%d-%m-%Y} tot en met {self.last_day:%d-%m-%Y}: {self.reason}"

    @property
    def dagdelen(self) -> list[Dagdeel]:
        return [part for part in Dagdeel if getattr(self, part.value)]
