"""A person of one house. The house is the controller of her data."""

from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from phonenumber_field.modelfields import PhoneNumberField

from portal.base import clock
from villages.models import Dorpshuis

DUTCH = 31  # the country code


class GuestQuerySet(models.QuerySet["Guest"]):
    def known(self) -> Self:
        """Who is still somebody: not emptied, not taken together with another."""
        return self.filter(emptied_at__isnull=True, merged_into__isnull=True)

    def with_number_like(self, digits: str) -> Self:
        """Whose number has these digits in it, as it is kept: +31 and then without the first 0."""
        return self.filter(phone__contains=digits)

    def with_name_like(self, folded: str) -> Self:
        """Whose folded name has this in it."""
        return self.filter(name_key__contains=folded)

    def with_address_like(self, part: str) -> Self:
        """Whose e-mail address has this in it."""
        return self.filter(email__contains=part)

    def last_here_by(self, day: date) -> Self:
        """Who is still somebody, has no dagdeel and no standing place after this day, nor waits for one; nor came in
        after it.
        """
        later = {"reservation__guest": models.OuterRef("pk")}
        booked = apps.get_model("bookings", "Booking").objects.filter(date__gt=day, **later)
        standing = apps.get_model("bookings", "StandingPlace").objects.filter(last_day__gt=day, **later)
        waits = apps.get_model("bookings", "Waiting").objects.filter(date__gt=day, **later).on_the_list()
        since = datetime.combine(day + timedelta(days=1), time(0), tzinfo=clock.AMSTERDAM)
        nothing = ~models.Exists(booked) & ~models.Exists(standing) & ~models.Exists(waits)
        return self.known().filter(nothing, created_at__lt=since)

    def with_last_day(self) -> Self:
        """Each with `last_day`: the date of the last dagdeel, None without one."""
        return self.annotate(last_day=models.Max("reservations__bookings__date"))

    def like(self, guest: "Guest") -> Self:
        """Others of her house who may be the same person: the same number, address or name."""
        same = Q(name_key=guest.name_key) if guest.name_key else Q(pk__in=())
        for field, value in (("phone", e164(guest.phone)), ("email", guest.email)):
            same |= Q(**{field: value}) if value else Q(pk__in=())
        return self.known().filter(same, dorpshuis=guest.dorpshuis_id).exclude(pk=guest.pk)


class Guest(models.Model):
    """Found by exact e-mail; without e-mail by phone and the same name (case and spaces folded).

    An order never changes these fields: only the volunteer or the verified member does.
    """

    dorpshuis = models.ForeignKey(Dorpshuis, models.PROTECT, related_name="guests", verbose_name="dorpshuis")
    name = models.CharField("naam", max_length=120, blank=True)
    name_key = models.CharField(max_length=120, blank=True, editable=False)
    email = models.EmailField("e-mail", blank=True)
    phone = PhoneNumberField("telefoon", region="NL", blank=True)
    created_at = models.DateTimeField("sinds", default=clock.now)
    emptied_at = models.DateTimeField("leeggemaakt", null=True, blank=True)
    no_reminders = models.BooleanField("geen herinneringen", default=False)
    # She pressed "Stop deze mails": nothing but what is about her bookings. And whether she said why she stays away,
    # not what: that is only counted.
    no_more_mails = models.BooleanField("geen andere mails", default=False)
    said_why = models.BooleanField("gaf een reden", default=False, editable=False)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="samengevoegd met"
    )

    objects = GuestQuerySet.as_manager()

    class Meta:
        verbose_name = "gast"
        verbose_name_plural = "gasten"
        constraints = (
            models.UniqueConstraint(fields=["dorpshuis", "email"], condition=~Q(email=""), name="guest_by_email"),
            models.UniqueConstraint(
                fields=["dorpshuis", "phone", "name_key"],
                condition=Q(email="") & ~Q(phone=""),
                name="guest_by_phone_and_name",
            ),
        )

    def __str__(self) -> str:
        return f"guest:{self.pk}"

    @property
    def number_words(self) -> str:
        return number_words(self.phone)


def number_words(number: Any) -> str:
    """A telephone number as one says it here; of another country with its +, so that it stays whole when typed again.

    Empty when there is none.
    """
    if not number:
        return ""
    return str(number.as_national if number.country_code == DUTCH else number.as_international)


def e164(number: Any) -> str:
    """A telephone number as +31612345678, whatever its country; empty when there is none."""
    return str(number.as_e164) if number else ""


def name_key(name: str) -> str:
    """The name with case and spaces folded, to find a guest who has no e-mail address."""
    return " ".join(name.casefold().split())[:120]
