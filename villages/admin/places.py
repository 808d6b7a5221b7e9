"""Municipalities and villages. BOKD may add a village that is too small for the list it began with."""

from django.contrib import admin

from villages.admin.parts import OnThePage
from villages.models import Municipality, Operator, Village


@admin.register(Municipality)
class MunicipalityAdmin(OnThePage):
    to_rows = "village__municipality"
    list_display = ("name", "gm_code", "region")
    list_filter = ("region",)
    search_fields = ("name", "gm_code")


@admin.register(Village)
class VillageAdmin(OnThePage):
    to_rows = "village"
    list_display = ("name", "municipality", "kind", "is_urban", "population")
    list_filter = ("municipality", "kind", "is_urban")
    list_select_related = ("municipality",)
    search_fields = ("name", "municipality__name")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("municipality",)
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "slug", "municipality", "kind", "is_urban"),
                "description": "Bestaat het adres al? Zet dan de gemeente erachter, zoals alteveer-noordenveld.",
            },
        ),
        (
            "Op de kaart",
            {
                "fields": ("latitude", "longitude", "population", "geonames_id"),
                "description": "Breedtegraad is zoiets als 52,8 en lengtegraad zoiets als 6,5. "
                "De andere velden mogen leeg blijven.",
            },
        ),
    )


@admin.register(Operator)
class OperatorAdmin(OnThePage):
    to_rows = "operator"
    list_display = ("name",)
    search_fields = ("name",)
