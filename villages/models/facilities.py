"""What a guest finds in the house, and how she gets in."""

from enum import nonmember

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from villages.models.dagdeel import Dagdeel
from villages.models.dorpshuis import Dorpshuis


class Facility(models.Model):
    class Kind(models.TextChoices):
        MEETING = "users-round", gettext_lazy("Overlegtafel")
        COFFEE = "coffee", gettext_lazy("Koffie en thee")
        PRINTER = "printer", gettext_lazy("Printer")
        ART = "palette", gettext_lazy("Kunst")
        ACCESS = "accessibility", gettext_lazy("Toegankelijk")
        BIKE = "bike", gettext_lazy("Fiets en bus")
        CAR = "car", gettext_lazy("Parkeren en laden")
        CALL = "phone", gettext_lazy("Belplek")
        QUIET = "volume-x", gettext_lazy("Rustig")
        LUNCH = "utensils", gettext_lazy("Lunch in de buurt")
        OTHER = "info", gettext_lazy("Anders")

        # Said where the page tells how to get there.
        travel = nonmember(("bike", "car"))

    dorpshuis = models.ForeignKey(Dorpshuis, models.CASCADE, related_name="facilities", verbose_name="dorpshuis")
    kind = models.CharField("soort", max_length=14, choices=Kind)
    title = models.CharField("wat", max_length=60)
    text = models.CharField("uitleg", max_length=160, blank=True)
    position = models.PositiveSmallIntegerField("volgorde", default=1)

    class Meta:
        verbose_name = "voorziening"
        verbose_name_plural = "voorzieningen"
        ordering = ("dorpshuis", "position", "id")

    def __str__(self) -> str:
        return self.title

    @property
    def is_travel(self) -> bool:
        """Whether it is about coming to the house: by bike, bus or car."""
        return self.kind in self.Kind.travel


class AccessWay(models.Model):
    """How a guest gets in. Per dagdeel where it differs. `private_text` is never on a public page."""

    class Method(models.TextChoices):
        STAFFED = "staffed", gettext_lazy("Er is iemand in huis")
        FETCH_KEY = "fetch_key", gettext_lazy("Sleutel ophalen")
        KEY_SAFE = "key_safe", gettext_lazy("Sleutelkluis met code")
        ELECTRONIC = "electronic", gettext_lazy("Elektronisch slot")
        OWN_KEY = "own_key", gettext_lazy("Eigen sleutel")

    dorpshuis = models.ForeignKey(Dorpshuis, models.CASCADE, related_name="access_ways", verbose_name="dorpshuis")
    dagdeel = models.CharField("dagdeel", max_length=7, choices=Dagdeel, blank=True, help_text="Leeg: elk dagdeel.")
    method = models.CharField("manier", max_length=10, choices=Method, default=Method.STAFFED)
    public_text = models.CharField("voor iedereen", max_length=200, help_text="Noem hier geen code en geen adres.")
    private_text = models.TextField(
        "alleen voor wie geboekt heeft", max_length=600, blank=True, help_text="Te zien vanaf de avond ervoor."
    )

    class Meta:
        verbose_name = "manier om binnen te komen"
        verbose_name_plural = "binnenkomen"
        ordering = ("dorpshuis", "dagdeel", "id")
        constraints = (
            models.UniqueConstraint(fields=["dorpshuis", "dagdeel"], name="one_way_in_per_dagdeel"),
            models.CheckConstraint(condition=~Q(public_text=""), name="way_in_has_public_words"),
        )

    def __str__(self) -> str:
        return self.get_method_display()
