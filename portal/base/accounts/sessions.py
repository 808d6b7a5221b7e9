"""Logged in: in which browsers, since when, how surely. Each log-in passes `log_in_proven`, whatever the way in."""

import json
from collections.abc import Callable
from datetime import timedelta

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.contrib.auth import SESSION_KEY, login
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from portal.base import clock
from portal.base.accounts.device import device_of
from portal.base.accounts.models import Browser, User

BACKEND = "django.contrib.auth.backends.ModelBackend"
LASTING = timedelta(days=90)
# Who sees figures of all houses, or may change everything, shows more often that it is her.
OF_THOSE_IN_CHARGE = timedelta(days=14)
RECENT = timedelta(minutes=15)

PROVEN, SEEN = "proven_at", "seen_on"


def log_in_proven(request: HttpRequest, user: User) -> None:
    """Give this browser a new session of this person; who was logged in here before is out, with all of hers.

    Also when it was she herself: a log-in page in a second tab, or a second tap on the button.
    """
    if SESSION_KEY in request.session:
        _leave_all_but_proofs(request, user)
    login(request, user, backend=BACKEND)
    in_charge = user.is_staff or user.is_coordinator
    request.session.set_expiry(int((OF_THOSE_IN_CHARGE if in_charge else LASTING).total_seconds()))
    request.session[SEEN] = clock.today().isoformat()
    prove(request)
    request.session.save()
    key = str(request.session.session_key)
    browser, system = device_of(request.headers.get("user-agent", ""))
    Browser.objects.create(session_id=key, user=user, browser=browser, system=system)


def _leave_all_but_proofs(request: HttpRequest, user: User) -> None:
    """End the session of who is logged in here: Django would go on with it, and it has its browser's row already."""
    proofs = get_authentication_records(request, user)
    request.session.flush()
    for proof in proofs:
        record_authentication(request, user, **{name: value for name, value in proof.items() if name != "at"})


def prove(request: HttpRequest) -> None:
    """She has just shown who she is: for a quarter of an hour she may change how she logs in."""
    request.session[PROVEN] = clock.now().timestamp()


def is_proven_recently(request: HttpRequest) -> bool:
    """Whether she showed who she is within the last quarter of an hour, in this browser."""
    ago = clock.now().timestamp() - float(request.session.get(PROVEN, 0))
    return 0 <= ago < RECENT.total_seconds()


def record_second_factor(request: HttpRequest, user: User, kind: str) -> None:
    """She has shown a second factor (`kind`: totp, recovery_codes, webauthn, demo) in this browser."""
    record_authentication(request, user, method="mfa", type=kind)


def has_second_factor(request: HttpRequest, user: User) -> bool:
    """Whether she showed a second factor since she logged in here."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def end(user: User, number: int) -> bool:
    """Log her out in this browser of hers; False when it is not hers, or was out already."""
    return _end(Browser.objects.filter(user=user, pk=number)) > 0


def end_others(request: HttpRequest, user: User) -> None:
    """Log her out everywhere but here."""
    _end(Browser.objects.filter(user=user).exclude(session=request.session.session_key))


def _end(browsers: QuerySet[Browser]) -> int:
    """A browser's row goes with its session."""
    return Session.objects.filter(browser__in=browsers).delete()[0]


def end_sessions_of(user: User) -> None:
    """Log her out everywhere, and end each session in which her address was typed, whoever is logged in there.

    Such a session says only inside for whom: all are read. That is for an act as rare as deleting an account.
    """
    _end(Browser.objects.filter(user=user))
    address = json.dumps(user.email)
    hers = [row.pk for row in Session.objects.iterator() if address in json.dumps(row.get_decoded())]
    Session.objects.filter(pk__in=hers).delete()


def note_last_seen(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: once a day, write down that this browser was here. It lengthens the session too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session, today = request.session, clock.today()
        if session.accessed and session.get(SEEN, today.isoformat()) != today.isoformat():
            session[SEEN] = today.isoformat()
            Browser.objects.filter(session=session.session_key).update(seen_on=today)
        return response

    return middleware
