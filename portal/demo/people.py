"""The people of the demo as accounts, with their roles."""

from portal.base.accounts.models import User
from portal.demo.cast import OTHERS, PEOPLE
from villages.models import Dorpshuis, Membership

EVERYBODY = (*PEOPLE.values(), *OTHERS)


def add_accounts() -> None:
    """Make the accounts that are not there yet. Without a password: only the demo's page lets them in."""
    for person in EVERYBODY:
        if not User.objects.filter(email=person.email).exists():
            User.objects.create_user(person.email, name=person.name, is_coordinator=person.is_coordinator)


def add_roles() -> None:
    """Give each her role in the house, once the houses are there."""
    houses = {house.slug: house for house in Dorpshuis.objects.filter(slug__in={person.house for person in EVERYBODY})}
    for person in EVERYBODY:
        if person.house:
            user = User.objects.get(email=person.email)
            Membership.objects.get_or_create(user=user, dorpshuis=houses[person.house], defaults={"role": person.role})
