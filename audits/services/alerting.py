"""Critical alerts: raised in the factory, settled by the secretariat, told when it is safe."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audits import policies
from audits.models import Alert, SchemeSettings
from audits.services.locking import lock
from audits.services.records import append_event
from audits.services.telling import Audience, tell
from audits.terms import Actor
from audits.workflow import WRITABLE

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Audit, Finding

SETTLERS = {Actor.SECRETARIAT, Actor.DECISION_MAKER}


@transaction.atomic
def raise_alert(*, actor: User, audit: Audit, reason: str, finding: Finding | None = None) -> Alert:
    """Raise a critical alert: something unacceptable is suspected and a person is in danger.

    Only the lead, between the start of the audit and the signature of the report. Secretariat and
    scheme owner are told at once; the supplier is not.
    """
    audit = lock(audit)
    if Actor.LEAD not in policies.capacities(actor, audit):
        raise PermissionDenied(_("A critical alert is raised by the lead auditor."))
    if audit.status not in WRITABLE:
        raise ValidationError(
            _(
                "A critical alert can be raised between the start of the audit and the signature "
                "of the report. Call the secretariat."
            )
        )
    if not reason.strip():
        raise ValidationError(_("Describe the danger and what you have seen."))
    if finding is not None and finding.audit_id != audit.pk:
        raise ValidationError(_("The finding belongs to another audit."))
    hours = SchemeSettings.objects.current().alert_hours
    alert = Alert.objects.create(
        audit=audit,
        finding=finding,
        reason=reason.strip(),
        raised_by=actor,
        due_at=timezone.now() + timedelta(hours=hours),
    )
    append_event(
        audit=audit,
        actor=actor,
        act="alert_raised",
        comment=alert.reason,
        payload={"alert": str(alert.pk), "code": finding.requirement.code if finding else ""},
    )
    for audience in (Audience.SECRETARIAT, Audience.DECISION_MAKERS, Audience.OWNER):
        tell(
            audit,
            audience,
            key=f"alert:{alert.pk}",
            sentence=lambda: (
                _("A critical alert was raised. Settle it within %(hours)d hours.")
                % {"hours": hours}
            ),
            path=address(alert),
        )
    return alert


def confirm_alert(*, actor: User, alert: Alert, settlement: str) -> Alert:
    """Confirm an alert with what was decided and is done; a result can be issued again."""
    return _settle(actor, alert, settlement, confirmed=True)


def cancel_alert(*, actor: User, alert: Alert, settlement: str) -> Alert:
    """Cancel an alert with the reason; a result can be issued again."""
    return _settle(actor, alert, settlement, confirmed=False)


@transaction.atomic
def _settle(actor: User, alert: Alert, settlement: str, *, confirmed: bool) -> Alert:
    audit, alert = _open(actor, alert)
    if alert.settled_at is not None:
        raise ValidationError(
            _("This alert has been settled in the meantime. Look at it again."), code="moved_on"
        )
    if not settlement.strip():
        raise ValidationError(_("Write what was decided and done."))
    alert.confirmed, alert.settlement = confirmed, settlement.strip()
    alert.settled_by, alert.settled_at = actor, timezone.now()
    alert.save()
    append_event(
        audit=audit,
        actor=actor,
        act="alert_confirmed" if confirmed else "alert_cancelled",
        comment=alert.settlement,
        payload={"alert": str(alert.pk)},
    )
    tell(
        audit,
        Audience.LEAD,
        key=f"alert-settled:{alert.pk}",
        sentence=lambda: _("The critical alert has been settled by the secretariat."),
        said=alert.settlement,
    )
    return alert


@transaction.atomic
def tell_supplier(*, actor: User, alert: Alert, note: str) -> Alert:
    """Tell the supplier of a confirmed alert, once the secretariat says that it is safe."""
    audit, alert = _open(actor, alert)
    if not alert.confirmed:
        raise ValidationError(_("Only a confirmed alert is told to the supplier."))
    if alert.told_at is not None:
        raise ValidationError(_("The supplier has been told already."), code="moved_on")
    if not note.strip():
        raise ValidationError(_("Write what the supplier is to know and do."))
    alert.told_at = timezone.now()
    alert.save(update_fields=["told_at"])
    append_event(
        audit=audit,
        actor=actor,
        act="alert_told",
        comment=note.strip(),
        payload={"alert": str(alert.pk)},
    )
    tell(
        audit,
        Audience.SUPPLIER,
        key=f"alert-told:{alert.pk}",
        sentence=lambda: _("A message of the secretariat about a danger at your site."),
        said=note.strip(),
    )
    return alert


def may_settle(actor: User, alert: Alert, audit: Audit) -> bool:
    """Say whether the actor settles the alert: the secretariat; the owner too once it is late."""
    held = policies.capacities(actor, audit)
    return not held.isdisjoint(SETTLERS) or (Actor.OWNER in held and alert.due_at < timezone.now())


def address(alert: Alert) -> str:
    """Return the page on which the alert is settled."""
    return reverse("console:alert", args=[alert.pk])


def in_words(moment: datetime) -> str:
    """Return a moment in the active language, in the time of Japan."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def _open(actor: User, alert: Alert) -> tuple[Audit, Alert]:
    audit = lock(alert.audit)
    row = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    if not may_settle(actor, row, audit):
        raise PermissionDenied
    return audit, row
