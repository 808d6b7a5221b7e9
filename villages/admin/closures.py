"""Closures: to look at. The button Dicht makes them, as each can hit a booking."""

from django.contrib import admin

from portal.base.admin import ReadOnly
from villages.admin.parts import OwnPage
from villages.models import Closure


@admin.register(Closure)
class ClosureAdmin(OwnPage, ReadOnly, admin.ModelAdmin[Closure]):
    own_page = "close"
    list_display = ("dorpshuis", "cause", "first_day", "last_day", "reason", "reopened_at")
    list_filter = ("dorpshuis", "first_day")
    list_select_related = ("dorpshuis",)
    search_fields = ("reason", "dorpshuis__name")
    fields = (
        "elsewhere",
        "dorpshuis",
        ("first_day", "last_day"),
        ("ochtend", "middag", "avond"),
        "room",
        "desks",
        "reason",
        "guest_text",
        "created_at",
        "created_by",
        "reopened_at",
    )
    readonly_fields = ("elsewhere",)
