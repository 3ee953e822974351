"""The first page of the console: how the scheme, a secretariat or a body stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_GET

from audits.console.access import for_desks
from audits.models import Audit, CorrectiveAction, Finding, Result
from audits.terms import GradeLetter, ResultStatus, Severity, Status
from audits.weaving import strips
from audits.workflow import OPEN
from reports.figures import MINIMUM_SITES, Step
from reports.services import overview
from ui.calendars import add_months
from ui.charts import Bar, Rate, bars, scheme_legend, scheme_weave

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse
    from django.utils.safestring import SafeString

    from accounts.http import UserRequest
    from accounts.models import User
    from audits.standards.models import Standard
    from reports.services.overview import CategoryConformity

RENEWAL_MONTHS = 6
RUNNING = 8
# An application that was not handed in is still the supplier's own.
UNDER_WAY = (*OPEN[1:], Status.ISSUED)
GRADE_TONES = {GradeLetter.A: "moss", GradeLetter.B: "navy", GradeLetter.NONE: "red"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing and the rows of the table that says the same."""

    drawing: SafeString
    rows: Sequence[Sequence[Any]]


@require_GET
@for_desks
def home(request: UserRequest) -> HttpResponse:
    """Show the figures of what the reader stands for, and what is under way."""
    user = request.user
    scope = overview.scope_of(user)
    standards = overview.standards_with_figures(user)
    wanted = request.GET.get("standard")
    standard = next((row for row in standards if row.version == wanted), None)
    standard = standard or next(iter(standards), None)
    context = {
        "organisations": overview.organisations_of(scope),
        "standards": standards,
        "standard": standard,
        "minimum_sites": MINIMUM_SITES,
        "renewal_months": RENEWAL_MONTHS,
        "states": _states(user),
        "overdue": _overdue(user),
        "renewals": _renewals(user),
        "running": _running(user),
    }
    if standard is not None:
        context |= _figures(user, scope, standard)
    return render(request, "reports/console/dashboard.html", context)


def _figures(user: User, scope: overview.Scope, standard: Standard) -> dict[str, Any]:
    """Return everything that is read from the counters."""
    categories = overview.conformity(user, scope, standard)
    grades = overview.grades(user, scope, standard)
    days = overview.median_days(user, scope, standard)
    issued = sum(grades.values())
    parts = {step: value for step, value in days.items() if step != Step.TOTAL}
    return {
        "issued": issued,
        "grades": Picture(
            bars(
                [
                    Bar(str(letter.label), count, f"{count:,}", GRADE_TONES[letter])
                    for letter, count in grades.items()
                ],
                _("Results by grade"),
            ),
            [
                (letter.label, count, count / issued if issued else None)
                for letter, count in grades.items()
            ],
        ),
        "days_total": days.get(Step.TOTAL),
        "steps": Picture(
            bars(
                [Bar(str(step.label), value, _days(value)) for step, value in parts.items()],
                _("Median days for each step"),
            ),
            [(step.label, value) for step, value in parts.items()],
        ),
        "conformity": _conformity(categories),
        "weave": _weave(categories),
        "legend": scheme_legend(),
    }


def _conformity(categories: Sequence[CategoryConformity]) -> Picture:
    return Picture(
        bars(
            [
                Bar(
                    str(row.category.name),
                    row.rate,
                    _("too few") if row.rate is None else f"{row.rate * 100:.1f} %",
                    tone_of(row.rate),
                )
                for row in categories
            ],
            _("Conformity by category"),
            maximum=1.0,
        ),
        [(row.category, row.rate, row.tally) for row in categories],
    )


def _weave(categories: Sequence[CategoryConformity]) -> Picture:
    listed = [row for category in categories for row in category.requirements]
    return Picture(
        scheme_weave(
            [
                Rate(
                    row.requirement.code,
                    str(row.requirement.category.number),
                    str(row.requirement.title),
                    row.rate,
                )
                for row in listed
            ],
            {str(row.category.number): str(row.category.name) for row in categories},
        ),
        [(row.requirement, row.rate, row.tally) for row in listed],
    )


def tone_of(rate: float | None) -> str:
    """Return the tone of a rate at the borders that the weave's legend names."""
    if rate is None:
        return "grey"
    return "moss" if rate >= 0.95 else "amber" if rate >= 0.8 else "red"


def _days(value: float) -> str:
    return pgettext("median", "%(days)g days") % {"days": value}


def _states(user: User) -> Picture:
    """Count what is under way by state, as far as the reader sees it."""
    rows = (
        Audit.objects.visible_to(user)
        .filter(status__in=UNDER_WAY)
        .order_by()
        .values("status")
        .annotate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=timezone.localdate())))
    )
    counts = {row["status"]: (row["all"], row["late"]) for row in rows}
    listed = [
        (status, *counts.get(status, (0, 0)), _audits(status=status.value)) for status in UNDER_WAY
    ]
    drawing = bars(
        [
            Bar(str(status.label), count, f"{count:,}", "amber" if late else "indigo", address)
            for status, count, late, address in listed
        ],
        _("Audits by state"),
    )
    return Picture(drawing, listed)


def _audits(**narrowed: str) -> str:
    return f"{reverse('console:audits')}?{urlencode(narrowed)}"


def _overdue(user: User) -> dict[str, Any]:
    """Count corrective actions whose plan or closing is late, by severity, gravest first."""
    counts = dict(
        CorrectiveAction.objects.visible_to(user)
        .overdue()
        .with_gravity()
        .order_by()
        .values_list("gravity")  # type: ignore[misc]  # annotated by with_gravity
        .annotate(n=Count("pk"))
    )
    return {
        "total": sum(counts.values()),
        "rows": [(severity.label, counts.get(severity.value, 0)) for severity in Severity],
        "url": f"{reverse('console:corrections')}?overdue=on",
    }


def _renewals(user: User) -> dict[str, int]:
    """Count results due for renewal soon or already, unless the site has a newer one."""
    today = timezone.localdate()
    # From the site to its few audits; asked the other way round, SQLite reads every valid result
    # for each of them.
    newer = Audit.objects.filter(
        site=OuterRef("audit__site"),
        results__issued_on__gt=OuterRef("issued_on"),
        results__status=ResultStatus.VALID,
    )
    return (
        Result.objects.visible_to(user)
        .current()
        .filter(~Exists(newer), renewal_due_on__lte=add_months(today, RENEWAL_MONTHS))
        .aggregate(total=Count("pk"), late=Count("pk", filter=Q(renewal_due_on__lt=today)))
    )


def _running(user: User) -> list[tuple[Audit, Any]]:
    """Return the most urgent audits under way with their swatches."""
    rows = list(
        Audit.objects.visible_to(user)
        .filter(status__in=UNDER_WAY[:-1])
        .select_related("site__supplier")
        .order_by(F("due_on").asc(nulls_last=True), "number")[:RUNNING]
    )
    cells = strips(rows, Finding.objects.visible_to(user))
    return [(audit, cells.get(audit.pk, [])) for audit in rows]
