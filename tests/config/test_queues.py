"""The worker for reports: new ones before those that are made again, on a real broker."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from config.broker import embedded_broker
from config.run import BASE_DIR, PDF_WORKER_OPTIONS, WORKER_OPTIONS
from tests.config.test_broker import wait_for

ASK = """
from tests.config.lining_up import remake_line, render_line
remake_line.delay("again 1", then="new 3")
for text in ("again 2", "again 3"):
    remake_line.delay(text)
for text in ("new 1", "new 2"):
    render_line.delay(text)
"""


def test_new_report_waits_for_no_report_that_is_made_again(tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    env = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    env |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ORIME_HOME": str(tmp_path),
        "SECRET_KEY": "only-for-a-test-" * 4,
        "ORIME_HTTPS": "false",
        "PYTHONWARNINGS": "ignore",
        "LINES": str(lines),
    }
    celery = [sys.executable, "-m", "celery", "-q", "-A", "tests.config.lining_up", "worker"]
    with embedded_broker(tmp_path), (tmp_path / "log").open("wb") as log:
        subprocess.run([sys.executable, "-c", ASK], cwd=BASE_DIR, env=env, check=True)
        worker = subprocess.Popen(
            [*celery, "-c", "1", *PDF_WORKER_OPTIONS, *WORKER_OPTIONS],
            cwd=BASE_DIR,
            env=env,
            stdout=log,
            stderr=log,
        )
        try:
            came = wait_for(lambda: lines.exists() and lines.read_text().count("\n") == 6, 120)
        finally:
            worker.terminate()
            worker.wait(30)
    assert came, (tmp_path / "log").read_text()[-3000:]
    order = ["new 1", "new 2", "again 1", "new 3", "again 2", "again 3"]
    assert lines.read_text().splitlines() == order
