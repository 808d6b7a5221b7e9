"""The invented people of the demo who can log in, and where each of them begins."""

from dataclasses import dataclass

from portal.base.accounts.models import User
from villages.models import Dorpshuis, Membership


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to be. `house` and `role`: what she runs; `story`: what the demo's page says of her."""

    key: str
    name: str
    story: str
    house: str = ""
    role: str = ""
    is_coordinator: bool = False

    @property
    def email(self) -> str:
        return f"{self.key}@voorbeeld.example"


PEOPLE = {
    person.key: person
    for person in (
        DemoPerson("marieke", "Marieke Jansen", "Zij boekt vaak een bureau in Over Entinghe. Zij ziet haar boekingen."),
        DemoPerson(
            "henk", "Henk Oosting", "Vrijwilliger van Over Entinghe. Hij ziet wie er vandaag komt.",
            "over-entinghe", Membership.Role.VOLUNTEER,
        ),
        DemoPerson(
            "gerrit", "Gerrit Boerma", "Penningmeester van Over Entinghe. Hij gaat ook over de prijzen en het geld.",
            "over-entinghe", Membership.Role.TREASURER,
        ),
        DemoPerson("sanne", "Sanne Kuipers", "Wijkagent. Zij werkt elke dinsdag in De Veldkei."),
        DemoPerson(
            "willem", "Willem Lanting", "Vrijwilliger van De Veldkei. Hij ziet alleen zijn eigen huis.",
            "de-veldkei", Membership.Role.VOLUNTEER,
        ),
        DemoPerson(
            "ilse", "Ilse Wiechers", "Werkt bij BOKD. Zij ziet de cijfers van alle huizen, en nooit een naam.",
            is_coordinator=True,
        ),
    )
}  # fmt: skip


def add_accounts() -> None:
    """Make the accounts that are not there yet. Without a password: only the demo's page lets them in."""
    for person in PEOPLE.values():
        if not User.objects.filter(email=person.email).exists():
            User.objects.create_user(person.email, name=person.name, is_coordinator=person.is_coordinator)


def add_roles() -> None:
    """Give each her role in the house, once the houses are there."""
    houses = {house.slug: house for house in Dorpshuis.objects.filter(slug__in={p.house for p in PEOPLE.values()})}
    for person in PEOPLE.values():
        if person.house:
            user = User.objects.get(email=person.email)
            Membership.objects.get_or_create(user=user, dorpshuis=houses[person.house], defaults={"role": person.role})
