"""Names and captions as people may read them: one line, nothing that hides or turns around."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

LONGEST_NAME = 120
# They write from right to left, so that "exe.gpj" reads as "jpg.exe".
TURNING = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
INVISIBLE = {"Cc", "Cs", "Zl", "Zp"}


def one_line(text: str) -> str:
    """Return the text composed (NFC), with spaces for control characters and line ends."""
    kept = (
        " " if unicodedata.category(sign) in INVISIBLE else sign
        for sign in text
        if sign not in TURNING
    )
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def file_name(given: str, extension: str) -> str:
    """Return the given name without its path, with the extension that the content has."""
    name = PurePosixPath(one_line(given).replace("\\", "/")).name.strip(". ")
    stem = PurePosixPath(name).stem.strip(". ") if name else ""
    return (stem[: LONGEST_NAME - len(extension)].strip() or "file") + extension
