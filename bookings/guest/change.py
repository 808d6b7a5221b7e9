"""The guest changes her booking: another date, dagdeel or desk, on her private page."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from bookings import refusals, wording
from bookings.actions.change import Change, change
from bookings.domain.availability import Cell
from bookings.domain.dagdelen import Week
from bookings.guest.change_page import ALREADY_HELD, GONE, SAME_MOMENT_FULL, change_context
from bookings.guest.change_wish import UNREADABLE, ChangeWish
from bookings.guest.choice import UNKNOWN_DESK, desk_taken
from bookings.guest.house import Problem
from bookings.guest.memory import known_here
from bookings.models import Reservation, Waiting
from bookings.queries import policy_of
from portal.base.log import GUEST
from portal.base.words import euro
from villages.models import Desk, Dorpshuis

NOT_YET = gettext_noop("Je boeking is nog niet gewijzigd")
CHOOSE_FIRST = gettext_noop("Kies eerst een nieuw dagdeel in de week.")
UNCHANGED = gettext_noop("Zo verandert er niets. Kies een ander dagdeel of een ander bureau.")
OTHER_PRICE = gettext_noop(
    "De prijs is veranderd. Je betaalt nu %(sum)s. Is dat goed? Tik dan nog een keer op de knop."
)
FREE_AGAIN = gettext_noop("Net was er geen plek, en nu toch weer wel. Kies het dagdeel nog een keer.")


@require_http_methods(["GET", "HEAD", "POST"])
def change_booking(request: HttpRequest, reference: str) -> HttpResponse:
    """Change one dagdeel: 302 to the private page, or the fresh page with 409 or 422. A GET lets her choose.

    A date of a standing place is given back, on its own page, and never changed.
    """
    rows = Reservation.objects.select_related("dorpshuis__village", "standing")
    waiting = Waiting.objects.without_booking().values("reservation")
    reservation = get_object_or_404(rows.exclude(pk__in=waiting), reference=reference)
    if hasattr(reservation, "standing"):
        return redirect("standing-place", reference)
    if request.method != "POST":
        return _answer(request, reservation, ChangeWish.read(request.GET))
    wish = ChangeWish.read(request.POST)
    asked = _asked(request, reservation, wish)
    if isinstance(asked, Problem):
        return _answer(request, reservation, wish, asked)
    try:
        change(reservation, asked, GUEST)
    except refusals.Refused as refusal:
        left, problem = _refused(refusal, wish, reservation.dorpshuis)
        return _answer(request, reservation, left, problem)
    return redirect("booking", reference)


def _answer(
    request: HttpRequest, reservation: Reservation, wish: ChangeWish, problem: Problem | None = None
) -> HttpResponse:
    """The page with this wish; with a problem, its sentences stand on top and its status is the answer's."""
    context = change_context(reservation, wish, known_guest=_known(request, reservation))
    if problem:
        lines = list(dict.fromkeys([*problem.lines, *context["notes"]]))
        context |= {"problem": replace(problem, lines=lines), "notes": []}
    status = problem.status if problem else 422 if wish.unreadable or context["unknown_desk"] else 200
    return render(request, "booking/change.html", context, status=status)


def _known(request: HttpRequest, reservation: Reservation) -> bool:
    """Whether she may choose dagdelen without staff: as on the house's page, the browser decides."""
    house = reservation.dorpshuis
    return house.staffed_only_for_new and known_here(request, house.pk)


def _asked(request: HttpRequest, reservation: Reservation, wish: ChangeWish) -> Change | Problem:
    """The change that the form asks for, or what is wrong with the form itself."""
    lines = wish.sentences
    if wish.old is None and "van" not in wish.unreadable:
        lines.append(gettext(UNREADABLE["van"]))
    if wish.new is None and "naar" not in wish.unreadable:
        lines.append(gettext(CHOOSE_FIRST))
    if lines or wish.old is None or wish.new is None:
        return Problem(422, gettext(NOT_YET), lines)
    return Change(
        old=wish.old,
        new=wish.new,
        desk_id=wish.desk_id,
        promised_cents=wish.promised_cents,
        known_guest=_known(request, reservation),
    )


def _refused(refusal: refusals.Refused, wish: ChangeWish, house: Dorpshuis) -> tuple[ChangeWish, Problem]:
    """What is left of the wish, and why it was refused. The old booking stands."""
    at_new = replace(wish.without_new(), week=Week.of(wish.new.date) if wish.new else wish.week)
    match refusal:
        case refusals.NotBookable(cells=cells):
            lines = [_why_not(cell, wish, house) for cell in cells.values()]
            return at_new, Problem(409, gettext(NOT_YET), lines)
        case refusals.DeskTaken(moments=moments):
            desk = Desk.objects.get(pk=wish.desk_id or 0)
            return replace(wish, desk_id=None), Problem(409, gettext(NOT_YET), [desk_taken(desk, m) for m in moments])
        case refusals.PriceChanged(total_cents=cents):
            return wish, Problem(409, gettext(NOT_YET), [gettext(OTHER_PRICE) % {"sum": euro(cents)}])
        case refusals.TooLateToChange():
            return at_new, Problem(409, gettext(NOT_YET), [wording.too_late_to_change(house)])
        case refusals.NothingToChange():
            return at_new, Problem(409, gettext(NOT_YET), [gettext(GONE)])
        case refusals.AlreadyHeld():
            return at_new, Problem(422, gettext(NOT_YET), [gettext(ALREADY_HELD)])
        case refusals.UnknownDesk():
            return replace(wish, desk_id=None), Problem(422, gettext(NOT_YET), [gettext(UNKNOWN_DESK)])
        case _:
            return at_new, Problem(422, gettext(NOT_YET), [gettext(UNCHANGED)])


def _why_not(cell: Cell, wish: ChangeWish, house: Dorpshuis) -> str:
    if cell.bookable:
        return gettext(FREE_AGAIN)
    if wish.new == wish.old:
        return gettext(SAME_MOMENT_FULL)
    return wording.why_not(cell, house, policy_of(house))
