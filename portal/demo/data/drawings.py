"""Drawn rooms for the demo, in the portal's own flat style: no photo pretends that these houses look like this."""

from io import BytesIO

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 960, 640
# Drawn twice as large and then made smaller: that is what makes the edges smooth.
SCALE = 2

PAPER, FLOOR, FRAME, INK = "#f1ead6", "#a9854d", "#fffefa", "#1a2620"
SKY, FIELD, LEAF, LAMP, GLOW = "#cfe3e6", "#8fb98a", "#4b7f57", "#f7bc2f", "#fcedbd"
WOOD, BRICK, GREEN, STONE = "#c99a5b", "#b4502f", "#1d5c41", "#8d938c"

Box = tuple[int, int, int, int]


class Drawing:
    """A picture of 960 by 640 points to draw on."""

    def __init__(self, wall: str) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), wall)
        self.pen = ImageDraw.Draw(self.image)
        self.box((0, 500, WIDTH, HEIGHT), FLOOR)
        self.box((0, 492, WIDTH, 502), FRAME)

    def box(self, at: Box, fill: str) -> None:
        """A rectangle."""
        self.pen.rectangle([point * SCALE for point in at], fill=fill)

    def disc(self, at: Box, fill: str) -> None:
        """An ellipse."""
        self.pen.ellipse([point * SCALE for point in at], fill=fill)

    def shape(self, *points: tuple[int, int], fill: str) -> None:
        """A polygon."""
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def line(self, *points: tuple[int, int], width: int = 8, fill: str = INK) -> None:
        """A line along these points."""
        self.pen.line([(x * SCALE, y * SCALE) for x, y in points], fill=fill, width=width * SCALE, joint="curve")

    def webp(self) -> bytes:
        """The file."""
        written = BytesIO()
        self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(written, "WEBP", quality=82)
        return written.getvalue()


def _window(on: Drawing, left: int, top: int, *, boulder: bool = False) -> None:
    """A window of 260 by 220 with the fields behind it."""
    right, low = left + 260, top + 220
    on.box((left - 12, top - 12, right + 12, low + 12), FRAME)
    on.box((left, top, right, low), SKY)
    on.box((left, low - 70, right, low), FIELD)
    on.disc((left + 30, low - 140, left + 110, low - 55), LEAF)
    on.box((left + 66, low - 80, left + 74, low - 50), WOOD)
    if boulder:
        on.shape(
            (left + 140, low - 40), (left + 165, low - 82), (left + 215, low - 88), (left + 240, low - 40), fill=STONE
        )
    on.box((left + 124, top, left + 136, low), FRAME)
    on.box((left - 26, low + 12, right + 26, low + 26), FRAME)


def _lamp(on: Drawing, x: int, top: int) -> None:
    """A lamp on a desk whose top is at this height, lit."""
    on.shape((x + 40, top - 92), (x + 130, top), (x - 10, top), fill=GLOW)
    on.line((x - 30, top - 4), (x - 50, top - 80), (x + 14, top - 120))
    on.box((x - 58, top - 8, x - 2, top), INK)
    on.shape((x, top - 132), (x + 44, top - 112), (x + 62, top - 76), (x - 12, top - 92), fill=LAMP)


def _desk(on: Drawing, left: int, top: int, *, screen: bool = True, stands: bool = False) -> None:
    """A desk of 320 wide with a lamp; one that goes up and down has thick legs."""
    _lamp(on, left + 60, top)
    if screen:
        on.box((left + 180, top - 110, left + 300, top - 34), INK)
        on.box((left + 188, top - 102, left + 292, top - 42), SKY)
        on.box((left + 234, top - 36, left + 246, top), INK)
    for x in (left + 30, left + 278):
        on.box((x, top, x + (22 if stands else 10), 560), INK)
        if stands:
            on.box((x - 24, 552, x + 46, 562), INK)
    on.box((left, top, left + 320, top + 16), WOOD)


def _chair(on: Drawing, x: int, colour: str) -> None:
    on.box((x, 350, x + 70, 440), colour)
    on.box((x - 10, 446, x + 80, 464), colour)
    on.box((x + 30, 464, x + 40, 540), INK)
    on.line((x - 10, 560), (x + 35, 536), (x + 80, 560))


def _art(on: Drawing, left: int, top: int, colours: tuple[str, str, str]) -> None:
    """A framed piece from the village: a sun above two fields."""
    on.box((left - 8, top - 8, left + 128, top + 168), INK)
    on.box((left, top, left + 120, top + 160), colours[0])
    on.disc((left + 34, top + 20, left + 90, top + 76), colours[1])
    on.shape((left, top + 120), (left + 120, top + 90), (left + 120, top + 160), (left, top + 160), fill=colours[2])


def room_with_art() -> bytes:
    """Two desks under a window, with coloured work on the wall."""
    on = Drawing(PAPER)
    _window(on, 350, 90)
    _art(on, 110, 110, (BRICK, LAMP, GREEN))
    _art(on, 730, 110, (SKY, BRICK, LEAF))
    _desk(on, 90, 400)
    _desk(on, 550, 400)
    _chair(on, 250, GREEN)
    _chair(on, 650, BRICK)
    return on.webp()


def coffee_corner() -> bytes:
    """A long table with cups, a lamp above it, and a window."""
    on = Drawing("#dfeadb")
    _window(on, 120, 100)
    on.line((640, 0), (640, 150), width=5)
    on.shape((640, 140), (720, 210), (560, 210), fill=LAMP)
    for x, colour in ((330, BRICK), (500, GREEN), (680, BRICK)):
        _chair(on, x, colour)
    on.box((260, 408, 860, 430), WOOD)
    for x in (300, 800):
        on.box((x, 430, x + 16, 570), INK)
    for x in (420, 540, 700):
        on.box((x, 380, x + 34, 408), FRAME)
        on.disc((x + 26, 384, x + 46, 402), FRAME)
    return on.webp()


def standing_desks() -> bytes:
    """Two desks that go up and down, one high and one low, with a boulder outside."""
    on = Drawing("#e6eef0")
    _window(on, 340, 70, boulder=True)
    _desk(on, 80, 330, stands=True)
    _desk(on, 560, 410, stands=True)
    _chair(on, 650, GREEN)
    return on.webp()


DRAWINGS = {"room-with-art": room_with_art, "coffee-corner": coffee_corner, "standing-desks": standing_desks}
