"""Bringing a list of auditors in: all or nothing, and twice is the same as once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies as accounts
from accounts.models import Organisation
from accounts.terms import Kind, Role
from audits.auditors.models import Auditor, Qualification
from audits.auditors.services.qualifying import OVER, enter_step
from audits.auditors.services.registering import change_auditor, register_auditor, registers
from audits.auditors.terms import QualificationStatus
from audits.standards.models import Standard
from suppliers.imports.problems import Problem
from suppliers.imports.values import match_key
from suppliers.services.importing import Outcome

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from audits.auditors.imports import AuditorRow
    from suppliers.imports import Parsed


def bodies_of(user: User) -> QuerySet[Organisation]:
    """Return the bodies whose auditors the user registers: of the own secretariat, or all."""
    bodies = Organisation.objects.filter(kind=Kind.AUDIT_BODY)
    if not accounts.administers_scheme(user):
        desk = {Role.COORDINATOR, Role.ADMINISTRATOR}
        bodies = bodies.filter(parent__in=accounts.organisation_ids(user, Kind.SECRETARIAT, desk))
    return bodies.order_by("name_ja")


class _Refused(Exception):  # noqa: N818  an answer to a person, not a failure
    """A row that cannot be brought in: the column, and the sentence."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


def import_auditors(
    *, actor: User, parsed: Parsed[AuditorRow], skip_bad: bool = False, only_look: bool = False
) -> Outcome:
    """Register and change the auditors that a file names, found again by registration number.

    What the file is silent about stays. One bad row stops everything, unless `skip_bad`. With
    `only_look` everything is tried and nothing is kept. Raises PermissionDenied for others than
    owner and coordinators of secretariats.
    """
    if not accounts.imports_suppliers(actor):
        raise PermissionDenied
    problems, counts = list(parsed.problems), {"created": 0, "updated": 0, "skipped": 0}
    with transaction.atomic():
        work = _Import(actor)
        for row in parsed.rows:
            try:
                with transaction.atomic():
                    counts[work.bring_in(row)] += 1
            except _Refused as refused:
                title = parsed.headings.title(refused.column)
                problems.append(Problem(row.row, title, refused.value, refused.reason))
        problems.sort(key=lambda problem: problem.row)
        counts["skipped"] += len({problem.row for problem in problems})
        if only_look or (problems and not skip_bad):
            transaction.set_rollback(True)
    if problems and not skip_bad and not only_look:
        return Outcome(problems=problems, stopped=True)
    return Outcome(counts["created"], counts["updated"], counts["skipped"], problems)


class _Import:
    """What one import knows: for whom the actor registers, and under which versions."""

    def __init__(self, actor: User) -> None:
        self.actor = actor
        self.bodies: dict[str, Organisation] = {}
        for body in bodies_of(actor):
            self.bodies |= {match_key(name): body for name in (body.name_ja, body.name_en) if name}
        self.standards = {match_key(row.version): row for row in Standard.objects.all()}
        usable = Standard.objects.usable_on(timezone.localdate())
        self.standard = usable.order_by("-effective_on").first()

    def bring_in(self, row: AuditorRow) -> str:
        """Bring one row in and return what was done: created, updated or skipped."""
        rows = Auditor.objects.select_related("user", "body")
        auditor = rows.filter(registration_number__iexact=row.registration_number).first()
        if auditor is None:
            auditor, done = self._register(row), "created"
        else:
            done = "updated" if self._change(auditor, row) else "skipped"
        if self._qualify(auditor, row) and done == "skipped":
            done = "updated"
        return done

    def _body(self, row: AuditorRow) -> Organisation:
        found = self.bodies.get(match_key(row.body))
        if not row.body and len({body.pk for body in self.bodies.values()}) == 1:
            found = next(iter(self.bodies.values()))
        if found is None:
            raise _Refused(
                "body",
                row.body,
                _(
                    "You register auditors for no body of this name. Write it as under Designations."
                ),
            )
        return found

    def _register(self, row: AuditorRow) -> Auditor:
        body = self._body(row)
        if not row.languages:
            reason = _("The languages are missing. Write at least one, for example 日本語.")
            raise _Refused("languages", "", reason)
        try:
            return register_auditor(
                actor=self.actor,
                body=body,
                email=row.email,
                name=row.name,
                registration_number=row.registration_number,
                languages=row.languages,
                prefectures=row.prefectures,
            )
        except ValidationError as error:
            raise _Refused("email", row.email, " ".join(error.messages)) from error

    def _change(self, auditor: Auditor, row: AuditorRow) -> bool:
        if not registers(self.actor, auditor.body):
            reason = _("The number belongs to an auditor of another secretariat.")
            raise _Refused("registration_number", row.registration_number, reason)
        if auditor.user.email.casefold() != row.email.casefold():
            reason = _("The number belongs to somebody with another e-mail address.")
            raise _Refused("email", row.email, reason)
        if row.body and self._body(row) != auditor.body:
            reason = _("The auditor is registered for another body. Ask the scheme owner.")
            raise _Refused("body", row.body, reason)
        before = (auditor.languages, auditor.prefectures)
        changed = change_auditor(
            actor=self.actor,
            auditor=auditor,
            languages=row.languages or auditor.languages,
            prefectures=row.prefectures or auditor.prefectures,
        )
        return (changed.languages, changed.prefectures) != before

    def _qualify(self, auditor: Auditor, row: AuditorRow) -> bool:
        """Enter the steps that are new or on another day; say whether there were any."""
        if not row.steps:
            return False
        standard = self.standards.get(match_key(row.standard)) if row.standard else self.standard
        if standard is None:
            raise _Refused("standard", row.standard, _("There is no such version of the standard."))
        held = Qualification.objects.filter(
            auditor=auditor, standard=standard, level=row.level
        ).first()
        steps = held.steps if held else {}
        done = False
        for step, on in row.steps.items():
            ends_on = row.ends_on if step == QualificationStatus.QUALIFIED else None
            same_end = ends_on is None or (held is not None and held.ends_on == ends_on)
            if steps.get(step) == on.isoformat() and same_end:
                continue
            if held is not None and held.status in OVER:
                reason = _("The qualification is suspended or has lapsed. Change it on its page.")
                raise _Refused(step, on.isoformat(), reason)
            try:
                enter_step(
                    actor=self.actor,
                    auditor=auditor,
                    standard=standard,
                    level=row.level,
                    status=step,
                    on=on,
                    ends_on=ends_on,
                    tell=step == QualificationStatus.QUALIFIED,
                )
            except ValidationError as error:
                raise _Refused(step, on.isoformat(), " ".join(error.messages)) from error
            done = True
        return done
