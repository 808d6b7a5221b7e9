"""Municipalities and villages of Drenthe."""

from django.db import models
from django.utils.text import slugify


class Municipality(models.Model):
    gm_code = models.CharField("CBS-code", max_length=6, primary_key=True, help_text="Bijvoorbeeld GM1701")
    name = models.CharField("naam", max_length=80, unique=True)
    region = models.CharField("regio", max_length=40, help_text="COROP-regio")

    class Meta:
        verbose_name = "gemeente"
        verbose_name_plural = "gemeenten"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        """Its name in an address."""
        return slugify(self.name)


class Village(models.Model):
    class Kind(models.TextChoices):
        DORP = "dorp", "dorp"
        STAD = "stad", "stad"
        WIJK = "wijk", "wijk"

    name = models.CharField("naam", max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField("soort", max_length=4, choices=Kind, default=Kind.DORP)
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="villages", verbose_name="gemeente")
    latitude = models.FloatField("breedtegraad")
    longitude = models.FloatField("lengtegraad")
    population = models.PositiveIntegerField("inwoners", null=True, blank=True)
    geonames_id = models.PositiveIntegerField("GeoNames-nummer", null=True, blank=True, unique=True)
    is_urban = models.BooleanField(
        "stedelijk gebied", default=False, help_text="Sommige fondsen sluiten stedelijk gebied uit."
    )

    class Meta:
        verbose_name = "dorp"
        verbose_name_plural = "dorpen"
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=["name", "municipality"], name="village_name_once_per_municipality"),
        )

    def __str__(self) -> str:
        return self.name
