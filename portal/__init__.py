"""The roof: settings, addresses, Celery, the demo. Imports Celery's app so that `.delay()` knows our settings."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
