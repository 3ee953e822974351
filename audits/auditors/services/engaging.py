"""Engagements: declared by the auditor, the office, the supplier or the scheme; ended, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies as accounts
from accounts.models import Organisation
from accounts.services.records import record
from accounts.terms import Kind
from audits.auditors.models import Auditor, Engagement
from audits.auditors.terms import Declarer
from suppliers import policies as suppliers
from ui.days import check_days
from ui.templatetags.ui import day

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from suppliers.models import Supplier


def declarer_of(
    actor: User, *, person: User | None, body: Organisation | None, supplier: Supplier
) -> Declarer | None:
    """Return as whom the actor may declare such an engagement, or None.

    The person concerned, a coordinator of the office, the supplier's manager, or the scheme: its
    owner, and the secretariat for its own bodies.
    """
    if person is not None and person.pk == actor.pk:
        return Declarer.AUDITOR
    if body is not None and accounts.coordinates(actor, body.pk):
        return Declarer.OFFICE
    if suppliers.manages(actor, supplier):
        return Declarer.SUPPLIER
    over = body is not None and accounts.coordinates(actor, body.parent_id)
    if accounts.administers_scheme(actor) or over:
        return Declarer.SCHEME
    return None


@transaction.atomic
def declare_engagement(
    *,
    actor: User,
    supplier: Supplier,
    kind: str,
    starts_on: date,
    ends_on: date | None = None,
    person: User | None = None,
    body: Organisation | None = None,
    note: str = "",
) -> Engagement:
    """Declare a tie between a person or an office and a supplier, from a day until a day or running.

    Raises PermissionDenied for others than those of `declarer_of`, ValidationError when it is not
    complete, when a day is out of reach, when the person is not of the office, or when the same tie
    is declared already.
    """
    as_whom = declarer_of(actor, person=person, body=body, supplier=supplier)
    if as_whom is None:
        raise PermissionDenied
    if person is None and body is None:
        raise ValidationError(_("Say who has the engagement: a person, or the whole office."))
    if person is not None and body is not None:
        places = person.memberships.in_force().filter(organisation=body)
        if not places.exists():
            raise ValidationError(_("This person does not belong to the office."))
    check_days(starts_on=starts_on, ends_on=ends_on)
    if ends_on is not None and ends_on < starts_on:
        raise ValidationError(
            {"ends_on": _("An engagement cannot end before it began. Correct the day.")}
        )
    engagement = Engagement(
        person=person,
        body=body,
        supplier=supplier,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        note=note.strip(),
        declared_by=actor,
        declared_as=as_whom,
    )
    engagement.full_clean()
    same = Engagement.objects.filter(
        person=person,
        body=body,
        supplier=supplier,
        kind=kind,
        starts_on=starts_on,
        withdrawn_at=None,
    )
    if same.exists():
        raise ValidationError(_("This engagement has been declared already."))
    engagement.save()
    _record(engagement, actor, "engagement_declared", note)
    return engagement


def concerned(actor: User, engagement: Engagement) -> bool:
    """Say whether the engagement is the actor's own, or that of an own office or own company."""
    return (
        engagement.person_id == actor.pk
        or any(accounts.holds(actor, office.pk) for office in _offices(engagement))
        or accounts.holds(actor, engagement.supplier.organisation_id)
    )


def may_judge(actor: User, engagement: Engagement) -> bool:
    """Say whether the actor may withdraw the engagement or correct its end.

    Whom it does not concern, and who is of the scheme owner, or of the secretariat of the office;
    where no office is named, of the secretariat of an office to which the person belongs. Source:
    docs/decisions/0010.
    """
    if concerned(actor, engagement):
        return False
    return accounts.administers_scheme(actor) or any(
        accounts.coordinates(actor, office.parent_id) for office in _offices(engagement)
    )


def may_end(actor: User, engagement: Engagement) -> bool:
    """Say whether the actor may enter the end of a running engagement, or correct an entered one."""
    if engagement.withdrawn_at is not None:
        return False
    if may_judge(actor, engagement):
        return True
    return engagement.ends_on is None and _declares(actor, engagement)


@transaction.atomic
def end_engagement(
    *, actor: User, engagement: Engagement, ends_on: date, reason: str = ""
) -> Engagement:
    """Enter the last day of an engagement; the months of the settings count from it.

    Raises PermissionDenied for others than those of `declarer_of` and `may_judge`. An end before
    the day of the declaration, or another one than was entered, would let the engagement vanish:
    ValidationError for others than those of `may_judge`, and without a reason.
    """
    engagement = _locked(engagement)
    judges = may_judge(actor, engagement)
    if not judges and not _declares(actor, engagement):
        raise PermissionDenied
    _check_stands(engagement)
    check_days(ends_on=ends_on)
    if ends_on < engagement.starts_on:
        raise ValidationError(
            {"ends_on": _("An engagement cannot end before it began. Correct the day.")}
        )
    declared, before = declared_on(engagement), engagement.ends_on
    corrects = before is not None or ends_on < declared
    if corrects and not judges:
        raise ValidationError({"ends_on": not_yours(declared)})
    if corrects and not reason.strip():
        raise ValidationError({"reason": _("Give a reason: the others will read it.")})
    engagement.ends_on = ends_on
    engagement.save(update_fields=["ends_on"])
    act = "engagement_end_corrected" if corrects else "engagement_ended"
    _record(engagement, actor, act, reason, {"before": before.isoformat()} if before else {})
    return engagement


def declared_on(engagement: Engagement) -> date:
    """Return the day of the declaration: whoever is concerned enters no earlier end."""
    return timezone.localdate(engagement.created_at)


def not_yours(declared: date) -> str:
    """Return who enters an end that those concerned may not enter, as a sentence."""
    return _(
        "An end before the day of the declaration (%(day)s), or another one than was entered, is "
        "entered by the secretariat or the scheme owner. Tell them the day and the reason."
    ) % {"day": day(declared)}


@transaction.atomic
def withdraw_engagement(*, actor: User, engagement: Engagement, reason: str) -> Engagement:
    """Withdraw what was declared by mistake: it no longer counts and stays readable.

    Only those of `may_judge`: whoever has an engagement must not make it vanish.
    """
    engagement = _locked(engagement)
    if not may_judge(actor, engagement):
        raise PermissionDenied
    _check_stands(engagement)
    if not reason.strip():
        raise ValidationError(_("Give a reason: the others will read it."))
    engagement.withdrawn_at, engagement.withdrawal_reason = timezone.now(), reason.strip()
    engagement.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    _record(engagement, actor, "engagement_withdrawn", reason)
    return engagement


def _offices(engagement: Engagement) -> list[Organisation]:
    """Return the office that is named, and those to which the person belongs today."""
    found = [engagement.body] if engagement.body else []
    if engagement.person is not None:
        places = engagement.person.memberships.in_force().filter(organisation__kind=Kind.AUDIT_BODY)
        found += [place.organisation for place in places.select_related("organisation")]
    return found


def _declares(actor: User, engagement: Engagement) -> bool:
    as_whom = declarer_of(
        actor,
        person=engagement.person,
        body=engagement.body,
        supplier=engagement.supplier,
    )
    return as_whom is not None


def _locked(engagement: Engagement) -> Engagement:
    return (
        Engagement.objects.select_for_update(of=("self",))
        .select_related("person", "body", "supplier")
        .get(pk=engagement.pk)
    )


def _check_stands(engagement: Engagement) -> None:
    if engagement.withdrawn_at is not None:
        raise ValidationError(_("This engagement has been withdrawn already."))


def _record(
    engagement: Engagement,
    actor: User,
    act: str,
    comment: str,
    more: dict[str, str] | None = None,
) -> None:
    """Keep it in the record of the office, or of the supplier when no office is named."""
    record(
        organisation=engagement.body or engagement.supplier.organisation,
        actor=actor,
        act=act,
        comment=comment.strip(),
        payload={
            "engagement": str(engagement.pk),
            "person": str(engagement.person_id) if engagement.person_id else None,
            "auditor": _number(engagement.person),
            "supplier": str(engagement.supplier_id),
            "with": engagement.supplier.name_ja,
            "kind": engagement.kind,
            "from": engagement.starts_on.isoformat(),
            "until": engagement.ends_on.isoformat() if engagement.ends_on else None,
            **(more or {}),
        },
    )


def _number(person: User | None) -> str:
    """Return the registration number: names are not kept in a record that nobody can change."""
    found = Auditor.objects.filter(user=person).values_list("registration_number", flat=True)
    return found.first() or "" if person else ""
