"""A dorpshuis with its settings. Rooms, desks, schedule and prices have pages of their own."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.base import clock
from villages.admin.parts import OnThePage, house_page
from villages.admin.people import TeamInline
from villages.admin.photos import PhotoInline
from villages.models import AccessWay, Dorpshuis, Facility, Opening, Photo, Room, Tariff

# In each of these a row points to its house.
ROOMS_OF_THE_ADMIN = (
    ("room", "Ruimtes"),
    ("desk", "Bureaus"),
    ("opening", "Weekrooster"),
    ("tariff", "Tarieven"),
    ("houserules", "Huisregels"),
    ("closure", "Sluitingen"),
)


class FacilityInline(admin.TabularInline[Facility, Dorpshuis]):
    model = Facility
    extra = 1


class AccessWayInline(admin.StackedInline[AccessWay, Dorpshuis]):
    model = AccessWay
    extra = 0


class FirstRooms(admin.TabularInline[Room, Dorpshuis]):
    """Only on the page of a new house: later a room has bookings."""

    model = Room
    extra = 1
    fields = ("name", "position", "quiet_text")


class FirstOpenings(admin.TabularInline[Opening, Dorpshuis]):
    model = Opening
    extra = 10
    fields = ("weekday", "dagdeel", "begin", "end", "staffed", "by_appointment")


class FirstTariffs(admin.TabularInline[Tariff, Dorpshuis]):
    model = Tariff
    extra = 1
    fields = ("kind", "cents", "chooser")


class DorpshuisForm(forms.ModelForm[Dorpshuis]):
    def clean_status(self) -> str:
        """A house with guests to come stays open: first they must be told, by the button Dicht."""
        status = str(self.cleaned_data["status"])
        leaves = not self.instance._state.adding and status != Dorpshuis.Status.OPEN
        if leaves and self.instance.bookings.occupying().filter(date__gte=clock.today()).exists():
            raise forms.ValidationError("Er zijn nog boekingen. Zeg die eerst af met de knop Dicht.")
        return status


@admin.register(Dorpshuis)
class DorpshuisAdmin(admin.ModelAdmin[Dorpshuis]):
    form = DorpshuisForm
    list_display = ("__str__", "village", "status", "operator", "joint_reporting")
    list_filter = ("status", "village__municipality", "operator", "joint_reporting", "is_example")
    list_select_related = ("village", "operator")
    search_fields = ("name", "slug", "village__name")
    autocomplete_fields = ("village", "operator")
    readonly_fields = ("own_page", "more", "current_rules")
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = (
        (None, {"fields": ("name", "slug", "kind", "status", "is_example", "operator", "joint_reporting")}),
        ("Meer over dit huis", {"fields": ("own_page", "more")}),
        (
            "Waar en hoe bereikbaar",
            {"fields": ("village", "street", "postcode", "latitude", "longitude", "phone", "email", "website")},
        ),
        (
            "Op de pagina van het huis",
            {"fields": ("intro", "why", "sponsor", "commercial_use", "current_rules")},
        ),
        (
            "Internet",
            {
                "fields": ("internet_down", "internet_up", "internet_measured_on"),
                "description": "Meet het zelf, op een gewone werkdag. Nog niet gemeten? Laat het leeg.",
            },
        ),
        (
            "Boeken",
            {
                "fields": ("window_days", "lead_minutes", "order_limit", "guest_limit", "staffed_only_for_new"),
                "description": "Dit geldt voor nieuwe boekingen. Wat al geboekt is, blijft staan.",
            },
        ),
        (
            "Annuleren",
            {
                "fields": ("cancel_days_before", "cancel_time"),
                "description": "Dit geldt voor nieuwe boekingen. Wie al boekte, houdt wat er toen stond.",
            },
        ),
        ("Betalen in het huis", {"fields": ("pay_pin", "pay_cash", "pay_link", "pay_account")}),
    )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Dorpshuis | None:
        """The house; locked when it is being saved, so that nobody books between the look and the change."""
        if request.method == "POST":
            Dorpshuis.objects.filter(pk=object_id).locked()
        return super().get_object(request, object_id, from_field)

    def get_readonly_fields(self, request: HttpRequest, obj: Dorpshuis | None = None) -> tuple[str, ...]:
        # The address stands on posters and in mails: once made it stays.
        return (*self.readonly_fields, "slug") if obj else self.readonly_fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Dorpshuis | None = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}

    def get_inlines(self, request: HttpRequest, obj: Dorpshuis | None) -> list[Any]:
        first = [] if obj else [FirstRooms, FirstOpenings, FirstTariffs]
        return [*first, AccessWayInline, FacilityInline, PhotoInline, TeamInline]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A new house offers from today on: before that it had nothing to count."""
        for row in formset.forms if not change else ():
            if hasattr(row.instance, "valid_from"):
                row.instance.valid_from = clock.today()
        super().save_formset(request, form, formset, change)

    def delete_model(self, request: HttpRequest, obj: Dorpshuis) -> None:
        """With the files of its photos, which the database knows nothing of."""
        Photo.objects.filter(dorpshuis=obj).remove()
        super().delete_model(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Dorpshuis | None = None) -> bool:
        """Only a house that nobody ever booked; another is set to "gestopt"."""
        return obj is not None and not obj.reservations.exists() and super().has_delete_permission(request, obj)

    @admin.display(description="Dagelijks beheer")
    def own_page(self, dorpshuis: Dorpshuis) -> SafeString | str:
        return "-" if dorpshuis._state.adding else house_page(dorpshuis)

    @admin.display(description="Ook van dit huis")
    def more(self, dorpshuis: Dorpshuis) -> SafeString | str:
        """Links to the lists of what belongs to the house."""
        if dorpshuis._state.adding:
            return "Sla het huis eerst op."
        links = ((_list_of(model, dorpshuis), label) for model, label in ROOMS_OF_THE_ADMIN)
        return format_html_join(" · ", '<a href="{}">{}</a>', links)


def _list_of(model: str, dorpshuis: Dorpshuis) -> str:
    """The address of the list of one kind of row, of this house only."""
    lookup = "room__dorpshuis__id__exact" if model == "desk" else "dorpshuis__id__exact"
    return format_html("{}?{}={}", reverse(f"admin:villages_{model}_changelist"), lookup, dorpshuis.pk)


@admin.register(Facility)
class FacilityAdmin(OnThePage):
    to_rows = "facilities"
    list_display = ("title", "kind", "dorpshuis")
    list_filter = ("kind", "dorpshuis")
    list_select_related = ("dorpshuis",)
    search_fields = ("title", "dorpshuis__name")
    autocomplete_fields = ("dorpshuis",)


@admin.register(AccessWay)
class AccessWayAdmin(OnThePage):
    to_rows = "access_ways"
    list_display = ("dorpshuis", "dagdeel", "method", "public_text")
    list_filter = ("method", "dorpshuis")
    list_select_related = ("dorpshuis",)
    search_fields = ("dorpshuis__name", "public_text")
    autocomplete_fields = ("dorpshuis",)
    fieldsets = (
        (None, {"fields": ("dorpshuis", "dagdeel", "method", "public_text")}),
        (
            "Alleen voor wie geboekt heeft",
            {"fields": ("private_text",), "description": "Zet een code of adres alleen hier."},
        ),
    )
