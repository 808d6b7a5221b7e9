"""The only door to a house's data: what somebody may not see, she can't fetch."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from villages.models import Dorpshuis, Membership, Photo

if TYPE_CHECKING:
    from portal.base.accounts.models import User

P = ParamSpec("P")


def public_dorpshuis(slug: str) -> Dorpshuis:
    """The house with this address, with its place, rules and switches. Raises Http404 when it has no page."""
    return get_object_or_404(Dorpshuis.objects.public().with_place().select_related("messages"), slug=slug)


def public_dorpshuis_to_book(slug: str) -> Dorpshuis:
    """The same, but only what the order itself asks of it: nothing is joined that no page will show."""
    return get_object_or_404(Dorpshuis.objects.public().only("staffed_only_for_new"), slug=slug)


def public_photo(name: str) -> Photo:
    """The photo with this name, of a house that has a page. Raises Http404 otherwise."""
    return get_object_or_404(Photo.objects.public(), image=f"{Photo.FOLDER}/{name}.webp")


def dorpshuis_of(user: "User", slug: str, roles: tuple[str, ...] = Membership.Role.running) -> Dorpshuis:
    """The house with this address, for somebody with one of these roles in it.

    Raises Http404 for whom it is not (whether it exists stays unsaid), PermissionDenied for a member
    of its team with another role.
    """
    return roles_in(user, slug, roles)[0]


def roles_in(user: "User", slug: str, roles: tuple[str, ...]) -> tuple[Dorpshuis, frozenset[str]]:
    """The same house, with all the roles that this person has in it."""
    dorpshuis = get_object_or_404(Dorpshuis.objects.with_place(), slug=slug)
    held = frozenset(membership.role for membership in Membership.objects.of(user, dorpshuis))
    if not held:
        raise Http404
    if not held & set(roles):
        raise PermissionDenied
    return dorpshuis, held


def houses_of(user: "User") -> list[Dorpshuis]:
    """The houses that this person helps to run."""
    own = Q(memberships__user=user) | Q(operator__memberships__user=user)
    return list(Dorpshuis.objects.filter(own).distinct())


def coordinators_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """For BOKD's staff. Somebody else who is logged in gets 404; who is not, the log-in page."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not getattr(request.user, "is_coordinator", False):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(wrapped)
