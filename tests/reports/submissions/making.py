"""Making submission papers, and looking into what was made."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from audits.models import Result
from reports.models import SubmissionFile, SubmissionTarget
from reports.services.submissions import make_submission
from reports.snapshot.submissions import Answer
from reports.tasks import render_paper
from reports.terms import JobState
from tests.factories import Scheme

if TYPE_CHECKING:
    pass


PAPER = "勤怠システムの<b>画面</b>"
ADDRESS = "https://example.jp/declaration.pdf"
QUERIES = 12


def make(scheme: Scheme, result: Result, target: SubmissionTarget, **more: Any) -> SubmissionFile:
    more.setdefault("answers", {"r1": Answer(met=True, paper=PAPER)})
    more.setdefault("actor", scheme.manager)
    more.setdefault("seen", target.version)
    return make_submission(result=result, target=target, **more)


def made(scheme: Scheme, result: Result, target: SubmissionTarget, **more: Any) -> SubmissionFile:
    row = make(scheme, result, target, **more)
    render_paper(*row.message)
    row.refresh_from_db()
    assert row.state == JobState.READY, row.error
    return row


def unzip(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def kept(row: SubmissionFile) -> bytes:
    with row.file.open("rb") as file:
        return bytes(file.read())
