"""Makes the texts of people fit for print: the one place that decides about odd characters.

Nothing that can be read is taken away. What draws nothing is shown as U+FFFD, what would turn the
text around it is left out, and an endless word gets places where a line may break.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Names, numbers and captions have at most 300 characters where they are entered; prose is free.
PROSE = frozenset(
    {
        "correction",
        "deviation_reason",
        "legal_basis",
        "prevention",
        "reason",
        "repeat",
        "report_text",
        "root_cause",
        "sentences",
        "taken_over",
        "text",
    }
)
LONGEST_LINE, LONGEST_PROSE = 1_000, 200_000
# Some five hundred pages; an audit has about fifty thousand characters.
LONGEST_REPORT = 1_000_000

REPLACEMENT = "\ufffd"
BREAK = "\u200b"
ISOLATE, END_ISOLATE = "\u2068", "\u2069"

_CONTROLS = chain(range(0x09), (0x0B, 0x0C), range(0x0E, 0x20), range(0x7F, 0xA0))
_NEVER_CHARACTERS = chain(
    range(0xFDD0, 0xFDF0),
    *((plane | 0xFFFE, plane | 0xFFFF) for plane in range(0, 0x110000, 0x10000)),
)
_TURNING = chain(range(0x202A, 0x202F), range(0x2066, 0x206A))
_TABLE = str.maketrans(
    dict.fromkeys(chain(_CONTROLS, _NEVER_CHARACTERS), REPLACEMENT)
    | dict.fromkeys(_TURNING, "")
    | dict.fromkeys((0x85, 0x2028, 0x2029), "\n")
)
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# Between Chinese or Japanese letters a line may break anyway.
_ENDLESS = re.compile(r"[^\s\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]{300,}")
# Nobody can type one; a text with it cannot even be written down.
_HALF = re.compile("[\ud800-\udfff]")
PIECE = 60


def legible(data: dict[str, Any], *, prose: bool = False) -> dict[str, Any]:
    """Return the data of a paper as they are printed; with `prose` any text in them may be long.

    Raises ValidationError when a text, or all of them together, is too long for print, or holds
    half a character.
    """
    total = 0

    def walk(value: Any, *, prose: bool) -> Any:
        nonlocal total
        if isinstance(value, dict):
            return {key: walk(row, prose=prose or key in PROSE) for key, row in value.items()}
        if isinstance(value, list):
            return [walk(row, prose=prose) for row in value]
        if not isinstance(value, str):
            return value
        if _HALF.search(value):
            raise ValidationError(
                _("A text holds half a character and cannot be printed. It begins: %(start)s")
                % {"start": _HALF.sub(REPLACEMENT, value[:40])},
                code="half_character",
            )
        total += len(value)
        _refuse_beyond(LONGEST_PROSE if prose else LONGEST_LINE, len(value), value)
        _refuse_beyond(LONGEST_REPORT, total, value)
        return printable(value)

    return cast("dict[str, Any]", walk(data, prose=prose))


def printable(text: str) -> str:
    """Return one text as it is printed."""
    if text.isascii() and text.isprintable() and len(text) < PIECE:
        return text
    clean = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TABLE)
    clean = _ENDLESS.sub(lambda run: BREAK.join(_pieces(run[0])), clean)
    if _RIGHT_TO_LEFT.search(clean):
        return "\n".join(f"{ISOLATE}{line}{END_ISOLATE}" for line in clean.split("\n"))
    return clean


def shorten(text: str, longest: int) -> str:
    """Return the beginning of a text for where only one line has room; the whole is elsewhere."""
    if len(text) <= longest:
        return text
    end = END_ISOLATE if ISOLATE in text else ""
    return f"{text[: longest - 1].rstrip()}…{end}"


def _pieces(run: str) -> list[str]:
    """Return an endless word in pieces; none begins with a mark of the letter before it."""
    starts = [0]
    for place in range(PIECE, len(run)):
        far = place - starts[-1]
        if far >= PIECE and (
            far >= 2 * PIECE or not unicodedata.category(run[place]).startswith("M")
        ):
            starts.append(place)
    return [run[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]


def _refuse_beyond(most: int, length: int, text: str) -> None:
    if length > most:
        values = {"count": length, "most": most, "start": text[:40].translate(_TABLE)}
        raise ValidationError(
            _(
                "A text is too long to be printed (%(count)d characters, at most %(most)d). "
                "It begins: %(start)s"
            )
            % values,
            code="too_long",
        )
