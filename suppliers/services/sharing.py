"""Sharing a site's result with a brand, and taking it back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.terms import Kind
from suppliers import policies
from suppliers.models import SharingGrant, Site
from suppliers.signals import sharing_granted, sharing_revoked

if TYPE_CHECKING:
    from accounts.models import Organisation, User
    from suppliers.terms import Level


@transaction.atomic
def grant_sharing(
    *,
    actor: User,
    site: Site,
    brand: Organisation,
    level: Level,
    ends_on: date,
    starts_on: date | None = None,
    future: bool = False,
    ungraded: bool = False,
    purpose: str = "",
) -> SharingGrant:
    """Let the brand see the site's results at the level until `ends_on` (inclusive).

    Without `future` only what has been issued by now, without `ungraded` nothing that ended without
    a grade: that is never shown unless the supplier says so. A live grant to the same brand is
    replaced, so that there is one answer to "what do they see".
    """
    # A second click waits here, and replaces what the first one gave.
    site = Site.objects.select_for_update(of=("self",), no_key=True).get(pk=site.pk)
    if not policies.manages(actor, site.supplier):
        raise PermissionDenied
    if brand.kind != Kind.BRAND:
        raise ValidationError(_("Results can be shared with brands only."))
    today = timezone.localdate()
    if ends_on < today:
        raise ValidationError({"ends_on": _("The last day of sharing lies in the past.")})
    replaced = site.grants.select_for_update().filter(brand=brand, revoked_at=None).first()
    if replaced is not None:
        _end(actor, replaced)
    grant = SharingGrant(
        site=site,
        brand=brand,
        level=level,
        starts_on=starts_on or today,
        ends_on=ends_on,
        future=future,
        ungraded=ungraded,
        purpose=purpose.strip(),
        granted_by=actor,
    )
    grant.full_clean()
    grant.save()
    sharing_granted.send(sender=SharingGrant, grant=grant, replaced=replaced)
    return grant


@transaction.atomic
def revoke_sharing(*, actor: User, grant: SharingGrant) -> SharingGrant:
    """Take a grant back at once; a grant taken back already stays as it is."""
    if not policies.manages(actor, grant.site.supplier):
        raise PermissionDenied
    if _end(actor, grant):
        sharing_revoked.send(sender=SharingGrant, grant=grant)
    return grant


def _end(actor: User, grant: SharingGrant) -> bool:
    """End a grant that nobody has ended; say whether this call did."""
    ended = SharingGrant.objects.filter(pk=grant.pk, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by=actor
    )
    grant.refresh_from_db()
    return bool(ended)
