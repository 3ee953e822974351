"""The form of a site's profile: who works there, under which conditions, as of a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from suppliers.forms.fields import DayField
from suppliers.models import SiteProfile
from suppliers.services.registering import save_profile, update_site
from suppliers.terms import Language, Process

if TYPE_CHECKING:
    from django.forms import BoundField
    from django.utils.functional import _StrPromise

    from accounts.models import User
    from suppliers.models import Site

BY_SEX = ("workers_male", "workers_female", "workers_other")
BY_CONTRACT = ("workers_regular", "workers_fixed_term", "workers_dispatched")
FOREIGN = ("technical_interns", "specified_skilled", "foreign_other")
# Legend, what to write, names of the fields, whether they are head-counts.
GROUPS: tuple[tuple[_StrPromise, _StrPromise, tuple[str, ...], bool], ...] = (
    (
        _("Day and work"),
        _("All numbers below are those of this day."),
        ("as_of", "processes", "shifts"),
        False,
    ),
    (
        _("Workers by sex"),
        _("Everybody who works at the site, dispatched workers included."),
        BY_SEX,
        True,
    ),
    (
        _("The same workers by contract"),
        _("The same people counted again: the total must be that of the count by sex."),
        BY_CONTRACT,
        True,
    ),
    (
        _("Foreign workers among them"),
        _("By residence status; 0 where there is nobody."),
        FOREIGN,
        True,
    ),
    (
        _("Young workers and homeworkers"),
        _("Workers under 18 are part of the workers above; homeworkers are not."),
        ("minors", "homeworkers"),
        True,
    ),
    (
        _("Languages"),
        _("Interviews are held in the workers' own languages."),
        ("languages",),
        False,
    ),
    (
        _("What the site has"),
        _("Requirements that do not concern your site are left out of the audit."),
        ("has_dormitory", "has_canteen", "uses_brokers", "uses_chemicals"),
        False,
    ),
)


@dataclass(frozen=True)
class Sums:
    """The totals of the head-counts as they stand in the form."""

    by_sex: int
    by_contract: int
    foreign: int

    @property
    def agree(self) -> bool:
        """Say whether both counts give the same people, and there are any."""
        return self.by_sex == self.by_contract and self.by_sex > 0

    @property
    def difference(self) -> int:
        """Return how many people are missing in, or too many by, one of the counts."""
        return abs(self.by_sex - self.by_contract)


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """Describe the site as of a day; the last profile's values are offered."""

    as_of = DayField(label=_("as of"))
    processes = forms.MultipleChoiceField(
        label=_("What is done at the site"),
        choices=Process.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label=_("languages spoken by workers"),
        choices=Language.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = SiteProfile
        fields = [
            "as_of", *BY_SEX, *BY_CONTRACT, *FOREIGN, "minors", "homeworkers", "languages", "shifts",
            "has_dormitory", "has_canteen", "uses_brokers", "uses_chemicals",
        ]  # fmt: skip

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        last = SiteProfile.objects.latest_of(site)
        initial: dict[str, Any] = {"as_of": timezone.localdate(), "processes": site.processes}
        if last is not None:
            names = [name for name in self.base_fields if name not in initial]
            initial |= {name: getattr(last, name) for name in names}
        else:
            initial["languages"] = [Language.JAPANESE]
        kwargs |= {"initial": initial, "instance": SiteProfile(site=site)}
        super().__init__(*args, **kwargs)
        self.site, self.last = site, last
        for name in (*BY_SEX, *BY_CONTRACT, *FOREIGN, "minors", "homeworkers", "shifts"):
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "min": 0}

    @property
    def groups(self) -> list[tuple[_StrPromise, _StrPromise, list[BoundField], bool]]:
        """Return legend, explanation, fields, and whether they are counts, group by group."""
        return [
            (legend, text, [self[name] for name in names], counts)
            for legend, text, names, counts in GROUPS
        ]

    @property
    def sums(self) -> Sums:
        """Return the totals of what stands in the form now; what is not a number counts as 0."""
        return Sums(*(sum(map(self._number, names)) for names in (BY_SEX, BY_CONTRACT, FOREIGN)))

    def _number(self, name: str) -> int:
        text = str(self[name].value() or "").strip()
        # Longer numbers than any factory has workers are typing errors.
        return int(text) if text.isdecimal() and len(text) < 8 else 0

    def save(self, *, actor: User) -> SiteProfile:  # type: ignore[override]  # one act, one service
        """Keep the profile, and the processes with the site."""
        fields = dict(self.cleaned_data)
        processes = fields.pop("processes")
        if sorted(processes) != sorted(self.site.processes):
            update_site(actor=actor, site=self.site, processes=processes)
        return save_profile(actor=actor, site=self.site, **fields)
