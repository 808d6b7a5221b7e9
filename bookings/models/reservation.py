"""An order: one or more dagdelen that one guest booked in one act."""

import base64
import secrets
from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from bookings.models.guest import Guest, number_words
from portal.base import clock
from villages.models import Dorpshuis, HouseRules, Tariff

REFERENCE_BYTES = 16


def new_reference() -> str:
    """128 random bits as 26 characters of a to z and 2 to 7: the address of the guest's private page."""
    return base64.b32encode(secrets.token_bytes(REFERENCE_BYTES)).decode().rstrip("=").lower()


class Reservation(models.Model):
    class TargetGroup(models.TextChoices):
        ZZP = "zzp", gettext_lazy("Ik werk voor mezelf")
        HOME_WORKER = "thuiswerker", gettext_lazy("Ik werk voor een baas")
        STUDENT = "student", gettext_lazy("Ik studeer")
        ASSOCIATION = "vereniging", gettext_lazy("Ik kom voor een vereniging of zorg")
        VISITOR = "bezoeker", gettext_lazy("Ik ben hier op bezoek")
        OTHER = "anders", gettext_lazy("Anders")

    class FoundBy(models.TextChoices):
        POSTER = "poster", gettext_lazy("Poster of flyer")
        SOMEBODY = "iemand", gettext_lazy("Via iemand uit het dorp")
        VILLAGE = "dorp", gettext_lazy("Website of app van het dorp")
        SEARCH = "zoekmachine", gettext_lazy("Zoekmachine, zoals Google")
        NEWS = "krant", gettext_lazy("Krant of radio")
        BOKD = "bokd", gettext_lazy("BOKD")
        OTHER = "anders", gettext_lazy("Anders")

    class Language(models.TextChoices):
        DUTCH = "nl", "Nederlands"
        ENGLISH = "en", "English"

    dorpshuis = models.ForeignKey(Dorpshuis, models.PROTECT, related_name="reservations", verbose_name="dorpshuis")
    guest = models.ForeignKey(Guest, models.PROTECT, related_name="reservations", verbose_name="gast")
    reference = models.CharField("kenmerk", max_length=32, unique=True, default=new_reference, editable=False)
    name = models.CharField("naam", max_length=120, blank=True)
    email = models.EmailField("e-mail", blank=True)
    phone = PhoneNumberField("telefoon", region="NL", blank=True)
    confirmed_to = models.EmailField("bevestigd aan", blank=True)
    tariff = models.CharField("tarief", max_length=15, choices=Tariff.Kind)
    house_rules = models.ForeignKey(
        HouseRules, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="huisregels"
    )
    # What she accepted: a deadline that the house changes later does not reach back (rule 10).
    cancel_days_before = models.PositiveSmallIntegerField("gratis annuleren: dagen ervoor", default=1)
    cancel_time = models.TimeField("gratis annuleren: tot", default=time(17))
    created_at = models.DateTimeField("geboekt op", default=clock.now)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="door"
    )
    postcode = models.CharField("postcode, vier cijfers", max_length=4, blank=True)
    source = models.CharField("bron", max_length=40, blank=True)
    found_by = models.CharField("hoe gevonden", max_length=12, choices=FoundBy, blank=True)
    target_group = models.CharField("doelgroep", max_length=12, choices=TargetGroup, blank=True)
    # Whether the form with which she booked offered her to hear of nothing but her booking, and whether she chose so.
    messages_offered = models.BooleanField("berichten gevraagd", default=False, editable=False)
    no_messages = models.BooleanField("geen berichten", default=False)
    language = models.CharField("taal van de mails", max_length=2, choices=Language, default=Language.DUTCH)
    # How often she changed something, and how often a new link was mailed: they number the mails.
    changes = models.PositiveSmallIntegerField("wijzigingen", default=0, editable=False)
    links = models.PositiveSmallIntegerField("nieuwe links", default=0, editable=False)
    spoken_code = models.CharField("code aan de telefoon", max_length=4, blank=True, editable=False)
    remark = models.CharField("opmerking", max_length=500, blank=True)

    # What was booked with one tap for several weeks has this in common, for one mail; each is changed by itself.
    series = models.CharField(max_length=32, blank=True, editable=False)

    # The form's key and a keyed hash of what was ordered (rule 3). A wholly cancelled order gives its key
    # up when the same form orders again.
    key = models.CharField(max_length=120, null=True, blank=True, editable=False)  # noqa: DJ001 - NULL leaves the index
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = "reservering"
        verbose_name_plural = "reserveringen"
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["key", "fingerprint"], condition=Q(key__isnull=False), name="one_order_per_key_and_content"
            ),
        )
        indexes = (
            models.Index(fields=["dorpshuis", "email"], name="reservation_by_email"),
            models.Index(fields=["dorpshuis", "phone"], name="reservation_by_phone"),
            models.Index(fields=["confirmed_to"], name="reservation_by_confirmed_to"),
            models.Index(fields=["series"], condition=~Q(series=""), name="reservation_by_series"),
        )

    def __str__(self) -> str:
        return f"reservation:{self.pk}"

    @property
    def number_words(self) -> str:
        """The number given with it, as one says it here."""
        return number_words(self.phone)

    @property
    def answered(self) -> bool:
        """Whether she answered any of the questions that nobody has to answer."""
        return bool(self.postcode or self.found_by or self.target_group)

    def keep_answers(self, postcode: str, found_by: str, target_group: str) -> None:
        """Keep what she answered in place of what she said before; empty is no answer.

        Only while her link still holds: who was deleted meanwhile has another, and nothing of her comes back.
        """
        mine = Reservation.objects.filter(pk=self.pk, reference=self.reference)
        mine.update(postcode=postcode, found_by=found_by, target_group=target_group)
