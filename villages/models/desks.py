"""Rooms and the desks in them. A retired desk keeps its row: history stays true."""

from django.db import models
from django.utils.translation import gettext

from villages.models.dorpshuis import Dorpshuis
from villages.models.validity import Validity, ValidityQuerySet, ends_after_start


class Room(Validity):
    dorpshuis = models.ForeignKey(Dorpshuis, models.CASCADE, related_name="rooms", verbose_name="dorpshuis")
    name = models.CharField("naam", max_length=80)
    position = models.PositiveSmallIntegerField("volgorde", default=1)
    quiet_text = models.CharField("rust of geluid", max_length=200, blank=True)

    objects = ValidityQuerySet["Room"].as_manager()

    class Meta:
        verbose_name = "ruimte"
        verbose_name_plural = "ruimtes"
        ordering = ("dorpshuis", "position", "id")
        constraints = (
            # Among those without an end: what is gone leaves its name to the next.
            models.UniqueConstraint(
                fields=["dorpshuis", "name"],
                condition=models.Q(valid_until__isnull=True),
                name="room_name_once_per_house",
                violation_error_message="Er is al een ruimte met deze naam.",
            ),
            ends_after_start("room_ends_after_start"),
        )

    def __str__(self) -> str:
        return self.name


class Desk(Validity):
    room = models.ForeignKey(Room, models.PROTECT, related_name="desks", verbose_name="ruimte")
    name = models.CharField("naam", max_length=40, help_text="Bijvoorbeeld Bureau 1")
    position = models.PositiveSmallIntegerField("volgorde", default=1)
    height_adjustable = models.BooleanField("zit-stabureau", default=False)
    monitor = models.BooleanField("met scherm", default=False)
    wheelchair = models.BooleanField("geschikt voor een rolstoel", default=False)
    daylight = models.BooleanField("bij het raam", default=False)
    calls = models.BooleanField("bellen mag", default=False)
    # Set when it is made and never after: it says what was offered.
    is_table = models.BooleanField(
        "overlegtafel", default=False, help_text="Telt niet mee als bureau. Alleen te boeken door wie hem kiest."
    )

    objects = ValidityQuerySet["Desk"].as_manager()

    class Meta:
        verbose_name = "bureau"
        verbose_name_plural = "bureaus"
        ordering = ("room__position", "position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["room", "name"],
                condition=models.Q(valid_until__isnull=True),
                name="desk_name_once_per_room",
                violation_error_message="Er is al een bureau met deze naam in deze ruimte.",
            ),
            ends_after_start("desk_ends_after_start"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def traits(self) -> list[str]:
        """What is special about this desk, in words for the guest."""
        words = {
            gettext("overlegtafel"): self.is_table and "overlegtafel" not in self.name.casefold(),
            gettext("zit-stabureau"): self.height_adjustable,
            gettext("met scherm"): self.monitor,
            gettext("bij het raam"): self.daylight,
            gettext("geschikt voor een rolstoel"): self.wheelchair,
            gettext("bellen mag"): self.calls,
        }
        return [word for word, has in words.items() if has]
