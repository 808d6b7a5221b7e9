"""The words for what the rules say: the status of a dagdeel, why not, and what then.

In the language that is active: of the visitor on a page, of the reservation in a mail.
"""

from datetime import date, timedelta

from django.utils.translation import gettext, gettext_noop, ngettext

from bookings.domain.availability import BookingPolicy, Cell, Closed, Status
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.standing import Pattern
from portal.base import clock
from portal.base.words import dagdeel, datum, euro, met_dagdeel, met_weekdag, uur, weekdag
from villages.models import Dorpshuis, Membership

Role = Membership.Role

PART_WORDS = {
    Dagdeel.OCHTEND: gettext_noop("’s Ochtends"),
    Dagdeel.MIDDAG: gettext_noop("’s Middags"),
    Dagdeel.AVOND: gettext_noop("’s Avonds"),
}
SHUT_PARTS = {
    Dagdeel.OCHTEND: gettext_noop("’s ochtends dicht"),
    Dagdeel.MIDDAG: gettext_noop("’s middags dicht"),
    Dagdeel.AVOND: gettext_noop("’s avonds dicht"),
}
STATUS_WORDS = {
    Status.VOL: gettext_noop("Vol"),
    Status.GESLOTEN: gettext_noop("Gesloten"),
    Status.VOORBIJ: gettext_noop("Voorbij"),
    Status.NOG_NIET: gettext_noop("Nog niet"),
    Status.TE_LAAT: gettext_noop("Te laat"),
    Status.BELLEN: gettext_noop("Alleen op afspraak"),
}

TARIFF_WORDS = {
    "standaard": gettext_noop("Gewone prijs"),
    "dorpsgenoot": gettext_noop("Woont in het dorp"),
    "maatschappelijk": gettext_noop("Voor een vereniging of zorg"),
    "commercieel": gettext_noop("Voor een bedrijf"),
    "gratis": gettext_noop("Gratis"),
}

# Why a dagdeel was dropped, and what then (rule 8).
WHY_NOT = {
    Status.VOL: gettext_noop("Iemand anders was net eerder. Deze plek is nu vol. Kies een ander dagdeel."),
    Status.GESLOTEN: gettext_noop("Het dorpshuis is dan gesloten (%(why)s). %(else)s"),
    Status.VOORBIJ: gettext_noop("Dit dagdeel is al voorbij. Kies een andere dag."),
    Status.TE_LAAT: gettext_noop(
        "Je bent te laat om dit nog te boeken. Bel het dorpshuis: %(phone)s. Misschien is er plek."
    ),
    Status.NOG_NIET: gettext_noop("Zo ver vooruit kun je nog niet boeken. Dat kan vanaf %(day)s."),
    Status.BELLEN: gettext_noop("Dit dagdeel boek je per telefoon. Bel het dorpshuis: %(phone)s."),
}


def part_words(part: Dagdeel) -> str:
    """ "’s Ochtends" """
    return gettext(PART_WORDS[part])


def status_words(cell: Cell) -> str:
    """What stands in a cell of the week: "Nog 3 plekken", "Vol", "Gesloten"."""
    if not cell.bookable:
        return gettext(STATUS_WORDS[cell.status])
    return places_words(cell)


def places_words(cell: Cell) -> str:
    """How many desks are free: "4 plekken vrij", "Nog 3 plekken", "Nog 1 plek"."""
    if cell.free == cell.total:
        return free_words(cell)
    return ngettext("Nog %(number)s plek", "Nog %(number)s plekken", cell.free) % {"number": cell.free}


def free_words(cell: Cell) -> str:
    """The number alone: "3 plekken vrij", "1 plek vrij"."""
    return ngettext("%(number)s plek vrij", "%(number)s plekken vrij", cell.free) % {"number": cell.free}


def desks_words(cell: Cell) -> str:
    """For the house itself: "Nog 1 bureau vrij, 3 van 4 bezet", "Alle 4 bureaus vrij", "Alle 4 bureaus bezet"."""
    taken = cell.total - cell.free
    counts = {"free": cell.free, "taken": taken, "total": cell.total}
    if taken and cell.free:
        words = ngettext(
            "Nog %(free)s bureau vrij, %(taken)s van %(total)s bezet",
            "Nog %(free)s bureaus vrij, %(taken)s van %(total)s bezet",
            cell.free,
        )
        return words % counts
    if cell.total == 1:
        return gettext("Het bureau is bezet") if taken else gettext("Het bureau is vrij")
    return (gettext("Alle %(total)s bureaus bezet") if taken else gettext("Alle %(total)s bureaus vrij")) % counts


def state_words(cell: Cell, policy: BookingPolicy) -> str:
    """What stands beside a house in the list: "3 plekken vrij", "Vol", "Gesloten: dorpsfeest"."""
    if cell.bookable:
        return free_words(cell)
    why = reason(cell, policy)
    if cell.status is Status.GESLOTEN:
        return gettext("Gesloten: %(why)s") % {"why": why}
    return f"{why[0].upper()}{why[1:]}"


def reason(cell: Cell, policy: BookingPolicy) -> str:
    """Why this dagdeel can't be booked, in a few words; empty when it can."""
    match cell.status:
        case Status.VRIJ:
            return ""
        case Status.GESLOTEN:
            return _why_closed(cell)
        case Status.NOG_NIET:
            return gettext("boeken kan vanaf %(day)s") % {"day": day_words(_opens_on(cell.moment.date, policy))}
        case Status.TE_LAAT:
            return gettext("te laat om nog te boeken")
        case Status.BELLEN:
            return gettext("bel om dit te boeken")
        case Status.VOL:
            return gettext("vol")
        case _:
            return gettext("voorbij")


def _why_closed(cell: Cell) -> str:
    if cell.closed is Closed.CLOSURE:
        return cell.reason
    if cell.closed is Closed.DAGDEEL:
        return gettext(SHUT_PARTS[cell.moment.dagdeel])
    if cell.closed is Closed.NO_DESKS:
        return gettext("er staan dan geen bureaus")
    return weekdag(cell.moment.date)


def _when_else(cell: Cell) -> str:
    """What to choose instead of what is shut: of a day that is open for the rest, another dagdeel."""
    return gettext("Kies een ander dagdeel.") if cell.closed is Closed.DAGDEEL else gettext("Kies een andere dag.")


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
    facts = {
        "phone": dorpshuis.phone.as_national,
        "why": _why_closed(cell),
        "else": _when_else(cell),
        "day": day_words(_opens_on(cell.moment.date, policy)),
    }
    past = cell.moment.date < clock.today()
    return about(cell.moment, gettext(WHY_NOT[Status.VOORBIJ if past else cell.status]) % facts)


def about(moment: Moment, sentence: str) -> str:
    """The sentence with its dagdeel before it: "Woensdag 25 november, ochtend: …" """
    words = moment_words(moment)
    return f"{words[0].upper()}{words[1:]}: {sentence}"


def other_price(moment: Moment) -> str:
    """Why a dagdeel can't be booked together with the others."""
    return about(moment, gettext("Dan geldt een andere prijs. Boek dit dagdeel apart."))


def too_many(dorpshuis: Dorpshuis) -> str:
    """The one sentence for both limits, so that it tells nobody what an address has booked (rule 15)."""
    sentence = gettext("Zoveel dagdelen kun je hier niet boeken. Kies er minder, of bel het dorpshuis: %(phone)s.")
    return sentence % {"phone": dorpshuis.phone.as_national}


def too_many_at_once(dorpshuis: Dorpshuis) -> str:
    """The same for the house itself, which only the limit of one order holds back."""
    most = dorpshuis.order_limit
    words = ngettext(
        "Je boekt hoogstens %(number)s dagdeel tegelijk. Kies er minder, en boek de rest daarna.",
        "Je boekt hoogstens %(number)s dagdelen tegelijk. Kies er minder, en boek de rest daarna.",
        most,
    )
    return words % {"number": most}


def promise(total_cents: int) -> str:
    """The confirm button. Dutch law (art. 6:230v lid 3 BW): it names the duty to pay."""
    if total_cents == 0:
        return gettext("Boek gratis")
    return gettext("Boek en betaal %(sum)s in het dorpshuis") % {"sum": euro(total_cents)}


def series_promise(count: int, total_cents: int) -> str:
    """The button that books so many dates at once; it names the sum of all, for the same law."""
    if total_cents == 0:
        return ngettext("Boek %(count)s keer gratis", "Boek %(count)s keer gratis", count) % {"count": count}
    words = ngettext(
        "Boek %(count)s keer en betaal %(sum)s in het dorpshuis",
        "Boek %(count)s keer en betaal %(sum)s in het dorpshuis",
        count,
    )
    return words % {"count": count, "sum": euro(total_cents)}


def change_promise(cents: int) -> str:
    """The button that confirms a change; it names the price of the new dagdeel, for the same law."""
    if cents == 0:
        return gettext("Wijzig gratis")
    return gettext("Wijzig en betaal %(sum)s in het dorpshuis") % {"sum": euro(cents)}


def too_late_to_change(dorpshuis: Dorpshuis) -> str:
    """Free cancelling is over, and so is changing by the guest herself."""
    sentence = gettext("Wijzigen kan hier niet meer. Bel het dorpshuis: %(phone)s. Misschien kan het nog.")
    return sentence % {"phone": dorpshuis.phone.as_national}


def house_promise(total_cents: int) -> str:
    """The button with which the house books for somebody: it names the sum."""
    return gettext("Boek voor %(sum)s") % {"sum": euro(total_cents)} if total_cents else gettext("Boek gratis")


def tariff_words(kind: str) -> str:
    """A kind of price as the house says it of somebody else."""
    return gettext(TARIFF_WORDS.get(kind, kind))


def total_words(count: int, total_cents: int) -> str:
    """ "2 dagdelen, samen € 15,00" """
    words = ngettext("%(number)s dagdeel, %(sum)s", "%(number)s dagdelen, samen %(sum)s", count)
    return words % {"number": count, "sum": euro(total_cents)}


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


def pattern_words(pattern: Pattern) -> str:
    """`elke dinsdagmiddag`, `om de week op dinsdagmiddag`, as within a sentence."""
    a_monday = date(2024, 1, 1)
    when = met_weekdag(a_monday + timedelta(days=pattern.weekday), pattern.dagdeel)
    if pattern.every == 1:
        return gettext("elke %(when)s") % {"when": when}
    return gettext("om de week op %(when)s") % {"when": when}
