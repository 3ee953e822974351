"""The guards of the moves: each yields a sentence, with the way out, for every obstacle it sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Designation
from accounts.terms import Effect
from audits import policies
from audits.auditors.terms import Level
from audits.checks import SIGN_CHECKS, VISIT_CHECKS, Gap, gaps
from audits.models import (
    Alert,
    Appeal,
    Audit,
    CorrectiveAction,
    Finding,
    FindingComment,
    SchemeSettings,
)
from audits.models.corrections import CORRECTION_ENDED
from audits.services.candidates import rank, ties_of_person
from audits.standards.models import Standard
from audits.terms import Answer, CommentKind, Document, DocumentAnswer, GradeLetter
from audits.workflow import OPEN

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from audits.workflow import Move

Sentences = Iterator["str | _StrPromise"]
Guard = Callable[[Audit, "Move"], Sentences]
GUARDS: dict[str, Guard] = {}


def guard(function: Guard) -> Guard:
    """Register a guard under its own name, by which the table of transitions knows it."""
    GUARDS[function.__name__] = function
    return function


# --- the application ---------------------------------------------------------------------
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
    oldest = timezone.localdate() - timedelta(days=_settings().profile_max_age_days)
    if audit.profile is not None and audit.profile.as_of < oldest:
        yield format_lazy(
            _(
                "The site profile is of {day}; it may be two months old at most. Bring it up to date."
            ),
            day=audit.profile.as_of.isoformat(),
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
def body_chosen(audit: Audit, move: Move) -> Sentences:
    """An audit body of the secretariat is chosen."""
    body = move.data.get("body") or audit.body
    if body is None:
        yield _("Choose the audit body that will do the audit.")
    elif body.parent_id != audit.secretariat_id:
        yield _("The audit body belongs to another secretariat. Choose one of this secretariat.")


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
def standard_usable(audit: Audit, move: Move) -> Sentences:
    """A version of the standard is usable on the planned day."""
    day = audit.preferred_from or timezone.localdate()
    if not Standard.objects.usable_on(day).exists():
        yield format_lazy(
            _(
                "No version of the standard can be used on {day}. Activate one or choose another day."
            ),
            day=day.isoformat(),
        )


# --- the team ----------------------------------------------------------------------------
@guard
def team_has_one_lead(audit: Audit, move: Move) -> Sentences:
    """The team has exactly one lead (so a trainee always stands beside a lead)."""
    functions = [place["function"] for place in move.data.get("team", ())]
    if functions.count(Level.LEAD) != 1:
        yield _("A team has exactly one lead auditor. Choose one.")
    people = [place["auditor"].pk for place in move.data.get("team", ())]
    if len(people) != len(set(people)):
        yield _("The same auditor was chosen twice.")


@guard
def team_members_eligible(audit: Audit, move: Move) -> Sentences:
    """Everybody in the team is eligible for the function."""
    places = {place["auditor"].pk: place for place in move.data.get("team", ())}
    for row in rank(audit, [place["auditor"] for place in places.values()]):
        for obstacle in row.obstacles_for(places[row.auditor.pk]["function"]):
            yield format_lazy("{name}: {obstacle}", name=row.auditor.user.name, obstacle=obstacle)
    for place in places.values():
        if place["auditor"].body_id != audit.body_id:
            yield format_lazy(
                _("{name}: the auditor belongs to another body."), name=place["auditor"].user.name
            )


@guard
def languages_covered(audit: Audit, move: Move) -> Sentences:
    """The team speaks the workers' languages, or interpreters are arranged."""
    if audit.profile is None or move.data.get("interpreters"):
        return
    spoken = {code for place in move.data.get("team", ()) for code in place["auditor"].languages}
    missing = [
        label
        for code, label in zip(audit.profile.languages, audit.profile.language_labels, strict=False)
        if code not in spoken
    ]
    if missing:
        yield format_lazy(
            _(
                "Nobody in the team speaks {languages}. Add somebody, "
                "or confirm that interpreters are arranged."
            ),
            languages="、".join(missing),
        )


@guard
def objection_window_open(audit: Audit, move: Move) -> Sentences:
    """The supplier may still object: the window is open and it has not agreed."""
    if audit.is_overdue:
        yield _("The time to object to the team is over. Speak to the coordinator.")
    if audit.team_agreed_at:
        yield _("You agreed to this team already. Speak to the coordinator.")


@guard
def team_accepted_and_signed(audit: Audit, move: Move) -> Sentences:
    """Everybody has accepted and signed the conflict declaration."""
    team = [place for place in audit.team.all() if place.answer != Answer.DECLINED]
    for place in team:
        if place.answer == Answer.OFFERED:
            yield format_lazy(
                _(
                    "{name} ({function}) has not accepted yet. Wait for the answer or propose somebody else."
                ),
                name=place.auditor.user.name,
                function=place.get_function_display(),
            )
        elif not place.declaration:
            yield format_lazy(
                _("{name} has not signed the conflict declaration."), name=place.auditor.user.name
            )
    if not any(place.function == Level.LEAD for place in team):
        yield _(
            "The lead auditor declined. Return the audit to “accepted” and propose another lead."
        )


@guard
def supplier_agreed_or_window_over(audit: Audit, move: Move) -> Sentences:
    """The supplier agreed to the team, or the time to object is over."""
    if audit.team_agreed_at is None and not audit.is_overdue:
        yield format_lazy(
            _(
                "The supplier can still object to the team until {day}. Wait, or ask the supplier to agree."
            ),
            day=audit.due_on.isoformat() if audit.due_on else "",
        )


@guard
def visit_dates_set(audit: Audit, move: Move) -> Sentences:
    """The visit has first and last day, not in the past, under a usable standard."""
    first, last = move.data.get("planned_from"), move.data.get("planned_until")
    if first is None or last is None:
        yield _("Set the first and the last day of the visit.")
    elif last < first:
        yield _("The visit ends before it begins. Correct the dates.")
    elif first < timezone.localdate():
        yield _("The visit lies in the past. Choose a later day.")
    elif (
        audit.standard_id
        and not Standard.objects.usable_on(first).filter(pk=audit.standard_id).exists()
    ):
        yield format_lazy(
            _("Standard {standard} cannot be used on {day}."),
            standard=str(audit.standard),
            day=first.isoformat(),
        )


@guard
def person_days_sufficient(audit: Audit, move: Move) -> Sentences:
    """The person-days meet the rule for the number of workers, or there is a reason."""
    workers = audit.profile.workers if audit.profile else 0
    rule = next((days for limit, days in _settings().person_days if workers <= limit), 1)
    if (move.data.get("person_days") or 0) < rule and not move.data.get(
        "person_days_reason", ""
    ).strip():
        yield format_lazy(
            _(
                "A site with {workers} workers needs {rule} person-days. "
                "Plan more, or give the reason for fewer."
            ),
            workers=workers,
            rule=f"{rule:g}",
        )


@guard
def team_still_eligible(audit: Audit, move: Move) -> Sentences:
    """Everybody in the team is eligible on each of the visit days."""
    # The days of the visit are known only now; qualifications must hold on each of them.
    audit.planned_from = move.data.get("planned_from") or audit.planned_from
    audit.planned_until = move.data.get("planned_until") or audit.planned_until
    yield from team_without_new_conflict(audit, move)


@guard
def team_without_new_conflict(audit: Audit, move: Move) -> Sentences:
    """No conflict of anybody in the team has appeared since the proposal."""
    places = {
        place.auditor_id: place for place in audit.team.all() if place.answer != Answer.DECLINED
    }
    for row in rank(audit, [place.auditor for place in places.values()]):
        for obstacle in row.obstacles_for(places[row.auditor.pk].function):
            yield format_lazy("{name}: {obstacle}", name=row.auditor.user.name, obstacle=obstacle)


# --- the visit and the report ------------------------------------------------------------
@guard
def within_visit_dates(audit: Audit, move: Move) -> Sentences:
    """Today is one of the visit days."""
    today = timezone.localdate()
    if audit.planned_from is None or audit.planned_until is None:
        yield _("The visit has no dates yet.")
    elif not audit.planned_from <= today <= audit.planned_until:
        yield format_lazy(
            _(
                "The visit is planned from {first} to {last}. "
                "Start it on one of these days, or have the dates changed."
            ),
            first=audit.planned_from.isoformat(),
            last=audit.planned_until.isoformat(),
        )


def visit_gaps(audit: Audit) -> list[Gap]:
    """Return what is missing before the visit can be finished."""
    return gaps(_findings(audit), VISIT_CHECKS)


def sign_gaps(audit: Audit) -> list[Gap]:
    """Return what is missing before the report can be signed."""
    return gaps(_findings(audit), SIGN_CHECKS)


@guard
def every_finding_judged(audit: Audit, move: Move) -> Sentences:
    """Every applicable requirement is judged."""
    missing = visit_gaps(audit)
    if missing:
        codes = [gap.code for gap in missing]
        more = "" if len(codes) <= 12 else f" … (+{len(codes) - 12})"
        yield format_lazy(
            _("{count} requirements have not been assessed yet: {codes}."),
            count=len(codes),
            codes=", ".join(codes[:12]) + more,
        )


@guard
def closing_meeting_recorded(audit: Audit, move: Move) -> Sentences:
    """The closing meeting is recorded."""
    if not move.data.get("closing_meeting_at") and not audit.closing_meeting_at:
        yield _("Record the closing meeting: when it was held and with whom.")


@guard
def findings_complete(audit: Audit, move: Move) -> Sentences:
    """Nonconformities have severity, text and evidence; exceptions have reasons; no personal data."""
    for gap in sign_gaps(audit):
        yield str(gap)


@guard
def disputes_answered(audit: Audit, move: Move) -> Sentences:
    """Every review comment and dispute has an answer."""
    open_comments = FindingComment.objects.filter(finding__audit=audit, answered_at=None).exclude(
        kind=CommentKind.ANSWER
    )
    for comment in open_comments.select_related("finding__requirement"):
        yield format_lazy(
            _("{code}: answer the {kind} first."),
            code=comment.finding.requirement.code,
            kind=comment.get_kind_display(),
        )


# --- review, facts, decision -------------------------------------------------------------
def _independent(audit: Audit, move: Move) -> Sentences:
    if move.actor is None:
        return
    if policies.member_of(move.actor, audit) is not None:
        yield _("You are in the audit team. Somebody else must review and decide.")
    for kind in ties_of_person(audit, move.actor):
        yield format_lazy(
            _(
                "You, or somebody of your office, has an engagement with this supplier ({kind}). "
                "Somebody else must do this."
            ),
            kind=kind,
        )


@guard
def reviewer_independent(audit: Audit, move: Move) -> Sentences:
    """The reviewer is not in the team and has no engagement with the supplier."""
    yield from _independent(audit, move)


@guard
def decision_maker_independent(audit: Audit, move: Move) -> Sentences:
    """The decision maker is not in the team and has no engagement with the supplier."""
    yield from _independent(audit, move)


@guard
def dispute_window_open(audit: Audit, move: Move) -> Sentences:
    """The time to check the facts is not over."""
    if audit.is_overdue:
        yield _("The time to check the facts is over.")


@guard
def dispute_names_findings(audit: Audit, move: Move) -> Sentences:
    """The dispute names findings, each with a reason."""
    disputes = move.data.get("disputes", {})
    if not disputes:
        yield _("Say which findings you dispute, and why, one by one.")
    elif not all(text.strip() for text in disputes.values()):
        yield _("Give a reason for each finding that you dispute.")


@guard
def no_open_alert(audit: Audit, move: Move) -> Sentences:
    """No critical alert is open."""
    if Alert.objects.open().filter(audit=audit).exists():
        yield _(
            "A critical alert is open. The secretariat must settle it before a result is issued."
        )


@guard
def deviation_reasoned_and_seconded(audit: Audit, move: Move) -> Sentences:
    """A grade that differs from the computed one has a reason and a second person."""
    grade, computed = move.data.get("grade"), move.data.get("computed")
    if grade not in GradeLetter.values:
        yield _("Choose the grade.")
        return
    if grade == computed:
        return
    if not move.data.get("reason", "").strip():
        yield _("The grade differs from the computed one. Give the reason.")
    second = move.data.get("seconded_by")
    if second is None or second == move.actor:
        yield _("The grade differs from the computed one. A second person must agree; choose who.")
    elif policies.member_of(second, audit) is not None:
        yield _("The second person is in the audit team. Choose somebody else.")


@guard
def corrective_actions_ended(audit: Audit, move: Move) -> Sentences:
    """Every corrective action has ended or was carried over."""
    awaited = CorrectiveAction.objects.filter(finding__audit=audit).exclude(
        status__in=CORRECTION_ENDED
    )
    if count := awaited.count():
        yield format_lazy(_("{count} corrective actions are still open."), count=count)


@guard
def no_open_appeal(audit: Audit, move: Move) -> Sentences:
    """No appeal is open."""
    if Appeal.objects.open().filter(result__audit=audit).exists():
        yield _("An appeal against the result is open.")


def _settings() -> SchemeSettings:
    return SchemeSettings.objects.current()


def _findings(audit: Audit) -> list[Finding]:
    return list(audit.findings.in_order().prefetch_related("evidence"))
