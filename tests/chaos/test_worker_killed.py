"""A worker that is killed while it prints loses nothing and doubles nothing."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from config.broker import embedded_broker
from tests.chaos.conftest import Row
from tests.chaos.house import House, all_ready, broken

if TYPE_CHECKING:
    from pathlib import Path

TWO_MINUTES = 120.0
pytestmark = pytest.mark.chaos


def test_killed_worker_leaves_each_report_ready_once(tmp_path: Path, table: list[Row]) -> None:
    house = House(tmp_path)
    with embedded_broker(tmp_path):
        house.run("manage.py", "migrate", "-v", "0")
        with house.worker("pdf", "first") as worker:
            house.run("-m", "tests.chaos.issue")
            house.wait(lambda rows: any(row["state"] == "running" for row in rows), 60)
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
        left = [row["state"] for row in house.reports()]
        assert "running" in left
        assert "ready" not in left

        with house.worker("default,pdf", "second"), house.beat():
            seconds = house.wait(all_ready, TWO_MINUTES)
            lost, doubled = broken(house)
            table.append(Row("worker killed while printing", len(left), lost, doubled, seconds))
            assert (lost, doubled) == (0, 0)
            assert any(row["attempts"] == 2 for row in house.reports())

            before = house.reports()
            house.run("-c", DELIVER_AGAIN)
            time.sleep(5)
            lost, doubled = broken(house)
            doubled += house.reports() != before
            table.append(Row("each message delivered 20 times", 40, lost, doubled, 0))
            assert (lost, doubled) == (0, 0)


DELIVER_AGAIN = """
import django
django.setup()
from celery import current_app
from reports.models import Report
for report in Report.objects.all():
    for _time in range(20):
        current_app.send_task(report.task, report.message)
"""
