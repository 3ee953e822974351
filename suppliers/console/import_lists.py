"""What the pages of an import need to know of one kind of list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from suppliers.imports.headers import Columns
from suppliers.imports.reading import Parsed
from suppliers.services.plans import Outcome

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Row = TypeVar("Row")


@dataclass(frozen=True)
class ListImport(Generic[Row]):
    """One kind of list: its columns, how it is read, looked at, imported and shown.

    `look` returns what an import that leaves bad rows out would do, and keeps nothing; `run`
    imports. `upload` and `preview` are the templates; `choose_url`, `preview_url` and `done_url`
    name the addresses of the pages.
    """

    columns: Columns
    needed: tuple[str, ...]
    # A made-up row, in Japanese and in English, for the empty list that can be downloaded.
    example: dict[str, tuple[str, str]]
    empty_list: str
    label: _StrPromise
    help_text: _StrPromise
    read: Callable[[bytes, str], Parsed[Row]]
    look: Callable[..., Outcome]
    run: Callable[..., Outcome]
    shown: Callable[[Row], dict[str, Any]]
    upload: str
    preview: str
    choose_url: str
    preview_url: str
    done_url: str
    trail: Callable[[], list[dict[str, Any]]] = list
