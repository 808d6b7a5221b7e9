"""Every mail in Dutch and in English: whole, the same facts, and not a word of the other language."""

import ast
import gettext
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.template import engines
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from bookings.codes import GROUP, LENGTH, LETTERS
from bookings.models import Reservation
from bookings.trial import GROUP as TRIAL_GROUP
from bookings.trial import LENGTH as TRIAL_LENGTH
from portal.base import clock
from portal.base.models import OutboxMail
from portal.base.outbox import delivery, registry
from portal.base.words import DUTCH, ENGLISH
from tests.bookings.mail_scenes import ANNA, SCENES, TYPED, Addressee, Scene, booked, composed, scene_house
from tests.factories import make_house
from tests.guest import on_monday, parse
from tests.post import Post
from tests.test_project import ROOT, TREES
from villages.models import Closure

pytestmark = [pytest.mark.django_db, on_monday]

MAILS = sorted((ROOT / "templates" / "bookings" / "mail").rglob("*.*"))
ENGLISH_TEXTS = ROOT / "locale" / "en" / "LC_MESSAGES"
CATALOG = gettext.GNUTranslations(BytesIO((ENGLISH_TEXTS / "django.mo").read_bytes()))._catalog  # type: ignore[attr-defined]
MSGIDS = {key[0] if isinstance(key, tuple) else key for key in CATALOG if key}


def words(text: str) -> set[str]:
    """The words of three letters and more, and no placeholder of a translation."""
    return set(re.findall(r"[^\W\d_]{3,}", re.sub(r"%\(\w+\)s|https?:\S+", " ", text).lower()))


def named(*tables: tuple[str, ...]) -> set[str]:
    return words(" ".join(name for table in tables for name in table))


_dutch = words(" ".join(MSGIDS)) | named(DUTCH.weekdays, DUTCH.months)
_english = words(" ".join(text for key, text in CATALOG.items() if key)) | named(ENGLISH.weekdays, ENGLISH.months)
# The words that give a language away.
FOREIGN = {"en": _dutch - _english - words(TYPED), "nl": _english - _dutch - words(TYPED)}


def forms(message: EmailMultiAlternatives) -> tuple[str, str]:
    """The text without addresses of pages, and the words of the HTML."""
    page = parse(str(message.alternatives[0][0]))
    return re.sub(r"https?:\S+", "", str(message.body)), page.one("body").text


@pytest.fixture(params=SCENES, ids=lambda scene: f"{scene[0]}-{scene[1].__name__}")
def scene(request: pytest.FixtureRequest) -> Iterator[tuple[str, Addressee]]:
    """A mail of each kind, at the moment at which it is sent."""
    kind, play, minutes = request.param
    reservation = _play(play)
    with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False):
        yield kind, reservation


def _play(play: Scene) -> Addressee:
    reservation = play(scene_house())
    Closure.objects.update(reason="Xyzzy")
    return reservation


def test_no_letters_of_a_code_are_a_word() -> None:
    """Codes are drawn by chance and shown in groups: none may be taken for a word of the other language."""
    assert LENGTH % GROUP == TRIAL_LENGTH % TRIAL_GROUP == 0
    telling = {word for found in FOREIGN.values() for word in found if set(word.upper()) <= set(LETTERS)}
    assert {len(word) for word in telling} & {GROUP, TRIAL_GROUP, LENGTH, TRIAL_LENGTH} == set()


def test_a_standing_place_has_one_name_in_english() -> None:
    assert {key: text for key, text in CATALOG.items() if "standing place" in text.lower()} == {}


def test_each_kind_of_mail_has_a_scene() -> None:
    assert set(registry._composers) == {kind for kind, _, _ in SCENES}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_mail_has_no_word_of_the_other_language(scene: tuple[str, Addressee], language: str) -> None:
    message = composed(*scene, language)
    text, html = forms(message)
    foreign = words(f"{message.subject} {text} {html}") & FOREIGN[language]
    assert foreign == set()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_text_and_html_tell_the_same(scene: tuple[str, Addressee], language: str) -> None:
    message = composed(*scene, language)
    text, html = ({word.strip(".,:") for word in form.lower().split()} - {"-", ""} for form in forms(message))
    heading = set(parse(str(message.alternatives[0][0])).one("h1").text.lower().split())
    assert (text - html, html - text - heading - {"naoberplek"}) == (set(), set())


def test_both_languages_tell_the_same_numbers(scene: tuple[str, Addressee]) -> None:
    dutch, english = (
        {int(number) for number in re.findall(r"\d+", forms(composed(*scene, language))[0])}
        for language in ("nl", "en")
    )
    assert dutch == english


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_html_says_its_language(scene: tuple[str, Addressee], language: str) -> None:
    page = parse(str(composed(*scene, language).alternatives[0][0]))
    assert page.one("html").attrs["lang"] == language


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_subject_is_short(scene: tuple[str, Addressee], language: str) -> None:
    assert len(str(composed(*scene, language).subject)) <= 70


def test_a_guest_who_chose_english_gets_english(post: Post) -> None:
    reservation = booked(make_house())
    Reservation.objects.update(language="en")
    OutboxMail.objects.update(language="en")
    delivery.sweep()
    assert (post.recipients, reservation.email) == ([ANNA["email"]], ANNA["email"])
    assert post.mails[0]["Subject"].startswith("Your desk is booked: Wednesday morning at ")


# --- nothing forgotten ------------------------------------------------------------------------------------


def source_texts(source: str) -> list[str]:
    """All that a template gives to be translated."""
    nodes = engines["django"].from_string(source).template.nodelist  # type: ignore[attr-defined]
    blocks = nodes.get_nodes_by_type(BlockTranslateNode)
    found = [
        block.render_token_list(tokens)[0] for block in blocks for tokens in (block.singular, block.plural) if tokens
    ]
    return found + [str(node.filter_expression.var.literal) for node in nodes.get_nodes_by_type(TranslateNode)]


def loose_words(source: str) -> set[str]:
    """The words of a template that nobody can translate."""
    translated = r"(?s){% blocktranslate.*?{% endblocktranslate %}|{% comment %}.*?{% endcomment %}"
    for pattern in (translated, r"{%.*?%}|{{.*?}}|{#.*?#}", r"(?s)<style>.*?</style>", r"<[^>]*>"):
        source = re.sub(pattern, " ", source)
    return words(source)


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.name)
def test_every_text_of_a_mail_is_translated(path: Path) -> None:
    source = path.read_text()
    assert loose_words(source) <= {"naoberplek"}
    assert [text for text in source_texts(source) if text not in MSGIDS and text not in plurals()] == []


def plurals() -> set[str]:
    """The second forms, which the compiled file knows under the first."""
    return set(re.findall(r'msgid_plural "(.*)"', (ENGLISH_TEXTS / "django.po").read_text()))


def test_what_is_not_translated_would_be_found() -> None:
    source = '<p style="x">Los {% translate "Nergens" %}{% blocktranslate %}Nooit {{ x }}{% endblocktranslate %}</p>'
    assert (loose_words(source), source_texts(source)) == ({"los"}, ["Nooit %(x)s", "Nergens"])


def test_every_text_in_the_code_is_translated() -> None:
    calls = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    named = {"gettext", "gettext_noop", "gettext_lazy"}
    texts = [
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in named and isinstance(call.args[0], ast.Constant)
    ]
    assert len(texts) > 10
    assert [text for text in texts if text not in MSGIDS] == []
