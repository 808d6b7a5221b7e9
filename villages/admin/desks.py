"""Rooms and desks: added here, ended on the house's own page, where the bookings are looked after."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from villages.admin.parts import AddOnly
from villages.models import Desk, Dorpshuis, Room

VALIDITY = ("valid_from", "valid_until")


class NewDesks(admin.TabularInline[Desk, Room]):
    """The desks of a new room."""

    model = Desk
    extra = 4
    exclude = VALIDITY


@admin.register(Room)
class RoomAdmin(AddOnly):
    to_rows = "rooms"
    own_page = "desks"
    fixed = ("dorpshuis", *VALIDITY)
    free = ("name", "position", "quiet_text")
    list_display = ("name", "dorpshuis", "position", *VALIDITY)
    list_filter = ("dorpshuis",)
    search_fields = ("name", "dorpshuis__name")
    autocomplete_fields = ("dorpshuis",)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[type[Any]]:
        return [] if obj else [NewDesks]


@admin.register(Desk)
class DeskAdmin(AddOnly):
    to_rows = "rooms__desks"
    own_page = "desks"
    fixed = ("room", "is_table", *VALIDITY)
    free = ("name", "position", "height_adjustable", "monitor", "daylight", "wheelchair", "calls")
    list_display = ("name", "room", "house", "height_adjustable", "wheelchair", *VALIDITY)
    list_filter = ("room__dorpshuis", "height_adjustable", "wheelchair")
    list_select_related = ("room__dorpshuis",)
    search_fields = ("name", "room__name", "room__dorpshuis__name")
    autocomplete_fields = ("room",)

    def house_of(self, row: Desk) -> Dorpshuis:
        return row.room.dorpshuis

    @admin.display(description="dorpshuis", ordering="room__dorpshuis__name")
    def house(self, desk: Desk) -> str:
        return str(desk.room.dorpshuis)
