"""What is wrong in a catalogue, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault; `row` is the line in the file counted from 1 (the header), None for the whole file."""

    file: str
    row: int | None
    column: str
    reason: str | _StrPromise
