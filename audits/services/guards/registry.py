"""The guards by name, as the table of transitions knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from audits.models import Audit

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from audits.workflow import Move

Sentences = Iterator["str | _StrPromise"]
Guard = Callable[[Audit, "Move"], Sentences]
GUARDS: dict[str, Guard] = {}


def guard(function: Guard) -> Guard:
    """Register a guard under its own name."""
    GUARDS[function.__name__] = function
    return function
