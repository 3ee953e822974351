"""Bringing a draft into force: proposed by one person of the scheme owner, confirmed by another."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audits.standards.grading import GradingParameters, InvalidParametersError
from audits.standards.models import RequirementMapping, Standard
from audits.standards.services.access import keep, locked, require_administrator
from audits.standards.services.telling import tell_desks_of_activation, tell_owners_of_proposal
from audits.standards.terms import StandardStatus

if TYPE_CHECKING:
    from accounts.models import User
    from audits.standards.contents import Contents


@transaction.atomic
def activate_standard(*, standard: Standard, actor: User | None = None) -> Standard:
    """Bring a draft into force at set-up; from here on its contents are immutable.

    Only the operator's command line does this alone (`actor` None): people propose and confirm.
    Raises `PermissionDenied` for a person and `ValidationError` when it is not a complete draft.
    """
    if actor is not None:
        require_administrator(actor)
        raise PermissionDenied(
            _("Two people bring a version into force. Propose its activation to another one.")
        )
    standard = locked(standard)
    activated = _activate(standard, _complete(standard))
    keep(activated, actor=None, act="standard_activated", payload=_facts(activated))
    return activated


@transaction.atomic
def propose_activation(*, actor: User, standard: Standard, comment: str = "") -> Standard:
    """Ask for the activation of a complete draft; another person of the scheme owner confirms."""
    require_administrator(actor)
    standard = locked(standard)
    _complete(standard)
    if standard.proposed_by is not None:
        raise ValidationError(
            _("The activation was proposed by %(name)s already."),
            code="proposed",
            params={"name": standard.proposed_by.name},
        )
    standard.proposed_by, standard.proposed_at = actor, timezone.now()
    standard.save()
    event = keep(
        standard,
        actor=actor,
        act="standard_proposed",
        comment=comment.strip(),
        payload=_facts(standard) | {"seal": seal(standard)},
    )
    tell_owners_of_proposal(standard, event, actor)
    return standard


@transaction.atomic
def withdraw_proposal(*, actor: User, standard: Standard, comment: str = "") -> Standard:
    """Take the proposal back, or refuse it: the draft can be changed again."""
    require_administrator(actor)
    standard = locked(standard)
    _require_proposed(standard)
    standard.proposed_by, standard.proposed_at = None, None
    standard.save()
    keep(standard, actor=actor, act="standard_proposal_withdrawn", comment=comment.strip())
    return standard


@transaction.atomic
def confirm_activation(
    *, actor: User, standard: Standard, seen: str, comment: str = ""
) -> Standard:
    """Confirm as the second person; `seen` is the `seal` of what this person looked at.

    Raises `PermissionDenied` for somebody else than the scheme owner's people, `ValidationError`
    for the person who proposed it, and when the draft is no longer what was looked at.
    """
    require_administrator(actor)
    standard = locked(standard)
    _require_proposed(standard)
    if standard.proposed_by_id == actor.pk:
        raise ValidationError(
            _(
                "You proposed this activation yourself. Another administrator or coordinator of "
                "the scheme owner has to confirm it."
            ),
            code="same_person",
        )
    if seal(standard) != seen:
        raise ValidationError(
            _("The draft was changed in the meantime. Look at it again before you confirm."),
            code="changed",
        )
    standard.activated_by = actor
    activated = _activate(standard, _complete(standard))
    event = keep(
        activated,
        actor=actor,
        act="standard_activated",
        comment=comment.strip(),
        payload=_facts(activated) | {"proposed_by": str(activated.proposed_by_id)},
    )
    tell_desks_of_activation(activated, event)
    return activated


def seal(standard: Standard) -> str:
    """Return a SHA-256 over everything that a person confirms: contents, dates and mapping."""
    mappings = RequirementMapping.objects.filter(requirement__standard=standard)
    rows = mappings.values_list("requirement__code", "previous__code", "relation")
    parts = [
        standard.contents().fingerprint(),
        str(standard.mandatory_from),
        str(standard.previous_id),
        [list(row) for row in rows.order_by("requirement__code")],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _require_proposed(standard: Standard) -> None:
    _require_draft(standard)
    if standard.proposed_by_id is None:
        raise ValidationError(
            _("Nobody has proposed the activation of this version, or it was taken back."),
            code="not_proposed",
        )


def _require_draft(standard: Standard) -> None:
    if not standard.is_draft:
        raise ValidationError(
            _("Version %(version)s has already been activated."),
            code="activated",
            params={"version": standard.version},
        )


def _activate(standard: Standard, contents: Contents) -> Standard:
    standard.status = StandardStatus.ACTIVE
    standard.content_hash = contents.fingerprint()
    standard.activated_at = timezone.now()
    standard.save()
    return standard


def _facts(standard: Standard) -> dict[str, str | bool]:
    return {
        "effective_on": standard.effective_on.isoformat(),
        "mandatory_from": standard.mandatory_from.isoformat() if standard.mandatory_from else "",
        "official": standard.official,
        "content_hash": standard.content_hash,
    }


def _complete(standard: Standard) -> Contents:
    """Return the contents of a draft that can come into force; `ValidationError` otherwise."""
    _require_draft(standard)
    contents = standard.contents()
    _require_complete(contents)
    same_day = Standard.objects.filter(
        effective_on=standard.effective_on,
        status__in=(StandardStatus.ACTIVE, StandardStatus.SUNSET),
    ).first()
    if same_day is not None:
        raise ValidationError(
            _("Version %(version)s takes effect on the same day. Choose another day."),
            code="same_day",
            params={"version": same_day.version},
        )
    return contents


def _require_complete(contents: Contents) -> None:
    try:
        GradingParameters.from_data(contents.grading)
    except InvalidParametersError as error:
        raise ValidationError(
            _("The grading parameters are not valid. %(field)s: %(reason)s"),
            code="grading",
            params={"field": error.field, "reason": error.reason},
        ) from error
    if not contents.requirements:
        raise ValidationError(
            _("A standard without requirements cannot be activated."), code="incomplete"
        )
    without = {row.code for row in contents.requirements} - {
        row.requirement for row in contents.clauses
    }
    if without:
        raise ValidationError(
            _("These requirements have no clause: %(codes)s."),
            code="incomplete",
            params={
                "codes": ", ".join(row.code for row in contents.requirements if row.code in without)
            },
        )
