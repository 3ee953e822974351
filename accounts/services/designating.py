"""Designation of secretariats by the owner and approval of bodies by their secretariat.

A designation is given from a day on, can be suspended in part and be permitted again, and ends.
Every step is recorded on the organisation and told to its people, its secretariat and the owner.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.models import Designation, Organisation
from accounts.services.designation_notices import tell_of_designation
from accounts.services.records import record
from accounts.services.suspensions import BY, check_not_evaded, check_suspension, imposer
from accounts.terms import Effect, Kind
from ui.templatetags.ui import day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import OrganisationEvent, User


def may_designate(actor: User, organisation: Organisation) -> bool:
    """Say whether the actor designates this organisation: owner, or the body's secretariat."""
    if policies.administers_scheme(actor):
        return organisation.kind in (Kind.SECRETARIAT, Kind.AUDIT_BODY)
    return organisation.kind == Kind.AUDIT_BODY and policies.coordinates(
        actor, organisation.parent_id
    )


@transaction.atomic
def designate(
    *,
    actor: User,
    organisation: Organisation,
    starts_on: date,
    ends_on: date | None = None,
    scope: str = "",
) -> Designation:
    """Designate a secretariat or approve a body from a day until a day (None: until further notice).

    Raises ValidationError when another designation is in force during these days: two at once
    would let one go on permitting what the suspension of the other stops. PermissionDenied also for
    a secretariat while what the scheme owner has suspended is not lifted.
    """
    if not may_designate(actor, organisation):
        raise PermissionDenied
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    check_not_evaded(actor, organisation, starts_on)
    if ends_on is not None and ends_on < starts_on:
        raise ValidationError(
            {"ends_on": [_("The designation ends before it begins. Choose a later day.")]}
        )
    held = Designation.objects.filter(organisation=organisation).order_by("starts_on")
    for row in held:
        if (ends_on is None or row.starts_on <= ends_on) and (
            row.ends_on is None or row.ends_on >= starts_on
        ):
            raise ValidationError(_overlap(row), code="overlap")
    designation = Designation(
        organisation=organisation, scope=scope.strip(), starts_on=starts_on, ends_on=ends_on
    )
    designation.full_clean()
    designation.save()
    payload = {"starts_on": starts_on.isoformat(), "scope": designation.scope}
    if ends_on is not None:
        payload["ends_on"] = ends_on.isoformat()
    _record(actor, designation, "designated", "", payload)
    return designation


@transaction.atomic
def suspend(
    *,
    actor: User,
    designation: Designation,
    stops: Iterable[Effect | str],
    reason: str,
    seen: str = "",
) -> Designation:
    """Stop some of what a designation permits, each independently of the others.

    On a designation that is suspended already this changes what is stopped, and keeps the day
    from which it has been suspended. What has been issued stays valid. Raises PermissionDenied for
    a secretariat that would change what the scheme owner imposed.
    """
    designation = _lock(actor, designation, seen)
    check_suspension(actor, designation)
    _check_not_over(designation)
    chosen = {str(stop) for stop in stops}
    if unknown := chosen - set(Effect.values):
        raise ValidationError(
            _("“%(effect)s” cannot be suspended. Choose from the list."),
            params={"effect": min(unknown)},
        )
    if not chosen:
        raise ValidationError(
            {"stops": [_("Choose at least one thing that is stopped; to stop nothing, lift it.")]}
        )
    reason = _required(reason)
    wanted = [effect.value for effect in Effect if effect in chosen]
    if designation.suspended_at is None:
        act, before = "designation_suspended", []
        designation.suspended_at = timezone.now()
    else:
        act, before = "designation_suspension_changed", list(designation.stops)
        if before == wanted and reason == designation.suspension_reason:
            raise ValidationError(
                _("This is suspended already, for the same reason. Change something, or go back.")
            )
    designation.stops, designation.suspension_reason = wanted, reason
    designation.save(update_fields=["suspended_at", "stops", "suspension_reason"])
    payload = {"stops": wanted, "before": before, BY: imposer(actor).value}
    _record(actor, designation, act, reason, payload)
    return designation


@transaction.atomic
def lift(*, actor: User, designation: Designation, reason: str, seen: str = "") -> Designation:
    """Permit again everything that the suspension stopped.

    Raises PermissionDenied for a secretariat when the scheme owner imposed the suspension.
    """
    designation = _lock(actor, designation, seen)
    check_suspension(actor, designation)
    _check_not_over(designation)
    if designation.suspended_at is None:
        raise ValidationError(_("The designation is not suspended: there is nothing to lift."))
    reason = _required(reason)
    stopped = list(designation.stops)
    designation.suspended_at, designation.stops, designation.suspension_reason = None, [], ""
    designation.save(update_fields=["suspended_at", "stops", "suspension_reason"])
    _record(actor, designation, "designation_lifted", reason, {"stopped": stopped})
    return designation


@transaction.atomic
def end(
    *, actor: User, designation: Designation, ends_on: date, reason: str, seen: str = ""
) -> Designation:
    """Let a designation end after a day, today at the earliest; an end can only be brought forward.

    Raises PermissionDenied for a secretariat while the scheme owner has suspended it.
    """
    designation = _lock(actor, designation, seen)
    check_suspension(actor, designation)
    _check_not_over(designation)
    earliest = max(timezone.localdate(), designation.starts_on)
    if ends_on < earliest:
        raise ValidationError(
            {
                "ends_on": [
                    format_lazy(
                        _("The last day is {day} at the earliest. Choose that day or a later one."),
                        day=day(earliest),
                    )
                ]
            }
        )
    if designation.ends_on is not None and ends_on >= designation.ends_on:
        raise ValidationError(
            {
                "ends_on": [
                    format_lazy(
                        _(
                            "The designation ends on {day} already. "
                            "Choose an earlier day, or designate anew for the time after it."
                        ),
                        day=day(designation.ends_on),
                    )
                ]
            }
        )
    reason = _required(reason)
    before = designation.ends_on
    designation.ends_on = ends_on
    designation.save(update_fields=["ends_on"])
    payload = {"ends_on": ends_on.isoformat(), "before": before.isoformat() if before else None}
    _record(actor, designation, "designation_ended", reason, payload)
    return designation


def version_of(designation: Designation) -> str:
    """Return what tells the designation as it stands from any other state: 16 hex digits."""
    fields = ("scope", "starts_on", "ends_on", "suspended_at", "suspension_reason", "stops")
    text = json.dumps([str(getattr(designation, name)) for name in fields])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _lock(actor: User, designation: Designation, seen: str) -> Designation:
    """Return the row as it stands now, locked, for somebody who may change it.

    `seen` is `version_of` what the person looked at, "" for whoever did not look: raises
    ValidationError with the code "stale" when it is different by now.
    """
    row = (
        Designation.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=designation.pk)
    )
    if not may_designate(actor, row.organisation):
        raise PermissionDenied
    if seen and seen != version_of(row):
        raise ValidationError(
            _("Somebody else changed this designation in the meantime. Look at it again."),
            code="stale",
        )
    return row


def _check_not_over(designation: Designation) -> None:
    today = timezone.localdate()
    if designation.ends_on is not None and designation.ends_on < today:
        raise ValidationError(
            format_lazy(
                _(
                    "The designation ended on {day} and can no longer be changed. Designate anew if needed."
                ),
                day=day(designation.ends_on),
            ),
            code="ended",
        )


def _required(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": [_("Give a reason: the others will read it.")]})
    return reason.strip()


def _overlap(row: Designation) -> Any:
    if row.ends_on is None or row.ends_on == date.max:
        return format_lazy(
            _(
                "The organisation is designated from {first} until further notice already. "
                "Fix an end of that designation first, or change its suspension."
            ),
            first=day(row.starts_on),
        )
    return format_lazy(
        _(
            "The organisation is designated from {first} to {last} already. "
            "Begin on {next} or later, or end before it."
        ),
        first=day(row.starts_on),
        last=day(row.ends_on),
        next=day(row.ends_on + timedelta(days=1)),
    )


def _record(
    actor: User, designation: Designation, act: str, reason: str, payload: dict[str, Any]
) -> OrganisationEvent:
    event = record(
        organisation=designation.organisation,
        actor=actor,
        act=act,
        comment=reason,
        payload={"designation": str(designation.pk), **payload},
    )
    tell_of_designation(event)
    return event
