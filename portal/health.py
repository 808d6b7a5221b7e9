"""Is this process alive, and can it serve?"""

from datetime import timedelta

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from portal.base import clock
from portal.base.models import Heartbeat

BACKGROUND_SILENT = timedelta(minutes=3)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is looked at."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when this process can serve, 503 when its database or a migration is missing.

    A background that is silent makes the answer `degraded`, not unready: bookings go on.
    """
    try:
        executor = MigrationExecutor(connection)
        missing = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        beat = Heartbeat.objects.filter(name="worker").values_list("at", flat=True).first()
    except Error:
        return JsonResponse({"ready": False, "why": "database"}, status=503)
    if missing:
        return JsonResponse({"ready": False, "why": "migrations"}, status=503)
    silent = beat is None or clock.now() - beat > BACKGROUND_SILENT
    return JsonResponse({"ready": True, "degraded": ["background"] if silent else []})
