"""A signature drawn with finger or pen: from what a browser sends to the path of a drawing.

Nothing that the browser sends is kept as it came: only numbers within the field are read, and the
path is written anew from them, so that no markup can hide in it.
"""

from __future__ import annotations

import json

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

WIDTH, HEIGHT = 600, 200
LONGEST = 100_000  # characters as sent
MOST_STROKES, MOST_POINTS = 200, 6_000
# A dot or a slip of the finger is no signature.
LEAST_EXTENT = 40


def path_of(sent: str) -> str:
    """Return the SVG path of strokes sent as JSON [[[x, y], …], …]; blank for none.

    Raises ValidationError for anything else, for too much, and for what is too small to be one.
    """
    strokes = _strokes(sent)
    points = [point for stroke in strokes for point in stroke]
    if not points:
        return ""
    xs, ys = zip(*points, strict=True)
    if max(max(xs) - min(xs), max(ys) - min(ys)) < LEAST_EXTENT:
        raise ValidationError(_("The signature is hardly to be seen. Draw it again, larger."))
    return "".join(_path(stroke) for stroke in strokes if stroke)


def _strokes(sent: str) -> list[list[tuple[int, int]]]:
    if not sent.strip():
        return []
    unreadable = ValidationError(_("The signature did not arrive whole. Draw it again."))
    if len(sent) > LONGEST:
        raise ValidationError(_("The signature has too many strokes. Draw it again, more simply."))
    try:
        raw = json.loads(sent)
    except (ValueError, RecursionError) as error:
        raise unreadable from error
    if not isinstance(raw, list) or not all(isinstance(stroke, list) for stroke in raw):
        raise unreadable
    if len(raw) > MOST_STROKES or sum(map(len, raw)) > MOST_POINTS:
        raise ValidationError(_("The signature has too many strokes. Draw it again, more simply."))
    if not all(_is_point(point) for stroke in raw for point in stroke):
        raise unreadable
    return [[(point[0], point[1]) for point in stroke] for stroke in raw]


def _is_point(point: object) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(type(value) is int for value in point)
        and 0 <= point[0] <= WIDTH
        and 0 <= point[1] <= HEIGHT
    )


def _path(stroke: list[tuple[int, int]]) -> str:
    """Return one stroke; a single point becomes a short line, which round ends make a dot."""
    first, *others = stroke
    return f"M{first[0]} {first[1]}" + "".join(f"L{x} {y}" for x, y in others or [first])
