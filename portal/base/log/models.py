"""Who did what, when. Never personal data: only numbers and a verb."""

from django.conf import settings
from django.db import models

from portal.base import clock


class LogEntry(models.Model):
    class ActorKind(models.TextChoices):
        GUEST = "guest", "gast"
        HOUSE = "house", "huis"
        BOKD = "bokd", "BOKD"
        SYSTEM = "system", "systeem"

    at = models.DateTimeField("wanneer", default=clock.now)
    actor_kind = models.CharField("soort", max_length=8, choices=ActorKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="wie"
    )
    # The cellar knows no houses: their number, not a foreign key.
    dorpshuis_id = models.PositiveBigIntegerField("dorpshuis", null=True, blank=True)
    verb = models.CharField("wat", max_length=40)
    subject = models.CharField("waarvan", max_length=60, help_text="Bijvoorbeeld reservation:123")

    class Meta:
        verbose_name = "logregel"
        verbose_name_plural = "logboek"
        indexes = (models.Index(fields=["dorpshuis_id", "at"], name="log_by_house"),)

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
