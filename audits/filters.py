"""What lists of the console can be narrowed to, and in which order they come."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import django_filters as filters
from django import forms
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.models import Organisation
from accounts.terms import Kind, Role
from audits.auditors.models import Auditor
from audits.auditors.terms import Level
from audits.awaiting import COORDINATION, VISIT
from audits.models import Audit, AuditEvent, CorrectiveAction, Result, TeamMember
from audits.models.audits import AuditQuerySet
from audits.terms import (
    Answer,
    AuditKind,
    CorrectionStatus,
    GradeLetter,
    ResultStatus,
    Severity,
    Status,
)
from audits.timeline import OTHER_ACTS
from audits.workflow import TRANSITIONS
from suppliers.prefectures import CHOICES as PREFECTURES

# Each word is a condition of its own in the query; nobody looks for more of them than this.
MOST_WORDS = 8

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict

    from accounts.models import User


def waits_for(user: User) -> Q:
    """Return the condition under which an audit waits for the user, in whatever capacity."""
    desks = policies.organisation_ids(user, roles={Role.COORDINATOR, Role.ADMINISTRATOR})
    reviewing = policies.organisation_ids(user, roles={Role.REVIEWER})
    deciding = policies.organisation_ids(
        user, Kind.SECRETARIAT, {Role.REVIEWER, Role.ADMINISTRATOR}
    )
    led = TeamMember.objects.filter(
        auditor__user=user, function=Level.LEAD, answer=Answer.ACCEPTED
    ).values("audit")
    return (
        Q(status__in=COORDINATION) & (Q(body__in=desks) | Q(secretariat__in=desks))
        | Q(status=Status.IN_REVIEW) & (Q(body__in=reviewing) | Q(secretariat__in=reviewing))
        | Q(status=Status.DECISION, secretariat__in=deciding)
        | Q(status__in=VISIT, pk__in=led)
    )


def _secretariats(request: Any) -> QuerySet[Organisation]:
    visible = Organisation.objects.visible_to(request.user)
    return visible.filter(kind=Kind.SECRETARIAT).order_by("name_ja")


def _bodies(request: Any) -> QuerySet[Organisation]:
    """Return the bodies that the reader may meet: own secretariat's, own, or all."""
    bodies = Organisation.objects.visible_to(request.user).filter(kind=Kind.AUDIT_BODY)
    if not (policies.is_scheme_owner(request.user) or policies.is_observer(request.user)):
        bodies = bodies.filter(
            Q(parent__in=policies.organisation_ids(request.user, Kind.SECRETARIAT))
            | Q(pk__in=policies.organisation_ids(request.user, Kind.AUDIT_BODY))
        )
    return bodies.order_by("name_ja")


class _List(filters.FilterSet):  # type: ignore[misc]  # the library ships no types
    """A filter that leaves out choices between fewer than two organisations."""

    organisations: tuple[str, ...] = ("secretariat", "body")

    def __init__(self, data: QueryDict, queryset: QuerySet[Any], *, request: Any) -> None:
        super().__init__(data, queryset, request=request)
        for name in self.organisations:
            if name in self.form.fields and self.form.fields[name].queryset.count() < 2:
                del self.form.fields[name]
                del self.filters[name]

    @property
    def active(self) -> bool:
        """Say whether anything is narrowed, so that an empty list can say what to do."""
        return any(value for name, value in self.data.items() if name not in ("o", "page"))


class BoardFilter(_List):
    """What the board shows: by secretariat, body, kind, or only what waits for the reader."""

    secretariat = filters.ModelChoiceFilter(
        label=_("Secretariat"), queryset=_secretariats, empty_label=_("All")
    )
    body = filters.ModelChoiceFilter(label=_("Audit body"), queryset=_bodies, empty_label=_("All"))
    kind = filters.ChoiceFilter(label=_("Kind"), choices=AuditKind.choices, empty_label=_("All"))
    mine = filters.BooleanFilter(
        label=_("Only what waits for me"), method="filter_mine", widget=forms.CheckboxInput
    )

    class Meta:
        model = Audit
        fields = ("secretariat", "body", "kind", "mine")

    def filter_mine(self, queryset: AuditQuerySet, name: str, value: bool) -> AuditQuerySet:
        """Narrow to what waits for the reader."""
        return queryset.filter(waits_for(self.request.user)) if value else queryset


class AuditFilter(BoardFilter):
    """The list of audits: also by words, state and prefecture."""

    q = filters.CharFilter(
        label=_("Number, site or supplier"), method="filter_words", max_length=100
    )
    status = filters.ChoiceFilter(label=_("State"), choices=Status.choices, empty_label=_("All"))
    prefecture = filters.ChoiceFilter(
        label=_("Prefecture"),
        field_name="site__prefecture",
        choices=PREFECTURES,
        empty_label=_("All"),
    )
    overdue = filters.BooleanFilter(
        label=_("Only overdue"), method="filter_overdue", widget=forms.CheckboxInput
    )
    o = filters.ChoiceFilter(
        choices=[
            (sign + name, name)
            for name in ("number", "site", "due", "status")
            for sign in ("", "-")
        ],
        method="order",
        widget=forms.HiddenInput,
    )

    # Column of the list → columns of the database; a date that is not set comes last.
    ORDERS = {
        "number": ("number",),
        "site": ("site__supplier__name_ja", "site__name_ja", "number"),
        "status": ("status", "due_on", "number"),
    }

    class Meta:
        model = Audit
        fields = ("q", "status", "secretariat", "body", "kind", "prefecture", "mine", "overdue")

    def filter_words(self, queryset: AuditQuerySet, name: str, value: str) -> AuditQuerySet:
        """Find every word in number, site or supplier."""
        for word in value.split()[:MOST_WORDS]:
            queryset = queryset.filter(
                Q(number__icontains=word)
                | Q(site__name_ja__icontains=word)
                | Q(site__name_en__icontains=word)
                | Q(site__supplier__name_ja__icontains=word)
                | Q(site__supplier__name_en__icontains=word)
                | Q(site__supplier__name_kana__icontains=word)
                | Q(site__supplier__corporate_number=word)
            )
        return queryset

    def filter_overdue(self, queryset: AuditQuerySet, name: str, value: bool) -> AuditQuerySet:
        """Narrow to audits whose awaited step is late."""
        return queryset.filter(due_on__lt=timezone.localdate()) if value else queryset

    def order(self, queryset: AuditQuerySet, name: str, value: str) -> AuditQuerySet:
        """Order by a column of the list."""
        column, back = value.removeprefix("-"), value.startswith("-")
        if column == "due":
            due = F("due_on")
            order = due.desc(nulls_last=True) if back else due.asc(nulls_last=True)
            return queryset.order_by(order, "number")
        return queryset.order_by(*(f"-{one}" if back else one for one in self.ORDERS[column]))


class CorrectionFilter(_List):
    """The overview of corrective actions."""

    organisations = ("body",)
    q = filters.CharFilter(
        label=_("Number, site or requirement"), method="filter_words", max_length=100
    )
    status = filters.ChoiceFilter(
        label=_("State"), choices=CorrectionStatus.choices, empty_label=_("All")
    )
    severity = filters.ChoiceFilter(
        label=_("Severity"),
        field_name="finding__severity",
        choices=Severity.choices,
        empty_label=_("All"),
    )
    body = filters.ModelChoiceFilter(
        label=_("Audit body"),
        field_name="finding__audit__body",
        queryset=_bodies,
        empty_label=_("All"),
    )
    overdue = filters.BooleanFilter(
        label=_("Only overdue"), method="filter_overdue", widget=forms.CheckboxInput
    )
    check = filters.BooleanFilter(
        label=_("Only what is to be checked"), method="filter_check", widget=forms.CheckboxInput
    )

    class Meta:
        model = CorrectiveAction
        fields = ("q", "status", "severity", "body", "overdue", "check")

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        """Find every word in audit number, site, supplier or requirement."""
        for word in value.split()[:MOST_WORDS]:
            queryset = queryset.filter(
                Q(finding__audit__number__icontains=word)
                | Q(finding__audit__site__name_ja__icontains=word)
                | Q(finding__audit__site__name_en__icontains=word)
                | Q(finding__audit__site__supplier__name_ja__icontains=word)
                | Q(finding__requirement__code=word)
                | Q(finding__requirement__title_ja__icontains=word)
            )
        return queryset

    def filter_overdue(self, queryset: Any, name: str, value: bool) -> Any:
        """Narrow to what is late: the plan, or the closing."""
        if not value:
            return queryset
        today = timezone.localdate()
        return queryset.awaited().filter(
            Q(close_due_on__lt=today) | Q(status=CorrectionStatus.OPEN, plan_due_on__lt=today)
        )

    def filter_check(self, queryset: Any, name: str, value: bool) -> Any:
        """Narrow to plans and evidence that somebody has to look at."""
        checked = (CorrectionStatus.PLANNED, CorrectionStatus.EVIDENCE_SUBMITTED)
        return queryset.filter(status__in=checked) if value else queryset


class ResultFilter(_List):
    """The list of results."""

    organisations = ("body",)
    q = filters.CharFilter(
        label=_("Number, site or supplier"), method="filter_words", max_length=100
    )
    status = filters.ChoiceFilter(
        label=_("State"), choices=ResultStatus.choices, empty_label=_("All")
    )
    grade = filters.ChoiceFilter(
        label=_("Grade"), choices=GradeLetter.choices, empty_label=_("All")
    )
    body = filters.ModelChoiceFilter(
        label=_("Audit body"), field_name="audit__body", queryset=_bodies, empty_label=_("All")
    )
    due = filters.NumberFilter(
        label=_("Due for renewal within days"), method="filter_due", min_value=0, max_value=3650
    )

    class Meta:
        model = Result
        fields = ("q", "status", "grade", "body", "due")

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        """Find every word in number, site or supplier."""
        for word in value.split()[:MOST_WORDS]:
            queryset = queryset.filter(
                Q(number__icontains=word)
                | Q(audit__site__name_ja__icontains=word)
                | Q(audit__site__name_en__icontains=word)
                | Q(audit__site__supplier__name_ja__icontains=word)
                | Q(audit__site__supplier__name_en__icontains=word)
            )
        return queryset

    def filter_due(self, queryset: Any, name: str, value: Any) -> Any:
        """Narrow to valid results whose date of renewal comes within so many days, or has passed."""
        last = timezone.localdate() + timedelta(days=int(value))
        return queryset.filter(status=ResultStatus.VALID, renewal_due_on__lte=last)


class RecordFilter(_List):
    """The search in the record."""

    organisations = ()
    q = filters.CharFilter(
        label=_("Audit number"), field_name="audit__number", lookup_expr="icontains", max_length=100
    )
    who = filters.CharFilter(label=_("By whom"), method="filter_who", max_length=100)
    act = filters.ChoiceFilter(
        label=_("Act"),
        choices=[*((act.value, act.label) for act in TRANSITIONS), *OTHER_ACTS.items()],
        empty_label=_("All"),
    )
    since = filters.DateFilter(
        label=_("From"),
        field_name="at",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = filters.DateFilter(
        label=_("Until"),
        field_name="at",
        lookup_expr="date__lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = AuditEvent
        fields = ("q", "who", "act", "since", "until")

    def filter_who(self, queryset: Any, name: str, value: str) -> Any:
        """Find who acted by name or e-mail address."""
        return queryset.filter(Q(actor__name__icontains=value) | Q(actor__email__icontains=value))


class AuditorFilter(_List):
    """The register of auditors."""

    organisations = ("body",)
    q = filters.CharFilter(
        label=_("Name or registration number"), method="filter_words", max_length=100
    )
    body = filters.ModelChoiceFilter(label=_("Audit body"), queryset=_bodies, empty_label=_("All"))
    level = filters.ChoiceFilter(
        label=_("Level"), choices=Level.choices, method="filter_level", empty_label=_("All")
    )
    inactive = filters.BooleanFilter(
        label=_("Also those no longer active"),
        method="filter_inactive",
        widget=forms.CheckboxInput,
    )

    class Meta:
        model = Auditor
        fields = ("q", "body", "level", "inactive")

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        """Find by name or registration number."""
        return queryset.filter(
            Q(user__name__icontains=value) | Q(registration_number__icontains=value)
        )

    def filter_level(self, queryset: Any, name: str, value: str) -> Any:
        """Narrow to auditors who are qualified at the level."""
        return queryset.filter(qualifications__level=value).distinct()

    def filter_inactive(self, queryset: Any, name: str, value: bool) -> Any:
        """Show everybody, or only those who are active."""
        return queryset if value else queryset.filter(is_active=True)
