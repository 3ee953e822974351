"""Bringing a list of auditors in: all or nothing, and twice is the same as once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts import policies as accounts
from accounts.models import Membership, Organisation, User
from accounts.services.notices import notify_each
from accounts.services.records import record_all
from accounts.terms import Role
from audits.auditors.models import Auditor, Qualification
from audits.auditors.services.judging import AuditorPlan
from audits.auditors.services.register import number_key
from audits.auditors.services.registering import taken_meanwhile
from suppliers.services.plans import BATCH, Outcome

if TYPE_CHECKING:
    from uuid import UUID

    from audits.auditors.imports import AuditorRow
    from suppliers.imports import Parsed

# So often somebody else may change, between looking and locking, what the list is about.
MOST_ATTEMPTS = 3


def preview_auditors(*, actor: User, parsed: Parsed[AuditorRow]) -> Outcome:
    """Return what an import that leaves bad rows out would do now, and write nothing."""
    _check(actor)
    return AuditorPlan(actor, parsed).outcome()


def import_auditors(*, actor: User, parsed: Parsed[AuditorRow], skip_bad: bool = False) -> Outcome:
    """Register and change the auditors that a file names, found again by registration number.

    What the file is silent about stays. One bad row stops everything, unless `skip_bad`. Raises
    PermissionDenied for others than owner and coordinators of secretariats; ValidationError when
    somebody enters the same people at the same moment.
    """
    _check(actor)
    try:
        for _attempt in range(MOST_ATTEMPTS):
            with transaction.atomic():
                locked = _lock(AuditorPlan(actor, parsed))
                # What was looked at before the locks may have been changed meanwhile.
                plan = AuditorPlan(actor, parsed)
                problems = plan.all_problems()
                if problems and not skip_bad:
                    return Outcome(problems=problems, stopped=True)
                if _touched(plan) <= locked:
                    _write(plan)
                    return plan.outcome()
    except IntegrityError as error:
        raise ValidationError(taken_meanwhile()) from error
    raise ValidationError(taken_meanwhile())


def _check(actor: User) -> None:
    if not accounts.imports_suppliers(actor):
        raise PermissionDenied


def _touched(plan: AuditorPlan) -> set[UUID]:
    auditors = {each.auditor.pk for each in plan.judged if not each.new}
    return auditors | {each.auditor.body_id for each in plan.judged}


def _lock(plan: AuditorPlan) -> set[UUID]:
    """Lock the auditors that the plan changes, then the bodies in whose records it writes.

    Auditors before bodies, as everybody does who changes one auditor; each in the order of keys, so
    that two lists wait for each other and never crosswise. Returns the keys.
    """
    touched = _touched(plan)
    for model in (Auditor, Organisation):
        keys = sorted(touched)
        for start in range(0, len(keys), BATCH):
            some = model.objects.filter(pk__in=keys[start : start + BATCH])
            list(some.select_for_update().order_by("pk").values_list("pk"))
    return touched


def _write(plan: AuditorPlan) -> None:
    """Write everything with a number of queries that depends on batches, not on rows.

    Whoever writes the same new people or numbers meets the other at the first of them: both go
    through them in the same order.
    """
    judged = sorted(plan.judged, key=lambda each: each.auditor.user.email)
    users = [each.auditor.user for each in judged if each.new_user]
    for user in users:
        user.set_unusable_password()
    User.objects.bulk_create(users, batch_size=BATCH)
    new = [each.auditor for each in judged if each.new]
    Membership.objects.bulk_create(
        [Membership(user=row.user, organisation=row.body, role=Role.AUDITOR) for row in new],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    new.sort(key=lambda row: number_key(row.registration_number))
    Auditor.objects.bulk_create(new, batch_size=BATCH)
    Auditor.objects.bulk_update(
        [each.auditor for each in judged if each.described],
        ("languages", "prefectures"),
        batch_size=BATCH,
    )
    held = [(each.held, each.new_held) for each in judged if each.held is not None]
    Qualification.objects.bulk_create([row for row, made in held if made], batch_size=BATCH)
    Qualification.objects.bulk_update(
        [row for row, made in held if not made],
        ("status", "starts_on", "ends_on", "steps"),
        batch_size=BATCH,
    )
    for body, entries in plan.entries.items():
        record_all(organisation=body, actor=plan.actor, entries=entries)
    notify_each(telling() for each in judged for telling in each.tellings)
