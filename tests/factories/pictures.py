"""Photos made by code."""

from __future__ import annotations

import io

from PIL import Image

from tests.factories.people import numbers


def picture(colour: tuple[int, int, int] | None = None, edge: int = 64) -> io.BytesIO:
    """A small JPEG; without a colour each one is different."""
    image = Image.new("RGB", (edge, edge), colour or (90, 110, 120))
    if colour is None:
        # The bits of a running number as blocks: JPEG must not make two of them the same.
        number = next(numbers)
        for bit in range(16):
            if number >> bit & 1:
                x, y = bit % 4 * 16, bit // 4 * 16
                image.paste((240, 220, 60), (x, y, x + 16, y + 16))
    out = io.BytesIO()
    image.save(out, "JPEG")
    out.seek(0)
    return out
