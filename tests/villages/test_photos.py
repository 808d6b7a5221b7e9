"""Photos of a house: what is taken in, what it becomes, and that nothing else is ever stored."""

import random
import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageDraw

from villages import photos
from villages.photos import MAX_BYTES, MAX_UPLOAD, Prepared, Unusable, prepare

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def picture(width: int = 1600, height: int = 1200, mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red."""
    made = Image.new(mode, (width, height))
    ImageDraw.Draw(made).rectangle((0, 0, width // 2, height), fill="red" if mode in ("RGB", "RGBA") else 128)
    return made


def noise(width: int, height: int) -> Image.Image:
    """What compresses worst."""
    return Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3))


def written(made: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    file = BytesIO()
    made.save(file, kind, **options)
    return file.getvalue()


def take_in(content: bytes) -> Prepared:
    return prepare(BytesIO(content), len(content))


def refusal(content: bytes, size: int | None = None) -> str:
    with pytest.raises(Unusable) as refused:
        prepare(BytesIO(content), len(content) if size is None else size)
    return str(refused.value)


def opened(made: Prepared) -> Image.Image:
    return Image.open(BytesIO(made.content))


def a_png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that say to be an enormous picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


# --- what it becomes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_webp_of_at_most_960_pixels_wide(kind: str) -> None:
    made = take_in(written(picture(), kind))
    assert (opened(made).format, opened(made).size, (made.width, made.height)) == ("WEBP", (960, 720), (960, 720))


def test_a_small_photo_is_not_blown_up() -> None:
    assert opened(take_in(written(picture(400, 300)))).size == (400, 300)


def test_a_tall_photo_is_bounded_too() -> None:
    assert opened(take_in(written(picture(1000, 4000)))).size == (320, 1280)


@pytest.mark.parametrize("size", [(960, 720), pytest.param((2400, 3200), marks=pytest.mark.long)])
def test_even_what_compresses_worst_weighs_at_most_60_kb(size: tuple[int, int]) -> None:
    made = take_in(written(noise(*size), quality=70))
    assert 20_000 < len(made.content) <= MAX_BYTES
    assert opened(made).size == (made.width, made.height)


def test_nothing_of_what_a_camera_wrote_is_left() -> None:
    exif = Image.Exif()
    exif[MAKER] = "Telefoon van Marieke"
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 49.0, 58.0), 3: "E", 4: (6.0, 22.0, 0.0)})
    content = written(picture(), exif=exif, comment=b"geheim", icc_profile=SRGB)
    assert b"Telefoon van Marieke" in content
    made = take_in(content)
    assert {key for key in opened(made).info if key in ("exif", "icc_profile", "xmp", "comment")} == set()
    assert [part for part in (b"EXIF", b"XMP", b"ICCP", b"Marieke", b"geheim") if part in made.content] == []


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("profile", [SRGB, b"geen profiel"])
def test_a_photo_keeps_its_colours_whatever_its_profile(profile: bytes) -> None:
    red = opened(take_in(written(picture(), quality=95, icc_profile=profile))).convert("RGB").getpixel((100, 300))
    assert isinstance(red, tuple)
    assert (red[0] > 240, red[1] < 20, red[2] < 20) == (True, True, True)


def test_a_photo_that_was_held_on_its_side_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    made = opened(take_in(written(picture(), exif=exif)))
    red, black = made.convert("RGB").getpixel((300, 50)), made.convert("RGB").getpixel((300, made.height - 50))
    assert made.size == (960, 1280)
    assert isinstance(red, tuple)
    assert isinstance(black, tuple)
    assert (red[0] > 200, black[0] < 50) == (True, True)


def test_what_is_see_through_becomes_white() -> None:
    made = opened(take_in(written(Image.new("RGBA", (800, 600), (0, 0, 0, 0)), "PNG")))
    assert made.convert("RGB").getpixel((400, 300)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("mode", "kind"), [("L", "JPEG"), ("CMYK", "JPEG"), ("P", "PNG"), ("LA", "PNG"), ("I;16", "PNG")]
)
def test_other_kinds_of_colour_are_read_too(mode: str, kind: str) -> None:
    assert opened(take_in(written(Image.new(mode, (800, 600)), kind))).mode == "RGB"


def test_a_second_picture_behind_a_jpeg_is_left_out() -> None:
    content = written(picture(), "MPO", save_all=True, append_images=[picture(200, 150)])
    assert opened(take_in(content)).size == (960, 720)


# --- what is refused --------------------------------------------------------------------------------------

REFUSED = {
    "nothing": (b"", photos.EMPTY),
    "a text": (b"Dit is geen foto. " * 100, photos.UNKNOWN),
    "a drawing in SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', photos.UNKNOWN),
    "a page": (b"<!doctype html><script>alert(1)</script>", photos.UNKNOWN),
    "a GIF": (written(picture(400, 300).convert("P"), "GIF"), photos.UNKNOWN),
    "a TIFF": (written(picture(400, 300), "TIFF"), photos.UNKNOWN),
    "half a JPEG": (written(noise(800, 600))[:20_000], photos.BROKEN),
    "half a PNG": (written(noise(800, 600), "PNG")[:20_000], photos.BROKEN),
    "half a WebP": (written(noise(800, 600), "WEBP")[:20_000], photos.BROKEN),
    "the head of a JPEG": (b"\xff\xd8\xff\xe0", photos.UNKNOWN),
    "a stamp": (written(picture(100, 80)), photos.TOO_SMALL),
    "a line": (written(picture(5000, 1)), photos.TOO_SMALL),
    "50 million pixels": (a_png_that_claims(10_000, 5_000), photos.TOO_LARGE),
    "100 million pixels": (a_png_that_claims(10_000, 10_000), photos.TOO_LARGE),
    "4 billion pixels": (a_png_that_claims(65_000, 65_000), photos.TOO_LARGE),
    "less than it claims": (a_png_that_claims(2_000, 1_000), photos.BROKEN),
    "a WebP that moves": (
        written(picture(400, 300), "WEBP", save_all=True, append_images=[noise(400, 300)]), photos.MOVES,
    ),
    "a PNG that moves": (
        written(picture(400, 300), "PNG", save_all=True, append_images=[noise(400, 300)]), photos.MOVES,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_photo_is_refused_with_its_reason(what: str) -> None:
    content, sentence = REFUSED[what]
    assert refusal(content) == sentence


def test_a_file_that_is_too_heavy_is_not_even_read() -> None:
    assert refusal(b"", size=500_000_000) == photos.TOO_HEAVY
    assert refusal(b"", size=MAX_UPLOAD + 1) == photos.TOO_HEAVY


@pytest.mark.parametrize("seed", range(40))
def test_a_photo_with_broken_bytes_is_a_photo_or_a_sentence(seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(written(picture(640, 480), chance.choice(["JPEG", "PNG", "WEBP"])))
    for _ in range(chance.randint(1, 30)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    try:
        outcome = str(opened(take_in(bytes(content))).format)
    except Unusable as refused:
        outcome = str(refused)
    assert outcome in {"WEBP", photos.BROKEN, photos.UNKNOWN, photos.TOO_LARGE, photos.TOO_SMALL, photos.MOVES}
