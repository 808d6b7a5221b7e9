"""A person of one house. The house is the controller of her data."""

from django.db import models
from django.db.models import Q
from phonenumber_field.modelfields import PhoneNumberField

from portal.base import clock
from villages.models import Dorpshuis


class Guest(models.Model):
    """Found by exact e-mail; without e-mail by phone and the same name (case and spaces folded).

    An order never changes these fields: only the volunteer or the verified member does.
    """

    dorpshuis = models.ForeignKey(Dorpshuis, models.PROTECT, related_name="guests", verbose_name="dorpshuis")
    name = models.CharField("naam", max_length=120, blank=True)
    name_key = models.CharField(max_length=120, blank=True, editable=False)
    email = models.EmailField("e-mail", blank=True)
    phone = PhoneNumberField("telefoon", region="NL", blank=True)
    created_at = models.DateTimeField("sinds", default=clock.now)
    emptied_at = models.DateTimeField("leeggemaakt", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="samengevoegd met"
    )

    class Meta:
        verbose_name = "gast"
        verbose_name_plural = "gasten"
        constraints = (
            models.UniqueConstraint(fields=["dorpshuis", "email"], condition=~Q(email=""), name="guest_by_email"),
            models.UniqueConstraint(
                fields=["dorpshuis", "phone", "name_key"],
                condition=Q(email="") & ~Q(phone=""),
                name="guest_by_phone_and_name",
            ),
        )

    def __str__(self) -> str:
        return f"guest:{self.pk}"


def name_key(name: str) -> str:
    """The name with case and spaces folded, to find a guest who has no e-mail address."""
    return " ".join(name.casefold().split())[:120]
