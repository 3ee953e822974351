"""What a printed report has to be: complete, in fonts that it carries, with no glyph missing."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # ships no types
from pypdf import PdfReader
from pypdf.generic import ContentStream

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUIREMENTS = (
    Path(__file__).resolve().parents[2] / "audits/standards/data/jasti-2025/requirements.csv"
)


def codes() -> list[str]:
    """Return the codes of all requirements, in order."""
    with REQUIREMENTS.open(encoding="utf-8-sig", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


def faults_of(pdf: Path, *, name: str) -> list[str]:
    """Return what is wrong with a report of a site of this name, in words; nothing when it is good."""
    text = run("pdftotext", "-layout", str(pdf), "-")
    found = [
        f"{code} is missing"
        for code in codes()
        if not re.search(rf"(?<![\d-]){code}(?![\d-])", text)
    ]
    found += [f"{sign!r} in the text" for sign in ("\ufffd", "(cid:") if sign in text]
    if name not in text:
        found.append(f"{name} is missing")
    fonts = run("pdffonts", str(pdf)).splitlines()[2:]
    # The last columns are: embedded, subset, Unicode map, object and generation.
    found += [f"not embedded: {line}" for line in fonts if line.split()[-5] != "yes"]
    if not fonts:
        found.append("no fonts")
    pages = {number for number, size, glyphs in shown_glyphs(pdf) if glyph_is_missing(size, glyphs)}
    return found + [f"a glyph is missing on page {number}" for number in sorted(pages)]


def shown_glyphs(pdf: Path) -> Iterator[tuple[int, int, bytes]]:
    """Yield page, number of glyphs of the font, and the glyphs (two bytes each) of each drawn text."""
    reader = PdfReader(pdf)
    sizes: dict[str, int] = {}
    for number, page in enumerate(reader.pages, start=1):
        contents = page.get_contents()
        size = 0
        for operands, operator in (
            ContentStream(contents, reader).operations if contents is not None else ()
        ):
            if operator == b"Tf":
                name = str(operands[0])
                if name not in sizes:
                    sizes[name] = glyphs_in(page["/Resources"]["/Font"][name])  # type: ignore[index]  # a dictionary
                size = sizes[name]
            elif operator in (b"TJ", b"Tj"):
                for part in operands[0] if operator == b"TJ" else operands:
                    if hasattr(part, "original_bytes"):
                        yield number, size, part.original_bytes


def glyphs_in(font: Any) -> int:
    """Return how many glyphs the font file that the report carries has."""
    descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
    file = next(descriptor[key] for key in descriptor if key.startswith("/FontFile"))
    with TTFont(io.BytesIO(file.get_object().get_data())) as found:
        return int(found["maxp"].numGlyphs)


def glyph_is_missing(size: int, glyphs: bytes) -> bool:
    """Say whether a box for a missing character is among them: glyph 0, or one beyond the font."""
    numbers = (int.from_bytes(glyphs[at : at + 2]) for at in range(0, len(glyphs), 2))
    return any(number == 0 or number >= size for number in numbers)


def run(*command: str) -> str:
    """Return what a program prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
