"""One desk on one date in one dagdeel, taken or once taken."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import nonmember
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from bookings.domain.allocation import Slot
from bookings.domain.dagdelen import Dagdeel as DomainDagdeel
from bookings.domain.dagdelen import Moment
from bookings.models.guest import Guest, e164
from bookings.models.reservation import Reservation
from bookings.models.standing import StandingPlace
from portal.base import clock
from villages.models import Closure, Dagdeel, Desk, Dorpshuis, Tariff


class BookingQuerySet(models.QuerySet["Booking"]):
    def occupying(self) -> Self:
        """Bookings that take their slot."""
        return self.filter(state__in=Booking.State.occupying)

    def given_back_late(self) -> Self:
        """Cancelled after the deadline and not taken again: due, yet free for somebody else."""
        return self.filter(state=Booking.State.LATE_CANCELLED)

    def occupying_or_late(self) -> Self:
        """Both kinds that whoever takes a slot must know."""
        return self.filter(state__in=(*Booking.State.occupying, Booking.State.LATE_CANCELLED))

    def confirmed_to(self, email: str) -> Self:
        """Bookings whose confirmation went to this very address."""
        return self.filter(reservation__confirmed_to=email) if email else self.none()

    def coming(self, today: date) -> Self:
        """What is booked from this day on."""
        return self.filter(state=Booking.State.BOOKED, date__gte=today).with_house()

    def no_longer_coming(self, today: date) -> Self:
        """What was, and what was given back or called off."""
        over = Q(date__lt=today) | ~Q(state=Booking.State.BOOKED)
        return self.filter(over).exclude(state=Booking.State.HELD).with_house()

    def with_house(self) -> Self:
        """House, village and reservation in the same query."""
        return self.select_related("reservation", "dorpshuis__village")

    def not_changed(self) -> Self:
        """Without what became another booking: that one goes on in its place."""
        return self.filter(changed_to__isnull=True)

    def between(self, first: date, last: date) -> Self:
        return self.filter(date__range=(first, last))

    def at(self, moments: Iterable[Moment]) -> Self:
        """Bookings at any of these moments, whichever the desk."""
        where = Q(pk__in=())
        for moment in moments:
            where |= Q(date=moment.date, dagdeel=moment.dagdeel)
        return self.filter(where)

    def shut_by(self, closure: Closure) -> Self:
        """Bookings made before this closure, on the days, in the dagdelen and at the desks that it shut.

        Of another schedule or a desk that went: what that called off.
        """
        if closure.cause != Closure.Cause.CLOSURE:
            return self.filter(pk__in=closure.was.get("hit", ()))
        rows = self.between(closure.first_day, closure.last_day)
        rows = rows.filter(dagdeel__in=closure.dagdelen, created_at__lte=closure.created_at)
        desks = list(closure.desks.all())
        if desks:
            return rows.filter(desk__in=desks)
        return rows.filter(desk__room=closure.room_id) if closure.room_id else rows

    def of_contact(self, email: str, phone: str) -> Self:
        """Bookings made with this address or this number. Rule 15: a limit counts either."""
        where = Q(pk__in=())
        if email:
            where |= Q(reservation__email=email)
        if phone:
            where |= Q(reservation__phone=phone)
        return self.filter(where)

    def coming_of_contact(self, dorpshuis: Dorpshuis, email: str, phone: str) -> Self:
        """What counts for the limit of a guest in this house: from today on, made with this address or this number.

        The dates of a standing place do not: those the house agreed on.
        """
        rows = self.filter(dorpshuis=dorpshuis, date__gte=clock.today(), standing=None)
        return rows.occupying().of_contact(email, phone)

    def of_guest(self, guest: Guest) -> Self:
        """All that stands on the name of this guest of the house."""
        return self.filter(reservation__guest=guest)

    def of_guest_or_contact(self, guest: Guest) -> Self:
        """In her house: hers, and what was made with her address or her number (rule 15)."""
        rows = self.filter(dorpshuis=guest.dorpshuis_id)
        return rows.of_guest(guest) | rows.of_contact(guest.email, e164(guest.phone))

    def given_back_since(self, since: datetime) -> Self:
        """Cancelled by the guest or by the house since then, and not changed into another."""
        return self.filter(state__in=Booking.State.cancelled, cancelled_at__gte=since).not_changed()

    def of_somebody(self) -> Self:
        """Without what was booked by a guest who was deleted since."""
        return self.filter(reservation__guest__emptied_at__isnull=True)

    def still_booked_from(self, day: date) -> Self:
        """Booked and not given back, on this day or later."""
        return self.filter(state=Booking.State.BOOKED, date__gte=day)

    def on_the_list(self) -> Self:
        """What stands on the list of a day: who is expected, came or did not, and who cancelled late and owes."""
        return self.filter(state__in=Booking.State.due)

    def not_ticked(self) -> Self:
        """Who was expected, of whom nobody said whether she came."""
        return self.filter(state=Booking.State.BOOKED)

    def asked_about(self, since: datetime) -> Self:
        """Who is still to be asked about, and who was answered after `since`: that can be taken back."""
        return self.filter(Q(state=Booking.State.BOOKED, asked_at__isnull=True) | Q(marked_at__gt=since))

    def with_first_time(self) -> Self:
        """Each with `first_time`: whether her guest had no dagdeel in this house on an earlier day."""
        earlier = Booking.objects.occupying().filter(
            reservation__guest=models.OuterRef("reservation__guest"), date__lt=models.OuterRef("date")
        )
        return self.annotate(first_time=~models.Exists(earlier))

    def with_names(self) -> Self:
        """Reservation, desk and house in the same query."""
        return self.select_related("reservation", "desk", "dorpshuis")

    def in_order(self) -> Self:
        """By date and through the day."""
        return self.order_by("date", _through_the_day(), "id")

    def newest_first(self) -> Self:
        """By date, the last one first."""
        return self.order_by("-date", _through_the_day().desc(), "-id")


def _through_the_day() -> models.Case:
    return models.Case(*(models.When(dagdeel=d, then=n) for n, d in enumerate(Dagdeel)), default=9)


class Booking(models.Model):
    class State(models.TextChoices):
        BOOKED = "booked", gettext_lazy("geboekt")
        HELD = "held", gettext_lazy("vastgehouden")
        USED = "used", gettext_lazy("gebruikt")
        NO_SHOW = "no_show", gettext_lazy("niet gekomen")
        CANCELLED = "cancelled", gettext_lazy("geannuleerd")
        LATE_CANCELLED = "late_cancelled", gettext_lazy("te laat geannuleerd")
        RETAKEN = "retaken", gettext_lazy("te laat geannuleerd, weer bezet")
        HOUSE_CANCELLED = "house_cancelled", gettext_lazy("afgezegd door het huis")

        # The states in which a slot is taken. Named once: the constraint, the counts and the actions use it.
        occupying = nonmember(("booked", "held", "used", "no_show"))
        cancelled = nonmember(("cancelled", "late_cancelled", "retaken", "house_cancelled"))
        # Back in time: it costs nothing, and a code that it was booked with may be used again.
        given_back = nonmember(("cancelled", "house_cancelled"))
        due = nonmember(("booked", "used", "no_show", "late_cancelled"))
        # Who comes on a day, as known so far.
        expected = nonmember(("booked", "used"))

    class Paid(models.TextChoices):
        PIN = "pin", gettext_lazy("pin")
        CASH = "cash", gettext_lazy("contant")
        LINK = "link", gettext_lazy("betaallink")
        ACCOUNT = "account", gettext_lazy("op factuur")
        WAIVED = "waived", gettext_lazy("kwijtgescholden")

    class Proposal(models.TextChoices):
        """What the house proposes instead, when it calls a booking off."""

        OTHER_DAY = "dag", gettext_lazy("een andere dag voorstellen")
        OTHER_HOUSE = "huis", gettext_lazy("een ander dorpshuis voorstellen")
        NOTHING = "niets", gettext_lazy("alleen afzeggen")

    dorpshuis = models.ForeignKey(Dorpshuis, models.PROTECT, related_name="bookings", verbose_name="dorpshuis")
    reservation = models.ForeignKey(Reservation, models.PROTECT, related_name="bookings", verbose_name="reservering")
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="bookings", verbose_name="bureau")
    date = models.DateField("datum")
    dagdeel = models.CharField("dagdeel", max_length=7, choices=Dagdeel)
    state = models.CharField("toestand", max_length=15, choices=State, default=State.BOOKED)
    price_cents = models.PositiveIntegerField("prijs in centen")
    tariff = models.CharField("tarief", max_length=15, choices=Tariff.Kind)
    desk_chosen = models.BooleanField("bureau zelf gekozen", default=False)
    held_until = models.DateTimeField("vastgehouden tot", null=True, blank=True)
    created_at = models.DateTimeField("geboekt op", default=clock.now)
    cancelled_at = models.DateTimeField("geannuleerd op", null=True, blank=True)
    # A change is cancel and book in one act: the new row knows the one that it came from, and the first of all.
    changed_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="changed_to", verbose_name="gewijzigd van"
    )
    began_as = models.PositiveBigIntegerField("begonnen als", null=True, blank=True, editable=False)
    # How often what an agenda holds of it has changed.
    sequence = models.PositiveIntegerField("versie in de agenda", default=0, editable=False)
    closure = models.ForeignKey(
        Closure, models.SET_NULL, null=True, blank=True, related_name="bookings", verbose_name="afgezegd door sluiting"
    )
    # A date of a standing place: written once, and never again, whatever became of it.
    standing = models.ForeignKey(
        StandingPlace, models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name="vaste plek"
    )
    proposal = models.CharField("voorstel", max_length=5, choices=Proposal, default=Proposal.OTHER_DAY)

    # The day at the house: who came, what was paid and how; for a walk-in beyond what was offered also that.
    marked_at = models.DateTimeField("aangevinkt", null=True, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="door"
    )
    paid_how = models.CharField("betaald", max_length=7, choices=Paid, blank=True)
    paid_at = models.DateTimeField("betaald op", null=True, blank=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="betaald aan",
    )
    walk_in = models.BooleanField("liep binnen", default=False)
    outside_offer = models.BooleanField("buiten het aanbod", default=False)
    # When the team was asked about a dagdeel that nobody had ticked, and let it be.
    asked_at = models.DateTimeField("nagevraagd", null=True, blank=True)

    # What stood before each tick of the last minutes, the newest last: so that it can be taken back.
    ticks = models.JSONField("vinkjes", default=list, blank=True, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = "boeking"
        verbose_name_plural = "boekingen"
        constraints = (
            # Rule 2: the database itself forbids a double booking, on SQLite and PostgreSQL alike.
            models.UniqueConstraint(
                fields=["desk", "date", "dagdeel"],
                condition=Q(state__in=("booked", "held", "used", "no_show")),
                name="one_booking_per_slot",
                violation_error_message="Iemand anders was net eerder. Deze plek is nu vol.",
            ),
            models.UniqueConstraint(fields=["standing", "date", "dagdeel"], name="standing_date_written_once"),
            models.CheckConstraint(
                condition=Q(dagdeel__in=("ochtend", "middag", "avond")), name="booking_dagdeel_is_one_of_three"
            ),
            models.CheckConstraint(condition=~Q(state="held") | Q(held_until__isnull=False), name="hold_has_an_end"),
        )
        indexes = (models.Index(fields=["dorpshuis", "date"], name="booking_by_house_and_date"),)

    def __str__(self) -> str:
        return f"booking:{self.pk}"

    @property
    def moment(self) -> Moment:
        return Moment(self.date, DomainDagdeel(self.dagdeel))

    @property
    def slot(self) -> Slot:
        return Slot(self.desk_id, self.moment)

    @property
    def event_number(self) -> int:
        """The number that stays the same through changes: one line in the guest's agenda."""
        return self.began_as or self.pk

    @property
    def is_occupying(self) -> bool:
        return self.state in self.State.occupying

    @property
    def state_words(self) -> str:
        """Its state as its guest reads it; without a closure the house may have cancelled it because she asked."""
        asked = self.state == self.State.HOUSE_CANCELLED and self.closure_id is None
        return str(self.State.CANCELLED.label if asked else self.State(self.state).label)

    @property
    def due_cents(self) -> int:
        """What the guest owes the house for this dagdeel, in cents; nothing when the house let her off."""
        waived = self.paid_how == self.Paid.WAIVED
        return self.price_cents if self.state in self.State.due and not waived else 0

    @property
    def open_cents(self) -> int:
        """What of it is not paid yet, in cents."""
        return 0 if self.paid_how else self.due_cents

    def occupies_at(self, now: datetime) -> bool:
        """Whether it takes its slot at `now`: a hold past its end no longer does."""
        if self.state == self.State.HELD:
            return self.held_until is not None and now < self.held_until
        return self.is_occupying
