"""Icons, windows and Dutch words in templates, and the error page that must work with nothing at all."""

from datetime import UTC, date, datetime, time
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template, TemplateDoesNotExist
from django.template.loader import render_to_string
from django.test import override_settings

from villages.models import Facility

PLAIN_FILES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def render(text: str, **context: Any) -> str:
    return Template(text).render(Context(context))


def test_an_icon_is_inline_and_hidden_from_screen_readers() -> None:
    svg = render('{% icon "phone" %}')
    assert svg.startswith('<svg class="icon" ')
    assert 'aria-hidden="true"' in svg
    assert svg.endswith("</svg>")


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(TemplateDoesNotExist):
        render('{% icon "unicorn" %}')


@pytest.mark.parametrize("kind", Facility.Kind.values)
def test_every_facility_has_its_icon(kind: str) -> None:
    assert render("{% icon kind %}", kind=kind)


def test_icons_hold_nothing_that_the_policy_forbids() -> None:
    for path in Path(settings.BASE_DIR, "templates", "icons").glob("*.svg"):
        text = path.read_text()
        assert "style" not in text, path
        assert "script" not in text, path


def test_a_window_for_each_desk() -> None:
    html = render("{% panes 1 3 %}")
    assert html == '<span class="panes" aria-hidden="true"><i class="lit"></i><i></i><i></i></span>'


@pytest.mark.parametrize("total", [0, 9])
def test_no_windows_for_none_or_too_many(total: int) -> None:
    assert render("{% panes free total %}", free=0, total=total) == ""


def test_the_filters() -> None:
    day = date(2026, 11, 25)
    assert render("{{ cents|euro }}", cents=750) == "€\N{NO-BREAK SPACE}7,50"
    assert render("{{ day|datum }} {{ day|datum_kort }}", day=day) == "woensdag 25 november wo 25 nov"
    assert render("{{ day|dag_en_maand }}, {{ day|weekdag }}, {{ day|maand }}", day=day) == (
        "25 november, woensdag, november 2026"
    )
    assert render("{{ at|uur }}", at=time(8, 30)) == "08.30"
    assert render('{{ "Morgen"|met_dagdeel:"ochtend" }}') == "Morgenochtend"
    assert render('{{ "+31521123456"|telefoon_link }}') == "tel:+31521123456"


def test_a_moment_in_utc_is_shown_as_the_clock_in_drenthe_has_it() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert render("{{ at|datum }} {{ at|uur }}", at=late) == "woensdag 25 november 00.30"


@override_settings(STORAGES=PLAIN_FILES)
def test_the_server_error_page_needs_no_context_and_no_database() -> None:
    html = render_to_string("500.html")
    assert "Er ging iets mis bij ons" in html
    assert "Bel het dorpshuis" in html


# A mail carries its styles inside: no mail program fetches a file for it.
PAGES = [
    path
    for path in sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
    if path.parent.name not in ("mail", "email")
]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text()
    assert " style=" not in text
    # A drawing brings its own when it is downloaded: in a page `style` is empty.
    assert "<style" not in text.replace("<style>{{ style }}</style>", "")
    allowed = ('<script type="application/ld+json">', '<script src="{% static ')  # data runs nothing; a file is ours
    assert "<script" not in reduce(lambda left, script: left.replace(script, ""), allowed, text)
    assert " onclick=" not in text


@pytest.mark.parametrize("name", ["theme.css", "beheer.css"])
def test_every_layer_of_a_stylesheet_is_closed_before_the_next(name: str) -> None:
    depth, open_at = 0, []
    for line in Path(settings.BASE_DIR, "static", name).read_text().splitlines():
        open_at += [line] if line.startswith("@layer") and depth else []
        depth += line.count("{") - line.count("}")
    assert (depth, open_at) == (0, [])
