"""Forms of a merge: which values stay, which sites are the same place, why; or that it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django import forms
from django.forms.models import fields_for_model
from django.utils.translation import gettext, gettext_lazy as _

from audits.services.merging import FIELDS, merge_sites, merge_suppliers
from suppliers.likeness import name_key
from suppliers.models import Supplier
from suppliers.prefectures import prefecture_name
from suppliers.services.duplicates import dismiss
from ui.forms import ServiceForm
from ui.templatetags.ui import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from accounts.models import User
    from suppliers.models import DuplicateProposal, Site

KEEP, DROP = "keep", "drop"
SAME = "same_"


class Line(NamedTuple):
    """One field of two suppliers: its values in words, and the choice where they differ."""

    label: str
    keep: str
    drop: str
    choice: Any = None


def value_text(supplier: Supplier, name: str) -> str:
    """Return a value of a supplier in words; "–" for none."""
    value = getattr(supplier, name)
    if name == "prefecture":
        return str(prefecture_name(value))
    if name == "established_on":
        return day(value)
    return str(value or "–")


def label_of(name: str) -> str:
    """Return what a field of suppliers is called."""
    return str(fields_for_model(Supplier, fields=[name])[name].label)


class ReasonForm(ServiceForm):
    """An act on two entries that is kept with its reason."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("It is kept in the records; the supplier's people can read it."),
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor


class DismissForm(ReasonForm):
    """Say that two are not the same."""

    def __init__(self, *args: Any, proposal: DuplicateProposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal = proposal

    def act(self) -> object:
        """Say it."""
        return dismiss(actor=self.actor, proposal=self.proposal, **self.cleaned_data)


class MergeForm(ReasonForm):
    """Merge `drop` into `keep`, field by field and site by site."""

    confirmed = forms.BooleanField(
        label=_("I have read what happens; a merge cannot be undone."),
        error_messages={"required": _("Read what happens and tick this, or leave the page.")},
    )

    def __init__(
        self, *args: Any, keep: Supplier, drop: Supplier, sites: Iterable[Site], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.keep, self.drop = keep, drop
        sites = list(sites)
        self.moving = [site for site in sites if site.supplier_id == drop.pk]
        self.staying = [site for site in sites if site.supplier_id == keep.pk]
        for name in FIELDS:
            mine, other = value_text(keep, name), value_text(drop, name)
            if mine != other:
                self.fields[name] = forms.ChoiceField(
                    label=label_of(name),
                    choices=[(KEEP, mine), (DROP, other)],
                    widget=forms.RadioSelect,
                    initial=KEEP if getattr(keep, name) else DROP,
                )
        by_name = {name_key(site.name_ja): site.pk for site in self.staying}
        for site in self.moving if self.staying else []:
            self.fields[f"{SAME}{site.pk}"] = forms.ChoiceField(
                label=site.name,
                required=False,
                choices=[
                    ("", gettext("a site of its own")),
                    *((str(one.pk), one.name) for one in self.staying),
                ],
                initial=by_name.get(name_key(site.name_ja), ""),
            )
        self.order_fields([name for name in self.fields if name not in ("reason", "confirmed")])

    @property
    def lines(self) -> Iterator[Line]:
        """Yield the fields of both side by side."""
        for name in FIELDS:
            yield Line(
                label_of(name),
                value_text(self.keep, name),
                value_text(self.drop, name),
                self[name] if name in self.fields else None,
            )

    @property
    def site_fields(self) -> list[tuple[Site, Any]]:
        """Return the sites that move, each with the choice of the site that is the same place."""
        return [
            (site, self[f"{SAME}{site.pk}"])
            for site in self.moving
            if f"{SAME}{site.pk}" in self.fields
        ]

    @property
    def same_sites(self) -> dict[Site, Site]:
        """Return the pairs that are the same place, as chosen, or as guessed before anybody chose."""
        staying = {str(site.pk): site for site in self.staying}
        pairs = ((site, staying.get(str(field.value() or ""))) for site, field in self.site_fields)
        return {site: other for site, other in pairs if other is not None}

    def act(self) -> object:
        """Merge them."""
        data = self.cleaned_data
        return merge_suppliers(
            actor=self.actor,
            keep=self.keep,
            drop=self.drop,
            reason=data["reason"],
            taken=[name for name in FIELDS if data.get(name) == DROP],
            same_sites={
                site.pk: UUID(data[f"{SAME}{site.pk}"])
                for site in self.moving
                if data.get(f"{SAME}{site.pk}")
            },
        )


class MergeSitesForm(ReasonForm):
    """Merge two sites of a supplier."""

    confirmed = MergeForm.base_fields["confirmed"]

    def __init__(self, *args: Any, one: Site, other: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.one, self.other = one, other

    def act(self) -> object:
        """Merge them."""
        return merge_sites(
            actor=self.actor, one=self.one, other=self.other, reason=self.cleaned_data["reason"]
        )
