"""The board and the list of audits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters as filters
from django import forms
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.terms import Kind, Role
from audits.auditors.terms import Level
from audits.awaiting import COORDINATION, VISIT
from audits.filters.lists import (
    ListFilter,
    find_words,
    names_of,
    visible_bodies,
    visible_secretariats,
)
from audits.models import Audit, TeamMember
from audits.models.audits import AuditQuerySet
from audits.terms import (
    Answer,
    AuditKind,
    Status,
)
from suppliers.prefectures import CHOICES as PREFECTURES

if TYPE_CHECKING:
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


class BoardFilter(ListFilter):
    """What the board shows: by secretariat, body, kind, or only what waits for the reader."""

    secretariat = filters.ModelChoiceFilter(
        label=_("Secretariat"), queryset=visible_secretariats, empty_label=_("All")
    )
    body = filters.ModelChoiceFilter(
        label=_("Audit body"), queryset=visible_bodies, empty_label=_("All")
    )
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
        found: AuditQuerySet = find_words(
            queryset,
            value,
            contains=("number", *names_of("site"), "site__supplier__name_kana"),
            equals=("site__supplier__corporate_number",),
        )
        return found

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
