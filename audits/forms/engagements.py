"""The forms of engagements: declared from three doors, ended, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from audits.auditors.models import Auditor, Engagement
from audits.auditors.services.engaging import declared_on, may_judge, not_yours
from audits.auditors.terms import EngagementKind
from audits.services import conflicts
from suppliers.models import Supplier
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

DAY = {"type": "date"}


class DeclareForm(forms.Form):
    """Declare a tie between a person or an office and a company.

    What is known from the page is given: `auditor` on an auditor's own page, `supplier` on a
    supplier's. The company is named by its corporate number, so that nobody needs a list of all.
    """

    company = forms.CharField(
        label=_("Corporate number of the company (13 digits)"),
        max_length=20,
        help_text=_("It stands in the public register of the National Tax Agency."),
    )
    office = forms.ModelChoiceField(
        label=_("Office"), queryset=Organisation.objects.none(), empty_label=_("choose")
    )
    registration_number = forms.CharField(
        label=_("Registration number of the auditor"),
        max_length=20,
        required=False,
        help_text=_("Leave it empty when the whole office has the engagement."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=EngagementKind.choices)
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(DAY))
    ends_on = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(DAY),
        required=False,
        help_text=_("Leave it empty while it is running."),
    )
    note = forms.CharField(
        label=_("What it is about"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        actor: User,
        offices: QuerySet[Organisation] | None = None,
        auditor: Auditor | None = None,
        supplier: Supplier | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.auditor, self.supplier = actor, auditor, supplier
        if supplier is not None:
            del self.fields["company"]
        if auditor is not None:
            del self.fields["office"], self.fields["registration_number"]
        elif offices is not None:
            field = cast("forms.ModelChoiceField[Organisation]", self.fields["office"])
            field.queryset = offices

    def clean_company(self) -> Supplier:
        """Return the company with the number."""
        number = "".join(sign for sign in self.cleaned_data["company"] if sign.isdecimal())
        found = Supplier.objects.with_number(number) if number else None
        if found is None:
            raise ValidationError(
                _(
                    "No registered company has this number. Check the digits, or ask the secretariat."
                )
            )
        return found

    def clean(self) -> dict[str, Any]:
        """Find the auditor by number, of the chosen office."""
        data: dict[str, Any] = super().clean() or {}
        number, office = data.get("registration_number", "").strip(), data.get("office")
        if number and office is not None:
            self.auditor = Auditor.objects.filter(body=office, registration_number=number).first()
            if self.auditor is None:
                self.add_error(
                    "registration_number", _("No auditor of this office has this number.")
                )
        return data

    def save(self) -> Engagement | None:
        """Declare it; a refusal becomes an error of the form and None is returned."""
        data = self.cleaned_data
        try:
            return conflicts.declare_engagement(
                actor=self.actor,
                supplier=self.supplier or data["company"],
                person=self.auditor.user if self.auditor else None,
                body=data.get("office") or (self.auditor.body if self.auditor else None),
                kind=data["kind"],
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                note=data["note"],
            )
        except ValidationError as error:
            self.add_error(None, ValidationError(error.messages))
            return None
        except PermissionDenied:
            self.add_error(None, _("You may declare engagements of your own office only."))
            return None


class EndForm(ServiceForm):
    """Enter the last day of an engagement; whom it does not concern can correct it, with a reason."""

    ends_on = forms.DateField(label=_("Last day of the engagement"), widget=forms.DateInput(DAY))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_(
            "Needed for an end before the declaration, and to change one that was entered."
        ),
    )

    def __init__(self, *args: Any, engagement: Engagement, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.engagement, self.actor = engagement, actor
        if not may_judge(actor, engagement):
            del self.fields["reason"]
            self.fields["ends_on"].help_text = not_yours(declared_on(engagement))

    def act(self) -> Engagement:
        """End it."""
        return conflicts.end_engagement(
            actor=self.actor,
            engagement=self.engagement,
            ends_on=self.cleaned_data["ends_on"],
            reason=self.cleaned_data.get("reason", ""),
        )


class WithdrawForm(ServiceForm):
    """Withdraw an engagement that was declared by mistake."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, engagement: Engagement, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.engagement, self.actor = engagement, actor

    def act(self) -> Engagement:
        """Withdraw it."""
        return conflicts.withdraw_engagement(
            actor=self.actor, engagement=self.engagement, reason=self.cleaned_data["reason"]
        )
