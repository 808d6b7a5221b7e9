"""The photos of a house, on the house's own page in the admin."""

from typing import IO, Any, cast

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.safestring import SafeString

from villages.models import Dorpshuis, Photo
from villages.photos import PER_HOUSE, Prepared, Unusable, fill, prepare

CHOOSE = "Kies een JPEG, PNG of WebP van hoogstens 10 MB. We maken de foto klein en halen de plaats en de datum eruit."


class ChosenOnce(forms.FileField):
    """A file that is not looked at again once it is stored: another picture is another photo."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return initial if self.disabled else super().clean(data, initial)


class PhotoForm(forms.ModelForm[Photo]):
    prepared: Prepared | None = None
    image = ChosenOnce(
        label="foto",
        help_text=CHOOSE,
        allow_empty_file=True,  # told apart from no file at all, in our own words
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    class Meta:
        model = Photo
        fields = ("image", "alt", "credit", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields["image"].disabled = True
            self.fields["image"].widget = forms.HiddenInput()

    def clean_image(self) -> Any:
        """What was chosen, once it is known to be a photo."""
        chosen = self.cleaned_data["image"]
        if isinstance(chosen, UploadedFile):
            try:
                self.prepared = prepare(cast(IO[bytes], chosen), chosen.size or 0)
            except Unusable as refused:
                raise forms.ValidationError(str(refused)) from None
        return chosen

    def save(self, commit: bool = True) -> Photo:
        """The row with the prepared picture in it, never with the file that was chosen."""
        if self.prepared is not None:
            fill(self.instance, self.prepared)
        return super().save(commit)


class PhotoFormSet(forms.BaseInlineFormSet[Photo, Dorpshuis, forms.ModelForm[Photo]]):
    def delete_existing(self, obj: Photo, commit: bool = True) -> None:
        """With its file, once the row is gone for sure."""
        if commit:
            Photo.objects.filter(pk=obj.pk).remove()


class PhotoInline(admin.StackedInline[Photo, Dorpshuis]):
    model = Photo
    formset = PhotoFormSet
    form = PhotoForm
    fields = ("image", "preview", "alt", "credit", "position")
    readonly_fields = ("preview",)
    extra = 0
    max_num = PER_HOUSE
    verbose_name_plural = f"foto’s (hoogstens {PER_HOUSE})"

    @admin.display(description="nu")
    def preview(self, photo: Photo) -> SafeString | str:
        if photo._state.adding:
            return "-"
        high = round(160 * photo.height / photo.width)
        return format_html('<img src="{}" alt="" width="160" height="{}">', photo.get_absolute_url(), high)

    def get_formset(self, request: Any, obj: Dorpshuis | None = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"validate_max": True, **kwargs})
