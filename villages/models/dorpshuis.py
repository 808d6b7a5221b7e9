"""A dorpshuis: the unit that everything hangs on, with the settings that make it different from the next."""

from datetime import time
from enum import nonmember
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from phonenumber_field.modelfields import PhoneNumberField

from villages.models.places import Village
from villages.models.version import VersionField, new_version


class Operator(models.Model):
    """A welfare organisation that runs several houses."""

    name = models.CharField("naam", max_length=120, unique=True)

    class Meta:
        verbose_name = "welzijnsorganisatie"
        verbose_name_plural = "welzijnsorganisaties"

    def __str__(self) -> str:
        return self.name


class DorpshuisQuerySet(models.QuerySet["Dorpshuis"]):
    def public(self) -> Self:
        """Houses that have a page: those that take bookings and those that are getting ready."""
        return self.filter(status__in=Dorpshuis.Status.public)

    def with_place(self) -> Self:
        """Village, municipality and house rules in the same query."""
        return self.select_related("village__municipality", "operator", "current_rules")

    def locked(self) -> list["Dorpshuis"]:
        """These, in the order of their numbers, locked until the end of the transaction against all other writers."""
        return list(self.select_for_update(no_key=True, of=("self",)).order_by("pk"))

    def move_on(self) -> None:
        """Lock these and give them another version: something that their pages show is being written."""
        numbers = [house.pk for house in self.locked()]
        self.model._default_manager.filter(pk__in=numbers).update(version=new_version())

    def lock_and_move_on(self, pk: int) -> "Dorpshuis":
        """This one, locked as by `locked` and with another version, in one statement. Raises DoesNotExist.

        An update of a column that no key needs takes PostgreSQL's lock FOR NO KEY UPDATE: the same that
        `select_for_update(no_key=True)` takes. Who waited for it gets the row as it is now.
        """
        statement = f"UPDATE {self.model._meta.db_table} SET version = %s WHERE id = %s RETURNING *"  # noqa: S608
        for house in self.raw(statement, [new_version(), pk]):
            return house
        raise self.model.DoesNotExist


class Dorpshuis(models.Model):
    class Kind(models.TextChoices):
        DORPSHUIS = "dorpshuis", "dorpshuis"
        BUURTHUIS = "buurthuis", "buurthuis"
        WIJKCENTRUM = "wijkcentrum", "wijkcentrum"
        MFC = "mfc", "multifunctioneel centrum"
        DORPSCENTRUM = "dorpscentrum", "dorpscentrum"
        KULTURHUS = "kulturhus", "kulturhus"

    class Status(models.TextChoices):
        ASPIRANT = "aspirant", "wil meedoen, heeft nog geen bureaus"
        ASKED = "asked", "aangemeld, BOKD moet nog ja zeggen"
        OPEN = "open", "neemt boekingen aan"
        STOPPED = "stopped", "gestopt"

        public = nonmember(("aspirant", "open"))

    class CommercialUse(models.TextChoices):
        YES = "yes", "ja"
        NO = "no", "nee"
        ASK = "ask", "in overleg"

    name = models.CharField("naam", max_length=120)
    slug = models.SlugField("adres op de site", max_length=80, unique=True)
    kind = models.CharField("soort", max_length=14, choices=Kind, default=Kind.DORPSHUIS)
    status = models.CharField("status", max_length=8, choices=Status, default=Status.ASPIRANT)
    is_example = models.BooleanField("voorbeeld", default=False, help_text="Verzonnen huis, alleen in de demo.")
    village = models.ForeignKey(Village, models.PROTECT, related_name="dorpshuizen", verbose_name="dorp")
    operator = models.ForeignKey(
        Operator, models.PROTECT, null=True, blank=True, related_name="dorpshuizen", verbose_name="welzijnsorganisatie"
    )
    street = models.CharField("straat en nummer", max_length=120, blank=True)
    postcode = models.CharField("postcode", max_length=7, blank=True)
    latitude = models.FloatField("breedtegraad", null=True, blank=True, help_text="Leeg: die van het dorp.")
    longitude = models.FloatField("lengtegraad", null=True, blank=True)
    phone = PhoneNumberField("telefoon", region="NL", help_text="Staat op elke pagina van het huis.")
    email = models.EmailField("e-mail", blank=True)
    website = models.URLField("website", blank=True)

    intro = models.TextField("korte tekst", max_length=400, blank=True, help_text="Staat bovenaan de pagina.")
    why = models.TextField(
        "waarom hier werken", max_length=400, blank=True, help_text="Drie korte regels, elk op een eigen regel."
    )
    sponsor = models.CharField("dankzij", max_length=200, blank=True)
    internet_down = models.PositiveIntegerField("internet omlaag (Mbit/s)", null=True, blank=True)
    internet_up = models.PositiveIntegerField("internet omhoog (Mbit/s)", null=True, blank=True)
    internet_measured_on = models.DateField("gemeten op", null=True, blank=True)
    commercial_use = models.CharField(
        "commercieel gebruik", max_length=3, choices=CommercialUse, default=CommercialUse.YES
    )
    joint_reporting = models.BooleanField("doet mee met gezamenlijke rapporten", default=True)

    window_days = models.PositiveSmallIntegerField(
        "boeken tot zoveel dagen vooruit", default=60, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    lead_minutes = models.PositiveSmallIntegerField(
        "boeken kan tot zoveel minuten voor het begin", default=0, validators=[MaxValueValidator(7 * 24 * 60)]
    )
    cancel_days_before = models.PositiveSmallIntegerField(
        "gratis annuleren: dagen ervoor", default=1, validators=[MaxValueValidator(14)]
    )
    cancel_time = models.TimeField("gratis annuleren: tot", default=time(17))
    order_limit = models.PositiveSmallIntegerField(
        "dagdelen per boeking", default=10, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    guest_limit = models.PositiveSmallIntegerField("komende dagdelen per gast", default=20)
    staffed_only_for_new = models.BooleanField(
        "eerste keer alleen als er iemand is",
        default=False,
        help_text="Wie nog niet eerder kwam, kiest een dagdeel waarop er een vrijwilliger is.",
    )

    pay_pin = models.BooleanField("pin", default=True)
    pay_cash = models.BooleanField("contant", default=True)
    pay_link = models.URLField("betaallink", blank=True)
    pay_account = models.BooleanField("op factuur, voor organisaties", default=False)

    current_rules = models.ForeignKey(
        "HouseRules", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="huisregels nu"
    )
    # Up to which day the dates of its standing places are written; empty for a house that has none.
    standing_until = models.DateField("vaste plekken geschreven tot en met", null=True, blank=True, editable=False)
    # Another one after each write to the house or to what its page shows: `bookings/guest/kept.py` relies on it.
    version = VersionField(default=new_version, editable=False)

    objects = DorpshuisQuerySet.as_manager()

    class Meta:
        verbose_name = "dorpshuis"
        verbose_name_plural = "dorpshuizen"
        ordering = ("name",)
        constraints = (
            # Rule 15: a refusal by the guest's limit tells no more than "more than one whole order".
            models.CheckConstraint(
                condition=Q(guest_limit__gte=F("order_limit") * 2),
                name="guest_limit_twice_order_limit",
                violation_error_message="Zet het aantal per gast op minstens twee keer het aantal per boeking.",
            ),
            models.CheckConstraint(
                condition=Q(order_limit__gte=1, order_limit__lte=30),
                name="order_limit_1_to_30",
                violation_error_message="Kies 1 tot en met 30 dagdelen per boeking.",
            ),
        )

    def __str__(self) -> str:
        return gettext("%(house)s (voorbeeld)") % {"house": self.name} if self.is_example else self.name

    @property
    def takes_bookings(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def coordinates(self) -> tuple[float, float]:
        """Latitude and longitude: its own, else the village's."""
        if self.latitude is None or self.longitude is None:
            return self.village.latitude, self.village.longitude
        return self.latitude, self.longitude


class HouseRules(models.Model):
    """A version of the house rules. Never changed: a new text is a new version; a booking keeps its own."""

    dorpshuis = models.ForeignKey(Dorpshuis, models.CASCADE, related_name="rules", verbose_name="dorpshuis")
    version = models.PositiveSmallIntegerField("versie")
    valid_from = models.DateField("vanaf")
    bullets = models.TextField("in het kort", help_text="Een regel per punt. Staat bij het boeken.")
    text = models.TextField("de hele tekst", blank=True)

    class Meta:
        verbose_name = "huisregels"
        verbose_name_plural = "huisregels"
        ordering = ("dorpshuis", "-version")
        constraints = (models.UniqueConstraint(fields=["dorpshuis", "version"], name="house_rules_version_once"),)

    def __str__(self) -> str:
        return f"Huisregels {self.dorpshuis}, versie {self.version}"

    @property
    def points(self) -> list[str]:
        return [line.strip() for line in self.bullets.splitlines() if line.strip()]
