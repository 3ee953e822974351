"""The routes of an application: which audit body can do the audit, and what speaks against one.

Source: two secretariats are designated, one with inspection bodies, one with labour and social
security attorneys. Who advises a company may not audit it, so an office that does is named with
the reason and cannot be chosen.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Designation, Organisation
from accounts.terms import Effect, Kind
from audits.auditors.models import Auditor, Qualification
from audits.auditors.terms import Level
from audits.models import SchemeSettings
from audits.services.candidate_facts import Distances
from audits.services.ties import ties_with
from audits.standards.models import Standard
from suppliers.terms import Language
from ui.calendars import add_months

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from audits.auditors.eligibility import Tie
    from audits.models import Audit


@dataclass(frozen=True)
class Office:
    """An audit body as a supplier sees it before choosing; with `obstacles` it cannot be chosen.

    `km` is how far the nearest prefecture that it serves lies from the site's; `missing` are
    languages of the workers that nobody there speaks.
    """

    body: Organisation
    leads: int
    serves: bool
    km: float
    languages: tuple[str, ...]
    missing: tuple[str, ...]
    obstacles: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """A secretariat with its bodies, those that suit the site best first."""

    secretariat: Organisation
    offices: list[Office]
    obstacles: tuple[str, ...]


@dataclass
class _Staff:
    """The active auditors of one body, taken together."""

    languages: set[str]
    prefectures: set[int]
    leads: int = 0


def routes_of(audit: Audit, only: Collection[UUID] | None = None) -> list[Route]:
    """Return the routes that are open to an application, each with all its bodies.

    `only` are the organisations to look at, where not all are of interest. Eight queries, however
    many bodies and auditors there are.
    """
    today = timezone.localdate()
    organisations = Organisation.objects.filter(kind__in=(Kind.SECRETARIAT, Kind.AUDIT_BODY))
    auditors = Auditor.objects.filter(is_active=True)
    if only is not None:
        organisations, auditors = organisations.filter(pk__in=only), auditors.filter(body__in=only)
    rows = list(organisations.select_related("parent").order_by("name_ja"))
    permitted = _permitted([row.pk for row in rows], today)
    staff = _staff(auditors, today)
    months = SchemeSettings.objects.current().engagement_months
    ties = ties_with(audit.site.supplier, add_months(today, -months))
    spoken = (audit.profile.languages if audit.profile else []) or [Language.JAPANESE.value]
    distances = Distances(audit.site.prefecture)
    offices: dict[UUID | None, list[Office]] = defaultdict(list)
    for row in rows:
        if row.kind != Kind.AUDIT_BODY:
            continue
        people = staff.get(row.pk, _Staff(set(), set()))
        obstacles = []
        if row.pk not in permitted:
            obstacles.append(_("Its designation does not permit it to take applications now."))
        if not people.leads:
            obstacles.append(_("It has no lead auditor who is qualified for the standard now."))
        obstacles += dict.fromkeys(_said(tie, months) for tie in ties.of_office(row.pk))
        offices[row.parent_id].append(
            Office(
                body=row,
                leads=people.leads,
                serves=audit.site.prefecture in people.prefectures,
                km=distances.nearest(sorted(people.prefectures)),
                languages=tuple(
                    _words(code for code in Language.values if code in people.languages)
                ),
                missing=tuple(_words(code for code in spoken if code not in people.languages)),
                obstacles=tuple(obstacles),
            )
        )
    return [
        Route(row, sorted(offices[row.pk], key=_rank), _stopped(row, permitted))
        for row in rows
        if row.kind == Kind.SECRETARIAT
    ]


def why_not(audit: Audit, secretariat: Organisation, body: Organisation | None) -> list[str]:
    """Return why the secretariat, or the body under it, cannot take the application today."""
    routes = routes_of(audit, only={secretariat.pk, *([body.pk] if body else [])})
    route = next((row for row in routes if row.secretariat == secretariat), None)
    if route is None:
        return [_("Choose one of the designated secretariats.")]
    obstacles = list(route.obstacles)
    if body is not None:
        office = next((row for row in route.offices if row.body == body), None)
        if office is None:
            return [
                _("The audit body belongs to another secretariat. Choose one of this secretariat.")
            ]
        obstacles += office.obstacles
    return obstacles


def _rank(office: Office) -> tuple[bool, bool, float, int]:
    return bool(office.obstacles), not office.serves, office.km, len(office.missing)


def _stopped(secretariat: Organisation, permitted: set[UUID]) -> tuple[str, ...]:
    if secretariat.pk in permitted:
        return ()
    return (_("The designation of this secretariat does not permit it to take applications now."),)


def _permitted(organisations: list[UUID], day: date) -> set[UUID]:
    rows = Designation.objects.filter(organisation__in=organisations).in_force(day)
    return {row.organisation_id for row in rows if row.permits(Effect.ACCEPT, day)}


def _staff(auditors: QuerySet[Auditor], day: date) -> dict[UUID, _Staff]:
    """Return the auditors by body, with how many of them can lead on the day."""
    qualified = set(
        Qualification.objects.in_force(day)
        .filter(standard__in=Standard.objects.usable_on(day), level=Level.LEAD)
        .values_list("auditor", flat=True)
    )
    found: dict[UUID, _Staff] = defaultdict(lambda: _Staff(set(), set()))
    for pk, body, languages, prefectures in auditors.values_list(
        "pk", "body", "languages", "prefectures"
    ):
        people = found[body]
        people.languages.update(languages)
        people.prefectures.update(prefectures)
        people.leads += pk in qualified
    return found


def _words(codes: Iterator[str]) -> list[str]:
    return [str(Language(code).label) for code in codes if code in Language.values]


def _said(tie: Tie, months: int) -> str:
    """Return a tie of an office as it is said to the supplier, who knows of it."""
    if tie.member:
        return _("Somebody of this office belongs to your company.")
    if tie.ends_on is None:
        return _("This office supports your company (%(kind)s), so it may not audit it.") % {
            "kind": tie.kind_label
        }
    return _(
        "This office supported your company until %(day)s (%(kind)s); it may audit it again "
        "%(months)d months after that."
    ) % {"day": date_format(tie.ends_on), "kind": tie.kind_label, "months": months}
