"""Photos of a house, as they stand on its page. Making them fit to be stored is `villages/photos.py`."""

from functools import partial
from pathlib import PurePath
from typing import Self

from django.core.validators import MinLengthValidator
from django.db import models, transaction
from django.urls import reverse

from villages.models.dorpshuis import Dorpshuis


class PhotoQuerySet(models.QuerySet["Photo"]):
    def public(self) -> Self:
        """Of houses that have a page."""
        return self.filter(dorpshuis__status__in=Dorpshuis.Status.public)

    def remove(self) -> None:
        """Delete these rows, and their files once that is sure: a rollback brings the row back, never a file."""
        files = [photo.image for photo in self]
        self.delete()
        for file in files:
            transaction.on_commit(partial(file.storage.delete, str(file.name)), robust=True)


class Photo(models.Model):
    FOLDER = "foto"

    dorpshuis = models.ForeignKey(Dorpshuis, models.CASCADE, related_name="photos", verbose_name="dorpshuis")
    image = models.FileField("foto", upload_to=FOLDER, max_length=60, unique=True)
    alt = models.CharField(
        "wat je ziet",
        max_length=160,
        validators=[MinLengthValidator(8, "Zeg in een paar woorden wat er op de foto staat.")],
        help_text="Voor wie de foto niet kan zien. Bijvoorbeeld: Twee bureaus bij het raam.",
    )
    credit = models.CharField("wie maakte de foto", max_length=80, blank=True, help_text="Staat onder de foto.")
    position = models.PositiveSmallIntegerField("volgorde", default=1)
    width = models.PositiveSmallIntegerField("breedte", editable=False)
    height = models.PositiveSmallIntegerField("hoogte", editable=False)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "foto"
        verbose_name_plural = "foto’s"
        ordering = ("dorpshuis", "position", "id")

    def __str__(self) -> str:
        return self.alt

    def get_absolute_url(self) -> str:
        """Its address; a photo never changes under it."""
        return reverse("photo", args=[PurePath(str(self.image.name)).stem])
