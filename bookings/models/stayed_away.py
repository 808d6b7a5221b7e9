"""Why guests stay away: how often each reason was given in a house in a month. Nobody's name."""

from django.db import models
from django.utils.translation import gettext_lazy

from villages.models import Dorpshuis


class StayedAway(models.Model):
    class Reason(models.TextChoices):
        FAR = "ver", gettext_lazy("Te ver")
        BUSY = "druk", gettext_lazy("Te druk of te stil")
        ELSEWHERE = "elders", gettext_lazy("Ik werk nu thuis of op kantoor")
        OTHER = "anders", gettext_lazy("Iets anders")

    dorpshuis = models.ForeignKey(Dorpshuis, models.CASCADE, related_name="stayed_away", verbose_name="dorpshuis")
    month = models.DateField("maand", help_text="De eerste dag ervan")
    reason = models.CharField("reden", max_length=6, choices=Reason)
    number = models.PositiveIntegerField("aantal", default=0)

    class Meta:
        verbose_name = "reden om weg te blijven"
        verbose_name_plural = "redenen om weg te blijven"
        constraints = (
            models.UniqueConstraint(fields=["dorpshuis", "month", "reason"], name="one_count_per_reason_and_month"),
        )

    def __str__(self) -> str:
        return f"{self.dorpshuis_id}:{self.month:%Y-%m}:{self.reason}"
