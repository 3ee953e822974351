"""Who may act on a version of the standard, and in whose record it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.policies import administers_scheme, organisation_ids
from accounts.services.records import record
from accounts.terms import Kind, Role
from audits.standards.models import Standard

if TYPE_CHECKING:
    from accounts.models import OrganisationEvent, User


def require_administrator(actor: User | None) -> None:
    """Refuse with `PermissionDenied` who does not administer the scheme; None is the command line."""
    if actor is not None and not administers_scheme(actor):
        raise PermissionDenied(
            _("Only an administrator or coordinator of the scheme owner may change the standard.")
        )


def locked(standard: Standard) -> Standard:
    """Return the row as it is now, locked until the transaction ends."""
    return (
        Standard.objects.select_for_update(of=("self",))
        .select_related("previous", "proposed_by", "activated_by")
        .get(pk=standard.pk)
    )


def require_reason(reason: str) -> str:
    """Return the reason without blanks around it; `ValidationError` when there is none."""
    if not reason.strip():
        raise ValidationError(_("Give a reason: it is kept in the record."), code="reason")
    return reason.strip()


def owner_of(actor: User | None) -> Organisation | None:
    """Return the scheme owner for whom the actor acts (the first one for a clock), if there is one."""
    owners = Organisation.objects.filter(kind=Kind.SCHEME_OWNER)
    if actor is not None:
        roles = {Role.ADMINISTRATOR, Role.COORDINATOR}
        owners = owners.filter(pk__in=organisation_ids(actor, Kind.SCHEME_OWNER, roles))
    return owners.order_by("pk").first()


def keep(
    standard: Standard,
    *,
    actor: User | None,
    act: str,
    comment: str = "",
    payload: dict[str, Any] | None = None,
) -> OrganisationEvent | None:
    """Write the act into the scheme owner's record; nothing where no scheme owner is set up yet."""
    owner = owner_of(actor)
    if owner is None:
        return None
    return record(
        organisation=owner,
        actor=actor,
        act=act,
        comment=comment,
        payload={"version": standard.version, **(payload or {})},
    )
