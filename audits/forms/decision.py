"""The decision: the grade, and the reason and second person where it differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.terms import Role
from audits.forms.moving import MoveForm
from audits.models import Audit
from audits.services.deciding import issue
from audits.terms import GradeLetter

if TYPE_CHECKING:
    from audits.standards.grading import Grade


class DecisionForm(MoveForm):
    """Issue the result; the computed grade is chosen unless there is a reason to differ."""

    grade = forms.ChoiceField(
        label=_("Grade"), choices=GradeLetter.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason for a different grade"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed when the grade differs from the computed one; the report prints it."),
    )
    seconded_by = forms.ModelChoiceField(
        label=_("Second person"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Needed when the grade differs; somebody who was not in the team."),
        empty_label=_("nobody"),
    )
    confirmed = forms.BooleanField(label=_("I have read what follows from issuing the result."))

    def __init__(
        self, *args: Any, audit: Audit, actor: User, computed: Grade, **kwargs: Any
    ) -> None:
        super().__init__(
            *args, audit=audit, actor=actor, initial={"grade": computed.grade}, **kwargs
        )
        field = cast("forms.ModelChoiceField[User]", self.fields["seconded_by"])
        field.queryset = (
            User.objects.filter(
                is_active=True,
                memberships__in=Membership.objects.in_force().filter(
                    organisation=audit.secretariat_id, role__in=[Role.REVIEWER, Role.ADMINISTRATOR]
                ),
            )
            .exclude(pk=actor.pk)
            .distinct()
            .order_by("name")
        )

    def move(self) -> Audit:
        """Issue the result."""
        data = self.cleaned_data
        return issue(
            actor=self.actor,
            audit=self.audit,
            grade=data["grade"],
            reason=data["reason"],
            seconded_by=data["seconded_by"],
            expected_version=data["version"],
        )
