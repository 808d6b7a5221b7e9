"""`/metrics` in Prometheus' text form, for who watches the portal; outside it does not exist."""

import ipaddress
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import Error
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from portal.backup.archive import made_at
from portal.base import clock, metrics
from portal.base.models import Heartbeat, OutboxMail

PATH = "/metrics"
UNKNOWN = "-"  # no route: what robots try must not make a row each

GetResponse = Callable[[HttpRequest], HttpResponse]


def measure(get_response: GetResponse) -> GetResponse:
    """Count every request by its route. `/metrics` is answered here, whatever its Host: it is asked by machine."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info == PATH and request.method == "GET" and _may_look(request):
            return HttpResponse(render(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
        if request.path_info.startswith(settings.STATIC_URL):
            return get_response(request)
        began = time.perf_counter()
        response = get_response(request)
        route = request.resolver_match.route if request.resolver_match else UNKNOWN
        method = request.method if request.method in ("GET", "HEAD", "POST") else "other"
        metrics.REQUESTS.labels(route, method, response.status_code).inc()
        metrics.TOOK.labels(route).observe(time.perf_counter() - began)
        return response

    return middleware


def render() -> bytes:
    """All figures: of the processes, of the tasks, and of the database as it is now."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Now())
    if metrics.FOLDER in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)


def _may_look(request: HttpRequest) -> bool:
    """Only who asks directly, from METRICS_FROM: a request that a proxy passed on has X-Forwarded-For."""
    if "X-Forwarded-For" in request.headers:
        return False
    with suppress(ValueError):
        peer = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
        return any(peer in ipaddress.ip_network(source, strict=False) for source in settings.METRICS_FROM)
    return False


# --- the tasks: another process counts them, the shared cache adds up --------------------------------------


def count_task(name: str, outcome: str, seconds: float) -> None:
    """One run of a task more. Counted in the cache: a count that is lost with it costs nobody anything."""
    for what, number in (("runs", 1), ("ms", round(seconds * 1000))):
        with suppress(Exception):
            key = f"metrics:{name}:{outcome}:{what}"
            if not cache.add(key, number, None):
                cache.incr(key, number)


def _tasks() -> Iterator[Metric]:
    runs = CounterMetricFamily("naoberplek_tasks", "Tasks that ended.", labels=["task", "outcome"])
    took = CounterMetricFamily("naoberplek_task_seconds", "Seconds that tasks took.", labels=["task", "outcome"])
    with suppress(Exception):
        names = [name for name in sorted(current_app.tasks) if not name.startswith("celery.")]
        keys = {f"metrics:{name}:{outcome}": (name, outcome) for name in names for outcome in ("SUCCESS", "FAILURE")}
        found = cache.get_many([f"{key}:{what}" for key in keys for what in ("runs", "ms")])
        for key, labels in keys.items():
            if number := found.get(f"{key}:runs"):
                runs.add_metric(labels, number)
                took.add_metric(labels, found.get(f"{key}:ms", 0) / 1000)
    yield from (runs, took)


# --- the database ----------------------------------------------------------------------------------------


class _Now:
    """What is asked at the moment of looking; no class of the library's, which would ask it at the start too."""

    def collect(self) -> Iterator[Metric]:
        try:
            found = list(_database())
        except Error:
            found = []
        yield GaugeMetricFamily("naoberplek_database_up", "1 when the database answers.", value=float(bool(found)))
        yield from found
        yield from _tasks()
        yield from _backup()


def _database() -> Iterator[Metric]:
    now = clock.now()
    depth = GaugeMetricFamily("naoberplek_outbox_waiting", "Mails that are due and not sent.", labels=["lane"])
    age = GaugeMetricFamily("naoberplek_outbox_oldest_seconds", "How long the oldest waits.", labels=["lane"])
    unsent = OutboxMail.objects.unsent(now).order_by()
    rows = unsent.values("lane").annotate(number=Count("pk"), oldest=Min("visible_from"))
    by_lane = {row["lane"]: row for row in rows}
    for lane in OutboxMail.Lane:
        row = by_lane.get(lane.value)
        depth.add_metric([lane.name.lower()], row["number"] if row else 0)
        age.add_metric([lane.name.lower()], (now - row["oldest"]).total_seconds() if row else 0)
    failed = OutboxMail.objects.filter(state=OutboxMail.State.FAILED).exclude(recipient="").count()
    yield from (depth, age, GaugeMetricFamily("naoberplek_outbox_failed", "Mails that never arrive.", value=failed))
    heard = {name: at.timestamp() for name, at in Heartbeat.objects.values_list("name", "at")}
    ticked, worked = heard.get(Heartbeat.BEAT, 0), heard.get(Heartbeat.WORKER, 0)
    yield GaugeMetricFamily("naoberplek_beat_last_tick_timestamp_seconds", "When beat last ticked.", value=ticked)
    yield GaugeMetricFamily("naoberplek_worker_heard_timestamp_seconds", "When a worker was last heard.", value=worked)


def _backup() -> Iterator[Metric]:
    """When the newest backup was made, where this process sees them; nothing where it does not."""
    with suppress(OSError, ValueError):
        found = [path for path in settings.BACKUP_DIR.iterdir() if made_at(path)]  # not one that is half done
        newest = max(path.stat().st_mtime for path in found)
        yield GaugeMetricFamily("naoberplek_backup_timestamp_seconds", "When the newest backup was made.", value=newest)
