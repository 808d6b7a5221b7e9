"""Rows that hold from a day until a day. History stays true: a row is ended, not changed."""

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q

LONG_AGO = date(2020, 1, 1)


M = TypeVar("M", bound="Validity")


class ValidityQuerySet(models.QuerySet[M]):
    def during(self, first: date, last: date) -> Self:
        """Rows that hold on at least one day of the period; both days included."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=first), valid_from__lte=last)


class Validity(models.Model):
    valid_from = models.DateField("geldig vanaf", default=LONG_AGO)
    valid_until = models.DateField("geldig tot en met", null=True, blank=True, help_text="Leeg: zonder einde.")

    class Meta:
        abstract = True


def ends_after_start(name: str) -> models.CheckConstraint:
    """The check that a row doesn't end before it begins (the day before means: it never held)."""
    return models.CheckConstraint(
        condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
        name=name,
        violation_error_message="De laatste dag ligt voor de eerste dag.",
    )
