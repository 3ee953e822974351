"""Review, check of facts, and decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.services.assessment import computed_grade
from audits.services.perform import perform
from audits.terms import Act

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from audits.models import Audit


def send_back(
    *,
    actor: User,
    audit: Audit,
    comment: str,
    comments: Mapping[str, str] | None = None,
    expected_version: int | None = None,
) -> Audit:
    """Send the report back to the team; `comments` are by requirement code, to be answered."""
    return perform(
        audit,
        Act.SEND_BACK,
        actor=actor,
        comment=comment,
        data={"comments": dict(comments or {})},
        expected_version=expected_version,
    )


def pass_review(
    *, actor: User, audit: Audit, comment: str = "", expected_version: int | None = None
) -> Audit:
    """Pass the review; the supplier is asked to check the facts."""
    return perform(
        audit, Act.PASS_REVIEW, actor=actor, comment=comment, expected_version=expected_version
    )


def dispute(*, actor: User, audit: Audit, disputes: Mapping[str, str]) -> Audit:
    """Dispute facts; `disputes` maps requirement codes to what is wrong."""
    return perform(audit, Act.DISPUTE, actor=actor, data={"disputes": dict(disputes)})


def accept_facts(*, actor: User | None, audit: Audit) -> Audit:
    """Accept the facts, by the supplier or (actor None) because the time is over."""
    return perform(audit, Act.ACCEPT_FACTS, actor=actor)


def issue(
    *,
    actor: User,
    audit: Audit,
    grade: str,
    reason: str = "",
    seconded_by: User | None = None,
    expected_version: int | None = None,
) -> Audit:
    """Issue the result; a grade that differs from the computed one needs a reason and a second."""
    return perform(
        audit,
        Act.ISSUE,
        actor=actor,
        data={
            "grade": grade,
            "computed": computed_grade(audit).grade,
            "reason": reason,
            "seconded_by": seconded_by,
        },
        expected_version=expected_version,
    )
