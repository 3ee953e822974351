"""A home of its own with workers that can be killed, and what is left of its reports."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from config.run import WORKER_OPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]


class House:
    """A home with its own database and broker, and the processes that work in it."""

    def __init__(self, home: Path, **more: str) -> None:
        self.home = home
        self.log = home / "processes.log"
        dropped = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        self.env = {key: value for key, value in os.environ.items() if key not in dropped}
        self.env |= {
            "ORIME_HOME": str(home),
            "SECRET_KEY": "only-for-a-test-" * 4,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ORIME_HTTPS": "false",
            "PYTHONWARNINGS": "ignore",
            **more,
        }

    def run(self, *arguments: str) -> None:
        """Run one command to its end."""
        with self.log.open("ab") as log:
            subprocess.run(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                check=True,
            )

    @contextmanager
    def celery(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a Celery process for the length of a block; it may be dead at the end."""
        command = [sys.executable, "-m", "celery", "-q", "-A", "config", *arguments]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # what a killed parent left behind

    def worker(self, queues: str, name: str, processes: int = 2) -> Any:
        """Run a worker as `make run` does."""
        options = ("-Q", queues, "-n", f"{name}@%h", "-c", str(processes), *WORKER_OPTIONS)
        return self.celery("worker", *options)

    def beat(self) -> Any:
        """Run the clock that sweeps."""
        return self.celery("beat", "-s", str(self.home / "beat-schedule"))

    def reports(self) -> list[dict[str, Any]]:
        """The rows of the reports as they stand."""
        with closing(sqlite3.connect(self.home / "orime.sqlite3", timeout=20)) as database:
            database.row_factory = sqlite3.Row
            rows = database.execute("SELECT * FROM reports_report ORDER BY revision, language")
            return [dict(row) for row in rows]

    def wait(self, holds: Callable[[list[dict[str, Any]]], bool], longest: float) -> float:
        """Wait until the reports are so; return the seconds it took."""
        start = time.monotonic()
        while not holds(self.reports()):
            if time.monotonic() - start > longest:
                tail = self.log.read_text(errors="replace")[-3000:]
                pytest.fail(f"not within {longest:.0f} s: {self.reports()}\n{tail}")
            time.sleep(0.05)
        return time.monotonic() - start


def all_ready(reports: list[dict[str, Any]]) -> bool:
    return bool(reports) and all(row["state"] == "ready" for row in reports)


def broken(house: House) -> tuple[int, int]:
    """How many reports have no whole file, and how many have more than one."""
    lost = doubled = 0
    for row in house.reports():
        file = house.home / "files" / row["file"]
        if hashlib.sha256(file.read_bytes()).hexdigest() != row["sha256"]:
            lost += 1
        doubled += len(list(file.parent.iterdir())) > 1
    return lost, doubled
