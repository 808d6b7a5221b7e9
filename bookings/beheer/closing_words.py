"""The words of closing: which days, what part of the house, what the button does, what was refused."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext, gettext_lazy, ngettext

from bookings import wording
from bookings.closing import LONGEST_DAYS, Closing, Plan
from bookings.domain.dagdelen import Dagdeel
from bookings.refusals import EndsBeforeItBegins, InThePast, KeepsAll, Refused, TooLong
from portal.base import clock
from portal.base.words import dag_en_maand
from villages.models import Closure

ASK_AGAIN = gettext_lazy("Kijk nog een keer wat er gaat gebeuren, en tik dan op de knop.")


def period_words(first: date, last: date) -> str:
    """ "vandaag", "morgen", "deze week", "woensdag 25 november", "14 tot en met 18 december" """
    today = clock.today()
    if first == last:
        near = {today: gettext("vandaag"), today + timedelta(days=1): gettext("morgen")}
        return near.get(first) or wording.day_words(first)
    monday = today - timedelta(days=today.weekday())
    if first in (today, monday) and last == monday + timedelta(days=6):
        return gettext("deze week")
    year = "" if last.year == today.year else f" {last.year}"
    begin = str(first.day) if (first.month, first.year) == (last.month, last.year) else dag_en_maand(first)
    return gettext("%(begin)s tot en met %(end)s") % {"begin": begin, "end": f"{dag_en_maand(last)}{year}"}


def parts_words(dagdelen: Collection[str]) -> str:
    """ "’s ochtends en ’s middags"; empty for the whole day."""
    if len(dagdelen) == len(Dagdeel):
        return ""
    return listed(wording.part_words(part).lower() for part in Dagdeel if part in dagdelen)


def listed(words: Iterable[str]) -> str:
    """ "a, b en c" """
    *rest, last = words
    return gettext("%(first)s en %(last)s") % {"first": ", ".join(rest), "last": last} if rest else last


def closing_words(closing: Closing) -> str:
    """What goes shut when: "het hele huis, deze week, ’s ochtends"."""
    if closing.cause != Closure.Cause.CLOSURE:
        return closing.reason
    return _joined(_what(closing.room, [desk.name for desk in closing.desks]), *_when(closing))


def closure_words(closure: Closure, desk_names: Sequence[str]) -> str:
    """The same of a closure that was made; of another schedule or fewer desks what that is."""
    if closure.cause != Closure.Cause.CLOSURE:
        return closure.reason
    period = period_words(closure.first_day, closure.last_day)
    return _joined(_what(closure.room, desk_names), period, parts_words(closure.dagdelen))


def _what(room: object, desks: Sequence[str]) -> str:
    return listed(desks) if desks else str(room or gettext("het hele huis"))


def _when(closing: Closing) -> tuple[str, str]:
    if len(closing.parts) > 1:
        return gettext("deze %(number)s keer") % {"number": len(closing.parts)}, ""
    return period_words(closing.first_day, closing.last_day), parts_words(closing.dagdelen)


def _joined(*words: str) -> str:
    return ", ".join(word for word in words if word)


def button_words(plan: Plan) -> str:
    """All that the button does: "Sluit deze week en stuur 2 mails"; "Sluit" when it hits nobody."""
    closing = plan.closing
    if closing.cause != Closure.Cause.CLOSURE:
        return _save_words(plan)
    if not (plan.called_off or plan.moved or plan.holds):
        return gettext("Sluit")
    number = len(closing.desks)
    desks = ngettext("%(number)s bureau", "%(number)s bureaus", number) % {"number": number} if number else ""
    what = " ".join(word for word in (desks or str(closing.room or ""), *_when(closing)) if word)
    if plan.mails:
        number = plan.mail_count
        sentence = ngettext(
            "Sluit %(what)s en stuur %(number)s mail", "Sluit %(what)s en stuur %(number)s mails", number
        )
    elif plan.calls:
        number = len(plan.calls)
        sentence = ngettext("Sluit %(what)s en bel %(number)s gast", "Sluit %(what)s en bel %(number)s gasten", number)
    else:
        sentence = gettext("Sluit %(what)s")
    return sentence % {"what": what, "number": number}


def _save_words(plan: Plan) -> str:
    """Of another schedule or fewer desks: "Bewaar en stuur 2 mails"."""
    mails = len(plan.mails) + len(plan.shifted_mails)
    calls = len(plan.calls) + len(plan.shifted_calls)
    number = mails or calls
    if mails:
        sentence = ngettext("Bewaar en stuur %(number)s mail", "Bewaar en stuur %(number)s mails", number)
    elif calls:
        sentence = ngettext("Bewaar en bel %(number)s gast", "Bewaar en bel %(number)s gasten", number)
    else:
        return gettext("Bewaar")
    return sentence % {"number": number}


def refusal_words(refusal: Refused) -> tuple[str, str]:
    """The field that is wrong, and the sentence for it."""
    match refusal:
        case InThePast():
            return "van", gettext("Deze dag is al voorbij. Begin vandaag, of kies een latere dag.")
        case EndsBeforeItBegins():
            return "tot", gettext("De laatste dag ligt voor de eerste dag. Kijk de dagen na.")
        case TooLong():
            words = gettext("Zo lang kan niet in een keer: hoogstens %(days)s dagen. Kies een eerdere laatste dag.")
            return "tot", words % {"days": LONGEST_DAYS}
        case KeepsAll(desks=1 | 0):
            return "aantal", gettext("Hier kan dat niet: kies het hele huis.")
        case KeepsAll(desks=desks):
            words = gettext("Kies een aantal van 1 tot en met %(most)s. Gaat alles dicht? Kies dan het hele huis.")
            return "aantal", words % {"most": desks - 1}
        case _:
            return "wat", gettext("Dit kennen we niet in dit dorpshuis. Kies opnieuw wat er dicht gaat.")


def changed_words(plan: Plan, seen: Collection[int], seen_moves: Collection[int]) -> list[str]:
    """What is different from the preview that was seen: numbers of the called-off and the moved bookings in it."""
    new = [row.reservation.name for row in plan.called_off if row.pk not in seen]
    gone = set(seen) - {row.pk for row in plan.called_off}
    lines = [gettext("Er kwam een boeking bij: %(names)s.") % {"names": listed(new)}] if new else []
    if gone:
        sentence = ngettext(
            "Bij %(number)s boeking hoeft niets meer: al geannuleerd of gewijzigd.",
            "Bij %(number)s boekingen hoeft niets meer: al geannuleerd of gewijzigd.",
            len(gone),
        )
        lines.append(sentence % {"number": len(gone)})
    if set(seen_moves) != set(plan.moves):
        lines.append(gettext("Andere gasten schuiven op naar een ander bureau."))
    changed = gettext("Een voorstel, een adres of het moment van een mail is veranderd. Kijk het hieronder na.")
    return lines or [changed]
