"""An audit in plain words for a supplier: where it stands, what comes next, who acts, by when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _, ngettext

from audits.terms import Status
from audits.workflow import ENDED
from ui.templatetags.ui import day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from audits.models import Audit, AuditEvent
    from audits.portal.supplier.access import Waiting

Text = str | Promise

TONES: dict[str, str] = {
    Status.DRAFT: "amber",
    Status.TEAM_PROPOSED: "amber",
    Status.FACT_CHECK: "amber",
    Status.ISSUED: "moss",
    Status.CLOSED: "moss",
    Status.ABORTED: "red",
    Status.CANCELLED: "red",
    Status.VOID: "red",
    Status.WITHDRAWN: "",
}
YOU = _("you")
BODY = _("the audit body")
SECRETARIAT = _("the secretariat")
TEAM = _("the audit team")


@dataclass(frozen=True)
class Stage:
    """One stop of the journey: the state, its title, what happens there, who acts."""

    status: Status
    title: Text
    text: Text
    who: Text


STAGES = (
    Stage(
        Status.DRAFT,
        _("You apply"),
        _("You describe the site, answer for the documents and accept the terms."),
        YOU,
    ),
    Stage(
        Status.SUBMITTED,
        _("The application is looked at"),
        _("The secretariat or the audit body checks it. If something is missing, it comes back."),
        SECRETARIAT,
    ),
    Stage(
        Status.ACCEPTED,
        _("The audit team is chosen"),
        _("The audit body proposes auditors who have no tie to your company."),
        BODY,
    ),
    Stage(
        Status.TEAM_PROPOSED,
        _("You look at the team"),
        _("You agree, or object with a reason. Then the days of the visit are fixed."),
        YOU,
    ),
    Stage(
        Status.SCHEDULED,
        _("The visit is prepared"),
        _("Have the documents ready and tell the people at the site that auditors will come."),
        YOU,
    ),
    Stage(
        Status.FIELDWORK,
        _("The team visits the site"),
        _(
            "Walk through the site, documents, and interviews in private. A closing meeting ends it."
        ),
        TEAM,
    ),
    Stage(
        Status.DRAFTING,
        _("The report is written"),
        _("The team writes down what it found and the lead auditor signs."),
        TEAM,
    ),
    Stage(
        Status.IN_REVIEW,
        _("The report is reviewed"),
        _("Somebody who was not in the team checks the report."),
        SECRETARIAT,
    ),
    Stage(
        Status.FACT_CHECK,
        _("You check the facts"),
        _("You read every finding and say what is wrong before a result is decided."),
        YOU,
    ),
    Stage(
        Status.DECISION,
        _("The result is decided"),
        _("The secretariat decides on the grade."),
        SECRETARIAT,
    ),
    Stage(
        Status.ISSUED,
        _("You correct what was found"),
        _("You plan and carry out corrective actions; each is checked until it is closed."),
        YOU,
    ),
    Stage(
        Status.CLOSED,
        _("The audit is closed"),
        _("Nothing is left to do until the renewal."),
        "",
    ),
)
ORDER = [stage.status for stage in STAGES]


@dataclass(frozen=True)
class Step:
    """What comes next: what, who acts, by when, and the page where the supplier acts (or "")."""

    title: Text
    text: Text
    who: Text
    ours: bool = False
    due: date | None = None
    url: str = ""
    label: Text = ""

    @property
    def is_late(self) -> bool:
        """Say whether the day has passed."""
        return self.due is not None and self.due < timezone.localdate()


def next_step(audit: Audit, waiting: Waiting | None = None) -> Step | None:
    """Return the next step, None when nothing comes any more.

    `waiting` says which corrective actions wait for the supplier.
    """
    if audit.status in ENDED:
        return None
    stage = STAGES[ORDER.index(Status(audit.status))]
    match audit.status:
        case Status.DRAFT:
            return _ours(stage, "portal:apply_check", _("Continue the application"), audit)
        case Status.TEAM_PROPOSED if audit.team_agreed_at is None and not audit.is_overdue:
            text = format_lazy(
                _("Agree to the team, or object with a reason, by {day}."), day=day(audit.due_on)
            )
            return _ours(stage, "portal:our_team", _("Look at the team"), audit, text)
        case Status.TEAM_PROPOSED:
            text = _("The audit body fixes the days of the visit with you.")
            return Step(_("The days are fixed"), text, BODY)
        case Status.SCHEDULED:
            text = format_lazy(
                _("The auditors come from {first} to {last}. Have the documents ready."),
                first=day(audit.planned_from),
                last=day(audit.planned_until),
            )
            return Step(stage.title, text, YOU, due=audit.planned_from)
        case Status.FACT_CHECK:
            text = format_lazy(
                _(
                    "Read the findings and accept or dispute the facts by {day}. "
                    "Without an answer they count as accepted."
                ),
                day=day(audit.due_on),
            )
            return _ours(stage, "portal:facts", _("Check the facts"), audit, text)
        case Status.ISSUED:
            return _after_issue(stage, audit, waiting)
    return Step(stage.title, stage.text, stage.who, due=audit.due_on)


def _after_issue(stage: Stage, audit: Audit, waiting: Waiting | None) -> Step:
    if waiting is None:
        text = _("Your corrective actions are being checked; there is nothing to do for you.")
        return Step(_("Corrective actions are checked"), text, BODY)
    said = ngettext(
        "%(count)d corrective action waits for you.",
        "%(count)d corrective actions wait for you.",
        waiting.count,
    ) % {"count": waiting.count}
    url = f"{reverse('portal:our_corrections')}?audit={audit.number}"
    label = _("Go to the corrective actions")
    return Step(stage.title, said, YOU, ours=True, due=waiting.due, url=url, label=label)


def _ours(stage: Stage, page: str, label: Text, audit: Audit, text: Text = "") -> Step:
    url = reverse(page, kwargs={"number": audit.number})
    return Step(
        stage.title, text or stage.text, YOU, ours=True, due=audit.due_on, url=url, label=label
    )


def timeline(audit: Audit, events: Iterable[AuditEvent], step: Step | None) -> list[dict[str, Any]]:
    """Return the entries of `ui/parts/timeline.html`: what is done, where it stands, what follows.

    `events` are those of the audit in order; they tell when each stage was reached.
    """
    moves = [event for event in events if event.to_status]
    reached = {event.to_status: event.at for event in moves}
    regular = audit.status in ORDER
    # An audit that was stopped got as far as the state it was stopped in.
    last = audit.status if regular else (moves[-1].from_status if moves else Status.DRAFT)
    here = ORDER.index(Status(last)) if last in ORDER else 0
    entries: list[dict[str, Any]] = []
    for place, stage in enumerate(STAGES):
        if place < here or (place == here and not regular):
            entries.append({"title": stage.title, "at": reached.get(stage.status)})
        elif place == here:
            ended = audit.status == Status.CLOSED
            entries.append(
                {
                    "title": step.title if step else stage.title,
                    "tone": "now",
                    "tag": "" if ended else _("now"),
                    "at": reached.get(stage.status),
                    "who": "" if ended or step is None else who_by_when(step),
                    "text": step.text if step else stage.text,
                }
            )
        elif regular:
            entries.append({"title": stage.title, "tone": "ahead", "tag": stage.who})
    if not regular:
        stop = moves[-1] if moves else None
        entries.append(
            {
                "title": audit.get_status_display(),
                "tone": "bad",
                "at": stop.at if stop else None,
                "text": stop.comment if stop else "",
            }
        )
    return entries


def who_by_when(step: Step) -> Text:
    """Return who acts and by when as one phrase."""
    if step.due is None:
        return format_lazy(_("Next: {who}"), who=step.who)
    return format_lazy(_("Next: {who}, by {day}"), who=step.who, day=day(step.due))
