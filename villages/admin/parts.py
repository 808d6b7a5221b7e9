"""What the admin pages of a house share: the way to the house's own page, and rows that only begin here."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.base import clock
from villages.models import Dorpshuis

NOTICE = "Dit kan een boeking raken. Daarom verander je het op de pagina van het huis."


def house_page(dorpshuis: Dorpshuis, page: str = "today") -> SafeString:
    """A sentence with a link to the page of the house where bookings are looked after."""
    url = reverse(page, args=[dorpshuis.slug])
    return format_html('{} <a href="{}">Naar het beheer van {}</a>', NOTICE, url, dorpshuis)


class OnThePage(admin.ModelAdmin[Any]):
    """The admin class of what the page of a house shows: each write moves its houses on.

    `to_rows`: how a house leads to such rows. The Django admin has each of these in a transaction.
    """

    to_rows = ""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Also the house that the row belonged to before."""
        if change:
            self._move_on([obj.pk])
        super().save_model(request, obj, form, change)
        self._move_on([obj.pk])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._move_on([obj.pk])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            self._move_on(queryset.values_list("pk", flat=True))
            super().delete_queryset(request, queryset)

    def _move_on(self, rows: Iterable[Any]) -> None:
        Dorpshuis.objects.filter(**{f"{self.to_rows}__in": list(rows)}).move_on()


class OwnPage:
    """Mix into an admin class: a field `elsewhere` with the way to the page of the house (`own_page`: its name)."""

    own_page = "today"

    def house_of(self, row: Any) -> Dorpshuis:
        """The house that this row belongs to."""
        return row.dorpshuis  # type: ignore[no-any-return]

    @admin.display(description="Iets anders veranderen?")
    def elsewhere(self, row: Any) -> SafeString:
        return house_page(self.house_of(row), self.own_page)


class AddOnly(OwnPage, OnThePage):
    """Rows that may be added, as that hits no booking; once there, what could hit one is fixed.

    `fixed`: the fields that can't be changed here after adding; `free`: those that can. Nothing is
    deleted: history stays true.
    """

    fixed: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    readonly_fields = ("elsewhere",)
    list_select_related = ("dorpshuis",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.fixed, *self.free, "elsewhere") if obj is not None else (*self.fixed, *self.free)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("elsewhere", *self.fixed) if obj is not None else ("elsewhere",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        # The model's own default lies long ago: right for a house that is loaded, wrong for a new desk.
        return {"valid_from": clock.today(), **super().get_changeform_initial_data(request)}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - same
        return False
