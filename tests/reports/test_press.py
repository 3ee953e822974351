"""The press over many documents: none leaves a trace in the next, and none stays in memory."""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
import weakref
from typing import TYPE_CHECKING

import pytest

from audits.terms import Status
from config.settings import BASE_DIR
from reports.documents import warm_up
from reports.models import Snapshot
from reports.services.reporting import pictures_of
from reports.tasks import sweep_jobs
from tests.factories import Scheme, audit_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# Prints as many other documents as it is told, each with characters of its own, and then the report.
PRINT = """
import hashlib, pickle, sys, django
django.setup()
from reports.documents import render_pdf, warm_up
from reports.documents.press import Sheets, print_sheets
warm_up()
for number in range(int(sys.argv[1])):
    text = "".join(chr(0x4E00 + number * 60 + place) for place in range(60))
    html = f"<html lang=ja><p class={('note', 'h1')[number % 2]}>{text}</p>"
    print_sheets(Sheets(html, ("report",), text))
data, pictures = pickle.load(sys.stdin.buffer)
print(hashlib.sha256(render_pdf(data, "ja", pictures=pictures)).hexdigest())
"""


@pytest.fixture
def _collecting_again() -> Iterator[None]:
    yield
    gc.enable()


def test_report_is_the_same_in_a_new_process_and_after_a_hundred_others(tmp_path: Path) -> None:
    audit = audit_at(Status.ISSUED, Scheme(), nonconforming=("1-1", "5-7"))
    data = Snapshot.objects.get(audit=audit).data
    content = pickle.dumps((data, pictures_of(audit, data)))
    # Both sign with the key of the same home.
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ORIME_HOME": str(tmp_path),
        "SECRET_KEY": "only-for-a-test-" * 4,
    }

    def printed(others: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", PRINT, str(others)]
        return subprocess.Popen(
            command, cwd=BASE_DIR, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    processes = printed(0), printed(100)
    first, second = (process.communicate(content)[0].split() for process in processes)

    assert first == second
    assert len(first[0]) == 64


@pytest.mark.usefixtures("_collecting_again")
def test_what_a_job_leaves_is_collected_when_it_is_done() -> None:
    class Knot:
        """Refers to itself, as pages do."""

        def __init__(self) -> None:
            self.itself = self

    warm_up()
    left = weakref.ref(Knot())
    assert left()

    sweep_jobs.apply()

    assert left() is None
