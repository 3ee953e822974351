"""How each kind of paper is printed: one line in a table, and one way to have it done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Case, Count, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.module_loading import import_string

from reports import template_versions
from reports.models import ActionPlanPaper, ConsentPaper, Preliminary, Report, SubmissionFile
from reports.services.consents import print_consent
from reports.services.plans import print_plan
from reports.services.preliminary import print_preliminary
from reports.services.printing import Printed, Renew, carry_out, keep, renewal
from reports.services.reporting import print_report
from reports.services.submissions import print_submission
from reports.terms import JobState

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

    from reports.models import Claim
    from reports.models.papers import Paper

PaperRows = TypeVar("PaperRows", bound="QuerySet[Any]")


@dataclass(frozen=True)
class Printing:
    """How one kind is printed: `prints` takes (row, typeset, renew) and touches no job.

    The typesetter is loaded only when it is used: the web's processes get by without its 60 MB.
    """

    prints: Callable[[Any, Any, Renew], Printed]
    typesetter: str
    template_version: str

    @property
    def typeset(self) -> Callable[..., Printed]:
        """Load the typesetter."""
        found: Callable[..., Printed] = import_string(self.typesetter)
        return found


PAPERS: dict[type[Paper], Printing] = {
    Report: Printing(print_report, "reports.documents.typeset", template_versions.REPORT),
    Preliminary: Printing(
        print_preliminary,
        "reports.documents.preliminary.typeset_preliminary",
        template_versions.PRELIMINARY,
    ),
    ConsentPaper: Printing(
        print_consent, "reports.documents.consents.typeset_consent", template_versions.CONSENT
    ),
    SubmissionFile: Printing(
        print_submission,
        "reports.documents.submissions.typeset_submission",
        template_versions.SUBMISSION,
    ),
    ActionPlanPaper: Printing(
        print_plan, "reports.documents.plans.typeset_plan", template_versions.PLAN
    ),
}


def render(
    kind: type[Paper], pk: UUID | str, *, typeset: Callable[..., Printed] | None = None
) -> bool:
    """Print one paper if nobody else does; say whether this call made the file.

    A failure is kept with its reason and tried again later; it is not raised.
    """
    printing = PAPERS[kind]

    def make(claim: Claim) -> bool:
        renew = renewal(kind, claim)
        row = kind.jobs().get(pk=claim.pk)
        return keep(claim, row, printing.prints(row, typeset or printing.typeset, renew))

    return carry_out(kind, pk, make)


def lined_up(rows: PaperRows) -> PaperRows:
    """Add to each waiting row as `ahead` how many papers of any kind wait before it, in one query."""
    waiting = [
        kind.jobs()
        .filter(state=JobState.QUEUED, due_at__lt=OuterRef("due_at"))
        .order_by()
        .values("state")
        .annotate(n=Count("pk"))
        .values("n")
        for kind in PAPERS
    ]
    ahead: Combinable = Value(0)
    for each in waiting:
        ahead = ahead + Coalesce(Subquery(each, output_field=IntegerField()), 0)
    return rows.annotate(ahead=Case(When(state=JobState.QUEUED, then=ahead)))
