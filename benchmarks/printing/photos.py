"""Pictures that cost as much as photos: light and dark on every scale, and a little grain."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageChops

SIZE = (1600, 1200)
# Edges of the patches in pixels, and how much of the picture each layer is: in a photo too the
# fine structure is fainter than the coarse.
LAYERS = ((800, 1.0), (400, 0.5), (200, 0.42), (100, 0.34), (50, 0.27), (25, 0.22), (12, 0.17))
FINE = ((6, 0.14), (3, 0.11), (1, 0.055))


def photo(seed: int) -> io.BytesIO:
    """Return one picture as a JPEG of about 450 kB, the same for the same seed."""
    rng = Random(seed)
    light = _layered(rng, (*LAYERS, *FINE))
    colours = [ImageChops.soft_light(light, _layered(rng, LAYERS[:4])) for _channel in "RGB"]
    out = io.BytesIO()
    Image.merge("RGB", colours).save(out, "JPEG", quality=88)
    out.seek(0)
    return out


def _layered(rng: Random, layers: tuple[tuple[int, float], ...]) -> Image.Image:
    picture = Image.new("L", SIZE, 128)
    for edge, share in layers:
        small = (SIZE[0] // edge + 2, SIZE[1] // edge + 2)
        noise = Image.frombytes("L", small, rng.randbytes(small[0] * small[1]))
        picture = Image.blend(picture, noise.resize(SIZE, Image.Resampling.BICUBIC), share)
    return picture
