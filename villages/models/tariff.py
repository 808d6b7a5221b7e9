"""What a dagdeel costs, from a day on. A booking keeps its own price: a new tariff changes no booking."""

from enum import nonmember

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from villages.models.dorpshuis import Dorpshuis
from villages.models.validity import Validity, ValidityQuerySet, ends_after_start

MAX_CENTS = 100_000


class Tariff(Validity):
    class Kind(models.TextChoices):
        STANDAARD = "standaard", gettext_lazy("Gewone prijs")
        DORPSGENOOT = "dorpsgenoot", gettext_lazy("Ik woon in het dorp")
        MAATSCHAPPELIJK = "maatschappelijk", gettext_lazy("Ik kom voor een vereniging of zorg")
        COMMERCIEEL = "commercieel", gettext_lazy("Ik kom voor een bedrijf")
        GRATIS = "gratis", gettext_lazy("Gratis")

    class Chooser(models.TextChoices):
        GUEST = "guest", "gasten zelf"
        HOUSE = "house", "alleen het huis"

        by_guests = nonmember(("guest",))

    dorpshuis = models.ForeignKey(Dorpshuis, models.CASCADE, related_name="tariffs", verbose_name="dorpshuis")
    kind = models.CharField("soort", max_length=15, choices=Kind, default=Kind.STANDAARD)
    cents = models.PositiveIntegerField("bedrag in centen", validators=[MaxValueValidator(MAX_CENTS)])
    chooser = models.CharField("wie mag dit kiezen", max_length=5, choices=Chooser, default=Chooser.GUEST)

    objects = ValidityQuerySet["Tariff"].as_manager()

    class Meta:
        verbose_name = "tarief"
        verbose_name_plural = "tarieven"
        ordering = ("dorpshuis", "kind", "valid_from")
        constraints = (
            models.UniqueConstraint(fields=["dorpshuis", "kind", "valid_from"], name="tariff_once_per_start"),
            models.CheckConstraint(
                condition=~Q(kind="gratis") | Q(cents=0),
                name="free_tariff_costs_nothing",
                violation_error_message="Gratis kost 0 cent.",
            ),
            models.CheckConstraint(condition=Q(cents__lte=MAX_CENTS), name="tariff_below_maximum"),
            ends_after_start("tariff_ends_after_start"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.cents / 100:.2f}".replace(".", ",")
