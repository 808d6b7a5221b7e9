"""Somebody asks for a desk in the house of her village. BOKD calls back."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from phonenumber_field.modelfields import PhoneNumberField

from portal.base import clock
from villages.models.places import Village


class HouseRequestQuerySet(models.QuerySet["HouseRequest"]):
    def open(self) -> Self:
        """What nobody dealt with yet, oldest first."""
        return self.filter(handled_at__isnull=True).order_by("created_at", "pk")

    def of_contact(self, email: str, phone: str) -> Self:
        """Of who has this address or this number (either may be empty)."""
        same = Q(email=email) if email else Q(pk__in=())
        return self.filter(same | Q(phone=phone) if phone else same)


class HouseRequest(models.Model):
    """`place` is as it was typed: a village too small for the list has no row of its own."""

    place = models.CharField("dorp", max_length=80)
    village = models.ForeignKey(
        Village, models.SET_NULL, null=True, blank=True, related_name="requests", verbose_name="dorp in de lijst"
    )
    house_name = models.CharField("dorpshuis", max_length=120)
    name = models.CharField("naam", max_length=120)
    email = models.EmailField("e-mail", blank=True)
    phone = PhoneNumberField("telefoon", region="NL", blank=True)
    remark = models.CharField("opmerking", max_length=500, blank=True)
    created_at = models.DateTimeField("aangemeld op", default=clock.now)
    handled_at = models.DateTimeField("afgehandeld op", null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="door"
    )

    objects = HouseRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "aanmelding"
        verbose_name_plural = "aanmeldingen"
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""),
                name="request_has_contact",
                violation_error_message="Vul een e-mailadres of een telefoonnummer in.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.house_name}, {self.place}"

    @property
    def where(self) -> str:
        """The village of the list with its municipality; else as it was typed."""
        if self.village is None:
            return gettext("%(place)s (staat niet in de lijst)") % {"place": self.place}
        full = f"{self.village.name} ({self.village.municipality.name})"
        as_known = self.place.casefold() in (self.village.name.casefold(), full.casefold())
        typed = gettext("%(village)s, getypt: %(place)s") % {"village": full, "place": self.place}
        return full if as_known else typed
