"""Guards: what the designations of secretariat and body permit today."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Designation
from accounts.terms import Effect
from audits.models import Audit
from audits.services.following_up import followed
from audits.services.guards.registry import Sentences, guard
from audits.terms import Actor, AuditKind

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from audits.workflow import Move


def _permits(
    audit: Audit, effect: Effect, days: tuple[date, ...], sentence: _StrPromise
) -> Sentences:
    """Yield the sentence for secretariat or body whose designation does not permit the effect."""
    for organisation in filter(None, (audit.secretariat, audit.body)):
        rows = list(Designation.objects.filter(organisation=organisation))
        if not all(any(row.permits(effect, day) for row in rows) for day in days):
            yield format_lazy(sentence, name=organisation.name)


@guard
def designation_permits_accept(audit: Audit, move: Move) -> Sentences:
    """The designations of secretariat and body permit accepting today."""
    body = move.data.get("body")
    if body is not None:
        audit.body = body
    yield from _permits(
        audit,
        Effect.ACCEPT,
        (timezone.localdate(),),
        _("The designation of {name} does not permit accepting applications today."),
    )


@guard
def designation_permits_schedule(audit: Audit, move: Move) -> Sentences:
    """The designations of secretariat and body permit scheduling today."""
    yield from _permits(
        audit,
        Effect.SCHEDULE,
        (timezone.localdate(),),
        _("The designation of {name} does not permit scheduling visits today."),
    )


@guard
def designation_permits_perform(audit: Audit, move: Move) -> Sentences:
    """The designations of secretariat and body permit performing today."""
    yield from _permits(
        audit,
        Effect.PERFORM,
        (timezone.localdate(),),
        _("The designation of {name} does not permit performing audits today."),
    )


@guard
def designation_permits_issue(audit: Audit, move: Move) -> Sentences:
    """The designations of secretariat and body permit issuing today."""
    yield from _permits(
        audit,
        Effect.ISSUE,
        (timezone.localdate(),),
        _("The designation of {name} does not permit issuing results today."),
    )


@guard
def designation_permits_renew(audit: Audit, move: Move) -> Sentences:
    """For a renewal, by whatever name: the designations of secretariat and body permit renewing today."""
    if audit.kind == AuditKind.RENEWAL:
        sentence = _(
            "The designation of {name} does not permit renewing results today. "
            "Wait until it does, or let another body renew this one."
        )
    elif renews(audit):
        sentence = _(
            "A result of this site stands, so this audit would renew it, and the designation of "
            "{name} does not permit renewing results today. Wait until it does, or let another "
            "body make the audit."
        )
    else:
        return
    yield from _permits(audit, Effect.RENEW, (timezone.localdate(),), sentence)


def renews(audit: Audit) -> bool:
    """Say whether the audit gives a site whose result stands a new one with a time of its own.

    An initial or a special audit does so as well as a renewal: chosen in its place, it would renew
    what may not be renewed. A follow-up does not. It looks only at what was left open, takes over
    the rest, and the day on which the renewal is due stays that of the audit that it continues.
    """
    if audit.kind == AuditKind.FOLLOW_UP:
        return False
    return audit.kind == AuditKind.RENEWAL or followed(audit.site) is not None


def revision_stopped(audit: Audit, capacities: set[Actor]) -> Sentences:
    """Yield why the actor, in these capacities, may not issue a revision of a result today.

    The secretariat answers for it, so what its body may is of no account; and what the secretariat
    may not issue, the scheme owner may.
    """
    if Actor.OWNER in capacities:
        return
    rows = Designation.objects.filter(organisation=audit.secretariat)
    if not any(row.permits(Effect.ISSUE, timezone.localdate()) for row in rows):
        yield format_lazy(
            _(
                "The designation of {name} does not permit issuing results today, and upholding "
                "the appeal would issue one. Dismiss it, or leave it to the scheme owner."
            ),
            name=audit.secretariat.name,
        )


def verification_stopped(audit: Audit, capacities: set[Actor]) -> Sentences:
    """Yield why the actor, in these capacities, may not verify corrective actions today.

    A secretariat whose own designation permits it verifies in the place of a body that may not.
    """
    responsible = [audit.secretariat]
    if Actor.SECRETARIAT not in capacities and audit.body is not None:
        responsible.append(audit.body)
    today = timezone.localdate()
    for organisation in responsible:
        rows = Designation.objects.filter(organisation=organisation)
        if any(row.permits(Effect.VERIFY, today) for row in rows):
            continue
        if organisation == audit.body:
            yield format_lazy(
                _(
                    "The designation of {name} does not permit verifying corrective actions today. "
                    "The secretariat {secretariat} does it instead."
                ),
                name=organisation.name,
                secretariat=audit.secretariat.name,
            )
        else:
            yield format_lazy(
                _(
                    "The designation of {name} does not permit verifying corrective actions today. "
                    "Ask the scheme owner."
                ),
                name=organisation.name,
            )
