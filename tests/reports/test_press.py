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
from reports.documents import render_pdf, warm_up
from reports.documents.press import Sheets, print_sheets
from reports.models import Snapshot
from reports.services.reporting import pictures_of
from reports.tasks import sweep_jobs
from tests.factories import Scheme, audit_at

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PRINT = """
import pickle, sys, django
django.setup()
from reports.documents import render_pdf
data, pictures = pickle.load(sys.stdin.buffer)
sys.stdout.buffer.write(render_pdf(data, "ja", pictures=pictures))
"""


@pytest.fixture
def _collecting_again() -> Iterator[None]:
    yield
    gc.enable()


def test_report_is_the_same_in_a_new_process_and_after_a_hundred_others() -> None:
    audit = audit_at(Status.ISSUED, Scheme(), nonconforming=("1-1", "5-7"))
    data = Snapshot.objects.get(audit=audit).data
    pictures = pictures_of(audit, data)
    # Of the same home, and so with the same key; it prints while this process prints others.
    new = subprocess.Popen(
        [sys.executable, "-c", PRINT],
        cwd=BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert new.stdin
    new.stdin.write(pickle.dumps((data, pictures)))
    new.stdin.close()
    new.stdin = None

    for number in range(100):
        text = "".join(chr(0x4E00 + number * 60 + place) for place in range(60))
        html = f"<html lang=ja><p class={('note', 'h1')[number % 2]}>{text}</p>"
        print_sheets(Sheets(html, ("report",), text))

    assert new.communicate()[0] == render_pdf(data, "ja", pictures=pictures)


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
