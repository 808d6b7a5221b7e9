"""Invented people: names as they sound in Drenthe, with an address and a number of nobody."""

import unicodedata
from dataclasses import replace
from pathlib import Path
from random import Random

from portal.demo.data.spec import AVOND, MIDDAG, OCHTEND, HouseSpec, Person

FOLDER = Path(__file__).resolve().parent
FIRST = (FOLDER / "first_names.txt").read_text(encoding="utf-8").splitlines()
LAST = (FOLDER / "last_names.txt").read_text(encoding="utf-8").splitlines()
SOURCES = ("", "", "", "buren", "poster", "dorpsblad", "internet", "dorpshuis")
GROUPS = ("", "", "", "zzp", "zzp", "thuiswerker", "thuiswerker", "student", "vereniging", "bezoeker", "anders")
GROUP_TARIFF = {"vereniging": "maatschappelijk"}
LETTERS = str.maketrans({"ı": "i", "’": "", "'": "", " ": ".", "ø": "o"})


def regulars(house: HouseSpec) -> list[Person]:
    """The invented people with a habit, besides those that the house names itself."""
    return [_regular(house, number) for number in range(house.crowd.regulars)]


def passers_by(house: HouseSpec) -> list[Person]:
    """Those who come once, or a few times."""
    keys = [f"gast-{number}" for number in range(house.crowd.pool)]
    return [_person(house, key, Random(f"{house.slug}:{key}")) for key in keys]


def _regular(house: HouseSpec, number: int) -> Person:
    dice = Random(f"{house.slug}:regular:{number}")
    person = _person(house, f"vast-{number}", dice)
    days = sorted({day for line in house.schedule if not line.by_appointment for day in line.weekdays})
    return replace(
        person,
        weekdays=tuple(dice.sample(days, k=dice.choice((1, 1, 2)))),
        dagdelen=dice.choice(((OCHTEND,), (OCHTEND,), (MIDDAG,), (OCHTEND, MIDDAG), (AVOND,))),
        chance=dice.uniform(0.35, 0.75),
        # One after the other they find the way: the house grows.
        since=round(number * 330 / house.crowd.regulars),
        lead=(0, dice.choice((4, 8, 14))),
    )


def _person(house: HouseSpec, key: str, dice: Random) -> Person:
    first, last = dice.choice(FIRST), dice.choice(LAST)
    by_phone, gives_phone, gives_postcode = (dice.random() < share for share in (0.1, 0.3, 0.7))
    group = dice.choice(GROUPS)
    postcode = dice.choice(house.crowd.postcodes)
    tariff = GROUP_TARIFF.get(group) or ("dorpsgenoot" if postcode == house.crowd.postcodes[0] else "standaard")
    return Person(
        key=key,
        name=f"{first} {last}",
        email="" if by_phone else f"{_ascii(first)}.{_ascii(last)}.{key}@voorbeeld.example",
        phone=phone(house.crowd.area, dice) if by_phone or gives_phone else "",
        postcode=postcode if gives_postcode else "",
        tariff=tariff,
        target_group=group,
        source=dice.choice(SOURCES),
    )


def phone(area: str, dice: Random) -> str:
    """A number of nobody: in the Netherlands no subscriber's number begins with a 1."""
    return f"+31{area}1{dice.randrange(100_000):05}"


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower().translate(LETTERS))
    return "".join(c for c in plain if c.isascii() and (c.isalnum() or c == "."))
