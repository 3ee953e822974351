"""Change notices: a supplier tells of a change at a site; the secretariat decides what it means.

Source: a result speaks for a site as it was visited. Comparable schemes (SMETA, ISO/IEC 17021-1,
9.6.4) want to be told of a move, a new owner or a marked growth, and decide on a special audit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from audits import policies
from audits.change_terms import ChangeDecision, ChangeKind
from audits.letters.events import CHANGE_DECIDED, CHANGE_REPORTED
from audits.models import ChangeNotice, SchemeSettings
from audits.services.following_up import followed
from audits.services.independence import refuse_bound
from audits.services.locking import lock, lock_with_site
from audits.services.records import append_event
from audits.services.telling import tell
from audits.terms import Actor
from suppliers import policies as suppliers
from ui.calendars import add_business_days, add_months
from ui.days import check_days

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from audits.models import Audit
    from suppliers.models import Site

DECIDERS = {Actor.SECRETARIAT, Actor.DECISION_MAKER}
# No result stands for longer than this: what began before belongs to no notice.
MONTHS_BACK = 60
NOTHING_STANDS = gettext_lazy(
    "A change is reported while a result of the site stands, and this site has none. "
    "Describe the site as it is in its profile: the next audit is planned from that."
)


@transaction.atomic
def declare_change(
    *, actor: User, site: Site, kind: str, starts_on: date, text: str
) -> ChangeNotice:
    """Tell the scheme of a change at a site whose result stands; the secretariat is told at once.

    `starts_on` may lie ahead or up to MONTHS_BACK months back. Raises PermissionDenied for others
    than managers of the supplier; ValidationError where no result stands, for a day out of reach,
    without a description, and for a change of the kind and day that is told and undecided.
    """
    if not suppliers.manages(actor, site.supplier):
        raise PermissionDenied(_("A change is reported by a manager of the supplier."))
    audit = _standing(site)
    check_days(add_months(timezone.localdate(), -MONTHS_BACK), starts_on=starts_on)
    if kind not in ChangeKind.values:
        raise ValidationError({"kind": [_("Choose what changes.")]})
    if not text.strip():
        raise ValidationError({"text": [_("Describe the change.")]})
    same = ChangeNotice.objects.undecided().filter(site=site, kind=kind, starts_on=starts_on)
    if same.exists():
        raise ValidationError(
            _("You have reported this change already, and the secretariat has not decided on it.")
        )
    today = timezone.localdate()
    notice = ChangeNotice.objects.create(
        site=site,
        audit=audit,
        kind=kind,
        starts_on=starts_on,
        text=text.strip(),
        declared_by=actor,
        due_on=add_business_days(today, SchemeSettings.objects.current().change_notice_days),
    )
    append_event(
        audit=audit,
        actor=actor,
        act="change_declared",
        comment=notice.text,
        payload={
            "notice": str(notice.pk),
            "change": str(notice.kind),
            "starts_on": starts_on.isoformat(),
        },
    )
    tell(
        audit,
        CHANGE_REPORTED,
        key=f"change:{notice.pk}",
        facts={"kind": notice.get_kind_display, "due": notice.due_on},
        path=reverse("console:change", args=[notice.pk]),
    )
    return notice


def may_decide(actor: User, notice: ChangeNotice, audit: Audit) -> bool:
    """Say whether the actor decides: the audit's secretariat, and the owner on what is late.

    `audit` is the notice's, with its people.
    """
    held = policies.capacities(actor, audit)
    return not held.isdisjoint(DECIDERS) or (Actor.OWNER in held and notice.is_late)


def open_decisions(notice: ChangeNotice) -> list[ChangeDecision]:
    """Return what can be decided now: anything at first, after a desk check what is final."""
    if notice.is_settled:
        return []
    return [one for one in ChangeDecision if one != notice.decision]


@transaction.atomic
def decide_change(*, actor: User, notice: ChangeNotice, decision: str, reason: str) -> ChangeNotice:
    """Decide what a change means for the result that stands; the supplier is told with the reason.

    A desk check is followed by one more decision. Raises PermissionDenied for others than
    `may_decide` lets in, ValidationError for whoever is bound to the supplier or the audit, for
    what was decided in the meantime, and without a reason.
    """
    audit = lock(notice.audit)
    notice = (
        ChangeNotice.objects.select_for_update(of=("self",))
        .select_related("site__supplier")
        .get(pk=notice.pk)
    )
    if not may_decide(actor, notice, audit):
        raise PermissionDenied(
            _("The secretariat of the site's audit decides; the scheme owner too when it is late.")
        )
    refuse_bound(actor, audit, decides=True)
    if decision not in open_decisions(notice):
        if notice.decided_at is None:
            raise ValidationError({"decision": [_("Choose what is to be done.")]})
        raise ValidationError(
            _("This change has been decided in the meantime. Look at it again."), code="moved_on"
        )
    if not reason.strip():
        raise ValidationError({"reason": [_("Give a reason: the supplier reads it.")]})
    notice.decision, notice.reason = decision, reason.strip()
    notice.decided_by, notice.decided_at = actor, timezone.now()
    notice.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
    append_event(
        audit=audit,
        actor=actor,
        act="change_decided",
        comment=notice.reason,
        payload={
            "notice": str(notice.pk),
            "change": str(notice.kind),
            "decision": str(notice.decision),
        },
    )
    tell(
        audit,
        CHANGE_DECIDED[ChangeDecision(decision)],
        key=f"change-{decision}:{notice.pk}",
        said=notice.reason,
        path=reverse("portal:our_changes", args=[notice.site_id]),
    )
    return notice


def _standing(site: Site) -> Audit:
    """Return the audit whose result stands for the site, locked with the site before it."""
    found = followed(site)
    if found is None:
        raise ValidationError(NOTHING_STANDS, code="nothing_stands")
    audit = lock_with_site(found)
    # Another result may have been issued, or this one withdrawn, while we waited for the lock.
    if followed(site) != audit:
        raise ValidationError(
            _("The result of the site has changed in the meantime. Look at it again."),
            code="moved_on",
        )
    return audit
