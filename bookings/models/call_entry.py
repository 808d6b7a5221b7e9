"""The call list: what a guest without an e-mail address must hear by phone."""

from datetime import date, datetime
from enum import nonmember
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from bookings.models.reservation import Reservation
from portal.base import clock
from villages.models import Dorpshuis


class CallEntryQuerySet(models.QuerySet["CallEntry"]):
    def to_do(self, now: datetime) -> Self:
        """Calls that nobody made yet and whose time has come."""
        return self.filter(done_at__isnull=True, visible_from__lte=now)

    def with_notes(self) -> Self:
        """Calls that were done, of which somebody can still read who rang and what was noted."""
        noted = models.Exists(CallAttempt.objects.filter(entry=models.OuterRef("pk")))
        return self.filter(noted | models.Q(done_by__isnull=False), done_at__isnull=False)

    def urgent_first(self, today: date) -> Self:
        """Who has a dagdeel today before others; then what waits longest."""
        comes_today = Reservation.objects.filter(pk=models.OuterRef("reservation"), bookings__date=today)
        return self.annotate(comes_today=models.Exists(comes_today)).order_by("-comes_today", "visible_from", "pk")


class CallEntry(models.Model):
    """One call to make. Holds no name and no number: those are the reservation's."""

    class Kind(models.TextChoices):
        CONFIRMATION = "confirmation", gettext_lazy("geboekt")
        CANCELLATION = "cancellation", gettext_lazy("geannuleerd")
        CALLED_OFF = "called_off", gettext_lazy("afgezegd door het huis")
        CHANGE = "change", gettext_lazy("gewijzigd")
        UNDONE = "undone", gettext_lazy("gaat toch door")
        REOPENED = "reopened", gettext_lazy("weer open")
        UNDELIVERED = "undelivered", gettext_lazy("mail kwam niet aan")
        STANDING = "standing", gettext_lazy("vaste plek")
        STANDING_END = "standing_end", gettext_lazy("vaste plek loopt af")
        LONGER = "longer", gettext_lazy("vaste plek gaat door")
        STOPPED = "stopped", gettext_lazy("vaste plek stopt")
        TIMES = "times", gettext_lazy("andere tijd")
        CLASH = "clash", gettext_lazy("vaste plek: geen bureau vrij")
        UNUSED = "unused", gettext_lazy("vaste plek: niet gebruikt")
        REMINDER = "reminder", gettext_lazy("herinnering")
        WAY_IN = "way_in", gettext_lazy("hoe kom je binnen")
        PLACE_FREE = "place_free", gettext_lazy("wachtlijst: er is plek")

    dorpshuis = models.ForeignKey(Dorpshuis, models.CASCADE, related_name="call_entries", verbose_name="dorpshuis")
    reservation = models.ForeignKey(
        Reservation, models.CASCADE, related_name="call_entries", verbose_name="reservering"
    )
    kind = models.CharField("waarover", max_length=12, choices=Kind)
    key = models.CharField(max_length=80, unique=True, editable=False)
    created_at = models.DateTimeField("gemaakt", default=clock.now)
    visible_from = models.DateTimeField("te zien vanaf", default=clock.now)
    done_at = models.DateTimeField("gebeld", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="door"
    )

    objects = CallEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "te bellen"
        verbose_name_plural = "bellijst"
        ordering = ("visible_from", "id")
        indexes = (models.Index(fields=["dorpshuis", "done_at"], name="call_entry_by_house"),)

    def __str__(self) -> str:
        return self.key


class CallAttempt(models.Model):
    """Somebody of the house rang: reached or not, with a note. Nothing leaves the list without one."""

    class Outcome(models.TextChoices):
        CALLED = "called", gettext_lazy("gebeld")
        NOT_REACHED = "not_reached", gettext_lazy("niet bereikt")
        NOTE = "note", gettext_lazy("notitie")
        NOT_NEEDED = "not_needed", gettext_lazy("niet meer nodig")
        PUT_BACK = "put_back", gettext_lazy("teruggezet")

        # What takes an entry from the list.
        ending = nonmember(("called", "not_needed"))

    entry = models.ForeignKey(CallEntry, models.CASCADE, related_name="attempts", verbose_name="te bellen")
    at = models.DateTimeField("wanneer", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="door"
    )
    outcome = models.CharField("hoe ging het", max_length=11, choices=Outcome)
    note = models.CharField("notitie", max_length=200, blank=True)

    class Meta:
        verbose_name = "poging"
        verbose_name_plural = "pogingen"
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.outcome}"
