"""The register of auditors: who is in it, what each is qualified for, when each is away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import policies as accounts
from accounts.models import Membership, User
from accounts.services.notices import Message, notify
from accounts.services.records import record
from accounts.terms import Kind, Role
from audits.auditors.models import Absence, Auditor, Qualification
from audits.auditors.terms import Level, QualificationStatus
from suppliers.prefectures import BY_CODE
from suppliers.terms import Language

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import Organisation
    from audits.standards.models import Standard

# In this order a person becomes an auditor; a step may not be skipped.
STEPS = (
    QualificationStatus.TRAINED,
    QualificationStatus.EXAMINED,
    QualificationStatus.WITNESSED,
    QualificationStatus.QUALIFIED,
)


def registers(actor: User, body: Organisation) -> bool:
    """Say whether the actor registers and qualifies the body's auditors: owner or its secretariat."""
    return accounts.administers_scheme(actor) or accounts.coordinates(actor, body.parent_id)


def keeps(actor: User, auditor: Auditor) -> bool:
    """Say whether the actor keeps the auditor's data and days: also the body's desk and the person."""
    return (
        auditor.user_id == actor.pk
        or accounts.coordinates(actor, auditor.body_id)
        or registers(actor, auditor.body)
    )


@transaction.atomic
def register_auditor(
    *,
    actor: User,
    body: Organisation,
    email: str,
    name: str,
    registration_number: str,
    languages: Iterable[str],
    prefectures: Iterable[int],
) -> Auditor:
    """Enter a person into the register for a body; the person is created when new."""
    if body.kind != Kind.AUDIT_BODY or not registers(actor, body):
        raise PermissionDenied
    number = registration_number.strip()
    if Auditor.objects.filter(registration_number__iexact=number).exists():
        raise ValidationError(
            _("The registration number %(number)s is taken.") % {"number": number}
        )
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        user = User.objects.create_user(email.strip(), name=name.strip())
    elif Auditor.objects.filter(user=user).exists():
        raise ValidationError(_("This person is in the register already."))
    Membership.objects.get_or_create(user=user, organisation=body, role=Role.AUDITOR)
    auditor = Auditor(user=user, body=body, registration_number=number)
    _describe(auditor, languages, prefectures)
    auditor.full_clean()
    auditor.save()
    record(
        organisation=body,
        actor=actor,
        act="auditor_registered",
        payload={"auditor": number, "languages": auditor.languages},
    )
    return auditor


@transaction.atomic
def change_auditor(
    *,
    actor: User,
    auditor: Auditor,
    languages: Iterable[str],
    prefectures: Iterable[int],
    is_active: bool | None = None,
) -> Auditor:
    """Change languages and prefectures; whether somebody is active only those who register decide."""
    auditor = _lock(auditor)
    if not keeps(actor, auditor):
        raise PermissionDenied
    before = {"languages": auditor.languages, "prefectures": auditor.prefectures}
    _describe(auditor, languages, prefectures)
    if is_active is not None and is_active != auditor.is_active:
        if not registers(actor, auditor.body):
            raise PermissionDenied
        auditor.is_active = is_active
    auditor.save()
    record(
        organisation=auditor.body,
        actor=actor,
        act="auditor_changed",
        payload={
            "auditor": auditor.registration_number,
            "before": before,
            "languages": auditor.languages,
            "prefectures": auditor.prefectures,
            "active": auditor.is_active,
        },
    )
    return auditor


def _describe(auditor: Auditor, languages: Iterable[str], prefectures: Iterable[int]) -> None:
    auditor.languages = sorted(set(languages))
    auditor.prefectures = sorted({int(code) for code in prefectures})
    if not auditor.languages or not set(auditor.languages) <= set(Language.values):
        raise ValidationError(_("Choose at least one language from the list."))
    if not set(auditor.prefectures) <= set(BY_CODE):
        raise ValidationError(_("Choose the prefectures from the list."))


@transaction.atomic
def advance(
    *,
    actor: User,
    auditor: Auditor,
    standard: Standard,
    level: str,
    status: str,
    on: date,
    ends_on: date | None = None,
) -> Qualification:
    """Enter a step of an auditor's qualification under a version of the standard.

    Trained, examined, witnessed and qualified follow each other; lapsed and suspended end what
    holds. `ends_on` is the last day of a qualification. Raises ValidationError for a skipped step.
    """
    auditor = _lock(auditor)
    if not registers(actor, auditor.body):
        raise PermissionDenied
    if on > timezone.localdate():
        raise ValidationError(_("A step cannot be reached in the future. Correct the day."))
    row = Qualification.objects.filter(auditor=auditor, standard=standard, level=level).first()
    reached = row.steps if row else {}
    wanted = QualificationStatus(status)
    if wanted in STEPS:
        missing = [step for step in STEPS[: STEPS.index(wanted)] if step.value not in reached]
        if missing:
            raise ValidationError(
                _("A step is missing: %(steps)s. Enter it first.")
                % {"steps": "、".join(str(step.label) for step in missing)}
            )
    elif row is None or row.status not in (QualificationStatus.QUALIFIED, wanted):
        raise ValidationError(_("Only a qualification that holds can lapse or be suspended."))
    if row is None:
        row = Qualification(auditor=auditor, standard=standard, level=Level(level), starts_on=on)
    if wanted == QualificationStatus.QUALIFIED:
        row.starts_on, row.ends_on = on, ends_on
    row.status = wanted
    row.steps = {**reached, wanted.value: on.isoformat()}
    row.full_clean()
    row.save()
    record(
        organisation=auditor.body,
        actor=actor,
        act=f"qualification_{wanted.value}",
        payload={
            "auditor": auditor.registration_number,
            "standard": standard.version,
            "level": row.level,
            "on": on.isoformat(),
            "until": row.ends_on.isoformat() if row.ends_on else None,
        },
    )
    notify(
        [auditor.user],
        f"qualification:{row.pk}:{wanted.value}:{on}",
        lambda: Message(
            _("Your qualification as %(level)s is now “%(status)s”.")
            % {"level": row.get_level_display(), "status": row.get_status_display()},
            str(standard),
        ),
    )
    return row


@transaction.atomic
def let_lapse(qualification: Qualification) -> Qualification:
    """Let a qualification lapse whose last day has passed; nothing happens to any other."""
    row = Qualification.objects.select_related("auditor__body", "standard").get(pk=qualification.pk)
    if row.status != QualificationStatus.QUALIFIED:
        return row
    row.status = QualificationStatus.LAPSED
    row.save(update_fields=["status"])
    record(
        organisation=row.auditor.body,
        actor=None,
        act="qualification_lapsed",
        payload={
            "auditor": row.auditor.registration_number,
            "standard": row.standard.version,
            "level": row.level,
        },
    )
    return row


@transaction.atomic
def add_absence(
    *, actor: User, auditor: Auditor, starts_on: date, ends_on: date, note: str = ""
) -> Absence:
    """Enter days on which the auditor takes no visit; the reason need not be told."""
    if not keeps(actor, auditor):
        raise PermissionDenied
    if ends_on < starts_on:
        raise ValidationError(_("The last day comes before the first. Correct the days."))
    if Absence.objects.filter(auditor=auditor).touching(starts_on, ends_on).exists():
        raise ValidationError(_("Some of these days are entered already. Take them out first."))
    return Absence.objects.create(
        auditor=auditor, starts_on=starts_on, ends_on=ends_on, note=note.strip()
    )


@transaction.atomic
def remove_absence(*, actor: User, absence: Absence) -> None:
    """Take unavailable days out again."""
    if not keeps(actor, absence.auditor):
        raise PermissionDenied
    absence.delete()


def describe_absence(absence: Absence) -> str:
    """Return the days in words."""
    return f"{date_format(absence.starts_on)} – {date_format(absence.ends_on)}"


def _lock(auditor: Auditor) -> Auditor:
    rows = Auditor.objects.select_for_update(of=("self",)).select_related("body", "user")
    found: Any = rows.get(pk=auditor.pk)
    return found
