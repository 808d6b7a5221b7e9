"""Is this process alive, and can it serve?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from portal.base import clock
from portal.base.models import Heartbeat, OutboxMail

SILENT = timedelta(minutes=3)  # beat ticks, and asks a worker for a sign of life, twice a minute
MAIL_LATE = timedelta(minutes=15)
BROKER_SECONDS = 1.0  # a broker that hangs must not hang this page


class Part(NamedTuple):
    """A part that the portal can do without for a while; `words` say how it is, for the administrator."""

    name: str
    well: bool
    words: str


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is looked at."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when this process can serve, 503 when its database or a migration is missing.

    What is wrong with the rest makes the answer `degraded`, by the names of the parts, and not unready: bookings go on.
    """
    try:
        if _migrations_are_missing():
            return JsonResponse({"ready": False, "why": "migrations"}, status=503)
        parts = list(_parts(clock.now()))
    except Error:
        return JsonResponse({"ready": False, "why": "database"}, status=503)
    degraded = [part.name for part in parts if not part.well]
    return JsonResponse({"ready": True, "degraded": degraded, "parts": {part.name: part.words for part in parts}})


def _migrations_are_missing() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _parts(now: datetime) -> Iterator[Part]:
    heard = dict(Heartbeat.objects.values_list("name", "at"))
    broker, beat = _broker(), _beat(heard.get(Heartbeat.BEAT), now)
    yield from (broker, beat, _worker(heard.get(Heartbeat.WORKER), now, is_asked=broker.well and beat.well))
    yield _mail(OutboxMail.objects.unsent(now).aggregate(oldest=Min("visible_from"))["oldest"], now)


def _broker() -> Part:
    if not settings.REDIS_URL:
        return Part("broker", True, "a folder")
    once = Retry(NoBackoff(), 0)
    asked = Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=BROKER_SECONDS, socket_timeout=BROKER_SECONDS, retry=once
    )
    try:
        with asked:
            asked.ping()
    except RedisError:
        return Part("broker", False, f"Redis does not answer within {BROKER_SECONDS:.0f} s")
    return Part("broker", True, "Redis answers")


def _beat(at: datetime | None, now: datetime) -> Part:
    if at is None:
        return Part("beat", False, "never ticked")
    return Part("beat", now - at <= SILENT, f"ticked {_ago(at, now)}")


def _worker(at: datetime | None, now: datetime, *, is_asked: bool) -> Part:
    """Beat asks it for a sign of life through the broker: while one of these is silent nobody knows."""
    if at is not None and now - at <= SILENT:
        return Part("worker", True, f"heard {_ago(at, now)}")
    if not is_asked:
        return Part("worker", True, "not known: nobody asks it")
    return Part("worker", False, f"heard {_ago(at, now)}" if at else "never heard")


def _mail(oldest: datetime | None, now: datetime) -> Part:
    if oldest is None:
        return Part("mail", True, "none waits")
    return Part("mail", now - oldest <= MAIL_LATE, f"the oldest waits for {(now - oldest).total_seconds():.0f} s")


def _ago(at: datetime, now: datetime) -> str:
    return f"{(now - at).total_seconds():.0f} s ago"
