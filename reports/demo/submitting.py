"""Submission papers of the demo: of the supplier of the sign-ins, and of a result with a date of renewal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from audits.models import Result
from reports.demo.planned import MAIN
from reports.models import SubmissionTarget
from reports.snapshot.submissions import Answer
from reports.tasks import queue_submission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.demo.clock import Clock
    from reports.demo.life import Life

DECLARATION = "https://www.example.jp/declarations/12345.pdf"


def submit_results(lives: Iterable[Life], clock: Clock) -> None:
    """Have the papers made: two requirements are confirmed, the third is open in one of the sets."""
    target = SubmissionTarget.objects.offered()[0]
    standing = {
        row.audit_id: row
        for row in Result.objects.current().select_related("audit__site__supplier")
    }
    rows = [row for row in lives if row.audit.pk in standing]
    ours = next(row for row in rows if row.plan.site == MAIN)
    dated = next(row for row in rows if standing[row.audit.pk].renewal_due_on)
    for life, salary in ((ours, False), (dated, True)):
        clock.tick(7)
        queue_submission(
            actor=life.manager,
            result=standing[life.audit.pk],
            target=target,
            seen=target.version,
            answers={
                "r1": Answer(met=True, paper="勤怠管理システムの画面の写し"),
                "r2": Answer(
                    met=True,
                    paper="パートナーシップ構築宣言",
                    day=clock.today - timedelta(days=200),
                    address=DECLARATION,
                ),
                "r3": Answer(met=salary, paper="雇用条件書の写し(全員分)"),
            },
        )
