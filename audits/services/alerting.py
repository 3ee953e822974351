"""Critical alerts: raised in the factory, settled by the secretariat, told when it is safe."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audits import policies
from audits.letters.audiences import Audience
from audits.letters.events import (
    ALERT_CANCELLED,
    ALERT_CONFIRMED,
    ALERT_RAISED,
    ALERT_TO_SUPPLIER,
    ALERT_TOLD,
)
from audits.models import Alert, SchemeSettings
from audits.personal_data import personal_data_in
from audits.services.independence import bonds, independent
from audits.services.locking import lock
from audits.services.records import append_event
from audits.services.telling import tell
from audits.terms import WRITABLE, Actor

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Audit, Finding

SETTLERS = {Actor.SECRETARIAT, Actor.DECISION_MAKER}


@transaction.atomic
def raise_alert(*, actor: User, audit: Audit, reason: str, finding: Finding | None = None) -> Alert:
    """Raise a critical alert: something unacceptable is suspected and a person is in danger.

    Only the lead, between the start of the audit and the signature of the report. Secretariat and
    scheme owner are told at once; the supplier is not. The same alert sent twice is raised once.
    """
    audit = lock(audit)
    if Actor.LEAD not in policies.capacities(actor, audit):
        raise PermissionDenied(
            _("A critical alert is raised by the lead auditor. Tell the lead auditor at once.")
        )
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
    same = Alert.objects.open().filter(audit=audit, finding=finding, reason=reason.strip()).first()
    if same is not None:
        return same
    now = timezone.now()
    alert = Alert.objects.create(
        audit=audit,
        finding=finding,
        reason=reason.strip(),
        raised_by=actor,
        raised_at=now,
        due_at=now + timedelta(hours=SchemeSettings.objects.current().alert_hours),
    )
    append_event(
        audit=audit,
        actor=actor,
        act="alert_raised",
        comment=alert.reason,
        payload={"alert": str(alert.pk), "code": finding.requirement.code if finding else ""},
    )
    # The reason stays on the page: mail is no place for what could put people in danger.
    tell(
        audit,
        ALERT_RAISED,
        key=f"alert:{alert.pk}",
        facts={"due": partial(in_words, alert.due_at)},
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
        ALERT_CONFIRMED if confirmed else ALERT_CANCELLED,
        key=f"alert-settled:{alert.pk}",
        path=lambda audience: "" if audience == Audience.LEAD else address(alert),
    )
    return alert


@transaction.atomic
def tell_supplier(*, actor: User, alert: Alert, note: str) -> Alert:
    """Tell the supplier of a confirmed alert, once the secretariat says that it is safe.

    The supplier reads `note`, never the reason, nor which finding; nothing in it points at a person.
    """
    audit, alert = _open(actor, alert)
    if not alert.confirmed:
        raise ValidationError(_("Only a confirmed alert is told to the supplier."))
    if alert.told_at is not None:
        raise ValidationError(_("The supplier has been told already."), code="moved_on")
    if not note.strip():
        raise ValidationError(_("Write what the supplier is to know and do."))
    for label, passage in personal_data_in(note):
        raise ValidationError(
            _("“%(passage)s” looks like %(label)s. Take it out: the supplier reads this."),
            params={"passage": passage, "label": label},
        )
    alert.told_at = timezone.now()
    alert.save(update_fields=["told_at"])
    append_event(
        audit=audit,
        actor=actor,
        act="alert_told",
        comment=note.strip(),
        payload={"alert": str(alert.pk)},
    )
    key = f"alert-told:{alert.pk}"
    tell(audit, ALERT_TO_SUPPLIER, key=key, said=note.strip())
    tell(audit, ALERT_TOLD, key=key)
    return alert


def may_raise(actor: User, audit: Audit) -> bool:
    """Say whether the actor leads the audit and it stands between start and signature."""
    return audit.status in WRITABLE and Actor.LEAD in policies.capacities(actor, audit)


def may_settle(actor: User, alert: Alert, audit: Audit) -> bool:
    """Say whether the actor settles the alert: the secretariat; the owner too once it is late.

    Never somebody of the team, who would settle what a colleague raised, nor with a tie to the
    supplier.
    """
    return _settles(actor, alert, audit) and independent(actor, audit)


def _settles(actor: User, alert: Alert, audit: Audit) -> bool:
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
    if not _settles(actor, row, audit):
        raise PermissionDenied(
            _("The secretariat settles critical alerts; the scheme owner when they are overdue.")
        )
    if bond := next(bonds(actor, audit), None):
        raise PermissionDenied(str(bond))
    return audit, row
