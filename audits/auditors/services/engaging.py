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
from accounts.terms import Kind, Role
from audits.auditors.models import Auditor, Engagement
from audits.auditors.terms import Declarer
from suppliers import policies as suppliers

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
    complete, when the person is not of the office, or when the same tie is declared already.
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


@transaction.atomic
def end_engagement(*, actor: User, engagement: Engagement, ends_on: date) -> Engagement:
    """Enter the last day of an engagement; the months of the settings count from it."""
    engagement = _mine(actor, engagement)
    if ends_on < engagement.starts_on:
        raise ValidationError(
            {"ends_on": _("An engagement cannot end before it began. Correct the day.")}
        )
    engagement.ends_on = ends_on
    engagement.save(update_fields=["ends_on"])
    _record(engagement, actor, "engagement_ended", "")
    return engagement


def may_withdraw(actor: User, engagement: Engagement) -> bool:
    """Say whether the actor may withdraw it: the owner, or the office's secretariat.

    Where no office is named, any secretariat may.
    """
    if accounts.administers_scheme(actor):
        return True
    if engagement.body is not None:
        return accounts.coordinates(actor, engagement.body.parent_id)
    desk = {Role.COORDINATOR, Role.ADMINISTRATOR}
    return bool(accounts.organisation_ids(actor, Kind.SECRETARIAT, desk))


@transaction.atomic
def withdraw_engagement(*, actor: User, engagement: Engagement, reason: str) -> Engagement:
    """Withdraw what was declared by mistake: it no longer counts and stays readable.

    Only the secretariat and the scheme owner: whoever has an engagement must not make it vanish.
    """
    engagement = Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    if not may_withdraw(actor, engagement):
        raise PermissionDenied
    if engagement.withdrawn_at is not None:
        raise ValidationError(_("This engagement has been withdrawn already."))
    if not reason.strip():
        raise ValidationError(_("Give a reason: the others will read it."))
    engagement.withdrawn_at, engagement.withdrawal_reason = timezone.now(), reason.strip()
    engagement.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    _record(engagement, actor, "engagement_withdrawn", reason)
    return engagement


def _mine(actor: User, engagement: Engagement) -> Engagement:
    engagement = Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    as_whom = declarer_of(
        actor,
        person=engagement.person,
        body=engagement.body,
        supplier=engagement.supplier,
    )
    if as_whom is None:
        raise PermissionDenied
    if engagement.withdrawn_at is not None:
        raise ValidationError(_("This engagement has been withdrawn already."))
    return engagement


def _record(engagement: Engagement, actor: User, act: str, comment: str) -> None:
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
        },
    )


def _number(person: User | None) -> str:
    """Return the registration number: names are not kept in a record that nobody can change."""
    found = Auditor.objects.filter(user=person).values_list("registration_number", flat=True)
    return found.first() or "" if person else ""
