"""The form of the step in which a supplier chooses who audits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audits.services.applying import choose_route
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import Organisation, User
    from audits.models import Audit
    from audits.services.routes import Route


def key_of_route(secretariat: Organisation) -> str:
    """Return what the form sends for leaving the choice of the body to a secretariat."""
    return f"secretariat-{secretariat.pk}"


def key_of_body(body: Organisation) -> str:
    """Return what the form sends for a body."""
    return f"body-{body.pk}"


class RouteForm(ServiceForm):
    """Choose an audit body, or the secretariat that is to choose one."""

    refused_at = "choice"
    choice = forms.ChoiceField(
        label=_("Who audits"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a body, or leave the choice to a secretariat."),
            "invalid_choice": _("Choose one of the bodies in the list."),
        },
    )

    def __init__(
        self, *args: Any, actor: User, audit: Audit, routes: Iterable[Route], **kwargs: Any
    ) -> None:
        chosen = key_of_body(audit.body) if audit.body else key_of_route(audit.secretariat)
        kwargs["initial"] = {"choice": chosen}
        super().__init__(*args, **kwargs)
        self.actor, self.audit = actor, audit
        self.meant: dict[str, tuple[Organisation, Organisation | None]] = {}
        for route in routes:
            self.meant[key_of_route(route.secretariat)] = (route.secretariat, None)
            for office in route.offices:
                self.meant[key_of_body(office.body)] = (route.secretariat, office.body)
        self.fields["choice"].choices = [(key, key) for key in self.meant]  # type: ignore[attr-defined]  # a choice

    def act(self) -> Audit:
        """Keep the choice."""
        secretariat, body = self.meant[self.cleaned_data["choice"]]
        return choose_route(actor=self.actor, audit=self.audit, secretariat=secretariat, body=body)
