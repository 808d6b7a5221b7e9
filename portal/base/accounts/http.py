"""Requests as the views of this project know them."""

from django.http import HttpRequest

from portal.base.accounts.models import User


class LoggedInRequest(HttpRequest):
    """A request behind `login_required`: its user is real."""

    user: User
