"""What a submission set says, as plain data: the statement of result, its validity, the answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from audits.terms import GradeLetter
from reports.snapshot.audits import site_of
from reports.snapshot.building import verification_address
from reports.snapshot.people import acting
from reports.snapshot.values import Data, day, moment, names_of, pair_of
from ui.calendars import add_months, months_and_days

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from accounts.models import User
    from audits.models import Result
    from reports.models import Report, SubmissionTarget

SCHEMA = "orime-submission"
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Answer:
    """What a supplier says of one requirement of a target; `met` False is: not answered."""

    met: bool = False
    paper: str = ""
    day: date | None = None
    address: str = ""


def submission_of(
    result: Result,
    target: SubmissionTarget,
    answers: Mapping[str, Answer],
    *,
    number: str,
    actor: User,
    now: datetime,
    today: date,
    report: Report | None,
) -> Data:
    """Return everything that the papers of a submission say; `report` is enclosed when given."""
    supplier = result.audit.site.supplier
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "number": number,
        "made_at": moment(now),
        "made_by": acting(actor, supplier.organisation),
        "target": {
            "name": names_of(target),
            "recipient": {
                "ja": target.recipient_ja,
                "en": target.recipient_en or target.recipient_ja,
            },
            "version": target.version,
        },
        "statement": statement_of(result),
        "remaining": remaining_of(result, today, target.minimum_months),
        "warnings": warnings_of(result, today, target.minimum_months),
        "requirements": [
            _answered(row, answers.get(row["code"], Answer())) for row in target.requirements
        ],
        "papers": [
            {"paper": "cover", "language": target.cover_language},
            {"paper": "statement", "language": target.statement_language},
        ],
        "report": {
            "id": str(report.pk),
            "file_name": report.file_name,
            "sha256": report.sha256,
            "language": report.language,
            "pages": report.pages,
        }
        if report
        else None,
    }


def statement_of(result: Result) -> Data:
    """Return what the statement of a result says."""
    audit = result.audit
    standard = audit.pinned_standard
    return {
        "number": result.number,
        "audit": audit.number,
        "revision": result.revision,
        "site": site_of(audit),
        "kind": audit.kind,
        "standard": {"version": standard.version, "title": pair_of(standard, "title")},
        "visit_from": day(audit.planned_from),
        "visit_until": day(audit.planned_until),
        "grade": result.grade,
        "official": result.official,
        "issued_on": day(result.issued_on),
        "renewal_due_on": day(result.renewal_due_on),
        "body": names_of(audit.body) if audit.body else None,
        "secretariat": names_of(audit.secretariat),
        "verification_code": result.verification_code,
        "verification_address": verification_address(result.verification_code),
    }


def remaining_of(result: Result, today: date, minimum: int) -> Data:
    """Return how long it is until the date of renewal, counted on `today`."""
    until = result.renewal_due_on
    months, days = months_and_days(today, until) if until else (0, 0)
    return {
        "counted_on": day(today),
        "until": day(until),
        "months": months,
        "days": days,
        "minimum_months": minimum,
    }


def warnings_of(result: Result, today: date, minimum: int) -> list[str]:
    """Return codes of what the recipient may not accept; the papers and the page say them in words."""
    until = result.renewal_due_on
    warned = []
    if until is None:
        warned.append("no_renewal_day")
    elif until < today:
        warned.append("past_renewal")
    elif until < add_months(today, minimum):
        warned.append("short")
    if result.grade == GradeLetter.NONE:
        warned.append("no_grade")
    if not result.official:
        warned.append("provisional")
    return warned


def _answered(row: Data, answer: Answer) -> Data:
    """Return a requirement with its answer; what belongs to no answer is not kept."""
    return {
        "code": row["code"],
        "text": row["text"],
        "proof": row["proof"],
        "met": answer.met,
        "paper": answer.paper.strip() if answer.met else "",
        "day": day(answer.day) if answer.met and row["asks_day"] else None,
        "address": answer.address if answer.met and row["asks_address"] else "",
    }
