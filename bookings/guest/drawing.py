"""The picture under a shared link: the farmhouse with its windows lit, and what the house offers. In flat planes.

The portal's own, static/deelplaatje.png, is `draw(PORTAL)` once written to that file.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from portal.base.words import euro

WIDTH, HEIGHT = 1200, 630
FINE = 2  # drawn larger and brought back, so that slanting lines are smooth
TONES = 96  # of the palette: few planes, and their edges
VERSION = 1  # raise it when the drawing changes: the pictures that others keep are then out of date

# The tokens of static/theme.css, by day.
SKY, GROUND, LEAF, WALL, REED, REED_DEEP = "#f3d98f", "#2c6a4b", "#4b7f57", "#b4502f", "#a9854d", "#8a6a3a"
FRAME, LAMP, INK, DEEP, GREEN = "#fffefa", "#f7bc2f", "#1a2620", "#123f2c", "#1d5c41"

LEFT, TEXT_WIDTH = 64, 560
NAME_SIZES = (76, 64, 54, 46, 38)
MOST_LINES = 3
MOST_WINDOWS = 8
GROUND_TOP = 540
HOUSE_LEFT, HOUSE_TOP, HOUSE_SCALE = 600, 198, 0.95  # of the farmhouse, whose own plane is 640 by 360

Font = ImageFont.FreeTypeFont
Points = list[tuple[float, float]]


@dataclass(frozen=True)
class Shown:
    """What the picture tells: name, place, the price per dagdeel in cents (None: none), and how many desks."""

    name: str
    place: str
    cents: int | None = None
    desks: int = 0
    no_desks: str = "Hier komen werkplekken"

    @property
    def price_words(self) -> str:
        if self.cents is None:
            return ""
        return "Gratis" if self.cents == 0 else f"{euro(self.cents)} per dagdeel"

    @property
    def desk_words(self) -> str:
        if not self.desks:
            return self.no_desks
        return "1 bureau" if self.desks == 1 else f"{self.desks} bureaus"


PORTAL = Shown(
    "Het licht brandt.", "Er staat een bureau voor je klaar. Werk in een dorpshuis bij jou in de buurt.", no_desks=""
)


@lru_cache(maxsize=64)
def draw(shown: Shown) -> bytes:
    """The PNG, 1200 by 630. Kept while the process lives, since drawing costs a tenth of a second."""
    image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), SKY)
    pen = Pen(ImageDraw.Draw(image))
    _scene(pen)
    _words(pen, shown)
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).quantize(TONES, dither=Image.Dither.NONE)
    file = BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


@dataclass(frozen=True)
class Pen:
    """Draws in the picture's own measure; moved and scaled, in that of the farmhouse."""

    on: ImageDraw.ImageDraw
    left: float = 0
    top: float = 0
    scale: float = 1

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return (self.left + x * self.scale) * FINE, (self.top + y * self.scale) * FINE

    def plane(self, color: str, *points: tuple[float, float]) -> None:
        self.on.polygon([self._at(*point) for point in points], fill=color)

    def box(self, color: str, x: float, y: float, width: float, height: float) -> None:
        self.plane(color, (x, y), (x + width, y), (x + width, y + height), (x, y + height))

    def disc(self, color: str, x: float, y: float, radius: float) -> None:
        self.on.ellipse([self._at(x - radius, y - radius), self._at(x + radius, y + radius)], fill=color)

    def line(self, color: str, width: float, *points: tuple[float, float]) -> None:
        self.on.line([self._at(*p) for p in points], fill=color, width=round(width * self.scale * FINE), joint="curve")

    def text(self, color: str, x: float, y: float, words: str, font: Font) -> None:
        self.on.text(self._at(x, y), words, fill=color, font=font)


def _font(size: int, *, bold: bool = True) -> Font:
    """Proza Libre in this many pixels of the picture."""
    name = f"proza-libre-{700 if bold else 400}.woff2"
    return ImageFont.truetype(settings.BASE_DIR / "static" / "fonts" / name, size * FINE)


def _scene(pen: Pen) -> None:
    """The farmhouse of templates/parts/scene.html, on the ground."""
    house = Pen(pen.on, HOUSE_LEFT, HOUSE_TOP, HOUSE_SCALE)
    house.disc(FRAME, 566, 44, 34)
    house.box(LEAF, 54, 250, 12, 112)
    for x, y, radius in ((60, 206, 62), (22, 244, 40), (104, 246, 34)):
        house.disc(LEAF, x, y, radius)
    house.box(WALL, 448, 58, 34, 48)
    house.box(FRAME, 444, 52, 42, 10)
    house.plane(WALL, (96, 362), (96, 276), (162, 172), (242, 172), (308, 276), (308, 362))
    house.box(WALL, 306, 268, 270, 94)
    house.plane(REED, (202, 72), (514, 72), (600, 278), (312, 278))
    for points in (
        ((202, 72), (260, 172), (144, 172)),
        ((144, 172), (168, 172), (98, 282), (74, 282)),
        ((260, 172), (236, 172), (306, 282), (330, 282)),
    ):
        house.plane(REED_DEEP, *points)
    for y, left, right in ((108, 236, 480), (144, 300, 464), (182, 286, 532), (220, 330, 554), (252, 322, 544)):
        house.line(REED_DEEP, 3, (left, y), (right, y))
    house.line(FRAME, 6, (202, 70), (202, 44))
    for x, y, width, height in ((141, 231, 122, 102), (185, 187, 34, 32), (335, 291, 44, 46), (393, 291, 44, 46)):
        _window(house, x, y, width, height)
    house.box(FRAME, 468, 284, 88, 78)
    house.box(DEEP, 474, 290, 36, 72)
    house.box(DEEP, 514, 290, 36, 72)
    _desk(house)
    pen.box(GROUND, 0, GROUND_TOP, WIDTH, HEIGHT - GROUND_TOP)


def _window(pen: Pen, x: float, y: float, width: float, height: float) -> None:
    pen.box(FRAME, x, y, width, height)
    pen.box(LAMP, x + 5, y + 5, width - 10, height - 10)
    pen.line(FRAME, 4, (x + 4, y + height * 0.36), (x + width - 4, y + height * 0.36))
    pen.line(FRAME, 4, (x + width / 2, y + 4), (x + width / 2, y + height * 0.36))


def _desk(pen: Pen) -> None:
    """A lamp and a screen on a desk, behind the large window."""
    pen.line(INK, 5, (153, 322), (251, 322))
    pen.line(INK, 5, (170, 320), (164, 298), (184, 282))
    pen.plane(INK, (180, 272), (196, 276), (206, 286), (180, 294))
    pen.plane(INK, (216, 294), (248, 294), (243, 320), (211, 320))


def _words(pen: Pen, shown: Shown) -> None:
    size, lines = _fit(shown.name)
    font, soft = _font(size), _font(34, bold=False)
    y = 64.0
    for line in lines:
        pen.text(INK, LEFT, y, line, font)
        y += size * 1.14
    y += 10
    for line in _wrap(shown.place, soft)[:2]:
        pen.text(INK, LEFT, y, line, soft)
        y += 44
    if shown.price_words:
        pen.text(INK, LEFT, y + 22, shown.price_words, _font(40))
        y += 64
    if shown.desk_words:
        _windows(pen, shown, y + 26)
    _brand(pen)


def _windows(pen: Pen, shown: Shown, y: float) -> None:
    """A lit window per desk and their number in words; from nine on the words alone."""
    x = float(LEFT)
    for _ in range(shown.desks if shown.desks <= MOST_WINDOWS else 0):
        pen.box(INK, x, y, 30, 40)
        pen.box(LAMP, x + 4, y + 4, 22, 32)
        x += 38
    pen.text(INK, x + (10 if x > LEFT else 0), y - 2, shown.desk_words, _font(34))


def _brand(pen: Pen) -> None:
    """The portal's mark and name on the ground, and under the text."""
    mark = Pen(pen.on, LEFT, GROUND_TOP + 20, 1.25)
    mark.plane(FRAME, (13, 3), (27, 3), (39, 21), (36, 21), (36, 37), (4, 37), (4, 21), (1, 21))
    mark.line(GREEN, 3.4, (11.5, 37), (11.5, 26), (28.5, 26), (28.5, 37))
    mark.disc(LAMP, 23.5, 19, 3.6)
    pen.text(FRAME, LEFT + 66, GROUND_TOP + 24, "Naoberplek", _font(36))


def _fit(name: str) -> tuple[int, list[str]]:
    """The largest letter in which the name fits in three lines; a name too long even then ends in dots."""
    for size in NAME_SIZES:
        lines = _wrap(name, _font(size))
        if len(lines) <= MOST_LINES and all(_font(size).getlength(line) <= TEXT_WIDTH * FINE for line in lines):
            return size, lines
    return size, [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1]} …"] if len(lines) > MOST_LINES else lines


def _wrap(text: str, font: Font) -> list[str]:
    """The words in lines of the text's width; a word that is wider than that is cut."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= TEXT_WIDTH * FINE:
            lines[-1] = longer
        else:
            lines += _cut(word, font)
    return lines or [""]


def _cut(word: str, font: Font) -> list[str]:
    parts = [""]
    for char in word:
        if font.getlength(parts[-1] + char) > TEXT_WIDTH * FINE:
            parts.append("")
        parts[-1] += char
    return parts
