"""The form of sharing a site's result with a brand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.terms import Kind
from suppliers.forms.fields import DayField
from suppliers.services.sharing import grant_sharing
from suppliers.showing import SHOWS
from suppliers.terms import Level

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from suppliers.models import SharingGrant, Site

USUAL_DAYS = 365


class SharingForm(forms.Form):
    """Let one brand see the site's results at a level until a day."""

    brand = forms.ModelChoiceField(
        label=_("Brand"), queryset=Organisation.objects.none(), empty_label=_("Choose a brand")
    )
    level = forms.ChoiceField(
        label=_("What the brand may see"),
        choices=[
            (level.value, format_lazy(_("{level}: {shows}"), level=level.label, shows=SHOWS[level]))
            for level in Level
        ],
        widget=forms.RadioSelect,
    )
    ends_on = DayField(
        label=_("Last day"), help_text=_("You can take the permission back earlier.")
    )

    future = forms.BooleanField(
        label=_("Results that are issued later as well"),
        required=False,
        help_text=_("Otherwise the brand sees what has been issued by today, and nothing newer."),
    )
    ungraded = forms.BooleanField(
        label=_("Results without a grade as well"),
        required=False,
        help_text=_("They are never shown unless you tick this."),
    )
    purpose = forms.CharField(
        label=_("What for"),
        required=False,
        max_length=200,
        help_text=_("Printed on the receipt, for example: yearly review of business partners."),
    )
    field_order = ["brand", "level", "future", "ungraded", "ends_on", "purpose"]

    def __init__(self, *args: Any, site: Site, actor: User, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "level": Level.STATUS,
                "ends_on": timezone.localdate() + timedelta(days=USUAL_DAYS),
            },
        )
        super().__init__(*args, **kwargs)
        self.site, self.actor = site, actor
        brands = Organisation.objects.visible_to(actor).filter(kind=Kind.BRAND)
        self.fields["brand"].queryset = brands.order_by("name_ja")  # type: ignore[attr-defined]  # a model choice

    def clean_ends_on(self) -> date:
        """Refuse a day that has passed."""
        day: date = self.cleaned_data["ends_on"]
        if day < timezone.localdate():
            raise ValidationError(_("The last day of sharing lies in the past."))
        return day

    def save(self) -> SharingGrant:
        """Grant; a permission the brand already has is replaced."""
        return grant_sharing(
            actor=self.actor,
            site=self.site,
            brand=self.cleaned_data["brand"],
            level=Level(self.cleaned_data["level"]),
            ends_on=self.cleaned_data["ends_on"],
            future=self.cleaned_data["future"],
            ungraded=self.cleaned_data["ungraded"],
            purpose=self.cleaned_data["purpose"],
        )
