"""The table of mails: those to send, and for thirty days those that were sent."""

from collections.abc import Collection
from datetime import datetime
from enum import nonmember
from typing import Self

from django.db import models

from portal.base import clock

_WAITING = "waiting"  # for the index, which can't see the states


class OutboxQuerySet(models.QuerySet["OutboxMail"]):
    def waiting(self) -> Self:
        """Mails that nobody has begun to send."""
        return self.filter(state=OutboxMail.State.WAITING)

    def due(self, now: datetime) -> Self:
        """Mails that wait and whose time has come."""
        return self.waiting().filter(next_try__lte=now)

    def unsent(self, now: datetime) -> Self:
        """Mails that should be away by now and are not, whether they were tried or not."""
        return self.filter(state__in=OutboxMail.State.unsent, visible_from__lte=now)

    def first_in_line(self, now: datetime) -> str | None:
        """The key of the due mail that goes before all others."""
        return self.due(now).order_by("lane", "next_try", "pk").values_list("key", flat=True).first()

    def sent(self) -> Self:
        return self.filter(state=OutboxMail.State.SENT)

    def sent_about(self, subjects: Collection[str], since: datetime) -> Self:
        """Mails about these subjects that were sent since then, oldest first."""
        return self.sent().filter(subject__in=subjects, sent_at__gte=since).order_by("sent_at", "pk")

    def failed_about(self, what: str) -> Self:
        """Mails about such a subject (`reservation`) that will never arrive and are not forgotten yet."""
        failed = self.filter(state=OutboxMail.State.FAILED, subject__startswith=f"{what}:")
        return failed.exclude(recipient="").order_by("pk")


class OutboxMail(models.Model):
    class State(models.TextChoices):
        WAITING = _WAITING, "wacht"
        CLAIMED = "claimed", "wordt verstuurd"
        SENT = "sent", "verstuurd"
        DROPPED = "dropped", "niet meer nodig"
        FAILED = "failed", "mislukt"

        done = nonmember(("sent", "dropped", "failed"))
        unsent = nonmember(("waiting", "claimed"))
        # It may be with her: a mail that is being sent can't be called back.
        on_its_way = nonmember(("claimed", "sent"))

    class Lane(models.IntegerChoices):
        """Who goes first when many wait. Bulk is only picked up by the sweeps: thousands queue no tasks."""

        CODE = 1, "inlogcode"
        BOOKING = 2, "boeking"
        BULK = 3, "veel tegelijk"

    key = models.CharField("sleutel", max_length=80, unique=True)
    kind = models.CharField("soort", max_length=30)
    subject = models.CharField("waarover", max_length=60, help_text="Bijvoorbeeld reservation:123")
    language = models.CharField("taal", max_length=5, default="nl")
    recipient = models.EmailField("aan", blank=True)
    lane = models.PositiveSmallIntegerField("voorrang", choices=Lane, default=Lane.BOOKING)
    created_at = models.DateTimeField("gemaakt", default=clock.now)
    visible_from = models.DateTimeField("versturen vanaf", default=clock.now)
    state = models.CharField("toestand", max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("pogingen", default=0)
    next_try = models.DateTimeField("volgende poging", default=clock.now)
    claimed_at = models.DateTimeField("begonnen", null=True, blank=True)
    sent_at = models.DateTimeField("verstuurd", null=True, blank=True)
    sealed = models.TextField("verzegeld", blank=True, editable=False)
    sent_subject = models.CharField("onderwerp", max_length=200, blank=True)
    sent_text = models.TextField("tekst", blank=True)
    sent_html = models.TextField("opmaak", blank=True)
    # The address goes as soon as it is sent or given up, and no words are kept: she asked to be forgotten.
    keeps_nothing = models.BooleanField("niets bewaren", default=False, editable=False)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = "mail"
        verbose_name_plural = "mails"
        indexes = (
            models.Index(fields=["state", "next_try"], name="outbox_by_due"),
            models.Index(fields=["sent_at"], name="outbox_by_sent"),
            models.Index(fields=["lane", "next_try", "id"], name="outbox_in_line", condition=models.Q(state=_WAITING)),
        )

    def __str__(self) -> str:
        return self.key
