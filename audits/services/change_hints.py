"""What a site profile shows that the audited one did not: changes that the scheme may want to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from audits.change_terms import ChangeKind
from audits.models import ChangeNotice, SchemeSettings
from suppliers.terms import Process
from ui.templatetags.ui import count, day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from audits.models import Audit
    from suppliers.models import Site, SiteProfile


@dataclass(frozen=True)
class Described:
    """What of a description of a site is compared; `processes` are codes."""

    workers: int
    has_dormitory: bool
    processes: Collection[str]


@dataclass(frozen=True)
class Hint:
    """A change that shows in the profile: its kind, and what was and is, in one sentence."""

    kind: ChangeKind
    sentence: str


def as_described(profile: SiteProfile, site: Site) -> Described:
    """Return what a profile says of the site together with what the site does today."""
    return Described(profile.workers, profile.has_dormitory, site.processes)


def hints(audit: Audit | None, now: Described | None) -> list[Hint]:
    """Return what is to be told, compared with the profile of the audit whose result stands.

    A kind of which the supplier has told since that audit is not hinted at again. The audited
    processes are those kept with the profile; where none are kept, nothing is said of them.
    """
    if audit is None or audit.profile is None or now is None:
        return []
    told = set(ChangeNotice.objects.filter(audit=audit).values_list("kind", flat=True))
    percent = SchemeSettings.objects.current().change_workers_percent
    return [hint for hint in _differences(audit.profile, now, percent) if hint.kind not in told]


def _differences(audited: SiteProfile, now: Described, percent: int) -> Iterator[Hint]:
    # Whole numbers on both sides: 30 % more than 10 is 13, whatever a float makes of it.
    if audited.workers > 0 and now.workers * 100 > audited.workers * (100 + percent):
        yield Hint(
            ChangeKind.WORKERS,
            _("Workers: %(before)s at the audit (as of %(day)s), %(now)s now.")
            % {
                "before": count(audited.workers),
                "day": day(audited.as_of),
                "now": count(now.workers),
            },
        )
    if now.has_dormitory and not audited.has_dormitory:
        yield Hint(
            ChangeKind.DORMITORY,
            _("A dormitory: there was none at the audit (as of %(day)s).")
            % {"day": day(audited.as_of)},
        )
    added = [code for code in now.processes if code not in audited.processes]
    if audited.processes and added:
        names = "・".join(str(Process(code).label) for code in added if code in Process.values)
        yield Hint(
            ChangeKind.PROCESS,
            _("Processes that were not there at the audit (as of %(day)s): %(names)s.")
            % {"day": day(audited.as_of), "names": names},
        )
