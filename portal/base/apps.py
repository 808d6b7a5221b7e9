"""The cellar: what every app stands on."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "portal.base"
    label = "base"
    verbose_name = "Mensen en logboek"
    default_auto_field = "django.db.models.BigAutoField"
