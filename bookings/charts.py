"""Charts as plain values for the templates under `templates/charts/`: bars per month, a week by dagdeel, a map.

A page gives numbers and words and includes the template; `static/figures.css` has the colours. Each chart has its
table beside it, and `reports/chart_file.py` makes the drawing a file. Nothing here asks the database anything.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from bookings.domain.dagdelen import Dagdeel
from bookings.domain.figures import SlotFigures, Weekly
from bookings.drenthe import LAND, Spot
from portal.base.words import getal, weekday_name

Edges = tuple[int, int, int, int]  # of a drawing: its left, its top, its width and its height

# --- bars per month ---------------------------------------------------------------------------------------

WIDTH, HIGHEST, BASE = 420, 24, 180
FIRST_BAR, STEPS = 44, 4
PER_CHARACTER, GAP = 8, 8
MOST_LETTERS = 16
LETTERS_HIGH, YEAR_WIDE = 22, 34
KEYS = {
    "top": gettext_noop("de laatste maand"),
    "was": gettext_noop("dezelfde maand een jaar eerder"),
    "soon": gettext_noop("voorlopig"),
    "mark": gettext_noop("gemiddeld in de andere huizen"),
}


@dataclass(frozen=True)
class Column:
    """A month in the chart. `value`: None when there are no figures; `beside`: what it is compared with, as a mark.

    `name` is the month in full, `short` what stands under its bar, `year` what stands under that (or nothing).
    """

    name: str
    short: str
    value: int | None
    year: str = ""
    beside: int | None = None
    provisional: bool = False
    year_ago: bool = False
    now: bool = False


@dataclass(frozen=True)
class Bar:
    """A column as drawn. `look`: the class of its colour; `label`: the number above it, if there is room."""

    column: Column
    x: int
    y: int
    width: int
    height: int
    middle: int
    look: str
    label: str
    label_y: int
    short: str
    mark: int | None

    @property
    def year_x(self) -> int:
        """Where its year begins: under the bar, and not beyond the edge."""
        return min(self.x, WIDTH - YEAR_WIDE)


@dataclass(frozen=True)
class Line:
    y: int
    words: str


@dataclass(frozen=True)
class BarChart:
    """`words` says in a sentence what is to be seen, for who does not see it."""

    bars: list[Bar]
    lines: list[Line]
    words: str
    template: str = "charts/bars_drawing.html"
    box: Edges = (0, 2, 424, 222)

    @property
    def keys(self) -> list[tuple[str, str]]:
        """What the colours and marks mean, for a drawing that stands alone; what is not drawn is not explained."""
        looks = {bar.look for bar in self.bars} | ({"mark"} if self.has_marks else set())
        return [(look, gettext(words)) for look, words in KEYS.items() if look in looks]

    @property
    def has_marks(self) -> bool:
        return any(bar.mark is not None for bar in self.bars)

    @property
    def is_provisional(self) -> bool:
        return any(bar.column.provisional for bar in self.bars)

    @property
    def is_empty(self) -> bool:
        return not any(bar.column.value for bar in self.bars)


def bars(columns: Sequence[Column], what: str) -> BarChart:
    """The months as bars, the first at the left. `what` they count, as the sentence begins: "Gebruikte plekken"."""
    numbers = [number for one in columns for number in (one.value, one.beside) if number is not None]
    step = _step(max(numbers, default=0))
    top = max(step, -(-max(numbers, default=0) // step) * step)
    lines = [Line(_height(value, top), getal(value)) for value in range(0, top + 1, step)]
    room = (WIDTH - FIRST_BAR) / max(len(columns), 1)
    labelled = _labelled(columns, room)
    found = [_bar(one, number, room, top, labelled=number in labelled) for number, one in enumerate(columns)]
    return BarChart(found, lines, _bars_in_words(columns, what))


def _bar(column: Column, number: int, room: float, top: int, *, labelled: bool) -> Bar:
    x = FIRST_BAR + number * room
    y = _height(column.value or 0, top)
    letters = room >= (WIDTH - FIRST_BAR) / MOST_LETTERS
    mark = None if column.beside is None else _height(column.beside, top)
    return Bar(
        column=column,
        x=round(x),
        y=y,
        width=max(round(room * 0.76), 2),
        height=BASE - y,
        middle=round(x + room * 0.38),
        look=_look(column),
        label=getal(column.value) if labelled and column.value is not None else "",
        label_y=_above(y, mark),
        short=column.short if letters else "",
        mark=mark,
    )


def _above(y: int, mark: int | None) -> int:
    """Where the number of a bar stands: on the bar, or on the mark when that would strike it through."""
    return y if mark is None or not y - LETTERS_HIGH <= mark < y else mark - 1


def _look(column: Column) -> str:
    if column.provisional:
        return "soon"
    return "top" if column.now else "was" if column.year_ago else "col"


def _height(value: int, top: int) -> int:
    return BASE - round(value * (BASE - HIGHEST) / top)


def _step(most: int) -> int:
    """A round number of which a few make `most`."""
    wish = max(most, 1) / STEPS
    ten = 10 ** math.floor(math.log10(wish)) if wish >= 1 else 1
    return next((int(ten * one) for one in (1, 2, 5) if ten * one >= wish), int(ten * 10))


def _labelled(columns: Sequence[Column], room: float) -> set[int]:
    """Which bars have room for their number: all, or those that matter most."""
    widest = max((len(getal(one.value)) for one in columns if one.value is not None), default=0)
    if widest * PER_CHARACTER + GAP // 2 <= room:
        return set(range(len(columns)))
    return {number for number, one in enumerate(columns) if one.now or one.year_ago}


def _bars_in_words(columns: Sequence[Column], what: str) -> str:
    known = [one for one in columns if one.value is not None]
    if not known:
        return gettext("%(what)s per maand: er zijn nog geen cijfers.") % {"what": what}
    most = max(known, key=lambda one: one.value or 0)
    sentence = gettext(
        "%(what)s per maand: %(begin)s in %(first)s, %(end)s in %(last)s. Het meest in %(month)s: %(most)s."
    )
    return sentence % {
        "what": what,
        "begin": getal(known[0].value or 0),
        "first": known[0].name,
        "end": getal(known[-1].value or 0),
        "last": known[-1].name,
        "month": most.name,
        "most": getal(most.value or 0),
    }


# --- a week by dagdeel ------------------------------------------------------------------------------------

# From so much percent on each next shade.
SHADES = (5.0, 15.0, 25.0, 40.0)
WEEK = range(7)


@dataclass(frozen=True)
class HeatCell:
    """`shade` 0 to 4; `rate` is None when too few were offered to say. Without `offered`: it was never open."""

    shade: int
    used: int
    offered: int
    rate: float | None
    x: int = 0
    y: int = 0


@dataclass(frozen=True)
class HeatHead:
    name: str
    x: int


@dataclass(frozen=True)
class HeatRow:
    name: str
    cells: list[HeatCell]
    y: int


@dataclass(frozen=True)
class HeatMap:
    heads: list[HeatHead]
    rows: list[HeatRow]
    words: str
    template: str = "charts/heat_drawing.html"
    box: Edges = (0, 0, 414, 356)

    @property
    def keys(self) -> list[tuple[str, str]]:
        """What is to be read, for a drawing that stands alone."""
        return [("", gettext("Welk deel van de plekken is gebruikt."))]

    @property
    def is_empty(self) -> bool:
        return not any(cell.offered for row in self.rows for cell in row.cells)


CELL_WIDTH, CELL_HEIGHT, NAMES, HEADS = 100, 46, 110, 30


def heat(weekly: Mapping[Weekly, SlotFigures]) -> HeatMap:
    """Days down, dagdelen across: how much of what was offered was used."""
    none = SlotFigures()
    rows = []
    for day in WEEK:
        y = HEADS + day * CELL_HEIGHT
        cells = [
            _cell(weekly.get((day, part), none), NAMES + number * CELL_WIDTH, y) for number, part in enumerate(Dagdeel)
        ]
        rows.append(HeatRow(weekday_name(day), cells, y))
    words = gettext("Hoeveel plekken per dag en dagdeel zijn gebruikt. De getallen staan in de tabel.")
    heads = [HeatHead(gettext(part.value), NAMES + number * CELL_WIDTH) for number, part in enumerate(Dagdeel)]
    return HeatMap(heads, rows, words)


def _cell(figures: SlotFigures, x: int, y: int) -> HeatCell:
    rate = figures.occupancy
    shade = 0 if rate is None else sum(rate >= least for least in SHADES)
    return HeatCell(shade, figures.used, figures.offered, rate, x, y)


# --- the map ----------------------------------------------------------------------------------------------

LARGEST, SMALLEST = 24, 5
INSIDE = 13  # a circle of this size has room for its number
LINE, LETTER, BESIDE = 15, 8.5, 4

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Place:
    """A house on the map. `spot`: from `bookings.drenthe`; `value` None: no figures."""

    name: str
    spot: Spot
    value: int | None


@dataclass(frozen=True)
class Bubble:
    """`label`: the name beside it, where there is room; `value` stands inside when the circle is large enough."""

    x: int
    y: int
    r: int
    look: str
    inside: str
    label: str
    label_x: int
    label_y: int
    anchor: str


@dataclass(frozen=True)
class MapChart:
    bubbles: list[Bubble]
    words: str
    land: str = LAND
    template: str = "charts/map_drawing.html"
    box: Edges = (9, 13, 430, 415)

    @property
    def keys(self) -> list[tuple[str, str]]:
        """What is to be read, for a drawing that stands alone."""
        return [("bub", gettext("hoe groter, hoe meer gebruikte plekken")), ("bub none", gettext("nog niets gebruikt"))]


def bubbles(places: Iterable[Place], what: str) -> MapChart:
    """Circles on the land: the larger, the more. `what` they count: "Gebruikte plekken"."""
    found = sorted(places, key=lambda place: -(place.value or 0))
    most = max((place.value or 0 for place in found), default=0)
    taken: list[Box] = [
        _box(place.spot[0], place.spot[1], 2 * _radius(place, most), 2 * _radius(place, most)) for place in found
    ]
    drawn = []
    for number, place in enumerate(found):
        others = taken[:number] + taken[number + 1 :]
        drawn.append(_bubble(place, most, others, taken))
    return MapChart(drawn, _map_in_words(found, what))


def _bubble(place: Place, most: int, others: list[Box], taken: list[Box]) -> Bubble:
    """Draw one; a label that fits is put among what is `taken`."""
    (x, y), r = place.spot, _radius(place, most)
    inside = getal(place.value) if place.value and r >= INSIDE else ""
    # With its number if there is room for it, else the name alone.
    wishes = [place.name] if inside or not place.value else [f"{place.name} {getal(place.value)}", place.name]
    for words in wishes:
        for box, spot in _spots(x, y, r, len(words) * LETTER):
            if not any(_hit(box, other) for other in others) and _on_land(box):
                taken.append(box)
                return Bubble(x, y, r, "bub" if place.value else "bub none", inside, words, *spot)
    return Bubble(x, y, r, "bub" if place.value else "bub none", inside, "", x, y, "middle")


def _spots(x: int, y: int, r: int, width: float) -> Iterator[tuple[Box, tuple[int, int, str]]]:
    """Where a name may stand, the best first: above, below, right and left; its box, and where its text begins."""
    for line in (y - r - LINE // 2 - 3, y + r + LINE // 2 + 2):
        yield _box(x, line, width, LINE), (x, line + LINE // 3, "middle")
    far = r + BESIDE
    yield _box(x + far + width / 2, y, width, LINE), (x + far, y + LINE // 3, "start")
    yield _box(x - far - width / 2, y, width, LINE), (x - far, y + LINE // 3, "end")


def _radius(place: Place, most: int) -> int:
    if not place.value or not most:
        return SMALLEST
    return max(SMALLEST, round(LARGEST * math.sqrt(place.value / most)))


def _box(x: float, y: float, width: float, height: float) -> Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _hit(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _on_land(box: Box) -> bool:
    return box[0] > LEAST_X and box[2] < MOST_X and box[1] > LEAST_Y and box[3] < MOST_Y


# The drawing's edges: its viewBox.
LEAST_X, LEAST_Y, MOST_X, MOST_Y = 9, 13, 439, 428
NAMED = 3


def _map_in_words(places: Sequence[Place], what: str) -> str:
    named = [f"{place.name} {getal(place.value)}" for place in places[:NAMED] if place.value]
    if not named:
        return gettext("Kaart van Drenthe met de dorpshuizen. Er is nog niets gebruikt.")
    sentence = gettext("Kaart van Drenthe. %(what)s: het meest in %(names)s. De getallen staan in de tabel.")
    return sentence % {"what": what, "names": ", ".join(named)}
