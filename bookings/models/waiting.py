"""Somebody who waits for a place at a dagdeel that is full."""

from collections.abc import Iterable
from datetime import date
from enum import nonmember
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from bookings.domain.dagdelen import Dagdeel as DomainDagdeel
from bookings.domain.dagdelen import Moment
from bookings.models.reservation import Reservation
from portal.base import clock
from villages.models import Dagdeel, Dorpshuis


class WaitingQuerySet(models.QuerySet["Waiting"]):
    def on_the_list(self) -> Self:
        """Who waits, and whose turn it is."""
        return self.filter(state__in=Waiting.State.listed)

    def without_booking(self) -> Self:
        """Who waits, or waited and took no place."""
        return self.exclude(state=Waiting.State.TAKEN)

    def first_first(self) -> Self:
        """In the order in which they came."""
        return self.order_by("created_at", "pk")

    def at(self, moments: Iterable[Moment]) -> Self:
        """The lists of these dagdelen."""
        where = Q(pk__in=())
        for moment in moments:
            where |= Q(date=moment.date, dagdeel=moment.dagdeel)
        return self.filter(where)

    def of_contact(self, email: str, phone: str) -> Self:
        """Who gave this address, or this number."""
        where = Q(pk__in=())
        if email:
            where |= Q(reservation__email=email)
        if phone:
            where |= Q(reservation__phone=phone)
        return self.filter(where)

    def up_to(self, day: date) -> Self:
        """Of dagdelen up to and with this day."""
        return self.filter(date__lte=day)

    def with_names(self) -> Self:
        """Reservation, house and village in the same query."""
        return self.select_related("reservation__guest", "dorpshuis__village__municipality")


class Waiting(models.Model):
    """One place on one list. Who she is and how to reach her is on its one reservation, which has no other booking:
    while a desk is held for her, the hold; once she took it, what she booked.
    """

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("wacht")
        OFFERED = "offered", gettext_lazy("is aan de beurt")
        CALLED = "called", gettext_lazy("wordt gebeld")
        TAKEN = "taken", gettext_lazy("heeft geboekt")
        PASSED = "passed", gettext_lazy("was aan de beurt")
        LEFT = "left", gettext_lazy("ging van de lijst")
        ENDED = "ended", gettext_lazy("voorbij")

        listed = nonmember(("waiting", "offered", "called"))
        in_turn = nonmember(("offered", "called"))

    dorpshuis = models.ForeignKey(Dorpshuis, models.PROTECT, related_name="waiting", verbose_name="dorpshuis")
    reservation = models.OneToOneField(Reservation, models.PROTECT, related_name="waiting", verbose_name="reservering")
    date = models.DateField("datum")
    dagdeel = models.CharField("dagdeel", max_length=7, choices=Dagdeel)
    state = models.CharField("toestand", max_length=8, choices=State, default=State.WAITING)
    created_at = models.DateTimeField("op de lijst sinds", default=clock.now)
    turn_until = models.DateTimeField("aan de beurt tot", null=True, blank=True)
    # How often it was her turn: it numbers the mails.
    turns = models.PositiveSmallIntegerField("beurten", default=0, editable=False)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        verbose_name = "wachtende"
        verbose_name_plural = "wachtlijst"
        ordering = ("created_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(dagdeel__in=("ochtend", "middag", "avond")), name="waiting_dagdeel_is_one_of_three"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("offered", "called")) | Q(turn_until__isnull=False), name="turn_has_an_end"
            ),
        )
        indexes = (
            models.Index(
                fields=["dorpshuis", "date"],
                condition=Q(state__in=("waiting", "offered", "called")),
                name="waiting_by_house_and_date",
            ),
        )

    def __str__(self) -> str:
        return f"waiting:{self.pk}"

    @property
    def moment(self) -> Moment:
        return Moment(self.date, DomainDagdeel(self.dagdeel))

    @property
    def is_listed(self) -> bool:
        return self.state in self.State.listed

    @property
    def by_mail(self) -> bool:
        """Whether she hears of a place by mail, so that it can be held; else the house calls her."""
        return bool(self.reservation.email)
