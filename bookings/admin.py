"""Guests, reservations and bookings in the Django admin: to look at. No list shows an address or a number."""

from django.contrib import admin

from bookings.models import Booking, CallEntry, Guest, Reservation, StandingPlace
from portal.base.admin import ReadOnly


@admin.register(Guest)
class GuestAdmin(ReadOnly, admin.ModelAdmin[Guest]):
    list_display = ("__str__", "dorpshuis", "created_at", "emptied_at")
    list_filter = ("dorpshuis", "created_at")
    list_select_related = ("dorpshuis",)
    fields = ("dorpshuis", "name", "email", "phone", "created_at", "emptied_at")


@admin.register(Reservation)
class ReservationAdmin(ReadOnly, admin.ModelAdmin[Reservation]):
    list_display = ("__str__", "dorpshuis", "tariff", "source", "target_group", "created_at")
    list_filter = ("dorpshuis", "tariff", "target_group", "created_at")
    list_select_related = ("dorpshuis",)
    search_fields = ("=id",)
    search_help_text = "Het nummer, bijvoorbeeld 123"
    # The reference is left out: it opens the guest's private page.
    fields = (
        "dorpshuis", "guest", "name", "email", "phone", "confirmed_to", "tariff", "house_rules",
        "created_at", "booked_by", "postcode", "source", "target_group", "no_messages", "remark",
    )  # fmt: skip


@admin.register(Booking)
class BookingAdmin(ReadOnly, admin.ModelAdmin[Booking]):
    list_display = ("__str__", "dorpshuis", "date", "dagdeel", "desk", "state", "tariff", "price_cents")
    list_filter = ("dorpshuis", "state", "dagdeel", "tariff", "date")
    list_select_related = ("dorpshuis", "desk")
    search_fields = ("=id", "=reservation__id")
    search_help_text = "Het nummer van de boeking of de reservering"
    ordering = ("-date", "-id")


@admin.register(CallEntry)
class CallEntryAdmin(ReadOnly, admin.ModelAdmin[CallEntry]):
    list_display = ("key", "dorpshuis", "kind", "visible_from", "done_at")
    list_filter = ("dorpshuis", "kind", "done_at")
    list_select_related = ("dorpshuis",)
    search_fields = ("=reservation__id",)
    search_help_text = "Het nummer van de reservering"
    fields = ("dorpshuis", "reservation", "kind", "created_at", "visible_from", "done_at")


@admin.register(StandingPlace)
class StandingPlaceAdmin(ReadOnly, admin.ModelAdmin[StandingPlace]):
    list_display = ("__str__", "dorpshuis", "weekday", "dagdeel", "every", "first_day", "last_day")
    list_filter = ("dorpshuis", "dagdeel")
    list_select_related = ("dorpshuis",)
    fields = (
        "dorpshuis", "organisation", "desk", "weekday", "dagdeel", "every", "first_day", "last_day", "tariff",
        "skip_holidays", "agreed_at", "ended_at",
    )  # fmt: skip
