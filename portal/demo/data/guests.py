"""Guest rows of the invented people: found by address, or by number and name, else made."""

from collections.abc import Iterable

from bookings.models import Guest
from bookings.models.guest import name_key
from portal.demo.data.spec import Person
from portal.demo.data.wishes import Wish
from villages.models import Dorpshuis

Key = tuple[str, str]


def for_wishes(house: Dorpshuis, wishes: Iterable[Wish]) -> dict[str, Guest]:
    """The guest of each person who has a wish, by the person's key. Two queries."""
    first: dict[str, Wish] = {}
    for wish in wishes:
        known = first.setdefault(wish.person.key, wish)
        if wish.made_at < known.made_at:
            first[wish.person.key] = wish
    there = {_guest_key(guest): guest for guest in house.guests.all()}
    missing = [wish for wish in first.values() if _person_key(wish.person) not in there]
    for guest in Guest.objects.bulk_create(_guest(house, wish) for wish in missing):
        there[_guest_key(guest)] = guest
    return {key: there[_person_key(wish.person)] for key, wish in first.items()}


def _guest(house: Dorpshuis, wish: Wish) -> Guest:
    person = wish.person
    return Guest(
        dorpshuis=house,
        name=person.name,
        name_key=name_key(person.name),
        email=person.email,
        phone=person.phone,
        created_at=wish.made_at,
    )


def _guest_key(guest: Guest) -> Key:
    return _key(guest.email, guest.phone.as_e164 if guest.phone else "", guest.name_key)


def _person_key(person: Person) -> Key:
    return _key(person.email, person.phone, name_key(person.name))


def _key(email: str, phone: str, folded: str) -> Key:
    return (email, "") if email else (phone, folded)
