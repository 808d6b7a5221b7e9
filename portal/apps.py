"""The roof as a Django app: it owns the management commands and the system checks of the whole."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"

    def ready(self) -> None:
        from portal import checks  # noqa: F401, PLC0415 - registers the checks
