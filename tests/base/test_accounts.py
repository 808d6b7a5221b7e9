"""People who log in."""

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import IntegrityError

from portal.base.accounts.models import User

pytestmark = pytest.mark.django_db


def test_an_address_is_kept_in_small_letters() -> None:
    assert User.objects.create_user("Anna@Voorbeeld.EXAMPLE").email == "anna@voorbeeld.example"


def test_an_address_is_used_once_whatever_its_capitals() -> None:
    User.objects.create_user("anna@voorbeeld.example")
    with pytest.raises(IntegrityError):
        User.objects.create_user("ANNA@voorbeeld.example")


def test_an_address_is_needed() -> None:
    with pytest.raises(ValueError, match="e-mailadres"):
        User.objects.create_user("")


def test_without_a_password_nobody_logs_in_with_one() -> None:
    user = User.objects.create_user("anna@voorbeeld.example")
    assert not user.has_usable_password()
    assert authenticate(username="anna@voorbeeld.example", password="") is None


def test_a_password_is_kept_as_a_hash() -> None:
    user = User.objects.create_user("anna@voorbeeld.example", "een lange zin")
    assert "een lange zin" not in user.password
    assert authenticate(username="ANNA@voorbeeld.example", password="een lange zin") == user


def test_somebody_new_may_nothing() -> None:
    user = User.objects.create_user("anna@voorbeeld.example")
    assert (user.is_staff, user.is_superuser, user.is_coordinator, user.is_active) == (False, False, False, True)


def test_createsuperuser_makes_an_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "een lange zin")
    call_command("createsuperuser", email="beheer@voorbeeld.example", interactive=False, verbosity=0)
    user = User.objects.get()
    assert (user.email, user.is_staff, user.is_superuser) == ("beheer@voorbeeld.example", True, True)


@pytest.mark.parametrize(("name", "shown"), [("Anna", "Anna"), ("", "anna@voorbeeld.example")])
def test_somebody_is_called_by_name_or_else_by_address(name: str, shown: str) -> None:
    assert str(User(email="anna@voorbeeld.example", name=name)) == shown
