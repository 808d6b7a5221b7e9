"""Which mails a coordinator gets: the figures of each month, of which region, in which language."""

from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from bookings.actions.coordinator_messages import choose_figures
from portal.base import log
from portal.base.accounts.http import LoggedInRequest
from portal.base.accounts.models import User
from villages.access import coordinators_only
from villages.models import CoordinatorMessages, Municipality

ALL, NONE = "", "geen"
_NOT_IN_LIST = gettext_lazy("Kies uit de lijst.")


class MessagesForm(forms.Form):
    """All regions, one of them, or no mail; and the language."""

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, **fields)
        regions = Municipality.objects.order_by("region").values_list("region", flat=True).distinct()
        choices = [
            (ALL, gettext("Heel Drenthe")),
            *((region, region) for region in regions if region),
            (NONE, gettext("Geen mail")),
        ]
        errors = {"invalid_choice": _NOT_IN_LIST, "required": _NOT_IN_LIST}
        self.fields["regio"] = forms.ChoiceField(
            label=gettext("De cijfers van"), choices=choices, required=False, error_messages=errors
        )
        self.fields["taal"] = forms.ChoiceField(
            label=gettext("Taal van de mail"), choices=settings.LANGUAGES, error_messages=errors
        )


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def messages(request: HttpRequest) -> HttpResponse:
    """Her choice as it stands; by POST another one."""
    user = cast("LoggedInRequest", request).user
    if request.method != "POST":
        return _page(request, MessagesForm(initial=_stands(user)))
    form = MessagesForm(request.POST)
    if not form.is_valid():
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    region = form.cleaned_data["regio"]
    choose_figures(
        user,
        log.coordinator(user),
        monthly=region != NONE,
        region="" if region == NONE else region,
        language=form.cleaned_data["taal"],
    )
    return redirect(f"{reverse('bokd-messages')}?bewaard=ja")


def _stands(user: User) -> dict[str, str]:
    chosen = CoordinatorMessages.objects.filter(user=user).first() or CoordinatorMessages(user=user)
    return {"regio": chosen.region if chosen.monthly else NONE, "taal": chosen.language}


def _page(request: HttpRequest, form: MessagesForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "saved": request.GET.get("bewaard") == "ja"}
    return render(request, "bokd/messages.html", context, status=status)
