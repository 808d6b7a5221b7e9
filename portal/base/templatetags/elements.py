"""What every template may use without loading it: icons, the windows, and the words of `portal.base.words`."""

from datetime import date, time
from functools import cache

from django import template
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.base import words

register = template.Library()

# From nine desks on a row of windows says less than the words beside it.
MOST_PANES = 8


@register.simple_tag
def icon(name: str) -> SafeString:
    """A Lucide icon, hidden from screen readers: it never stands without a word."""
    return _drawing(name)


@cache
def _drawing(name: str) -> SafeString:
    """Read once: it is the same on every page."""
    return mark_safe(get_template(f"icons/{name}.svg").render().strip())  # our own file, nothing of a visitor


@register.simple_tag
def panes(free: int, total: int) -> SafeString:
    """A small window per desk, lit when it is free. The words beside it say the same."""
    if not 0 < total <= MOST_PANES:
        return SafeString()
    lit, dark = SafeString('<i class="lit"></i>'), SafeString("<i></i>")
    return format_html(
        '<span class="panes" aria-hidden="true">{}{}</span>', mark_safe(lit * free), mark_safe(dark * (total - free))
    )


@register.filter
def euro(cents: int) -> str:
    """`€ 7,50` for 750."""
    return words.euro(cents)


@register.filter(expects_localtime=True)
def datum(day: date) -> str:
    """`woensdag 25 november`."""
    return words.datum(day)


@register.filter(expects_localtime=True)
def datum_kort(day: date) -> str:
    """`wo 25 nov`."""
    return words.datum_kort(day)


@register.filter(expects_localtime=True)
def dag_en_maand(day: date) -> str:
    """`25 november`."""
    return words.dag_en_maand(day)


@register.filter
def maand(day: date) -> str:
    """`november 2026`."""
    return words.maand(day)


@register.filter
def maand_kort(day: date) -> str:
    """`nov 2026`."""
    return words.maand_kort(day)


@register.filter
def getal(number: int) -> str:
    """`1.690`."""
    return words.getal(number)


@register.filter
def verschil(number: int) -> str:
    """More or less, with its sign: `+119`."""
    return words.verschil(number)


@register.filter
def procent(rate: float) -> str:
    """`16,1%`."""
    return words.procent(rate)


@register.filter(expects_localtime=True)
def weekdag(day: date) -> str:
    """`woensdag`."""
    return words.weekdag(day)


@register.filter(expects_localtime=True)
def uur(at: time) -> str:
    """`08.30`."""
    return words.uur(at)


@register.filter
def dagdeel(part: str) -> str:
    """`ochtend`, `morning`."""
    return words.dagdeel(part)


@register.filter
def met_dagdeel(day_words: str, part: str) -> str:
    """`Morgenochtend`, `Woensdag 25 november, ochtend`."""
    return words.met_dagdeel(day_words, part)


@register.filter
def telefoon_link(number: str) -> str:
    """`tel:+31521123456`."""
    return words.telefoon_link(number)
