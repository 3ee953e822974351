"""Two workers are killed at random twenty times while a hundred reports are made."""

from __future__ import annotations

import os
import signal
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from config.broker import embedded_broker
from tests.chaos.conftest import Row
from tests.chaos.house import House, all_ready, broken

if TYPE_CHECKING:
    import subprocess

REPORTS = 100
KILLS = 20
# Well above the longest step of a report on a busy machine; the usual minute would only be waited.
LEASE_SECONDS = "20"
LONGEST = 280.0
pytestmark = pytest.mark.chaos


def kill(worker: subprocess.Popen[bytes], how: str) -> None:
    """Kill the whole worker as a lost machine would, its parent alone, or the process that prints."""
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
    if how == "printing" and children:
        os.kill(int(children[0]), signal.SIGKILL)
    elif how == "parent":
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    else:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def busy(made: int, rows: list[dict[str, Any]]) -> bool:
    """Say whether so many reports are made and another one is being printed."""
    states = [row["state"] for row in rows]
    return states.count("ready") >= made and "running" in states


def test_workers_killed_at_random_make_each_report_once(tmp_path: Path, table: list[Row]) -> None:
    draw = Random(20261129)  # noqa: S311  repeatable on purpose, guards nothing
    house = House(tmp_path, JOB_LEASE_SECONDS=LEASE_SECONDS)
    with embedded_broker(tmp_path), ExitStack() as stack:
        house.run("manage.py", "migrate", "-v", "0")
        house.run("-m", "tests.chaos.issue_many")
        start = time.monotonic()

        def begin(name: str) -> subprocess.Popen[bytes]:
            worker: subprocess.Popen[bytes] = stack.enter_context(
                house.worker("default,pdf", name, processes=1)
            )
            return worker

        workers = [begin("first0"), begin("second0")]
        stack.enter_context(house.beat())
        for number in range(1, KILLS + 1):
            # One after every four reports, so that the last is killed before the last are made.
            house.wait(partial(busy, 4 * (number - 1)), LONGEST)
            time.sleep(draw.uniform(0, 2))
            place = draw.randrange(2)
            kill(workers[place], draw.choice(("machine", "parent", "printing")))
            if workers[place].poll() is not None:
                workers[place] = begin(f"{('first', 'second')[place]}{number}")
        assert not all_ready(house.reports())
        house.wait(all_ready, LONGEST)
        seconds = time.monotonic() - start

        rows = house.reports()
        lost, doubled = broken(house)
        table.append(
            Row("two workers killed at random 20 times", len(rows), lost, doubled, seconds)
        )
        assert len(rows) == REPORTS
        assert (lost, doubled) == (0, 0)
        assert len({row["sha256"] for row in rows}) == REPORTS
        # Reports were interrupted, and no interruption counted as a failure of theirs.
        assert sum(row["attempts"] - 1 for row in rows) >= KILLS // 4
        assert all(row["failures"] == 0 for row in rows)
