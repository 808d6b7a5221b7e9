"""Which mails somebody of the team gets herself: her own choice, in this house."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bookings.actions.my_messages import choose_messages
from bookings.beheer.message_forms import MyMessagesForm
from bookings.visit import Visit, enter
from portal.base.accounts.http import LoggedInRequest
from villages.models import TeamMessages, messages_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_messages(request: LoggedInRequest, slug: str) -> HttpResponse:
    """Her choice as it stands; by POST another one."""
    visit = enter(request, slug, "dag")
    if request.method != "POST":
        return _page(request, visit, MyMessagesForm(initial=_stands(request, visit), roles=visit.roles))
    form = MyMessagesForm(request.POST, roles=visit.roles)
    if not form.is_valid():
        return _page(request, visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    typed = form.cleaned_data
    choose_messages(
        visit.dorpshuis.pk,
        request.user,
        visit.actor,
        day_list_hour=typed["daglijst"],
        nudge=typed.get("aanvinken", False),
        weekly_line=typed.get("week"),
        monthly=typed.get("maand"),
    )
    return redirect(reverse("my-messages", args=[slug]) + "?bewaard=ja")


def _stands(request: LoggedInRequest, visit: Visit) -> dict[str, Any]:
    chosen = TeamMessages.objects.filter(dorpshuis=visit.dorpshuis, user=request.user).first()
    if chosen is None:
        chosen = TeamMessages(day_list_hour=messages_of(visit.dorpshuis).day_list_hour)
    return {
        "daglijst": chosen.day_list_hour,
        "aanvinken": chosen.nudge,
        "week": chosen.weekly_line,
        "maand": chosen.monthly,
    }


def _page(request: LoggedInRequest, visit: Visit, form: MyMessagesForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "saved": request.GET.get("bewaard") == "ja", "switches": messages_of(visit.dorpshuis)}
    return visit.show(request, "beheer/my_messages.html", context, status)
