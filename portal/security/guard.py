"""Who may change how somebody logs in: she herself, just now."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal.base.accounts import factors
from portal.base.accounts.http import LoggedInRequest
from portal.base.accounts.sessions import has_second_factor, is_proven_recently
from portal.base.paths import own_path

P = ParamSpec("P")


def proven_recently(
    view: Callable[Concatenate[LoggedInRequest, P], HttpResponse],
) -> Callable[..., Any]:
    """Logged in, and shown who she is within a quarter of an hour; else she does that first and comes back.

    An administrator who has a second factor must have shown that too: with only the code of a mail somebody else
    could give herself one, and so open the Django admin.
    """

    @login_required
    @wraps(view)
    def wrapped(request: LoggedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        back = request.path if request.method == "GET" else reverse("my-keys")
        user = request.user
        if user.is_staff and factors.has_any(user) and not has_second_factor(request, user):
            return redirect_to_login(back, reverse("second-step"))
        if not is_proven_recently(request):
            return redirect_to_login(back, reverse("log-in-again"))
        return view(request, *args, **kwargs)

    return wrapped


def next_of(request: HttpRequest) -> str:
    """Where she was going: a path of our own, or empty."""
    return own_path(request.POST.get("next") or request.GET.get("next") or "")
