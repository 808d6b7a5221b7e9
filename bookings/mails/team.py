"""Mails to who runs a house: asked for the team, given another role, let go."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from bookings.codes import token_of
from bookings.mails.letter import greeting_name, written
from bookings.models import CallEntry
from bookings.refused import notes_of
from bookings.wording import role_may, role_words
from portal.base import clock
from portal.base.accounts.models import User
from portal.base.models import OutboxMail
from villages.models import Dorpshuis, Invitation, Membership


def invitation(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """The link with which she accepts; None when the invitation was used, withdrawn or is past its end."""
    number = int(mail.subject.removeprefix("invitation:"))
    row = Invitation.objects.select_related("dorpshuis__village", "created_by").filter(pk=number).first()
    if row is None or not row.is_open(clock.now()):
        return None
    inviter = greeting_name(row.created_by.name) if row.created_by else ""
    link = settings.PUBLIC_URL + reverse("invitation", args=[token_of(row)])
    return _letter("invitation", row.dorpshuis, link=link, inviter=inviter, until=row.expires_at, **_role(row.role))


def role_changed(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """Which role she has now; None when she has left meanwhile."""
    house, user = _who(mail)
    membership = Membership.objects.filter(dorpshuis=house, user=user).first() if house and user else None
    if house is None or user is None or membership is None:
        return None
    link = settings.PUBLIC_URL + reverse("today", args=[house.slug])
    return _letter("role_changed", house, name=greeting_name(user.name), link=link, **_role(membership.role))


def left_team(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """That she no longer belongs to it; None when she is back."""
    house, user = _who(mail)
    if house is None or user is None or Membership.objects.of(user, house).exists():
        return None
    return _letter("left_team", house, name=greeting_name(user.name))


def not_arrived(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """How many guests must be phoned since a mail never arrived, and how many mails more did not arrive; None when
    that was done, or she left the team.
    """
    house, user = _who(mail)
    if house is None or user is None or not Membership.objects.of(user, house).exists():
        return None
    number = CallEntry.objects.filter(dorpshuis=house, kind=CallEntry.Kind.UNDELIVERED).to_do(clock.now()).count()
    notes = len(notes_of(house))
    if not number and not notes:
        return None
    link = settings.PUBLIC_URL + reverse("call-list", args=[house.slug])
    return _letter("not_arrived", house, name=greeting_name(user.name), link=link, number=number, notes=notes)


def _who(mail: OutboxMail) -> tuple[Dorpshuis | None, User | None]:
    """The house and the person of `team:<house>:<user>`."""
    house, user = (int(number) for number in mail.subject.split(":")[1:])
    found = Dorpshuis.objects.select_related("village").filter(pk=house).first()
    return found, User.objects.filter(pk=user).first()


def _role(role: str) -> dict[str, str]:
    return {"role": role_words(role), "may": role_may(role)}


def _letter(mail_name: str, house: Dorpshuis, **more: Any) -> EmailMultiAlternatives:
    return written(mail_name, {"house": house} | more, reply_to=house.email)
