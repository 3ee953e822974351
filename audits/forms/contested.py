"""Forms of critical alerts and appeals: one per act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from audits.models import Appeal
from audits.services.alerting import cancel_alert, confirm_alert, raise_alert, tell_supplier
from audits.services.appealing import dismiss_appeal, raise_appeal, uphold_appeal
from audits.services.revising import CHANGEABLE
from audits.terms import Judgement, Severity
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.forms import BoundField

    from accounts.models import User
    from audits.models import Alert, Audit, Finding, Result


class AlertForm(ServiceForm):
    """Raise a critical alert."""

    reason = forms.CharField(
        label=_("What you saw, and who is in danger"),
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_(
            "What, where and since when; how many people, in what danger; what was done at once. "
            "Do not write workers' names."
        ),
    )
    finding = forms.ChoiceField(label=_("Requirement it concerns"), required=False)

    def __init__(
        self, *args: Any, audit: Audit, findings: Sequence[Finding], actor: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.audit, self.actor = audit, actor
        self.findings = {row.requirement.code: row for row in findings}
        field: Any = self.fields["finding"]
        field.choices = [
            ("", gettext("none in particular")),
            *((code, f"{code} {row.requirement.title}") for code, row in self.findings.items()),
        ]

    def act(self) -> object:
        """Raise it."""
        data = self.cleaned_data
        return raise_alert(
            actor=self.actor,
            audit=self.audit,
            reason=data["reason"],
            finding=self.findings.get(data["finding"]),
        )


class SettleForm(ServiceForm):
    """Confirm or cancel a critical alert."""

    settlement = forms.CharField(
        label=_("What was decided and what is done now"),
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The lead auditor and the scheme owner read it; the supplier does not."),
    )

    def __init__(self, *args: Any, alert: Alert, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alert, self.actor = alert, actor

    def settled(self, *, confirmed: bool) -> bool:
        """Settle it; False with errors when that is refused."""
        settle = confirm_alert if confirmed else cancel_alert
        return self.tried(
            lambda: settle(
                actor=self.actor, alert=self.alert, settlement=self.cleaned_data["settlement"]
            )
        )


class TellForm(ServiceForm):
    """Tell the supplier of a critical alert."""

    note = forms.CharField(
        label=_("What the supplier is to know and to do"),
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_(
            "The supplier reads these words and not the auditor's. Nothing in them may point at who "
            "spoke with the auditors."
        ),
    )
    safe = forms.BooleanField(label=_("It is safe for the people concerned to tell it now."))

    def __init__(self, *args: Any, alert: Alert, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alert, self.actor = alert, actor

    def act(self) -> object:
        """Tell it."""
        return tell_supplier(actor=self.actor, alert=self.alert, note=self.cleaned_data["note"])


class AppealForm(ServiceForm):
    """Appeal against a result."""

    grounds = forms.CharField(
        label=_("Grounds of the appeal"),
        max_length=8000,
        widget=forms.Textarea({"rows": 8}),
        help_text=_(
            "Which findings by their codes, or which grade; what is wrong; which documents show it. "
            "Do not write workers' names."
        ),
    )

    def __init__(self, *args: Any, result: Result, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.result, self.actor = result, actor

    def act(self) -> object:
        """Raise it."""
        return raise_appeal(
            actor=self.actor, result=self.result, grounds=self.cleaned_data["grounds"]
        )


class AppealDecisionForm(ServiceForm):
    """Decide on an appeal: dismiss it, or uphold it with what is changed in which finding."""

    decision = forms.CharField(
        label=_("Reasons of the decision"),
        max_length=8000,
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("The supplier, the audit body and the team read them."),
    )
    confirmed = forms.BooleanField(
        label=_("I have read what follows from the decision."), required=False
    )

    def __init__(
        self, *args: Any, appeal: Appeal, findings: Sequence[Finding], actor: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.appeal, self.actor = appeal, actor
        self.findings = [row for row in findings if row.judgement in CHANGEABLE]
        self.changes: dict[str, dict[str, str]] = {}
        for finding in self.findings:
            code = finding.requirement.code
            self.fields[f"to-{code}"] = forms.ChoiceField(
                label=_("Becomes"), choices=_targets(finding), required=False
            )
            self.fields[f"why-{code}"] = forms.CharField(
                label=_("Reason (printed in the new revision)"),
                max_length=4000,
                required=False,
                widget=forms.Textarea({"rows": 2}),
            )

    @property
    def rows(self) -> list[tuple[Finding, BoundField, BoundField]]:
        """Return each finding that can be changed with its two fields."""
        return [
            (row, self[f"to-{row.requirement.code}"], self[f"why-{row.requirement.code}"])
            for row in self.findings
        ]

    def clean(self) -> dict[str, Any]:
        """Gather the changes; refuse one without a reason and a reason without a change."""
        data: dict[str, Any] = super().clean() or {}
        for finding in self.findings:
            code = finding.requirement.code
            chosen, why = data.get(f"to-{code}", ""), data.get(f"why-{code}", "").strip()
            if chosen and not why:
                self.add_error(f"why-{code}", _("Give a reason: the supplier reads it."))
            elif why and not chosen:
                self.add_error(f"to-{code}", _("Choose what becomes of it, or clear the reason."))
            elif chosen:
                judgement, _colon, severity = chosen.partition(":")
                self.changes[code] = {"judgement": judgement, "severity": severity, "reason": why}
        return data

    def decided(self, *, upheld: bool) -> bool:
        """Decide; False with errors when that is refused."""
        data = self.cleaned_data
        if not data["confirmed"]:
            self.add_error("confirmed", _("Read what follows and tick the box: it is final."))
            return False
        if upheld:
            return self.tried(
                lambda: uphold_appeal(
                    actor=self.actor,
                    appeal=self.appeal,
                    decision=data["decision"],
                    changes=self.changes,
                )
            )
        if self.changes:
            self.add_error(
                None, _("You chose changes. Uphold the appeal, or clear them and dismiss it.")
            )
            return False
        return self.tried(
            lambda: dismiss_appeal(actor=self.actor, appeal=self.appeal, decision=data["decision"])
        )


def _targets(finding: Finding) -> list[tuple[str, Any]]:
    """Return what the finding may become: nothing but better."""
    choices: list[tuple[str, Any]] = [
        ("", _("stays as it is")),
        (Judgement.CONFORMING.value, Judgement.CONFORMING.label),
        (Judgement.NOT_APPLICABLE.value, Judgement.NOT_APPLICABLE.label),
    ]
    if finding.judgement == Judgement.NONCONFORMING:
        choices.append((Judgement.UNVERIFIABLE.value, Judgement.UNVERIFIABLE.label))
        severities = list(Severity)
        lower = severities[severities.index(Severity(finding.effective_severity)) + 1 :]
        choices += [
            (
                f"{Judgement.NONCONFORMING.value}:{one.value}",
                f"{Judgement.NONCONFORMING.label}: {one.label}",
            )
            for one in lower
        ]
    return choices
