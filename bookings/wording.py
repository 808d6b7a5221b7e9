"""The words for what the rules say: the status of a dagdeel, why not, and what then.

Dutch; what mails use is translated too.
"""

from datetime import date, timedelta

from django.utils.translation import gettext

from bookings.domain.availability import BookingPolicy, Cell, Closed, Status
from bookings.domain.dagdelen import Dagdeel, Moment
from portal.base import clock
from portal.base.words import dagdeel, datum, euro, met_dagdeel, met_weekdag, uur, weekdag
from villages.models import Dorpshuis, Membership

Role = Membership.Role

PART_WORDS = {Dagdeel.OCHTEND: "’s Ochtends", Dagdeel.MIDDAG: "’s Middags", Dagdeel.AVOND: "’s Avonds"}
SHUT_PARTS = {part: f"{words.lower()} dicht" for part, words in PART_WORDS.items()}
STATUS_WORDS = {
    Status.VOL: "Vol",
    Status.GESLOTEN: "Gesloten",
    Status.VOORBIJ: "Voorbij",
    Status.NOG_NIET: "Nog niet",
    Status.TE_LAAT: "Te laat",
    Status.BELLEN: "Alleen op afspraak",
}

TARIFF_WORDS = {
    "standaard": "Gewone prijs",
    "dorpsgenoot": "Woont in het dorp",
    "maatschappelijk": "Voor een vereniging of zorg",
    "commercieel": "Voor een bedrijf",
    "gratis": "Gratis",
}


def status_words(cell: Cell) -> str:
    """What stands in a cell of the week: "Nog 3 plekken", "Vol", "Gesloten"."""
    if not cell.bookable:
        return STATUS_WORDS[cell.status]
    return places_words(cell)


def places_words(cell: Cell) -> str:
    """How many desks are free: "4 plekken vrij", "Nog 3 plekken", "Nog 1 plek"."""
    if cell.free == cell.total:
        return "1 plek vrij" if cell.free == 1 else f"{cell.free} plekken vrij"
    return "Nog 1 plek" if cell.free == 1 else f"Nog {cell.free} plekken"


def free_words(cell: Cell) -> str:
    """The number alone: "3 plekken vrij", "1 plek vrij"."""
    return "1 plek vrij" if cell.free == 1 else f"{cell.free} plekken vrij"


def desks_words(cell: Cell) -> str:
    """For the house itself: "Nog 1 bureau vrij, 3 van 4 bezet", "Alle 4 bureaus vrij", "Alle 4 bureaus bezet"."""
    taken = cell.total - cell.free
    desks = "1 bureau" if cell.free == 1 else f"{cell.free} bureaus"
    if taken and cell.free:
        return f"Nog {desks} vrij, {taken} van {cell.total} bezet"
    if cell.total == 1:
        return "Het bureau is bezet" if taken else "Het bureau is vrij"
    return f"Alle {cell.total} bureaus {'bezet' if taken else 'vrij'}"


def state_words(cell: Cell, policy: BookingPolicy) -> str:
    """What stands beside a house in the list: "3 plekken vrij", "Vol", "Gesloten: dorpsfeest"."""
    if cell.bookable:
        return free_words(cell)
    why = reason(cell, policy)
    return f"Gesloten: {why}" if cell.status is Status.GESLOTEN else f"{why[0].upper()}{why[1:]}"


def reason(cell: Cell, policy: BookingPolicy) -> str:
    """Why this dagdeel can't be booked, in a few words; empty when it can."""
    match cell.status:
        case Status.VRIJ:
            return ""
        case Status.GESLOTEN:
            return _why_closed(cell)
        case Status.NOG_NIET:
            return f"boeken kan vanaf {day_words(_opens_on(cell.moment.date, policy))}"
        case Status.TE_LAAT:
            return "te laat om nog te boeken"
        case Status.BELLEN:
            return "bel om dit te boeken"
        case _:
            return str(cell.status)


def _why_closed(cell: Cell) -> str:
    if cell.closed is Closed.CLOSURE:
        return cell.reason
    if cell.closed is Closed.DAGDEEL:
        return SHUT_PARTS[cell.moment.dagdeel]
    if cell.closed is Closed.NO_DESKS:
        return "er staan dan geen bureaus"
    return weekdag(cell.moment.date)


def _when_else(cell: Cell) -> str:
    """What to choose instead of what is shut: of a day that is open for the rest, another dagdeel."""
    return "Kies een ander dagdeel." if cell.closed is Closed.DAGDEEL else "Kies een andere dag."


def _opens_on(day: date, policy: BookingPolicy) -> date:
    return day - timedelta(days=policy.window_days)


def day_words(day: date) -> str:
    """ "woensdag 25 november", with the year when it is not this one."""
    return datum(day) if day.year == clock.today().year else f"{datum(day)} {day.year}"


def moment_words(moment: Moment) -> str:
    """ "woensdag 25 november, ochtend" """
    return f"{day_words(moment.date)}, {dagdeel(moment.dagdeel)}"


def when_words(moment: Moment) -> str:
    """ "Vanmiddag", "Morgenochtend", "Woensdagochtend 25 november" """
    near = _near(moment.date)
    if near:
        return met_dagdeel(near, moment.dagdeel)
    weekday_and_part = met_weekdag(moment.date, moment.dagdeel)
    _, date_words = day_words(moment.date).split(" ", 1)
    return f"{weekday_and_part[0].upper()}{weekday_and_part[1:]} {date_words}"


def near_day_words(day: date) -> str:
    """ "Vandaag", "Morgen" or "Woensdag 25 november" """
    words = day_words(day)
    return _near(day) or f"{words[0].upper()}{words[1:]}"


def _near(day: date) -> str:
    """ "Vandaag" or "Morgen"; empty for another day."""
    today = clock.today()
    return {today: gettext("Vandaag"), today + timedelta(days=1): gettext("Morgen")}.get(day, "")


def km_words(km: float) -> str:
    """ "8 km"; less than one is one, for it is another village."""
    return f"{max(1, round(km))} km"


def why_not(cell: Cell, dorpshuis: Dorpshuis, policy: BookingPolicy) -> str:
    """A whole sentence on why this dagdeel was dropped, and what then (rule 8)."""
    phone = dorpshuis.phone.as_national
    sentences = {
        Status.VOL: "Iemand anders was net eerder. Deze plek is nu vol. Kies een ander dagdeel.",
        Status.GESLOTEN: f"Het dorpshuis is dan gesloten ({_why_closed(cell)}). {_when_else(cell)}",
        Status.VOORBIJ: "Dit dagdeel is al voorbij. Kies een andere dag.",
        Status.TE_LAAT: f"Je bent te laat om dit nog te boeken. Bel het dorpshuis: {phone}. Misschien is er plek.",
        Status.NOG_NIET: (
            f"Zo ver vooruit kun je nog niet boeken. Dat kan vanaf {day_words(_opens_on(cell.moment.date, policy))}."
        ),
        Status.BELLEN: f"Dit dagdeel boek je per telefoon. Bel het dorpshuis: {phone}.",
    }
    past = cell.moment.date < clock.today()
    return about(cell.moment, sentences[Status.VOORBIJ if past else cell.status])


def about(moment: Moment, sentence: str) -> str:
    """The sentence with its dagdeel before it: "Woensdag 25 november, ochtend: …" """
    words = moment_words(moment)
    return f"{words[0].upper()}{words[1:]}: {sentence}"


def other_price(moment: Moment) -> str:
    """Why a dagdeel can't be booked together with the others."""
    return about(moment, "Dan geldt een andere prijs. Boek dit dagdeel apart.")


def too_many(dorpshuis: Dorpshuis) -> str:
    """The one sentence for both limits, so that it tells nobody what an address has booked (rule 15)."""
    phone = dorpshuis.phone.as_national
    return f"Zoveel dagdelen kun je hier niet boeken. Kies er minder, of bel het dorpshuis: {phone}."


def promise(total_cents: int) -> str:
    """The confirm button. Dutch law (art. 6:230v lid 3 BW): it names the duty to pay."""
    if total_cents == 0:
        return "Boek gratis"
    return f"Boek en betaal {euro(total_cents)} in het dorpshuis"


def change_promise(cents: int) -> str:
    """The button that confirms a change; it names the price of the new dagdeel, for the same law."""
    return f"Wijzig en betaal {euro(cents)} in het dorpshuis" if cents else "Wijzig gratis"


def too_late_to_change(dorpshuis: Dorpshuis) -> str:
    """Free cancelling is over, and so is changing by the guest herself."""
    return f"Wijzigen kan hier niet meer. Bel het dorpshuis: {dorpshuis.phone.as_national}. Misschien kan het nog."


def house_promise(total_cents: int) -> str:
    """The button with which the house books for somebody: it names the sum."""
    return f"Boek voor {euro(total_cents)}" if total_cents else "Boek gratis"


def tariff_words(kind: str) -> str:
    """A kind of price as the house says it of somebody else."""
    return TARIFF_WORDS.get(kind, kind)


def total_words(count: int, total_cents: int) -> str:
    """ "2 dagdelen, samen € 15,00" """
    if count == 1:
        return f"1 dagdeel, {euro(total_cents)}"
    return f"{count} dagdelen, samen {euro(total_cents)}"


def cancel_words(policy: BookingPolicy) -> str:
    """Until when cancelling is free, in one sentence."""
    days = policy.cancel_days_before
    several = gettext("%(days)s dagen ervoor") % {"days": days}
    when = {0: gettext("op de dag zelf"), 1: gettext("de dag ervoor")}.get(days, several)
    sentence = gettext("Gratis annuleren tot %(time)s uur %(when)s. Daarna betaal je het dagdeel.")
    return sentence % {"time": uur(policy.cancel_time), "when": when}


def pay_words(dorpshuis: Dorpshuis) -> str:
    """How the house takes money, in one sentence."""
    all_ways = (
        (gettext("pin"), dorpshuis.pay_pin),
        (gettext("contant"), dorpshuis.pay_cash),
        (gettext("een betaallink"), dorpshuis.pay_link),
    )
    ways = [way for way, on in all_ways if on]
    sentences = [_pay_there(ways)]
    if dorpshuis.pay_account:
        sentences.append(gettext("Kom je voor een organisatie? Dan kan het ook op factuur."))
    return " ".join(sentences)


def _pay_there(ways: list[str]) -> str:
    if not ways:
        return gettext("Je betaalt als je er bent.")
    listed = ways[-1]
    if ways[:-1]:
        listed = gettext("%(first)s of %(last)s") % {"first": ", ".join(ways[:-1]), "last": ways[-1]}
    return gettext("Je betaalt als je er bent, met %(ways)s.") % {"ways": listed}


def role_words(role: str) -> str:
    """The role as in "je bent …"."""
    words = {
        Role.HOST: gettext("gastvrouw of gastheer"),
        Role.VOLUNTEER: gettext("vrijwilliger"),
        Role.TREASURER: gettext("penningmeester"),
        Role.BOARD: gettext("lid van het bestuur"),
    }
    return words[Role(role)]


def role_may(role: str) -> str:
    """What this role lets somebody do, in one sentence."""
    words = {
        Role.HOST: gettext("Je ziet wie er vandaag komt, en je tikt aan wie er is."),
        Role.VOLUNTEER: gettext("Je boekt voor iemand die belt, je belt gasten en je ziet wie er komt."),
        Role.TREASURER: gettext("Je mag alles wat een vrijwilliger mag. Je kiest ook wie er in het team zit."),
        Role.BOARD: gettext("Je mag alles in het dorpshuis. Je kiest ook wie er in het team zit."),
    }
    return words[Role(role)]
