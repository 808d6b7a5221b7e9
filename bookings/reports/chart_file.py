"""A chart as a file of its own, to be kept or put in a document: with its title, and with what its colours mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext

from bookings.charts import BarChart, HeatMap, MapChart
from portal.base import clock
from portal.base.words import dag_en_maand

# What the style sheet says by the page's theme, in ink on paper: a file has no theme.
STYLE = (
    "text{font:15px Proza Libre,Calibri,sans-serif;fill:#1a2620}.title{font-size:20px;font-weight:700}"
    ".by{fill:#526058}.sheet{fill:#fff}"
    ".ax{stroke:#d6d6c8}.col{fill:#1d5c41}.was{fill:#737f76}.top{fill:#f7bc2f;stroke:#1a2620;stroke-width:1.5}"
    ".soon{fill:#fff;stroke:#1d5c41;stroke-width:2;stroke-dasharray:4 3}.mark{stroke:#1a2620;stroke-width:3}"
    ".halo{paint-order:stroke;stroke:#fff;stroke-width:3px}.land ~ .halo{stroke:#dfeadb;stroke-width:4px}"
    ".land{fill:#dfeadb}.bub{fill:#1d5c41;stroke:#fffefa;stroke-width:1.5}"
    ".bub.none{fill:#fffefa;stroke:#737f76;stroke-width:2}.on{fill:#fff;font-weight:700}"
    ".q0{fill:#fffefa}.q1{fill:#d9e3d6}.q2{fill:#b9cdb9}.q3{fill:#8fb09a}.q4{fill:#1d5c41}.cell{stroke:#737f76}"
    ".q4t{fill:#fff}"
)
MARGIN, LINE, TITLE, LETTERS = 20, 24, 30, 50


@dataclass(frozen=True)
class Line:
    """A line of text under one another; `look`: the colour or mark that it explains, or nothing."""

    words: str
    y: int
    look: str = ""


@dataclass(frozen=True)
class Sheet:
    """Paper with a title, lines under it, the drawing, what it shows, and where it comes from."""

    chart: BarChart | HeatMap | MapChart
    title: str
    about: Sequence[str]
    source: Sequence[str]

    @property
    def head(self) -> list[Line]:
        """What stands above the drawing: of which houses, of which months."""
        lines = [part for words in self.about for part in wrap(words, LETTERS)]
        return [Line(words, MARGIN + TITLE + (number + 1) * LINE) for number, words in enumerate(lines)]

    @property
    def top(self) -> int:
        """Where the drawing begins."""
        return MARGIN + TITLE + (len(self.head) + 1) * LINE

    @property
    def left(self) -> int:
        """How far the drawing moves to the right."""
        return MARGIN - self.chart.box[0]

    @property
    def down(self) -> int:
        """How far the drawing moves down."""
        return self.top - self.chart.box[1]

    @property
    def foot(self) -> list[Line]:
        """What the colours mean, and the source."""
        begin = self.top + self.chart.box[3] + 2 * LINE
        lines = [*self.chart.keys, *(("by", words) for words in self.source)]
        return [Line(words, begin + number * LINE, look) for number, (look, words) in enumerate(lines)]

    @property
    def width(self) -> int:
        return self.chart.box[2] + 2 * MARGIN

    @property
    def height(self) -> int:
        return self.foot[-1].y + MARGIN


def as_file(chart: BarChart | HeatMap | MapChart, name: str, title: str, about: Sequence[str] = ()) -> HttpResponse:
    """The drawing as SVG. `name`: of the file, without `.svg`; `about`: lines under the title."""
    sheet = Sheet(chart, title, about, _source())
    drawing = render_to_string("charts/file.html", {"sheet": sheet, "chart": chart, "style": STYLE})
    answer = HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.svg"'
    answer["Cache-Control"] = "no-store"
    return answer


def _source() -> list[str]:
    today = clock.today()
    source = gettext("Bron: Naoberplek, %(day)s %(year)s") % {"day": dag_en_maand(today), "year": today.year}
    return [source, gettext("Voorbeeld: verzonnen cijfers.")] if settings.DEMO else [source]
