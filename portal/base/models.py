"""The cellar's tables."""

from datetime import timedelta

from django.db import models

from portal.base import clock
from portal.base.accounts.models import Browser, LoginCode, User
from portal.base.log.models import LogEntry
from portal.base.outbox.models import OutboxMail

__all__ = ["Browser", "Deletion", "DemoClock", "Heartbeat", "LogEntry", "LoginCode", "OutboxMail", "User"]


class Deletion(models.Model):
    """A row that was emptied because a person asked for it. A restore empties it again."""

    subject = models.CharField("wat", max_length=60, unique=True, help_text="Bijvoorbeeld guest:12")
    at = models.DateTimeField("wanneer", default=clock.now)

    def __str__(self) -> str:
        return self.subject


class DemoClock(models.Model):
    """How far the clock of the demo runs ahead. At most one row; not read outside the demo."""

    offset = models.DurationField(default=timedelta(0))
    # What happened when it was last moved, for the page that tells it.
    happened = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return str(self.offset)


class Heartbeat(models.Model):
    """When a part that works in the background was last alive."""

    BEAT, WORKER = "beat", "worker"

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%H:%M:%S}"

    @classmethod
    def hear(cls, name: str) -> None:
        """Write down that this part lives now."""
        cls.objects.update_or_create(name=name, defaults={"at": clock.now()})
