"""Requests for a desk in another village: to look at. BOKD deals with them on its own page."""

from django.contrib import admin

from portal.base.admin import ReadOnly
from villages.models import HouseRequest


@admin.register(HouseRequest)
class HouseRequestAdmin(ReadOnly, admin.ModelAdmin[HouseRequest]):
    list_display = ("__str__", "created_at", "handled_at")
    list_filter = ("handled_at", "created_at")
    fields = (
        "place", "village", "house_name", "name", "email", "phone", "remark", "created_at", "handled_at", "handled_by",
    )  # fmt: skip
