"""A supplier's application: opened as a draft, filled in, submitted, accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.terms import Kind
from audits.models import Audit, AuditCounter
from audits.services.following_up import NOTHING_TO_FOLLOW, followed
from audits.services.locking import lock
from audits.services.perform import perform
from audits.services.records import append_event
from audits.services.routes import why_not
from audits.terms import Act, AuditKind, Status
from suppliers import policies as suppliers
from suppliers.models import Site
from ui.days import check_days

if TYPE_CHECKING:
    from accounts.models import Organisation, User
    from suppliers.models import SiteProfile

MERGED = _(
    "This site was merged into another one, under which it goes on. Apply for an audit of that one."
)


def next_number() -> str:
    """Take the next number of this year, such as JASTI-2026-0412; the caller is in a transaction."""
    year = timezone.localdate().year
    AuditCounter.objects.get_or_create(year=year)
    counter = AuditCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save()
    return number_of(year, counter.last)


def number_of(year: int, place: int) -> str:
    """Return the number of the audit that has this place in the year."""
    return f"JASTI-{year}-{place:04d}"


@transaction.atomic
def open_application(
    *,
    actor: User,
    site: Site,
    secretariat: Organisation,
    body: Organisation | None = None,
    kind: AuditKind = AuditKind.INITIAL,
    **fields: Any,
) -> Audit:
    """Open a draft application for a site; `fields` are purpose, payer and preferred days.

    Raises ValidationError when an audit of the kind is already open for the site, for a follow-up
    of nothing, or for preferred days that have passed or lie years ahead.
    """
    if not suppliers.manages(actor, site.supplier) and not (
        body is not None and accounts.coordinates(actor, body.pk)
    ):
        raise PermissionDenied
    # Whoever merges the site into another one waits for this application, or it for the merge.
    if Site.objects.select_for_update(no_key=True).get(pk=site.pk).merged_into_id is not None:
        raise ValidationError(MERGED)
    if secretariat.kind != Kind.SECRETARIAT:
        raise ValidationError(_("Choose one of the designated secretariats."))
    if body is not None and body.parent_id != secretariat.pk:
        raise ValidationError(
            _("The audit body belongs to another secretariat. Choose one of this secretariat.")
        )
    if Audit.objects.open().filter(site=site, kind=kind).exists():
        raise ValidationError(
            _("An audit of this kind is already open for the site. Continue with that one.")
        )
    if kind == AuditKind.FOLLOW_UP and followed(site) is None:
        raise ValidationError(NOTHING_TO_FOLLOW)
    _check_wishes(fields)
    audit = Audit(
        number=next_number(),
        site=site,
        secretariat=secretariat,
        body=body,
        kind=kind,
        created_by=actor,
        **fields,
    )
    audit.full_clean()
    audit.save()
    append_event(audit=audit, actor=actor, act="open", to_status=Status.DRAFT)
    return audit


@transaction.atomic
def fill_in(*, actor: User, audit: Audit, **fields: Any) -> Audit:
    """Change a draft application; `fields` are documents, preferred days, purpose, payer, body.

    Raises ValidationError for preferred days that have passed or lie years ahead.
    """
    audit = lock_draft(actor, audit)
    _check_wishes(fields)
    for name, value in fields.items():
        setattr(audit, name, value)
    audit.full_clean()
    audit.updated_at = timezone.now()
    audit.save(update_fields=[*fields, "updated_at"])
    return audit


@transaction.atomic
def use_profile(*, actor: User, audit: Audit, profile: SiteProfile) -> Audit:
    """Base the draft application on a profile of its own site."""
    audit = lock_draft(actor, audit)
    if profile.site_id != audit.site_id:
        raise ValidationError(_("The profile belongs to another site."))
    audit.profile = profile
    audit.save(update_fields=["profile"])
    return audit


@transaction.atomic
def choose_route(
    *, actor: User, audit: Audit, secretariat: Organisation, body: Organisation | None
) -> Audit:
    """Choose by whom the draft application is dealt with; `body` None leaves it to the secretariat.

    Raises PermissionDenied for others than managers of the supplier, ValidationError for a body
    that may not audit the supplier, with the reason.
    """
    audit = lock_draft(actor, audit)
    if not suppliers.manages(actor, audit.site.supplier):
        raise PermissionDenied
    if obstacles := why_not(audit, secretariat, body):
        raise ValidationError(obstacles)
    if (audit.secretariat_id, audit.body_id) == (secretariat.pk, body.pk if body else None):
        return audit
    audit.secretariat, audit.body, audit.updated_at = secretariat, body, timezone.now()
    audit.save(update_fields=["secretariat", "body", "updated_at"])
    append_event(
        audit=audit,
        actor=actor,
        act="route_chosen",
        payload={"secretariat": secretariat.name_ja, "body": body.name_ja if body else ""},
    )
    return audit


@transaction.atomic
def accept_terms(*, actor: User, audit: Audit) -> Audit:
    """Accept the terms of the audit; the moment is kept."""
    audit = lock_draft(actor, audit)
    audit.terms_accepted_at = audit.terms_accepted_at or timezone.now()
    audit.save(update_fields=["terms_accepted_at"])
    return audit


def submit(*, actor: User, audit: Audit) -> Audit:
    """Submit the application; raises ValidationError with everything that is missing."""
    return perform(audit, Act.SUBMIT, actor=actor)


def accept(
    *,
    actor: User,
    audit: Audit,
    body: Organisation | None = None,
    expected_version: int | None = None,
) -> Audit:
    """Accept the application for a body: the standard is pinned and its findings are laid out."""
    return perform(
        audit, Act.ACCEPT, actor=actor, data={"body": body}, expected_version=expected_version
    )


def _check_wishes(fields: dict[str, Any]) -> None:
    wishes = {name: fields.get(name) for name in ("preferred_from", "preferred_until")}
    check_days(timezone.localdate(), **wishes)


def lock_draft(actor: User, audit: Audit) -> Audit:
    """Return the application locked, for who fills it in; refuses one that is no longer a draft."""
    audit = lock(audit)
    if not (
        suppliers.manages(actor, audit.site.supplier) or accounts.coordinates(actor, audit.body_id)
    ):
        raise PermissionDenied
    if audit.status != Status.DRAFT:
        raise ValidationError(
            _("The application was submitted and can no longer be changed."), code="moved_on"
        )
    return audit
