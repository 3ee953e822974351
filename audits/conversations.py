"""Comments on findings with their answers beneath, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audits.terms import CommentKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.models import FindingComment


@dataclass(frozen=True)
class Thread:
    """A remark or dispute and what was answered to it."""

    comment: FindingComment
    answers: list[FindingComment] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """Say whether the answer is still missing."""
        return self.comment.answered_at is None


def threads(comments: Iterable[FindingComment]) -> list[Thread]:
    """Return remarks and disputes in the order given, each with its answers."""
    comments = list(comments)
    found = {row.pk: Thread(row) for row in comments if row.kind != CommentKind.ANSWER}
    for row in comments:
        if row.reply_to_id in found:
            found[row.reply_to_id].answers.append(row)
    return list(found.values())
