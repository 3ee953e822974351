"""The forms of an application, one per step; a draft is saved at each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.terms import Kind
from audits.models import Audit
from audits.services import applying
from audits.terms import AuditKind, Payer, Status
from suppliers.forms.fields import DayField
from suppliers.models import Site
from ui.days import check_days

if TYPE_CHECKING:
    from accounts.models import User
    from suppliers.models.sites import SiteQuerySet


class WishesForm(forms.Form):
    """What can be changed until the application is submitted: purpose, payer and days."""

    purpose = forms.CharField(
        label=_("purpose"),
        max_length=200,
        required=False,
        help_text=_("For example: asked for by a customer, or needed to accept foreign workers."),
    )
    payer = forms.ChoiceField(
        label=_("paid by"),
        choices=Payer.choices,
        widget=forms.RadioSelect,
        initial=Payer.SUPPLIER,
        help_text=_("Who pays is stated in the report and has no influence on the result."),
    )
    preferred_from = DayField(label=_("preferred from"), required=False)
    preferred_until = DayField(
        label=_("preferred until"),
        required=False,
        help_text=_("Days on which a visit suits you. They are a wish; the body fixes the days."),
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean(self) -> dict[str, Any]:
        """Refuse days that have passed, lie years ahead or end before they begin."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("preferred_from"), data.get("preferred_until")
        try:
            check_days(timezone.localdate(), preferred_from=first, preferred_until=last)
        except ValidationError as error:
            self.add_error(None, error)
        if first and last and last < first:
            self.add_error("preferred_until", _("The last day lies before the first."))
        return data


class SecretariatField(forms.ModelChoiceField):  # type: ignore[type-arg]  # its stubs want a model
    """The secretariats, each with what its audit bodies are."""

    def label_from_instance(self, obj: Organisation) -> str:
        """Return the route in words."""
        if not obj.practice:
            return obj.name
        return _("%(practice)s (%(secretariat)s)") % {
            "practice": obj.get_practice_display(),
            "secretariat": obj.name,
        }


class OpenForm(WishesForm):
    """Open an application: for which site, why, on which route."""

    site = forms.ModelChoiceField(
        label=_("site"), queryset=Site.objects.none(), empty_label=_("Choose a site")
    )
    kind = forms.ChoiceField(label=_("kind"), choices=AuditKind.choices)
    secretariat = SecretariatField(
        label=_("route"),
        queryset=Organisation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        help_text=_(
            "The secretariat receives the application, reviews the report and decides on the "
            "result. You can change this, and choose the body, before you submit."
        ),
        error_messages={"required": _("Choose one of the designated secretariats.")},
    )
    field_order = ["site", "kind", "secretariat"]

    def __init__(self, *args: Any, sites: SiteQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites.select_related("supplier").order_by("name_ja")  # type: ignore[attr-defined]  # a model choice
        secretariats = Organisation.objects.visible_to(self.actor).filter(kind=Kind.SECRETARIAT)
        self.fields["secretariat"].queryset = secretariats.order_by("name_ja")  # type: ignore[attr-defined]  # a model choice

    def running(self) -> Audit | None:
        """Return the audit of the same kind that is already open for the chosen site."""
        site, kind = self.cleaned_data.get("site"), self.cleaned_data.get("kind")
        if site is None or kind is None:
            return None
        rows = Audit.objects.visible_to(self.actor).open()
        return rows.filter(site=site, kind=kind).first()

    def save(self) -> Audit | None:
        """Open the draft; a refusal becomes an error of the form and None is returned."""
        data = dict(self.cleaned_data)
        try:
            return applying.open_application(
                actor=self.actor,
                site=data.pop("site"),
                secretariat=data.pop("secretariat"),
                kind=AuditKind(data.pop("kind")),
                **data,
            )
        except ValidationError as error:
            self.add_error(None, error)
            return None


class DraftForm(WishesForm):
    """Change the wishes of a draft."""

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        self.audit = audit
        kwargs["initial"] = {
            **{name: getattr(audit, name) for name in ("purpose", "payer")},
            "preferred_from": audit.preferred_from,
            "preferred_until": audit.preferred_until,
        }
        super().__init__(*args, **kwargs)

    def save(self) -> Audit:
        """Keep the changes."""
        return applying.fill_in(actor=self.actor, audit=self.audit, **self.cleaned_data)


class TermsForm(forms.Form):
    """Accept the terms of the audit."""

    accept = forms.BooleanField(
        label=_("I have read the terms and accept them on behalf of the company."),
        error_messages={"required": _("Tick the box to accept. Without it no audit can begin.")},
    )

    def __init__(self, *args: Any, audit: Audit, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audit, self.actor = audit, actor

    def save(self) -> Audit:
        """Keep the moment of acceptance."""
        return applying.accept_terms(actor=self.actor, audit=self.audit)


class AuditsFilter(forms.Form):
    """Which of the own audits are listed, and in which order."""

    ORDERS = {
        "new": ("-created_at", "-pk"),
        "old": ("created_at", "pk"),
        "due": ("due_on", "pk"),
    }
    q = forms.CharField(
        label=_("Number or site"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    status = forms.ChoiceField(
        label=_("status"), required=False, choices=[("", _("All")), *Status.choices]
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("new", _("newest first")), ("old", _("oldest first")), ("due", _("by due date"))],
    )
