"""How a snapshot writes names, days, moments and texts in two languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import override

from suppliers.prefectures import BY_CODE

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from accounts.models import User

LANGUAGES = ("ja", "en")

Data = dict[str, Any]


def names_of(thing: Any) -> Data:
    """Return a name in both languages."""
    return {"ja": thing.name_ja, "en": thing.name_en or thing.name_ja}


def pair_of(thing: Any, name: str) -> Data:
    """Return a text in both languages; where one is missing the other stands for it."""
    ja, en = getattr(thing, f"{name}_ja"), getattr(thing, f"{name}_en")
    return {"ja": ja or en, "en": en or ja}


def in_both(sentence: Any) -> Data:
    """Return what a sentence says in each language."""
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = sentence()
    return said


def number(value: Decimal | None) -> str | None:
    """Return a number as text, without needless zeros."""
    return None if value is None else f"{value.normalize():f}"


def moment(value: datetime | None) -> str | None:
    """Return a moment in the time of Japan, as ISO 8601 to the second."""
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None


def day(value: date | None) -> str | None:
    """Return a day as ISO 8601."""
    return value.isoformat() if value else None


def prefecture(code: int) -> Data:
    """Return a prefecture with its code and names."""
    return {"code": code, "ja": BY_CODE[code].ja, "en": BY_CODE[code].en}


def person(user: User | None) -> str:
    """Return the name of a person; nothing for nobody."""
    return user.name if user else ""
