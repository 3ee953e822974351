"""What is wrong in a catalogue, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import lazystr
from django.utils.text import format_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault; `row` is the line of the file (the header is 1), None when it concerns the whole file."""

    file: str
    row: int | None
    column: str
    reason: _StrPromise


def because(sentence: _StrPromise | str, **values: Any) -> _StrPromise:
    """A lazily translated reason with its `{placeholders}` filled in."""
    return format_lazy(sentence, **values) if values else lazystr(sentence)
