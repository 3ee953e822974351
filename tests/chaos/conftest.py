"""The table of the fault tests: what was broken, what came back, and how long it took."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS = Path(__file__).resolve().parents[2] / "benchmarks" / "results"


@dataclass
class Row:
    """One fault: how many pieces of work there were, were lost, were done twice; seconds to heal."""

    fault: str
    work: int
    lost: int
    doubled: int
    seconds: float


@pytest.fixture(scope="session")
def table() -> Iterator[list[Row]]:
    """Rows to print and to keep in benchmarks/results/chaos.json at the end."""
    rows: list[Row] = []
    yield rows
    print(f"\n{'fault':<48}{'work':>6}{'lost':>6}{'doubled':>9}{'seconds':>9}")  # noqa: T201  make chaos is read
    for row in rows:
        print(f"{row.fault:<48}{row.work:>6}{row.lost:>6}{row.doubled:>9}{row.seconds:>9.1f}")  # noqa: T201  as above
    RESULTS.mkdir(parents=True, exist_ok=True)
    content = {
        "name": "chaos",
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "runs": 1,
        "figures": {row.fault: asdict(row) for row in rows},
        "ratios": {},
    }
    (RESULTS / "chaos.json").write_text(
        json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
