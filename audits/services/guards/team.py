"""Guards of the team and its visit: complete, eligible, agreed, dated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audits.auditors.terms import Level
from audits.models import Audit, SchemeSettings
from audits.services.candidates import rank
from audits.services.guards.registry import Sentences, guard
from audits.services.repinning import version_for
from audits.standards.models import Standard
from audits.terms import Answer, Status
from ui.days import problem_of

if TYPE_CHECKING:
    from audits.workflow import Move


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
        yield _("The lead auditor declined. Propose another lead.")


@guard
def supplier_agreed_or_window_over(audit: Audit, move: Move) -> Sentences:
    """The supplier agreed to the team, or the time to object is over."""
    if audit.status == Status.SCHEDULED:
        return  # it was, when the visit was fixed the first time
    if audit.team_agreed_at is None and not audit.is_overdue:
        yield format_lazy(
            _(
                "The supplier can still object to the team until {day}. Wait, or ask the supplier to agree."
            ),
            day=date_format(audit.due_on) if audit.due_on else "",
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
    elif problem := problem_of(last):
        yield problem
    elif audit.standard_id and not Standard.objects.usable_on(first).exists():
        # Where another version applies, the audit is changed over to it.
        yield format_lazy(
            _(
                "No version of the standard can be used on {day}. Activate one or choose another day."
            ),
            day=date_format(first),
        )


@guard
def person_days_sufficient(audit: Audit, move: Move) -> Sentences:
    """The person-days meet the rule for the number of workers, or there is a reason."""
    rule = SchemeSettings.objects.current().person_days_of(audit)
    if (move.data.get("person_days") or 0) < rule and not move.data.get(
        "person_days_reason", ""
    ).strip():
        yield format_lazy(
            _(
                "This audit of a site with {workers} workers needs {rule} person-days. "
                "Plan more, or give the reason for fewer."
            ),
            workers=audit.profile.workers if audit.profile else 0,
            rule=f"{rule:g}",
        )


@guard
def team_still_eligible(audit: Audit, move: Move) -> Sentences:
    """Everybody in the team is eligible on each of the visit days."""
    # The days of the visit are known only now; qualifications must hold on each of them.
    audit.planned_from = move.data.get("planned_from") or audit.planned_from
    audit.planned_until = move.data.get("planned_until") or audit.planned_until
    if audit.standard_id and audit.planned_from:
        # Qualifications are asked for under the version that the audit will be made by.
        audit.standard = version_for(audit, audit.planned_from) or audit.standard
    yield from team_without_new_conflict(audit, move)


@guard
def team_without_new_conflict(audit: Audit, move: Move) -> Sentences:
    """No conflict of anybody in the team has appeared since the proposal."""
    places = {
        place.auditor_id: place for place in audit.team.all() if place.answer != Answer.DECLINED
    }
    for row in rank(audit, [place.auditor for place in places.values()]):
        # Who was qualified and there on the visit days may have left since.
        for obstacle in (
            row.conflicts
            if audit.started_at
            else row.obstacles_for(places[row.auditor.pk].function)
        ):
            yield format_lazy("{name}: {obstacle}", name=row.auditor.user.name, obstacle=obstacle)
