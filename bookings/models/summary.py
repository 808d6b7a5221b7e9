"""Closed months: the figures as they were when the month was closed. Rows are added, never changed (rule 10)."""

from collections.abc import Collection
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from bookings.domain.figures import PersonFigures, SlotFigures
from bookings.domain.months import Period
from bookings.domain.months import Span as DomainSpan
from bookings.models.guest import Guest
from portal.base import clock
from villages.models import Dagdeel, Dorpshuis


class ClosedMonthQuerySet(models.QuerySet["ClosedMonth"]):
    def newest(self) -> Self:
        """Of each house and month the last version."""
        later = ClosedMonth.objects.filter(
            dorpshuis=OuterRef("dorpshuis"), month=OuterRef("month"), version__gt=OuterRef("version")
        )
        return self.filter(~Exists(later))

    def between(self, first: date, last: date) -> Self:
        """The months from that of `first` up to that of `last`."""
        return self.filter(month__gte=first.replace(day=1), month__lte=last)


class ClosedMonth(models.Model):
    """A house's month. `version` 1 is what was closed; a correction has the next number and a date of its own."""

    dorpshuis = models.ForeignKey(Dorpshuis, models.PROTECT, related_name="closed_months", verbose_name="dorpshuis")
    month = models.DateField("maand")
    version = models.PositiveSmallIntegerField("versie", default=1)
    definition = models.PositiveSmallIntegerField("definitieversie")
    closed_at = models.DateTimeField("afgesloten op", default=clock.now)
    # By tariff and payment kind: [[tariff, kind, slots, cents], …].
    income = models.JSONField("inkomsten", default=list)
    volunteer_hours = models.PositiveSmallIntegerField("uren van vrijwilligers", null=True, blank=True)

    objects = ClosedMonthQuerySet.as_manager()

    class Meta:
        verbose_name = "afgesloten maand"
        verbose_name_plural = "afgesloten maanden"
        ordering = ("-month", "dorpshuis", "-version")
        constraints = (
            models.UniqueConstraint(fields=["dorpshuis", "month", "version"], name="closed_month_version_once"),
        )
        indexes = (models.Index(fields=["month"], name="closed_month_by_month"),)

    def __str__(self) -> str:
        return f"closedmonth:{self.pk}"


class SlotSummary(models.Model):
    """The slots of one weekday and dagdeel in a closed month: whole numbers that add up."""

    closed_month = models.ForeignKey(ClosedMonth, models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField("weekdag")
    dagdeel = models.CharField("dagdeel", max_length=7, choices=Dagdeel)
    offered = models.PositiveIntegerField("aangeboden")
    used = models.PositiveIntegerField("gebruikt")
    assumed = models.PositiveIntegerField("aangenomen")
    no_show = models.PositiveIntegerField("niet gekomen")
    late_cancelled = models.PositiveIntegerField("laat geannuleerd")
    closed = models.PositiveIntegerField("gesloten")
    standing = models.PositiveIntegerField("vaste plekken")
    social = models.PositiveIntegerField("maatschappelijk")
    dagdelen = models.PositiveIntegerField("dagdelen")
    full = models.PositiveIntegerField("volle dagdelen")
    together = models.PositiveIntegerField("met twee of meer")
    cents = models.PositiveIntegerField("inkomsten in centen")

    class Meta:
        verbose_name = "plekken van een maand"
        verbose_name_plural = "plekken van maanden"
        constraints = (
            models.UniqueConstraint(fields=["closed_month", "weekday", "dagdeel"], name="slot_summary_once"),
            # The identity that the figures stand on.
            models.CheckConstraint(
                condition=Q(offered__gte=models.F("used") + models.F("no_show") + models.F("late_cancelled"))
                & Q(used__gte=models.F("assumed")),
                name="slot_summary_adds_up",
            ),
        )

    def __str__(self) -> str:
        return f"slotsummary:{self.pk}"


class PersonSummaryQuerySet(models.QuerySet["PersonSummary"]):
    def newest(self) -> Self:
        """Of each set and period the last version."""
        same = {name: OuterRef(name) for name in ("scope", "key", "span", "first")}
        return self.filter(~Exists(PersonSummary.objects.filter(**same, version__gt=OuterRef("version"))))

    def of(self, scope: str, keys: Collection[str]) -> Self:
        """Those of these houses, municipalities, operators or of the network."""
        return self.filter(scope=scope, key__in=keys)


class PersonSummary(models.Model):
    """How many people were there in a period, in a house or a group of houses. They never add up.

    `hidden` names the columns that nobody but the house itself may see; decided as it was written. With "groups" among
    them the people of this house are in no group, see `bookings/reports/hiding.py`.
    """

    class Scope(models.TextChoices):
        HOUSE = "house", "dorpshuis"
        MUNICIPALITY = "municipality", "gemeente"
        OPERATOR = "operator", "welzijnsorganisatie"
        NETWORK = "network", "alle dorpshuizen"

    class Span(models.TextChoices):
        MONTH = "month", "maand"
        QUARTER = "quarter", "kwartaal"
        YEAR = "year", "jaar"

    scope = models.CharField("van", max_length=12, choices=Scope)
    # The house's or operator's number, the municipality's CBS code; empty for the network.
    key = models.CharField("welke", max_length=12, blank=True)
    span = models.CharField("periode", max_length=7, choices=Span)
    first = models.DateField("vanaf")
    version = models.PositiveSmallIntegerField("versie", default=1)
    definition = models.PositiveSmallIntegerField("definitieversie")
    closed_at = models.DateTimeField("afgesloten op", default=clock.now)
    unique = models.PositiveIntegerField("unieke gasten")
    new = models.PositiveIntegerField("nieuwe gasten")
    returning = models.PositiveIntegerField("terugkerende gasten")
    regular = models.PositiveIntegerField("vaste gasten")
    # In how many houses of the group somebody was there.
    houses = models.PositiveIntegerField("dorpshuizen met gasten", default=1)
    # Of a quarter or a year, by postcode of four digits, distance in kilometres and target group, and which of them may
    # be shown: {"postcode": {"7991": 6, "7981": 2}, "distance": {"5": 6}, "group": {"zzp": 7}, "shown": {"postcode":
    # ["7991"], "distance": ["5"], "group": ["zzp"]}}.
    origin = models.JSONField("herkomst", default=dict)
    hidden = models.JSONField("afgeschermd", default=list)

    objects = PersonSummaryQuerySet.as_manager()

    class Meta:
        verbose_name = "gasten van een periode"
        verbose_name_plural = "gasten van periodes"
        ordering = ("-first", "scope", "key", "-version")
        constraints = (
            models.UniqueConstraint(fields=["scope", "key", "span", "first", "version"], name="person_summary_once"),
        )

    def __str__(self) -> str:
        return f"personsummary:{self.pk}"

    @property
    def period(self) -> Period:
        return Period(self.first, DomainSpan(self.span))

    @property
    def figures(self) -> PersonFigures:
        return PersonFigures(self.unique, self.new, self.returning, self.regular)


class YearKey(models.Model):
    """What hashes of that year's guests are keyed with, to know one person in two houses. Gone after December."""

    year = models.PositiveSmallIntegerField("jaar", unique=True)
    key = models.BinaryField(max_length=32, editable=False)

    class Meta:
        verbose_name = "sleutel van een jaar"
        verbose_name_plural = "sleutels van jaren"

    def __str__(self) -> str:
        return f"yearkey:{self.year}"


class GuestTrace(models.Model):
    """The keyed hash of a guest who was deleted: she still counts, as one, until her year is closed."""

    guest = models.ForeignKey(Guest, models.CASCADE, related_name="traces")
    year = models.PositiveSmallIntegerField("jaar")
    person = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = "spoor van een gast"
        verbose_name_plural = "sporen van gasten"
        constraints = (models.UniqueConstraint(fields=["guest", "year"], name="guest_trace_once_a_year"),)

    def __str__(self) -> str:
        return f"guesttrace:{self.pk}"


class VolunteerHours(models.Model):
    """How many hours the volunteers of a house worked in a month, as the house says."""

    dorpshuis = models.ForeignKey(Dorpshuis, models.CASCADE, related_name="volunteer_hours", verbose_name="dorpshuis")
    month = models.DateField("maand")
    hours = models.PositiveSmallIntegerField("uren")

    class Meta:
        verbose_name = "uren van vrijwilligers"
        verbose_name_plural = "uren van vrijwilligers"
        constraints = (models.UniqueConstraint(fields=["dorpshuis", "month"], name="volunteer_hours_once_a_month"),)

    def __str__(self) -> str:
        return f"volunteerhours:{self.pk}"


def slot_figures(row: SlotSummary) -> SlotFigures:
    """The row as plain value."""
    return SlotFigures(**{name: getattr(row, name) for name in SlotFigures.__dataclass_fields__})
