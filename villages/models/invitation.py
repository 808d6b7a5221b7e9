"""An invitation to the team of a house: by e-mail, or as a code on paper."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.base import clock
from villages.models.dorpshuis import Dorpshuis
from villages.models.membership import Membership


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open_at(self, now: datetime) -> Self:
        """Invitations that still let somebody in: not used, not withdrawn, not past their end."""
        return self.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now)

    def forget_addresses(self, before: datetime) -> int:
        """Empty the addresses of what was used, withdrawn or past its end before this moment; how many."""
        over = Q(used_at__lt=before) | Q(withdrawn_at__lt=before) | Q(expires_at__lt=before)
        return self.filter(over).exclude(email="").update(email="")


class Invitation(models.Model):
    """Holds a keyed hash of its code only: who reads the table can't use it."""

    dorpshuis = models.ForeignKey(Dorpshuis, models.CASCADE, related_name="invitations", verbose_name="dorpshuis")
    role = models.CharField("rol", max_length=10, choices=Membership.Role, default=Membership.Role.VOLUNTEER)
    email = models.EmailField("e-mail", blank=True, help_text="Leeg: een code op papier.")
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("gemaakt", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="door"
    )
    expires_at = models.DateTimeField("geldig tot")
    used_at = models.DateTimeField("gebruikt", null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="gebruikt door"
    )
    withdrawn_at = models.DateTimeField("ingetrokken", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "uitnodiging"
        verbose_name_plural = "uitnodigingen"
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return f"invitation:{self.pk}"

    def is_open(self, now: datetime) -> bool:
        """Whether it still lets somebody in."""
        return self.used_at is None and self.withdrawn_at is None and now < self.expires_at
