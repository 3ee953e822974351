"""The one text of a snapshot, and its hash."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.snapshot.values import Data


def canonical(snapshot: Data) -> str:
    """Return the one JSON text of a snapshot: keys sorted, no spaces, characters as themselves."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a canonical text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
