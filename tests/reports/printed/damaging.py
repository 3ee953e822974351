"""What rots a file, or somebody who forges one: behind the back of the application."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.models.papers import Paper


def forge(row: Paper, content: bytes = b"%PDF-1.7 forged") -> None:
    """Write other bytes into the file of a paper."""
    path = Path(row.file.path)
    path.chmod(0o600)
    path.write_bytes(content)


def lose(row: Paper) -> None:
    """Take the file of a paper away."""
    Path(row.file.path).unlink()
