"""The decision: the computed grade, or another one that a second person must agree to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audits.forms.moving import MoveForm
from audits.models import Audit
from audits.services.deciding import agree_grade, issue, propose_grade, refuse_grade
from audits.terms import GradeLetter
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import GradeProposal
    from audits.standards.grading import Grade


class DecisionForm(MoveForm):
    """Issue the result with the computed grade, or propose another one to a second person."""

    grade = forms.ChoiceField(
        label=_("Grade"), choices=GradeLetter.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason for a different grade"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "Needed when the grade differs from the computed one. It is then proposed to a second "
            "person, and issued when that person agrees; the report prints the reason."
        ),
    )
    confirmed = forms.BooleanField(label=_("I have read what follows from issuing the result."))

    def __init__(
        self, *args: Any, audit: Audit, actor: User, computed: Grade, **kwargs: Any
    ) -> None:
        self.computed = computed
        super().__init__(
            *args, audit=audit, actor=actor, initial={"grade": computed.grade}, **kwargs
        )

    @property
    def proposes(self) -> bool:
        """Say whether the chosen grade differs from the computed one."""
        return bool(self.cleaned_data["grade"] != self.computed.grade)

    def act(self) -> Audit:
        """Issue the result, or propose the grade."""
        data = self.cleaned_data
        if not self.proposes:
            return issue(
                actor=self.actor,
                audit=self.audit,
                grade=data["grade"],
                expected_version=data["version"],
            )
        return propose_grade(
            actor=self.actor,
            audit=self.audit,
            grade=data["grade"],
            reason=data["reason"],
            expected_version=data["version"],
        ).audit


class SecondForm(ServiceForm):
    """The second person's answer to a proposed grade."""

    answer = forms.CharField(
        label=_("Answer"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed to refuse; it is kept in the record."),
    )

    def __init__(self, *args: Any, proposal: GradeProposal, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal, self.actor = proposal, actor

    def answered(self, *, agrees: bool) -> bool:
        """Agree, which issues the result, or refuse; False with errors when that is refused."""
        answer = agree_grade if agrees else refuse_grade
        return self.tried(
            lambda: answer(
                actor=self.actor, proposal=self.proposal, answer=self.cleaned_data["answer"]
            )
        )
