"""Qualifications under a version of the standard: step by step, until a day, suspended, lapsed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services.notices import notify_each
from accounts.services.records import Entry, record
from audits.auditors import letters
from audits.auditors.models import Qualification
from audits.auditors.services.registering import lock_auditor, registers
from audits.auditors.services.telling import tell_desks, to_auditor
from audits.auditors.terms import Level, QualificationStatus

if TYPE_CHECKING:
    from accounts.letters import Fact
    from accounts.models import User
    from accounts.services.notices import Telling
    from audits.auditors.models import Auditor
    from audits.standards.models import Standard

# In this order a person becomes an auditor; a step may not be skipped.
STEPS = (
    QualificationStatus.TRAINED,
    QualificationStatus.EXAMINED,
    QualificationStatus.WITNESSED,
    QualificationStatus.QUALIFIED,
)
OVER = (QualificationStatus.LAPSED, QualificationStatus.SUSPENDED)


@transaction.atomic
def enter_step(
    *,
    actor: User,
    auditor: Auditor,
    standard: Standard,
    level: str,
    status: str,
    on: date,
    ends_on: date | None = None,
    reason: str = "",
    tell: bool = True,
) -> Qualification:
    """Enter a step of an auditor's qualification under a version of the standard.

    Trained, examined, witnessed and qualified follow each other on days in the same order; entering
    one that was reached before corrects its day. Lapsed and suspended end what holds, and need a
    reason; after them "qualified" takes it up again and "trained" begins anew. `ends_on` is the last
    day of a qualification; the person is told unless `tell` is False. Raises ValidationError for
    a step that is missing or out of order.
    """
    auditor = lock_auditor(auditor)
    if not registers(actor, auditor.body):
        raise PermissionDenied
    wanted = QualificationStatus(status)
    if on > timezone.localdate():
        raise ValidationError({"on": _("A step cannot be reached in the future. Correct the day.")})
    found = Qualification.objects.select_for_update().filter(
        auditor=auditor, standard=standard, level=level
    )
    row = found.first() or Qualification(
        auditor=auditor, standard=standard, level=Level(level), starts_on=on
    )
    if wanted in OVER:
        _end(row, wanted, reason)
        row.steps = {**row.steps, wanted.value: on.isoformat()}
    else:
        reach(row, wanted, on, ends_on)
    row.save()
    _record(row, auditor, actor, wanted, on, reason)
    if tell:
        notify_each([of_step(row, auditor, wanted, on, reason)])
    return row


def _end(row: Qualification, wanted: QualificationStatus, reason: str) -> None:
    if row.status != QualificationStatus.QUALIFIED:
        raise ValidationError(_("Only a qualification that holds can lapse or be suspended."))
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason: the others will read it.")})
    row.status = wanted


def reach(row: Qualification, wanted: QualificationStatus, on: date, ends_on: date | None) -> None:
    """Check a step up to "qualified" against those before and after it, and set status and days.

    Nothing is saved. Raises ValidationError for a step that is missing or out of order.
    """
    if row.status in OVER and wanted == QualificationStatus.TRAINED:
        row.status, row.steps = QualificationStatus.TRAINED, {}
    place = STEPS.index(wanted)
    missing = [str(step.label) for step in STEPS[:place] if step.value not in row.steps]
    # Of those who were qualified before the register was kept here the steps may not be known.
    if missing and (wanted != QualificationStatus.QUALIFIED or row.status not in (wanted, *OVER)):
        raise ValidationError(
            {
                "status": _("A step is missing: %(steps)s. Enter it first.")
                % {"steps": "、".join(missing)}
            }
        )
    day = on.isoformat()
    before = max(
        (row.steps[step.value] for step in STEPS[:place] if step.value in row.steps),
        default=day,
    )
    after = min(
        (row.steps[step.value] for step in STEPS[place + 1 :] if step.value in row.steps),
        default=day,
    )
    if not before <= day <= after:
        raise ValidationError(
            {"on": _("The day does not fit between those of the other steps. Correct it.")}
        )
    if wanted == QualificationStatus.QUALIFIED:
        if ends_on is not None and ends_on < on:
            raise ValidationError(
                {"ends_on": _("The last day comes before the first. Correct the days.")}
            )
        row.starts_on, row.ends_on = on, ends_on
        row.steps = {key: day for key, day in row.steps.items() if key not in OVER}
        row.status = wanted
    elif row.status not in OVER and place > STEPS.index(QualificationStatus(row.status)):
        row.status = wanted
    row.steps = {**row.steps, wanted.value: day}


def step_taken(
    row: Qualification, auditor: Auditor, wanted: QualificationStatus, on: date
) -> Entry:
    """Return what is recorded of a step."""
    return Entry(
        f"qualification_{wanted.value}",
        {
            "auditor": auditor.registration_number,
            "standard": row.standard.version,
            "level": row.level,
            "on": on.isoformat(),
            "until": row.ends_on.isoformat() if row.ends_on else None,
        },
    )


def _record(
    row: Qualification,
    auditor: Auditor,
    actor: User | None,
    wanted: QualificationStatus,
    on: date,
    reason: str,
) -> None:
    entry = step_taken(row, auditor, wanted, on)
    record(
        organisation=auditor.body,
        actor=actor,
        act=entry.act,
        comment=reason.strip(),
        payload=entry.payload,
    )


def of_step(
    row: Qualification, auditor: Auditor, wanted: QualificationStatus, on: date, reason: str = ""
) -> Telling:
    """Return what the person is told of a step that is saved."""
    return to_auditor(
        auditor,
        _key(row, wanted, on),
        letters.STEP,
        {**facts_of(row), "step": wanted.label, "day": on},
        said=reason.strip(),
    )


def _key(row: Qualification, step: QualificationStatus, on: date) -> str:
    return f"qualification:{row.pk}:{step.value}:{on}:{row.ends_on}"


@transaction.atomic
def let_lapse(qualification: Qualification) -> Qualification:
    """Let a qualification lapse whose last day has passed, and tell those whom it concerns."""
    rows = Qualification.objects.select_for_update(of=("self",))
    row: Qualification = rows.select_related("auditor__body", "auditor__user", "standard").get(
        pk=qualification.pk
    )
    if row.status != QualificationStatus.QUALIFIED or row.ends_on is None:
        return row
    row.status = QualificationStatus.LAPSED
    row.steps = {**row.steps, QualificationStatus.LAPSED.value: row.ends_on.isoformat()}
    row.save(update_fields=["status", "steps"])
    _record(row, row.auditor, None, QualificationStatus.LAPSED, row.ends_on, "")
    notify_each([of_step(row, row.auditor, QualificationStatus.LAPSED, row.ends_on)])
    key = _key(row, QualificationStatus.LAPSED, row.ends_on)
    tell_desks(row.auditor, key, letters.LAPSED, facts_of(row))
    return row


def facts_of(row: Qualification) -> dict[str, Fact]:
    """Return what letters say of a qualification."""
    return {"level": row.get_level_display, "standard": row.standard.__str__}


def steps_of(row: Qualification) -> list[tuple[str, date | None]]:
    """Return each step in words with the day on which it was reached, None when it was not.

    Suspended and lapsed are named only where they happened.
    """
    shown = [*STEPS, *(status for status in OVER if status.value in row.steps)]
    days = {name: date.fromisoformat(day) for name, day in row.steps.items()}
    return [(str(status.label), days.get(status.value)) for status in shown]
