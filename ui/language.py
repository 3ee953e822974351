"""Database texts in two languages, read in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, overload

from django.utils.translation import get_language

Language = Literal["ja", "en"]


def active_language() -> Language:
    """Return "en" when the active language is English, else "ja", the first language."""
    return "en" if (get_language() or "ja").lower().startswith("en") else "ja"


def listed(words: Iterable[str]) -> str:
    """Return words one after the other, as the active language separates them."""
    return (", " if active_language() == "en" else "、").join(words)


def in_language(obj: object, name: str, language: Language) -> str:
    """Return `obj.<name>_<language>`; when that text is empty, the text of the other language."""
    other = "ja" if language == "en" else "en"
    first = getattr(obj, f"{name}_{language}", None)
    text = first or getattr(obj, f"{name}_{other}", None)
    return str(text) if text else ""


def localized(obj: object, name: str) -> str:
    """Return the text `name` of `obj` in the active language, falling back to the other one."""
    return in_language(obj, name, active_language())


class Localized:
    """Read-only text in the reader's language: `title = Localized()` reads `title_ja` or `title_en`."""

    name: str

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Localized: ...

    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> str: ...

    def __get__(self, instance: object | None, owner: type[Any] | None = None) -> Localized | str:
        return self if instance is None else localized(instance, self.name)
