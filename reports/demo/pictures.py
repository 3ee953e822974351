"""Drawn scenes of factories that stand for photos: abstract, small, and nobody in them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

SIZE = (480, 360)
Colour = tuple[int, int, int]
WALLS: tuple[Colour, ...] = ((222, 217, 205), (205, 213, 214), (214, 208, 216), (226, 222, 196))
FLOORS: tuple[Colour, ...] = ((150, 146, 138), (128, 138, 134), (164, 150, 128))
CLOTHS: tuple[Colour, ...] = (
    (36, 64, 98),
    (156, 52, 48),
    (202, 158, 72),
    (86, 118, 92),
    (96, 80, 120),
)


def draw(rng: Random) -> io.BytesIO:
    """Return one scene as a PNG, ready to be read; another one each time."""
    image = Image.new("RGB", SIZE, rng.choice(WALLS))
    pen = ImageDraw.Draw(image)
    width, height = SIZE
    horizon = rng.randint(170, 220)
    pen.rectangle((0, horizon, width, height), fill=rng.choice(FLOORS))
    # Light from the windows, and the line of a passage on the floor.
    for x in range(rng.randint(10, 40), width, rng.randint(70, 110)):
        pen.rectangle((x, 24, x + 46, 84), fill=(238, 243, 240), outline=(120, 120, 118), width=3)
    pen.polygon(
        ((width * 0.44, horizon), (width * 0.5, horizon), (width * 0.3, height), (0, height)),
        fill=(184, 180, 168),
    )
    pen.line((width * 0.44, horizon, 0, height), fill=(232, 196, 62), width=5)
    rng.choice(SCENES)(pen, rng, horizon)
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    out.seek(0)
    return out


def _looms(pen: ImageDraw.ImageDraw, rng: Random, horizon: int) -> None:
    for index in range(3):
        x, y, cloth = 150 + index * 105, horizon - 34 + index * 22, rng.choice(CLOTHS)
        pen.rectangle((x, y, x + 120, y + 74), fill=(88, 96, 100), outline=(48, 52, 56), width=3)
        pen.rectangle((x + 10, y + 12, x + 110, y + 54), fill=cloth)
        for line in range(x + 14, x + 108, 6):
            pen.line((line, y + 12, line, y + 54), fill=tuple(min(255, c + 40) for c in cloth))


def _rolls(pen: ImageDraw.ImageDraw, rng: Random, horizon: int) -> None:
    for level in range(3):
        for index in range(6 - level):
            x, y = 170 + index * 48 + level * 24, 300 - level * 44
            pen.ellipse((x, y, x + 46, y + 46), fill=rng.choice(CLOTHS), outline=(50, 46, 42))
            pen.ellipse((x + 16, y + 16, x + 30, y + 30), fill=(212, 196, 162))


def _vats(pen: ImageDraw.ImageDraw, rng: Random, horizon: int) -> None:
    for index in range(3):
        x, dye = 160 + index * 104, rng.choice(CLOTHS)
        pen.rectangle(
            (x, horizon, x + 84, horizon + 92), fill=(168, 174, 178), outline=(84, 88, 90)
        )
        pen.ellipse(
            (x, horizon - 16, x + 84, horizon + 18), fill=dye, outline=(84, 88, 90), width=3
        )
        pen.line((x + 42, horizon - 12, x + 42, 40), fill=(120, 124, 126), width=6)


def _panel(pen: ImageDraw.ImageDraw, rng: Random, horizon: int) -> None:
    pen.rectangle((210, 90, 310, horizon + 30), fill=(184, 188, 186), outline=(70, 74, 74), width=4)
    pen.polygon(((260, 104), (242, 136), (278, 136)), fill=(236, 190, 40), outline=(40, 40, 40))
    for index in range(rng.randint(2, 5)):
        x = 170 + index * 42
        pen.rectangle(
            (x, horizon + 20, x + 40, horizon + 62), fill=(176, 132, 84), outline=(96, 70, 40)
        )


def _exit(pen: ImageDraw.ImageDraw, rng: Random, horizon: int) -> None:
    pen.rectangle((220, 96, 300, horizon + 20), fill=(96, 116, 112), outline=(52, 60, 60), width=4)
    pen.rectangle((222, 62, 298, 86), fill=(30, 132, 76))
    pen.polygon(((270, 66), (288, 74), (270, 82)), fill=(240, 244, 240))
    if rng.random() < 0.6:
        pen.rectangle(
            (240, horizon - 30, 330, horizon + 44), fill=(172, 140, 92), outline=(90, 70, 40)
        )


SCENES: tuple[Callable[[ImageDraw.ImageDraw, Random, int], None], ...] = (
    _looms,
    _rolls,
    _vats,
    _panel,
    _exit,
)
