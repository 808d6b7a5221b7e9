"""Who has shown that an address is hers."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from portal.base.accounts.models import User


def member_of(email: str) -> User:
    """The user with this address, which she has just shown to be hers; a new member if there was nobody.

    `email` in small letters.
    """
    with transaction.atomic():
        user, _ = User.objects.get_or_create(email=email, defaults={"password": make_password(None)})
        verify(user)
    return user


def verify(user: User) -> None:
    """Write down that her address is hers, and nobody else's."""
    same = Q(user=user, email=user.email)
    EmailAddress.objects.filter(Q(user=user) | Q(email=user.email)).exclude(same).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def verified_address(user: User) -> str:
    """Her address if she has shown it to be hers; else empty, also when an administrator changed it since."""
    return user.email if EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists() else ""
