"""Bureaus: the rooms and desks of a house. Added and described here; what goes shows first whom it hits."""

import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from bookings.actions.close import change_offer
from bookings.actions.plan import plan_offer, with_options
from bookings.actions.rooms import (
    DeskFields,
    RoomFields,
    add_desk,
    add_room,
    change_desk,
    change_room,
    desk_fields,
    room_fields,
)
from bookings.beheer.agreed import Said, agreed_in, number_in
from bookings.beheer.closing_words import ASK_AGAIN, changed_words
from bookings.beheer.preview import preview_of
from bookings.beheer.room_form import DeskForm, RoomForm, in_words
from bookings.beheer.seen import is_seen, seen_of
from bookings.beheer.week_form import FARTHEST, read_day
from bookings.closing import Plan
from bookings.offer import DeskGoes, RoomGoes, Wish
from bookings.refusals import ChangedSince, InThePast, NameTaken, PlanChanged, Refused
from bookings.visit import Visit, enter
from bookings.wording import day_words
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from villages.models import Closure, Desk, Room

RECENT = 5
TAKEN = gettext_lazy("Deze naam is er al. Kies een andere naam.")
NO_ROOM = gettext_lazy("Deze ruimte is er niet. Kies opnieuw.")
OTHER = gettext_lazy("Iemand anders heeft dit net veranderd. Hieronder staat wat jij typte. Kijk het na en bewaar het.")
TOO_EARLY = gettext_lazy("Kies morgen of een latere dag. Gaat het vandaag niet? Gebruik dan Dicht.")
NO_DAY = gettext_lazy("Deze dag kennen we niet. Kies een dag binnen twee jaar, bijvoorbeeld 1-12-2026.")
GONE = gettext_lazy("Dit gaat dan al weg. Kijk het na.")

DONE = {
    "bureau": gettext_lazy("Het bureau staat erbij. Gasten kunnen het nu boeken."),
    "tafel": gettext_lazy("De vergadertafel staat erbij."),
    "ruimte": gettext_lazy("De ruimte staat erbij. Voeg er nu een bureau aan toe."),
    "ja": gettext_lazy("Bewaard."),
}

Problem = list[str] | None
Seen = Callable[[DeskFields | RoomFields], bool]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def desks(request: LoggedInRequest, slug: str) -> HttpResponse:
    """All rooms with their desks; a POST adds a desk (`ruimte`) or a room."""
    visit = enter(request, slug, "bureaus")
    if request.method != "POST":
        return _list(request, visit)
    adds_room = request.POST.get("wat") == "ruimte"
    is_table = request.POST.get("soort") == "tafel"
    form = RoomForm(request.POST) if adds_room else DeskForm(request.POST)
    if not form.is_valid():
        return _list(request, visit, form.sentences, 422)
    try:
        if isinstance(form, RoomForm):
            add_room(visit.dorpshuis.pk, form.room, visit.actor)
        elif isinstance(form, DeskForm):
            number = number_in(request.POST.get("ruimte", ""), "r-") or 0
            add_desk(visit.dorpshuis.pk, number, form.desk, visit.actor, is_table=is_table)
    except Refused as refusal:
        words = TAKEN if isinstance(refusal, NameTaken) else NO_ROOM
        return _list(request, visit, [str(words)], 422)
    if adds_room:
        return _saved(slug, "ruimte")
    return _saved(slug, "tafel" if is_table else "bureau")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """One desk; a POST describes it anew, or (`doe=weg`) shows whom it hits when it goes, and does it."""
    visit = enter(request, slug, "bureaus")
    row = get_object_or_404(Desk.objects.select_related("room"), room__dorpshuis=visit.dorpshuis, pk=number)
    form = DeskForm(request.POST) if request.method == "POST" else DeskForm.of(desk_fields(row))

    def change(seen: Seen) -> None:
        change_desk(visit.dorpshuis.pk, row.pk, form.desk, visit.actor, seen)

    return _answer(request, visit, row, form, DeskGoes, change)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """One room; as `desk`."""
    visit = enter(request, slug, "bureaus")
    row = get_object_or_404(Room, dorpshuis=visit.dorpshuis, pk=number)
    form = RoomForm(request.POST) if request.method == "POST" else RoomForm.of(room_fields(row))

    def change(seen: Seen) -> None:
        change_room(visit.dorpshuis.pk, row.pk, form.room, visit.actor, seen)

    return _answer(request, visit, row, form, RoomGoes, change)


def _answer(
    request: LoggedInRequest,
    visit: Visit,
    row: Desk | Room,
    form: DeskForm | RoomForm,
    goes: type[DeskGoes] | type[RoomGoes],
    change: Callable[[Seen], None],
) -> HttpResponse:
    """Show this desk or room; let it go; or `change` it, if the form was opened with what stands now."""
    if request.POST.get("doe") == "weg":
        day = read_day(request.POST.get("vanaf", ""))
        return _goes(request, visit, row, goes(row.pk, day) if day else None)
    if request.method != "POST":
        return _one(request, visit, row, form)
    seen = request.POST.get("gezien", "")
    if not form.is_valid():
        return _one(request, visit, row, form, form.sentences, 422, seen=seen)
    try:
        change(lambda now: is_seen(seen, asdict(now)))
    except Refused as refusal:
        return _not_saved(request, visit, row, form, refusal)
    return _saved(visit.dorpshuis.slug, "ja")


def _saved(slug: str, what: str) -> HttpResponse:
    """Back to the list, which says what happened."""
    return redirect(f"{reverse('desks', args=[slug])}?bewaard={what}")


def _not_saved(
    request: LoggedInRequest, visit: Visit, row: Desk | Room, form: DeskForm | RoomForm, refusal: Refused
) -> HttpResponse:
    if isinstance(refusal, ChangedSince):
        row.refresh_from_db()
        return _one(request, visit, row, form, [str(OTHER), *_differences(row, form)], 409)
    return _one(request, visit, row, form, [str(TAKEN)], 422, seen=request.POST.get("gezien", ""))


def _differences(row: Desk | Room, form: DeskForm | RoomForm) -> list[str]:
    """What stands now where she typed something else, so that she overwrites nothing unseen."""
    now = in_words(desk_fields(row) if isinstance(row, Desk) else room_fields(row))
    typed = in_words(form.desk if isinstance(form, DeskForm) else form.room)
    words = gettext("%(what)s: nu %(now)s")
    return [words % {"what": what, "now": stands} for what, stands in now.items() if stands != typed[what]]


def _goes(request: LoggedInRequest, visit: Visit, row: Desk | Room, wish: Wish | None) -> HttpResponse:
    """Show whom it hits when it goes; with the preview's fingerprint do it."""
    said = Said.read(request.POST)
    form = DeskForm.of(desk_fields(row)) if isinstance(row, Desk) else RoomForm.of(room_fields(row))
    day = read_day(request.POST.get("vanaf", ""))
    if wish is None or day is None or day > clock.today() + FARTHEST:
        return _one(request, visit, row, form, [str(NO_DAY)], 422)
    try:
        if request.POST.get("stap") != "bewaar" or "ververs" in request.POST:
            plan = with_options(plan_offer(visit.dorpshuis, wish.change(visit.dorpshuis)))
            return _preview(request, visit, row, plan, said)
        agreed = agreed_in(request, said)
        closed = change_offer(visit.dorpshuis.pk, wish, visit.actor, agreed)
    except PlanChanged as refusal:
        lines = changed_words(refusal.plan, said.seen, said.seen_moves) if agreed.fingerprint else []
        return _preview(request, visit, row, refusal.plan, said, [*lines, str(ASK_AGAIN)])
    except Refused as refusal:
        words = TOO_EARLY if isinstance(refusal, InThePast) else GONE
        return _one(request, visit, row, form, [str(words)], 422)
    return redirect("desk-change", visit.dorpshuis.slug, closed.closure.pk)


def _list(request: LoggedInRequest, visit: Visit, problem: Problem = None, status: int = 200) -> HttpResponse:
    today = clock.today()
    there = Desk.objects.during(today, date.max).order_by("position", "pk")
    rooms = Room.objects.filter(dorpshuis=visit.dorpshuis).during(today, date.max)
    changes = Closure.objects.filter(dorpshuis=visit.dorpshuis, cause__in=(Closure.Cause.DESK, Closure.Cause.ROOM))
    context = {
        "rooms": rooms.prefetch_related(Prefetch("desks", queryset=there, to_attr="there")),
        "problem": problem,
        "done": "" if problem else DONE.get(request.GET.get("bewaard", ""), ""),
        "typed": request.POST,
        "picked": number_in(request.POST.get("ruimte", ""), "r-"),
        "traits": (DeskForm(request.POST) if request.method == "POST" else DeskForm()).traits,
        "recent": changes.order_by("-pk")[:RECENT],
    }
    return visit.show(request, "beheer/desks.html", context, status=status)


def _one(
    request: LoggedInRequest,
    visit: Visit,
    row: Desk | Room,
    form: DeskForm | RoomForm,
    problem: Problem = None,
    status: int = 200,
    *,
    seen: str = "",
) -> HttpResponse:
    """The desk or room as it is, or as it was typed; after a mistake with what it was when the form was opened."""
    stands = desk_fields(row) if isinstance(row, Desk) else room_fields(row)
    context = {
        "row": row,
        "form": form,
        "is_room": isinstance(row, Room),
        "seen": seen or seen_of(asdict(stands)),
        "problem": problem,
        "goes_from": request.POST.get("vanaf") or (clock.today() + timedelta(days=1)).isoformat(),
        "until": day_words(row.valid_until) if row.valid_until else "",
        "is_last": _is_last(visit, row),
    }
    return visit.show(request, "beheer/desk.html", context, status=status)


def _is_last(visit: Visit, row: Desk | Room) -> bool:
    """Whether nothing is left to book when this goes."""
    if isinstance(row, Desk) and row.is_table:
        return False
    today = clock.today()
    others = Desk.objects.filter(
        is_table=False, room__dorpshuis=visit.dorpshuis, valid_until=None, room__valid_until=None
    )
    left = others.exclude(room=row) if isinstance(row, Room) else others.exclude(pk=row.pk)
    return not left.during(today, date.max).exists()


def _preview(
    request: LoggedInRequest, visit: Visit, row: Desk | Room, plan: Plan, said: Said, problem: Problem = None
) -> HttpResponse:
    last: str | Promise = ""
    if _is_last(visit, row):
        last = gettext("Daarna heeft het dorpshuis geen bureaus meer. Dan kan niemand meer boeken.")
    context = {
        "preview": preview_of(plan, said.choices, said.called),
        "hidden": [("doe", "weg"), ("vanaf", request.POST.get("vanaf", ""))],
        "back": request.path,
        "last": last,
        "problem": problem,
        "key": secrets.token_urlsafe(16),
    }
    return visit.show(request, "beheer/desk_check.html", context, status=409 if problem else 200)
