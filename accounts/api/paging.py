"""Pages of an API list: by key, so that rows that come, go or change move no other row."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError

DEFAULT = 100
MAXIMUM = 1000

RowT = TypeVar("RowT", bound=Model)


def take_page(
    rows: QuerySet[RowT], *, key: tuple[str, str], scope: str, cursor: str, limit: int
) -> tuple[list[RowT], str]:
    """Return up to `limit` rows after the cursor, and the cursor of the next page ("" at the end).

    `key` names two columns of the row that together are unique and by which the list is ordered.
    `scope` is the list's name: a cursor of one list is refused by another. Cursors are signed and
    say nothing to the client. The deepest page costs as much as the first.
    """
    first, second = key
    if cursor:
        after, last = _read(scope, cursor)
        rows = rows.filter(
            Q(**{f"{first}__gt": after}) | Q(**{f"{second}__gt": last}), **{f"{first}__gte": after}
        )
    found = list(rows.order_by(first, second)[: limit + 1])
    if len(found) <= limit:
        return found, ""
    end = found[limit - 1]
    values = [_text(getattr(end, name)) for name in key]
    return found[:limit], signing.Signer(salt=f"api.{scope}").sign_object(values)


def _text(value: Any) -> str:
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def _read(scope: str, cursor: str) -> list[str]:
    """Return the values as text, which every column parses again by itself."""
    try:
        return list(signing.Signer(salt=f"api.{scope}").unsign_object(cursor))
    except (signing.BadSignature, ValueError):
        raise ValidationError(
            {"cursor": [_("This is not a cursor of this list. Start again without it.")]}
        ) from None
