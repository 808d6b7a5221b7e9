"""A trial code: whoever has it books one dagdeel for nothing, once."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from bookings.models.booking import Booking
from portal.base import clock
from villages.models import Dorpshuis


class TrialCodeQuerySet(models.QuerySet["TrialCode"]):
    def unused(self) -> Self:
        """Never used, or what it was used for was given back in time and not changed into another."""
        given_back = Q(used_by__state__in=Booking.State.given_back, used_by__changed_to__isnull=True)
        return self.filter(Q(used_by__isnull=True) | given_back)

    def open_on(self, day: date) -> Self:
        """Codes that still give a free dagdeel on this day."""
        return self.unused().filter(withdrawn_at__isnull=True, valid_until__gte=day)


class TrialCode(models.Model):
    """Holds a seed and a keyed hash: only with the portal's own key does a row become its code.

    Nothing says for whom it is: who holds the code, has it.
    """

    class How(models.TextChoices):
        HAND = "hand", gettext_lazy("zelf gegeven")
        MAIL = "mail", gettext_lazy("per mail")
        CARD = "kaart", gettext_lazy("op een kaart")

    dorpshuis = models.ForeignKey(Dorpshuis, models.CASCADE, related_name="trial_codes", verbose_name="dorpshuis")
    seed = models.CharField(max_length=64, editable=False)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    how = models.CharField("hoe gegeven", max_length=5, choices=How)
    given_at = models.DateTimeField("gegeven", default=clock.now)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="door"
    )
    valid_until = models.DateField("geldig tot en met")
    withdrawn_at = models.DateTimeField("ingetrokken", null=True, blank=True)
    used_by = models.ForeignKey(
        Booking, models.SET_NULL, null=True, blank=True, related_name="trial_codes", verbose_name="gebruikt voor"
    )
    # The form that made it: a second tap on its button is this code again.
    form = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - NULL leaves the index

    objects = TrialCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "proefcode"
        verbose_name_plural = "proefcodes"
        ordering = ("-given_at", "-id")

    def __str__(self) -> str:
        return f"trialcode:{self.pk}"
