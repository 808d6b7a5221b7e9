"""The team of a house: invite, take in, give another role, let go. Each act locks the house, then checks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from bookings.actions.lock import lock
from bookings.codes import hash_of, new_code
from bookings.refusals import (
    AlreadyInTeam,
    AlreadyInvited,
    InvitationGone,
    KnownAddress,
    LastKeeper,
    NotInCharge,
    TooManyInvitations,
)
from bookings.tell import tell_invited, tell_left_team, tell_role_changed
from portal.base import clock
from portal.base.accounts import app_codes
from portal.base.accounts.models import User
from portal.base.log import Actor, record
from portal.base.log import house as actor_of
from villages.models import Dorpshuis, Invitation, Membership

VALID_FOR = timedelta(days=14)
MOST_A_DAY = 20
SAME_TAP = timedelta(minutes=2)
Role = Membership.Role


@dataclass(frozen=True)
class Invited:
    """An invitation, and its code for on paper: known now and never again."""

    invitation: Invitation
    code: str


@dataclass(frozen=True)
class Newcomer:
    """Who accepts: her name as typed, and her address. `is_proven`: she came by the link that was mailed to it."""

    email: str = ""
    name: str = ""
    is_proven: bool = False


def invite(dorpshuis_id: int, role: str, email: str, by: Actor) -> Invited:
    """Invite for this role, for fourteen days: by mail, or without an address by a code on paper.

    Raises NotInCharge, AlreadyInTeam, AlreadyInvited, TooManyInvitations.
    """
    with transaction.atomic():
        house = lock(dorpshuis_id)
        _check_in_charge(by, house)
        if email and Membership.objects.own(house).filter(user__email=email).exists():
            raise AlreadyInTeam
        if email and Invitation.objects.open_at(clock.now()).filter(dorpshuis=house, email=email).exists():
            raise AlreadyInvited
        invited = _write(house, role, email, by)
        record(by, "invite", f"invitation:{invited.invitation.pk}", dorpshuis_id=house.pk)
    return invited


def invite_again(invitation: Invitation, by: Actor) -> Invited:
    """The same invitation anew, with fourteen more days; the old link or code is dead.

    Raises NotInCharge, InvitationGone, TooManyInvitations.
    """
    with transaction.atomic():
        house = lock(invitation.dorpshuis_id)
        _check_in_charge(by, house)
        _withdraw(invitation)
        invited = _write(house, invitation.role, invitation.email, by)
        record(by, "invite_again", f"invitation:{invited.invitation.pk}", dorpshuis_id=house.pk)
    return invited


def withdraw_invitation(invitation: Invitation, by: Actor) -> None:
    """Take an invitation back, and forget its address. Raises NotInCharge, InvitationGone."""
    with transaction.atomic():
        house = lock(invitation.dorpshuis_id)
        _check_in_charge(by, house)
        _withdraw(invitation)
        record(by, "withdraw_invitation", f"invitation:{invitation.pk}", dorpshuis_id=house.pk)


def join(invitation: Invitation, newcomer: Newcomer, by: Actor) -> User:
    """Take somebody into the team: who is logged in (`by`), else the newcomer, with an account if she had none.

    A second tap within two minutes gives the same person. Raises InvitationGone, AlreadyInTeam, KnownAddress.
    """
    with transaction.atomic():
        house = lock(invitation.dorpshuis_id)
        fresh = Invitation.objects.select_related("used_by").get(pk=invitation.pk)
        now = clock.now()
        if user := _same_tap(fresh, newcomer, by):
            return user
        if not fresh.is_open(now):
            raise InvitationGone
        user = by.user or _account_of(newcomer, now)
        if Membership.objects.own(house).filter(user=user).exists():
            raise AlreadyInTeam
        _name(user, newcomer.name)
        Membership.objects.create(user=user, dorpshuis=house, role=fresh.role, since=now.date())
        Invitation.objects.filter(pk=fresh.pk).update(used_at=now, used_by=user)
        record(actor_of(user), "join", f"user:{user.pk}", dorpshuis_id=house.pk)
    return user


def change_role(membership: Membership, role: str, by: Actor) -> bool:
    """Give somebody of the team another role, and tell her. False when she has it already, or is gone.

    Raises NotInCharge, LastKeeper.
    """
    with transaction.atomic():
        house = lock(membership.dorpshuis_id or 0)
        _check_in_charge(by, house)
        mine = Membership.objects.own(house).filter(pk=membership.pk).exclude(role=role)
        if not mine.exists():
            return False
        if role != Role.BOARD:
            _check_not_last(membership, house)
        mine.update(role=role)
        tell_role_changed(house, membership.user)
        record(by, "change_role", f"user:{membership.user_id}", dorpshuis_id=house.pk)
    return True


def leave(membership: Membership, by: Actor) -> bool:
    """Let somebody of the team go, herself or by another, and tell her. False when she was gone already.

    Raises NotInCharge, LastKeeper.
    """
    with transaction.atomic():
        house = lock(membership.dorpshuis_id or 0)
        mine = Membership.objects.own(house).filter(pk=membership.pk)
        if not mine.exists():
            return False
        _check_in_charge(by, house)
        _check_not_last(membership, house)
        mine.delete()
        tell_left_team(house, membership.user)
        record(by, "leave", f"user:{membership.user_id}", dorpshuis_id=house.pk)
    return True


def _check_in_charge(by: Actor, house: Dorpshuis) -> None:
    """Looked at once more under the lock: she may have lost her role since her page was opened."""
    if by.user is None or not Membership.objects.of(by.user, house).filter(role__in=Role.money).exists():
        raise NotInCharge


def _check_not_last(membership: Membership, house: Dorpshuis) -> None:
    keepers = set(Membership.objects.keepers(house).values_list("pk", flat=True))
    if keepers == {membership.pk}:
        raise LastKeeper


def _write(house: Dorpshuis, role: str, email: str, by: Actor) -> Invited:
    """A new row. What goes by mail gets a code too, that nobody ever learns: its link is sealed over the hash."""
    now = clock.now()
    if Invitation.objects.filter(dorpshuis=house, created_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise TooManyInvitations
    code = new_code()
    invitation = Invitation.objects.create(
        dorpshuis=house,
        role=role,
        email=email,
        code_hash=hash_of(code),
        created_at=now,
        created_by=by.user,
        expires_at=now + VALID_FOR,
    )
    if email:
        tell_invited(invitation)
    return Invited(invitation, "" if email else code)


def _withdraw(invitation: Invitation) -> None:
    now = clock.now()
    if not Invitation.objects.open_at(now).filter(pk=invitation.pk).update(withdrawn_at=now, email=""):
        raise InvitationGone


def _same_tap(invitation: Invitation, newcomer: Newcomer, by: Actor) -> User | None:
    """Who accepted it a moment ago, when this is she again: a browser may lose the first of two answers.

    With a code only an account that this very code made: an address that is typed proves nothing.
    """
    user = invitation.used_by
    if user is None or invitation.used_at is None or clock.now() - invitation.used_at > SAME_TAP:
        return None
    if by.user is not None:
        return user if by.user == user else None
    is_hers = invitation.email == user.email if newcomer.is_proven else user.date_joined == invitation.used_at
    return user if is_hers and newcomer.email == user.email and _may_enter_by_link(user) else None


def _account_of(newcomer: Newcomer, now: datetime) -> User:
    """The account with this address, or a new one. Raises KnownAddress when its owner must log in first."""
    user = User.objects.filter(email=newcomer.email).first()
    if user is None:
        return _new_account(newcomer, now)
    if not newcomer.is_proven or not _may_enter_by_link(user):
        raise KnownAddress
    return user


def _may_enter_by_link(user: User) -> bool:
    """Never by a link in a mail alone: who may see more than her houses, who logs in with the code of an app too, and
    who may no longer log in.
    """
    sees_more = user.is_staff or user.is_superuser or user.is_coordinator
    return user.is_active and not sees_more and not app_codes.is_on(user)


def _new_account(newcomer: Newcomer, now: datetime) -> User:
    try:
        with transaction.atomic():  # two houses may take her in at the same moment
            return User.objects.create_user(newcomer.email, name=newcomer.name, date_joined=now)
    except IntegrityError:
        raise KnownAddress from None


def _name(user: User, name: str) -> None:
    """An invitation gives a name to who has none, and changes nobody's."""
    if name and not user.name:
        user.name = name
        user.save(update_fields=["name"])
