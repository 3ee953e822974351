"""The register of auditors: who is in it, in which languages and where each works, and when not."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import policies as accounts
from accounts.models import Membership, Organisation, User
from accounts.services.notices import notify_each
from accounts.services.records import Entry, record
from accounts.terms import Kind, Role
from audits.auditors import letters
from audits.auditors.models import Absence, Auditor
from audits.auditors.services.telling import tell_auditor, to_auditor
from suppliers.prefectures import BY_CODE
from suppliers.terms import Language
from ui.days import check_days

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import OrganisationEvent
    from accounts.services.notices import Telling


def registers(actor: User, body: Organisation) -> bool:
    """Say whether the actor registers and qualifies the body's auditors: owner or its secretariat."""
    return accounts.administers_scheme(actor) or accounts.coordinates(actor, body.parent_id)


def describes(actor: User, auditor: Auditor) -> bool:
    """Say whether the actor changes the auditor's languages and places: also the body's desk."""
    return accounts.coordinates(actor, auditor.body_id) or registers(actor, auditor.body)


def keeps_days(actor: User, auditor: Auditor) -> bool:
    """Say whether the actor enters the days on which the auditor is away: also the person."""
    return auditor.user_id == actor.pk or describes(actor, auditor)


def tidy_number(text: str) -> str:
    """Return a registration number as it is kept: letters and digits of half width, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


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
    """Enter a person into the register for a body; the person is created when new.

    Raises ValidationError when the number is taken, whatever its case, or the person is in the
    register already, even since this moment.
    """
    if body.kind != Kind.AUDIT_BODY or not registers(actor, body):
        raise PermissionDenied
    number, address = tidy_number(registration_number), email.strip()
    validate_email(address)
    try:
        with transaction.atomic():
            # The second click of a double click waits here, and then finds what the first one did.
            Organisation.objects.select_for_update().get(pk=body.pk)
            auditor = Auditor(
                user=_person(number, address, name.strip()), body=body, registration_number=number
            )
            describe(auditor, languages, prefectures)
            return _enter(actor, auditor)
    except IntegrityError as error:  # for another body, so that nothing made it wait
        raise ValidationError(taken_meanwhile()) from error


def taken_meanwhile() -> str:
    """Return the sentence for who enters what somebody else is entering at the same moment."""
    return _(
        "Somebody entered this registration number or e-mail address at the same moment. "
        "Look it up in the register."
    )


def _person(number: str, address: str, name: str) -> User:
    """Return who shall have the number, created when new; raises ValidationError."""
    if Auditor.objects.filter(registration_number__iexact=number).exists():
        raise ValidationError(
            _("The registration number %(number)s is taken.") % {"number": number}
        )
    user: User | None = User.objects.filter(email__iexact=address).first()
    if user is None:
        made: User = User.objects.create_user(address, name=name)
        return made
    if user.is_service or not user.is_active:
        raise ValidationError(_("This account cannot be an auditor's. Use another e-mail address."))
    if Auditor.objects.filter(user=user).exists():
        raise ValidationError(_("This person is in the register already."))
    return user


def _enter(actor: User, auditor: Auditor) -> Auditor:
    Membership.objects.get_or_create(
        user=auditor.user, organisation=auditor.body, role=Role.AUDITOR
    )
    auditor.full_clean()
    auditor.save()
    _record(auditor, actor, registration(auditor))
    notify_each([of_registration(auditor)])
    return auditor


def registration(auditor: Auditor) -> Entry:
    """Return what is recorded of an entry into the register."""
    return _entry(auditor, "auditor_registered", description(auditor))


def of_registration(auditor: Auditor) -> Telling:
    """Return what is told of an entry into the register."""
    return to_auditor(auditor, "registered", letters.REGISTERED)


@transaction.atomic
def change_auditor(
    *, actor: User, auditor: Auditor, languages: Iterable[str], prefectures: Iterable[int]
) -> Auditor:
    """Change in which languages and prefectures somebody works; nothing happens without a change."""
    auditor = lock_auditor(auditor)
    if not describes(actor, auditor):
        raise PermissionDenied
    before = description(auditor)
    describe(auditor, languages, prefectures)
    if description(auditor) == before:
        return auditor
    auditor.save(update_fields=["languages", "prefectures"])
    _record(auditor, actor, change(auditor, before))
    if actor.pk != auditor.user_id:
        notify_each([of_change(auditor)])
    return auditor


def change(auditor: Auditor, before: dict[str, Any]) -> Entry:
    """Return what is recorded of a change of languages or prefectures."""
    return _entry(auditor, "auditor_changed", {**description(auditor), "before": before})


def of_change(auditor: Auditor) -> Telling:
    """Return what is told of a change of languages or prefectures."""
    return to_auditor(
        auditor,
        f"changed:{'.'.join(auditor.languages)}:{auditor.prefectures}",
        letters.CHANGED,
    )


@transaction.atomic
def deactivate(*, actor: User, auditor: Auditor, reason: str) -> Auditor:
    """Take somebody out of every choice of a team; what was audited before stays as it is."""
    auditor = lock_auditor(auditor)
    if not registers(actor, auditor.body):
        raise PermissionDenied
    if not auditor.is_active:
        raise ValidationError(_("The auditor is not active already."))
    if not reason.strip():
        raise ValidationError(_("Give a reason: the others will read it."))
    return _set_active(auditor, actor, False, reason.strip())


@transaction.atomic
def reactivate(*, actor: User, auditor: Auditor, reason: str = "") -> Auditor:
    """Let somebody be chosen for teams again."""
    auditor = lock_auditor(auditor)
    if not registers(actor, auditor.body):
        raise PermissionDenied
    if auditor.is_active:
        raise ValidationError(_("The auditor is active already."))
    return _set_active(auditor, actor, True, reason.strip())


def _set_active(auditor: Auditor, actor: User, active: bool, reason: str) -> Auditor:
    auditor.is_active = active
    auditor.save(update_fields=["is_active"])
    act = "auditor_reactivated" if active else "auditor_deactivated"
    event = _record(auditor, actor, _entry(auditor, act, {}), reason)
    tell_auditor(
        auditor,
        f"active{event.sequence}",
        letters.ACTIVE if active else letters.INACTIVE,
        said=reason,
    )
    return auditor


def describe(auditor: Auditor, languages: Iterable[str], prefectures: Iterable[int]) -> None:
    """Set languages and prefectures, not saved yet; raises ValidationError for unknown ones."""
    auditor.languages = sorted(set(languages))
    auditor.prefectures = sorted({int(code) for code in prefectures})
    if not auditor.languages or not set(auditor.languages) <= set(Language.values):
        raise ValidationError(_("Choose at least one language from the list."))
    if not set(auditor.prefectures) <= set(BY_CODE):
        raise ValidationError(_("Choose the prefectures from the list."))


def description(auditor: Auditor) -> dict[str, Any]:
    """Return what is recorded of somebody's languages and prefectures."""
    return {"languages": auditor.languages, "prefectures": auditor.prefectures}


@transaction.atomic
def add_absence(
    *, actor: User, auditor: Auditor, starts_on: date, ends_on: date, note: str = ""
) -> Absence:
    """Enter days on which the auditor takes no visit; the reason need not be told."""
    auditor = lock_auditor(auditor)
    if not keeps_days(actor, auditor):
        raise PermissionDenied
    check_days(starts_on=starts_on, ends_on=ends_on)
    if ends_on < starts_on:
        raise ValidationError(_("The last day comes before the first. Correct the days."))
    if Absence.objects.filter(auditor=auditor).touching(starts_on, ends_on).exists():
        raise ValidationError(_("Some of these days are entered already. Take them out first."))
    absence = Absence.objects.create(
        auditor=auditor, starts_on=starts_on, ends_on=ends_on, note=note.strip()
    )
    _of_days(absence, actor, "absence_added")
    return absence


@transaction.atomic
def remove_absence(*, actor: User, absence: Absence) -> None:
    """Take unavailable days out again."""
    auditor = lock_auditor(absence.auditor)
    if not keeps_days(actor, auditor):
        raise PermissionDenied
    _of_days(absence, actor, "absence_removed")
    absence.delete()


def _of_days(absence: Absence, actor: User, act: str) -> None:
    """Record a change of somebody's unavailable days, and tell the person of what others entered."""
    auditor = absence.auditor
    days = {"from": absence.starts_on.isoformat(), "until": absence.ends_on.isoformat()}
    event = _record(auditor, actor, _entry(auditor, act, days))
    if actor.pk != auditor.user_id:
        tell_auditor(
            auditor,
            f"absence{event.sequence}",
            letters.ABSENCE,
            {"first": absence.starts_on, "last": absence.ends_on},
        )


def _entry(auditor: Auditor, act: str, payload: dict[str, Any]) -> Entry:
    return Entry(act, {"auditor": auditor.registration_number, **payload})


def _record(
    auditor: Auditor, actor: User | None, entry: Entry, comment: str = ""
) -> OrganisationEvent:
    return record(
        organisation=auditor.body,
        actor=actor,
        act=entry.act,
        comment=comment,
        payload=entry.payload,
    )


def lock_auditor(auditor: Auditor) -> Auditor:
    """Return the auditor's row locked until the transaction ends, with body and person."""
    rows = Auditor.objects.select_for_update(of=("self",)).select_related("body", "user")
    found: Auditor = rows.get(pk=auditor.pk)
    return found
