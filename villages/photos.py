"""A photo made fit for the page: checked, turned upright, made small, and bare of what a camera writes in it.

What arrives is never stored as it is. It is decoded and written anew, so that no place, name or
hidden content comes along.
"""

import secrets
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from django.core.files.base import ContentFile
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from villages.models import Photo

PER_HOUSE = 6
MAX_UPLOAD, MAX_PIXELS = 10 * 1024 * 1024, 40_000_000
MAX_BYTES, MAX_WIDTH, MAX_HEIGHT = 60_000, 960, 1280
MIN_WIDTH, MIN_HEIGHT = 320, 200
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITIES = (80, 72, 64, 56, 48, 40, 32)

EMPTY = "Dit bestand is leeg. Kies de foto opnieuw."
TOO_HEAVY = "Deze foto is groter dan 10 MB. Kies een kleinere foto."
TOO_LARGE = "Deze foto heeft te veel beeldpunten (meer dan 40 miljoen). Maak hem eerst kleiner."
TOO_SMALL = f"Deze foto is te klein. Kies er een van minstens {MIN_WIDTH} bij {MIN_HEIGHT} beeldpunten."
MOVES = "Dit plaatje beweegt. Kies een gewone foto."
UNKNOWN = "Dit is geen foto die we kunnen lezen. Kies een foto van de soort JPEG, PNG of WebP."
BROKEN = "Deze foto is beschadigd of niet heel overgekomen. Kies hem opnieuw, of neem een andere."


class Unusable(Exception):
    """Why a file can't be a photo: the message is a sentence for who chose it."""


@dataclass(frozen=True)
class Prepared:
    """A photo ready to be stored: WebP of at most 60 kB, its size in pixels."""

    content: bytes
    width: int
    height: int


def prepare(upload: IO[bytes], size: int) -> Prepared:
    """Make this file of `size` bytes fit for the page. Raises Unusable with the sentence that says why not."""
    if not size:
        raise Unusable(EMPTY)
    if size > MAX_UPLOAD:
        raise Unusable(TOO_HEAVY)
    try:
        return _small(_upright(upload))
    except Unusable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unusable(TOO_LARGE) from None
    # A file made to harm, or half a file, fails in any way its decoder can.
    except Exception:
        raise Unusable(BROKEN) from None


def fill(photo: Photo, made: Prepared) -> None:
    """Put the picture and its size in the row, under a name that says nothing. Saving stays with the caller."""
    photo.width, photo.height = made.width, made.height
    photo.image.save(f"{secrets.token_hex(8)}.webp", ContentFile(made.content), save=False)


def _upright(upload: IO[bytes]) -> Image.Image:
    """The decoded picture, turned as it was held, in plain RGB. The header is judged before anything is decoded."""
    upload.seek(0)
    try:
        opened = Image.open(upload, formats=FORMATS)
    except UnidentifiedImageError:
        raise Unusable(UNKNOWN) from None
    with opened:
        _judge(opened)
        opened.draft("RGB", (MAX_WIDTH * 2, MAX_HEIGHT * 2))
        opened.load()
        return _plain(ImageOps.exif_transpose(opened))


def _judge(picture: Image.Image) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise Unusable(TOO_LARGE)
    if min(picture.size) < MIN_HEIGHT or max(picture.size) < MIN_WIDTH:
        raise Unusable(TOO_SMALL)
    # Some phones put a second picture behind a JPEG (depth, preview): that doesn't move, the first one counts.
    if picture.format in ("PNG", "WEBP") and getattr(picture, "n_frames", 1) > 1:
        raise Unusable(MOVES)


def _plain(picture: Image.Image) -> Image.Image:
    """Small, without metadata, on white where it was see-through; colours as every screen shows them."""
    profile = picture.info.get("icc_profile")
    if picture.mode not in ("RGB", "RGBA"):
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        profile = None
    picture.thumbnail((MAX_WIDTH, MAX_HEIGHT), Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", picture.size, "white")
    if picture.mode == "RGBA":
        canvas.paste(picture, (0, 0), picture)
    else:
        canvas.paste(picture)
    return _in_srgb(canvas, profile) if profile else canvas


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """The colours of a phone's wide screen in those of any screen. A profile that can't be read is passed over."""
    try:
        given = ImageCms.ImageCmsProfile(BytesIO(profile))
        made = ImageCms.profileToProfile(picture, given, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return picture
    bare = Image.new("RGB", picture.size)
    bare.paste(made or picture)
    return bare


def _small(picture: Image.Image) -> Prepared:
    """As WebP: the best quality that fits in 60 kB, else smaller until it does."""
    while True:
        for quality in QUALITIES:
            written = BytesIO()
            picture.save(written, "WEBP", quality=quality, method=4)
            if written.tell() <= MAX_BYTES:
                return Prepared(written.getvalue(), *picture.size)
        picture = picture.resize((picture.width * 4 // 5, picture.height * 4 // 5), Image.Resampling.LANCZOS)
