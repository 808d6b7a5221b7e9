"""The normal week. A line may be added where there is none; another line hits bookings."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin

from villages.admin.parts import AddOnly
from villages.models import Opening


class OpeningForm(forms.ModelForm[Opening]):
    def clean(self) -> dict[str, Any] | None:
        """Of two lines for one dagdeel the later counts: a second one could take a booked desk away."""
        cleaned = super().clean() or self.cleaned_data
        when = {name: cleaned.get(name) for name in ("dorpshuis", "weekday", "dagdeel")}
        first = cleaned.get("valid_from")
        if self.instance._state.adding and first and None not in when.values():
            last = cleaned.get("valid_until") or date.max
            if Opening.objects.filter(**when).during(first, last).exists():
                raise forms.ValidationError("Voor dit dagdeel is er al een regel. Verander die bij het huis.")
        self._check_rooms(cleaned)
        return cleaned

    def _check_rooms(self, cleaned: dict[str, Any]) -> None:
        house = cleaned.get("dorpshuis")
        if any(room.dorpshuis != house for room in cleaned.get("rooms", ())):
            raise forms.ValidationError({"rooms": "Kies ruimtes van dit huis."})


@admin.register(Opening)
class OpeningAdmin(AddOnly):
    to_rows = "openings"
    own_page = "schedule"
    form = OpeningForm
    fixed = ("dorpshuis", "weekday", "dagdeel", "begin", "end", "rooms", "valid_from", "valid_until")
    free = ("staffed", "by_appointment")
    list_display = ("dorpshuis", "weekday", "dagdeel", "begin", "end", "staffed", "by_appointment", "valid_until")
    list_filter = ("dorpshuis", "weekday", "dagdeel", "staffed", "by_appointment")
    search_fields = ("dorpshuis__name",)
    autocomplete_fields = ("dorpshuis",)
    filter_horizontal = ("rooms",)
