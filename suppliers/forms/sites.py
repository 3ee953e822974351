"""The form of a site's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from suppliers.models import Site
from suppliers.services.registering import create_site, update_site
from suppliers.terms import Process

if TYPE_CHECKING:
    from accounts.models import User
    from suppliers.models import Supplier


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """Register a site of the supplier, or change one."""

    processes = forms.MultipleChoiceField(
        label=_("What is done at the site"),
        choices=Process.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Site
        fields = ["name_ja", "name_en", "prefecture", "address", "processes", "os_id"]

    def __init__(self, *args: Any, supplier: Supplier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.supplier = supplier
        self.adding = kwargs.get("instance") is None

    def clean_name_ja(self) -> str:
        """Refuse a second site of the same name: results could be mixed up."""
        name: str = self.cleaned_data["name_ja"]
        same = (
            Site.objects.current()
            .filter(supplier=self.supplier, name_ja=name)
            .exclude(pk=self.instance.pk)
        )
        if same.exists():
            raise ValidationError(_("You already have a site of this name. Choose another name."))
        return name

    def save(self, *, actor: User) -> Site:  # type: ignore[override]  # one act, one service
        """Create the site, or keep the changes."""
        if self.adding:
            return create_site(actor=actor, supplier=self.supplier, **self.cleaned_data)
        return update_site(actor=actor, site=self.instance, **self.cleaned_data)
