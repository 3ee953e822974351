"""Guards of the application: what a supplier must have told before an audit is planned."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audits.models import Audit, SchemeSettings
from audits.services.following_up import NOTHING_TO_FOLLOW, followed
from audits.services.guards.registry import Sentences, guard
from audits.services.routes import why_not
from audits.standards.models import Standard
from audits.terms import AuditKind, Document, DocumentAnswer
from audits.workflow import OPEN

if TYPE_CHECKING:
    from audits.workflow import Move


@guard
def profile_complete(audit: Audit, move: Move) -> Sentences:
    """The site has a profile whose head-counts add up, and at least one process."""
    if audit.profile is None:
        yield _("The application has no site profile yet. Fill in the profile first.")
        return
    if audit.profile.workers == 0:
        yield _("The site profile counts no workers. Correct the head-counts.")
    if audit.profile.workers != audit.profile.workers_by_contract:
        yield _("The head-counts by sex and by contract differ. Correct the profile.")
    if not audit.site.processes:
        yield _("The site has no process. Say what is done there (weaving, dyeing, sewing …).")


@guard
def profile_recent(audit: Audit, move: Move) -> Sentences:
    """The profile is not older than the settings allow (two months by default)."""
    oldest = timezone.localdate() - timedelta(
        days=SchemeSettings.objects.current().profile_max_age_days
    )
    if audit.profile is not None and audit.profile.as_of < oldest:
        yield format_lazy(
            _(
                "The site profile is of {day}; it may be two months old at most. Bring it up to date."
            ),
            day=date_format(audit.profile.as_of),
        )


@guard
def documents_answered(audit: Audit, move: Move) -> Sentences:
    """Every item of the documents checklist is answered: documents come before the application."""
    missing = [
        document
        for document in Document
        if audit.documents.get(document) not in DocumentAnswer.values
    ]
    if missing:
        yield format_lazy(
            _("{count} items of the documents checklist are not answered yet: {items}."),
            count=len(missing),
            items="、".join(str(document.label) for document in missing),
        )


@guard
def terms_accepted(audit: Audit, move: Move) -> Sentences:
    """The terms of the audit are accepted."""
    if audit.terms_accepted_at is None:
        yield _("The terms of the audit have not been accepted yet.")


@guard
def route_open(audit: Audit, move: Move) -> Sentences:
    """Secretariat and body, if one is chosen, can take the application: much may be new since."""
    yield from why_not(audit, audit.secretariat, audit.body)


@guard
def no_other_open_audit(audit: Audit, move: Move) -> Sentences:
    """No other audit of the same kind is open for the site."""
    others = Audit.objects.filter(site=audit.site_id, kind=audit.kind, status__in=OPEN)
    other = others.exclude(pk=audit.pk).first()
    if other:
        yield format_lazy(
            _(
                "Audit {number} of the same kind is still open for this site. Finish or withdraw it first."
            ),
            number=other.number,
        )


@guard
def follow_up_has_something_to_follow(audit: Audit, move: Move) -> Sentences:
    """A follow-up audit continues an audit of the site whose result stands."""
    if audit.kind == AuditKind.FOLLOW_UP and followed(audit.site) is None:
        yield NOTHING_TO_FOLLOW


@guard
def body_chosen(audit: Audit, move: Move) -> Sentences:
    """An audit body of the secretariat is chosen."""
    body = move.data.get("body") or audit.body
    if body is None:
        yield _("Choose the audit body that will do the audit.")
    elif body.parent_id != audit.secretariat_id:
        yield _("The audit body belongs to another secretariat. Choose one of this secretariat.")


@guard
def standard_usable(audit: Audit, move: Move) -> Sentences:
    """A version of the standard is usable on the planned day."""
    day = audit.preferred_from or timezone.localdate()
    if not Standard.objects.usable_on(day).exists():
        yield format_lazy(
            _(
                "No version of the standard can be used on {day}. Activate one or choose another day."
            ),
            day=date_format(day),
        )
