"""How everything is measured: the machine, repeated runs, queries, and a database of its own."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases


@dataclass(frozen=True)
class Measured:
    """What a benchmark found: raw figures, and ratios of figures to each other."""

    runs: int
    figures: dict[str, Any] = field(default_factory=dict)
    ratios: dict[str, float] = field(default_factory=dict)


def machine() -> dict[str, Any]:
    """Return on what was measured."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "database": connection.vendor,
        # How many others wanted a core at the same time.
        "load": round(os.getloadavg()[0], 1),
    }


@contextmanager
def own_database() -> Iterator[None]:
    """Make an empty database for one benchmark, and remove it afterwards."""
    made = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(made, verbosity=0)


def timed(do: Callable[[], object], runs: int) -> dict[str, float]:
    """Do something once unmeasured and `runs` times measured; return milliseconds of wall clock."""
    do()
    took, worked = [], []
    for _run in range(runs):
        start, busy = time.perf_counter(), time.process_time()
        do()
        took.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    return {
        "median_ms": round(median(took), 1),
        "best_ms": round(min(took), 1),
        "worst_ms": round(max(took), 1),
        # What the processor did for it: on a machine that others use, the wall clock says more
        # about them.
        "cpu_ms": round(median(worked), 1),
    }


def queries(do: Callable[[], object]) -> int:
    """Return how many queries something takes."""
    with CaptureQueriesContext(connection) as captured:
        do()
    return len(captured)
