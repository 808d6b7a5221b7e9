"""Prices and house rules. New ones begin on a day; what has begun stays as it is."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from portal.base import clock
from villages.admin.parts import OnThePage
from villages.models import Dorpshuis, HouseRules, Tariff

NOT_YET = "Huisregels gelden meteen. Kies vandaag, of voeg ze toe op de dag zelf."
TOO_EARLY = "Kies vandaag of later. Wat al geldt, blijft zoals het was."


class FromTodayForm(forms.ModelForm[Any]):
    """A row that begins today or later, unless the house has nothing of its kind yet."""

    same: tuple[str, ...] = ("dorpshuis",)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        first = cleaned.get("valid_from")
        if first and first < clock.today() and self._others(cleaned):
            raise forms.ValidationError({"valid_from": TOO_EARLY})
        return cleaned

    def _others(self, cleaned: dict[str, Any]) -> bool:
        same = {name: cleaned.get(name, getattr(self.instance, name, None)) for name in self.same}
        return bool(self._meta.model.objects.filter(**same).exclude(pk=self.instance.pk).exists())


class TariffForm(FromTodayForm):
    same = ("dorpshuis", "kind")


class RulesForm(FromTodayForm):
    """House rules hold at once: who books now accepts the text that stands on the page now."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        first = cleaned.get("valid_from")
        if first and first > clock.today():
            raise forms.ValidationError({"valid_from": NOT_YET})
        return cleaned


class FromNowOn(OnThePage):
    """Once begun, a row is history: only to be looked at."""

    list_select_related = ("dorpshuis",)
    search_fields = ("dorpshuis__name",)
    autocomplete_fields = ("dorpshuis",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _has_begun(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Without a row: the list. Its "delete selected" would pass by the dates.
        return obj is not None and super().has_delete_permission(request, obj) and not _has_begun(obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"valid_from": clock.today(), **super().get_changeform_initial_data(request)}


def _has_begun(row: Any) -> bool:
    return row is not None and row.valid_from <= clock.today()


@admin.register(Tariff)
class TariffAdmin(FromNowOn):
    to_rows = "tariffs"
    form = TariffForm
    list_display = ("dorpshuis", "kind", "euros", "chooser", "valid_from", "valid_until")
    list_filter = ("dorpshuis", "kind", "chooser")
    fieldsets = (
        (
            None,
            {
                "fields": ("dorpshuis", "kind", "cents", "chooser", "valid_from", "valid_until"),
                "description": "Een nieuw bedrag is een nieuwe regel met een latere begindag. "
                "De regel die het laatst begon, geldt. Een boeking houdt haar eigen prijs.",
            },
        ),
    )

    @admin.display(description="bedrag", ordering="cents")
    def euros(self, tariff: Tariff) -> str:
        return f"€ {tariff.cents // 100},{tariff.cents % 100:02}"


@admin.register(HouseRules)
class HouseRulesAdmin(FromNowOn):
    to_rows = "rules"
    form = RulesForm
    list_display = ("dorpshuis", "version", "valid_from")
    list_filter = ("dorpshuis",)
    fieldsets = (
        (
            None,
            {
                "fields": ("dorpshuis", "version", "valid_from", "bullets", "text"),
                "description": "Een nieuwe tekst is een nieuwe versie. Wie al boekte, houdt de oude.",
            },
        ),
    )

    def save_model(self, request: HttpRequest, obj: HouseRules, form: Any, change: bool) -> None:
        """A new version is the house's rules from now on."""
        super().save_model(request, obj, form, change)
        if not change:
            Dorpshuis.objects.filter(pk=obj.dorpshuis_id).update(current_rules=obj)
