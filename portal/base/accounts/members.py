"""Who has shown that an address is hers."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Q

from portal.base import clock
from portal.base.accounts.models import LoginCode, User

TELL_WITHIN = timedelta(days=2)  # a mail that says that an address changed is worth sending as long as this


def member_of(email: str) -> User:
    """The user with this address, which she has just shown to be hers; a new member if there was nobody.

    `email` in small letters.
    """
    with transaction.atomic():
        user, _ = User.objects.get_or_create(email=email, defaults={"password": make_password(None)})
        verify(user)
    return user


class Taken(Exception):
    """Another account has this address."""


def move(user: User, email: str) -> None:
    """Let this be her address, which she has just shown to be hers; the old one hears of it. Raises Taken.

    `email` in small letters. Nothing else moves: roles belong to the account, bookings to the address they were
    confirmed to.
    """
    old = user.email
    try:
        with transaction.atomic():
            user.email = email
            user.save(update_fields=["email"])
            verify(user)
            tell = {"email": masked(email), "until": clock.now() + TELL_WITHIN}
            get_adapter().send_mail("account/email/address_changed", old, tell)
    except IntegrityError as error:
        user.email = old
        raise Taken from error


def masked(email: str) -> str:
    """Enough of an address for who knows it, and not for who doesn't: "a…@voorbeeld.example"."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}…@{host}"


def verify(user: User) -> None:
    """Write down that her address is hers, and nobody else's."""
    same = Q(user=user, email=user.email)
    EmailAddress.objects.filter(Q(user=user) | Q(email=user.email)).exclude(same).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def forget(user: User) -> None:
    """Delete the account with all that hangs from it, the codes that wait for her address, and her name in the
    administration's own log. What she did for a house stays, without her.
    """
    LoginCode.objects.filter(email=verified_address(user)).delete()
    seen = Q(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk))
    AdminEntry.objects.filter(seen | Q(object_repr__icontains=user.email)).update(object_repr=f"user:{user.pk}")
    user.delete()


def verified_address(user: User) -> str:
    """Her address if she has shown it to be hers; else empty, also when an administrator changed it since."""
    return user.email if EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists() else ""
