"""The invented people of the demo: who they are, and what each of them may do. Plain values, for the terminal too."""

from dataclasses import dataclass


def _(text: str) -> str:
    """Marks a text for translation, which the page does. Django's own mark needs settings; the terminal has none."""
    return text


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
        DemoPerson("marieke", "Marieke Jansen", _("Zij boekt vaak een bureau in Over Entinghe.")),
        DemoPerson(
            "henk", "Henk Oosting", _("Vrijwilliger van Over Entinghe. Hij ziet wie er vandaag komt."),
            "over-entinghe", "volunteer",
        ),
        DemoPerson(
            "gerrit", "Gerrit Boerma", _("Penningmeester van Over Entinghe. Ook hij ziet wie er vandaag komt."),
            "over-entinghe", "treasurer",
        ),
        DemoPerson(
            "sanne", "Sanne Kuipers",
            _("Wijkagent met een vaste plek in De Veldkei: elke dinsdagmiddag. Kan zij niet? Dan geeft zij die vrij."),
        ),
        DemoPerson(
            "willem", "Willem Lanting", _("Vrijwilliger van De Veldkei. Hij ziet alleen zijn eigen huis."),
            "de-veldkei", "volunteer",
        ),
        DemoPerson(
            "ilse", "Ilse Wiechers", _("Werkt bij BOKD. Zij ziet de cijfers van alle huizen, en nooit een naam."),
            is_coordinator=True,
        ),
    )
}  # fmt: skip

# Who is there without being somebody to be: the board gets the mails of its house.
OTHERS = (DemoPerson("geesje", "Geesje Boerma", "", "over-entinghe", "board"),)
