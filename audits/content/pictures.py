"""Pictures: decoded and encoded again, so that whatever was hidden beside the pixels is gone."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from django.core.exceptions import ValidationError
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from audits.content import heic_decoder
from audits.content.refusals import refusal

log = structlog.get_logger(__name__)

MAX_PIXELS = 60_000_000
LONGEST_EDGE = 2400
# 54 mm wide in the report at 226 dots an inch, and 160 points of a sharp screen three times over.
THUMBNAIL_EDGE = 480
# A telephone's JPEG with a second picture inside (MPO) is opened as JPEG too.
FORMATS = ("JPEG", "PNG", "WEBP")
MOVING = ("PNG", "WEBP")
FIRST_YEAR = 2000
JAPAN = ZoneInfo("Asia/Tokyo")  # cameras write local time, most of them without a zone
EXIF_PART = 0x8769
# The moment the shutter opened, then the moment the file was written; each with its zone, if any.
TAKEN_AT, ZONE_OF_TAKEN_AT, WRITTEN_AT, ZONE_OF_WRITTEN_AT = 36867, 36881, 306, 36880
HEIC_SECONDS = 30


def heic_as_jpeg(content: bytes) -> bytes:
    """Return an iPhone's photo as a JPEG with its EXIF, decoded in a process without secrets."""
    program = [sys.executable, "-I", str(Path(heic_decoder.__file__))]
    try:
        done = subprocess.run(  # noqa: S603  our own file, and numbers
            [*program, str(LONGEST_EDGE), str(MAX_PIXELS)],
            input=content,
            capture_output=True,
            check=False,
            timeout=HEIC_SECONDS,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise refusal("damaged_picture") from error
    if done.returncode == heic_decoder.TOO_MANY_PIXELS:
        raise refusal("too_many_pixels")
    if done.returncode:
        log.info("heic_refused", status=done.returncode, said=repr(done.stderr[-300:]))
        raise refusal("damaged_picture")
    return done.stdout


def picture_from(content: bytes) -> tuple[bytes, datetime | None]:
    """Return the picture as a JPEG, upright and of at most LONGEST_EDGE, and when it was taken.

    Raises ValidationError with a sentence when it is none, or when it cannot be decoded to its end.
    """
    try:
        # WeasyPrint lets damaged pictures pass for the whole process; evidence must be whole.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _check_head(image)
            turned, taken_at = _turned(image)
            upright = _on_white(turned)
        return as_jpeg(upright, LONGEST_EDGE, quality=85), taken_at
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise refusal("too_many_pixels") from error
    except UnidentifiedImageError as error:
        raise refusal("damaged_picture" if _begins_as_picture(content) else "kind") from error
    except Exception as error:  # decoders raise whatever their libraries do; all of it means damage
        log.info("picture_refused", error=repr(error)[:300])
        raise refusal("damaged_picture") from error


def thumbnail_of(content: bytes) -> bytes:
    """Return the small picture for lists and reports, of one that was made by `picture_from`."""
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
        image.draft("RGB", (THUMBNAIL_EDGE, THUMBNAIL_EDGE))
        return as_jpeg(image.convert("RGB"), THUMBNAIL_EDGE, quality=82)


def as_jpeg(image: Image.Image, edge: int, quality: int) -> bytes:
    """Return an image as a JPEG of pixels alone; `edge` is the longest side."""
    smaller = image.copy()
    smaller.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    # Pillow would write a comment of the original again.
    smaller.info.clear()
    out = io.BytesIO()
    smaller.save(out, "JPEG", quality=quality, optimize=True, progressive=False)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")


def _check_head(image: Image.Image) -> None:
    """Look at what the picture says of itself, before it is decoded."""
    if image.width * image.height > MAX_PIXELS:
        raise refusal("too_many_pixels")
    if image.format in MOVING and getattr(image, "n_frames", 1) > 1:
        raise refusal("moving")


def _turned(image: Image.Image) -> tuple[Image.Image, datetime | None]:
    """Return the picture upright and when it was taken; what a camera garbled says neither."""
    image.load()
    try:
        taken_at = _taken_at(image)
        return ImageOps.exif_transpose(image), taken_at
    except Exception as error:  # noqa: BLE001  the notes beside a sound picture are no reason to refuse it
        log.info("exif_unreadable", error=repr(error)[:300])
        return image, None


def _begins_as_picture(content: bytes) -> bool:
    return content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    )


def _taken_at(image: Image.Image) -> datetime | None:
    exif = image.getexif()
    part = exif.get_ifd(EXIF_PART)
    for moment, zone in (
        (part.get(TAKEN_AT), part.get(ZONE_OF_TAKEN_AT)),
        (exif.get(WRITTEN_AT), part.get(ZONE_OF_WRITTEN_AT)),
    ):
        try:
            taken = datetime.strptime(str(moment), "%Y:%m:%d %H:%M:%S").replace(tzinfo=_zone(zone))
        except ValueError:
            continue
        # A camera whose clock was never set says year 1, 1970 or 1980, or a day that is to come.
        if taken.year >= FIRST_YEAR and taken <= datetime.now(UTC) + timedelta(days=1):
            return taken
    return None


def _zone(text: object) -> timezone | ZoneInfo:
    try:
        parsed = datetime.strptime(str(text), "%z").tzinfo
    except ValueError:
        return JAPAN
    return parsed if isinstance(parsed, timezone) else JAPAN
