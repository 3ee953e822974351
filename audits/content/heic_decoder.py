"""Turn the HEIC on standard input into a JPEG on standard output, and do nothing else.

It runs as a program of its own, without the site's environment: the decoder is a large C++ library
that reads files from strangers. When it crashes, hangs or eats memory, only this process ends.
"""

from __future__ import annotations

import io
import resource
import sys

from pi_heif import register_heif_opener
from PIL import Image

MOST_MEMORY = 2 * 1024**3
MOST_SECONDS = 20
TOO_MANY_PIXELS = 3


def main() -> int:
    """Decode; the exit status is 0, TOO_MANY_PIXELS, or whatever an error ends with."""
    edge, most_pixels = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    register_heif_opener(thumbnails=False, decode_threads=1)
    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=("HEIF",)) as image:
        if image.width * image.height > most_pixels:
            return TOO_MANY_PIXELS
        exif = image.getexif().tobytes()
        smaller = image.convert("RGB")
        smaller.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    smaller.save(out, "JPEG", quality=95, exif=exif)
    sys.stdout.buffer.write(out.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main())
