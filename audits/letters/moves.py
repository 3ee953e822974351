"""Letters after a move of an audit: what whom is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audits.letters.audiences import Audience, audit_letter
from audits.terms import Act
from audits.workflow import TRANSITIONS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from accounts.letters import Letter

# Sentences by act and audience; %(due)s, %(first)s and %(last)s are days of the audit.
SENTENCES: dict[Act, dict[Audience, _StrPromise]] = {
    Act.SUBMIT: {
        Audience.BODY: _("An application has arrived. Examine it by %(due)s."),
        Audience.SECRETARIAT: _("An application has arrived. It is to be answered by %(due)s."),
    },
    Act.RETURN: {
        Audience.SUPPLIER: _(
            "Your application was returned. Read the reason, correct it and submit it again."
        ),
    },
    Act.ACCEPT: {
        Audience.SUPPLIER: _("Your application was accepted. The audit team is proposed next."),
    },
    Act.PROPOSE_TEAM: {
        Audience.SUPPLIER: _("An audit team is proposed. Agree, or object by %(due)s."),
        Audience.OFFERED: _("You are asked to be in the audit team. Answer the offer."),
        # Accepted before the team was proposed again.
        Audience.ACCEPTED: _(
            "The audit team was proposed again. Your place stays; you need not answer."
        ),
    },
    Act.OBJECT: {
        Audience.BODY: _("The supplier objects to the audit team. Propose another one."),
    },
    Act.SCHEDULE: {
        Audience.SUPPLIER: _("The visit is fixed: %(first)s to %(last)s."),
        Audience.TEAM: _("The visit is fixed: %(first)s to %(last)s."),
    },
    Act.ABORT: {
        Audience.SUPPLIER: _("The audit was aborted during the visit."),
        Audience.BODY: _("The audit was aborted during the visit."),
        Audience.SECRETARIAT: _("The audit was aborted during the visit."),
        Audience.OWNER: _("The audit was aborted during the visit."),
    },
    Act.SIGN: {
        Audience.REVIEWERS: _("A report waits for its review, due %(due)s."),
    },
    Act.SEND_BACK: {
        Audience.TEAM: _("The reviewer sent the report back. Answer the comments and sign again."),
    },
    Act.PASS_REVIEW: {
        Audience.SUPPLIER: _("The findings can be read. Check the facts by %(due)s."),
    },
    Act.DISPUTE: {
        Audience.TEAM: _("The supplier disputes facts. Answer each point and sign again."),
    },
    Act.ACCEPT_FACTS: {
        Audience.DECISION_MAKERS: _("A result waits for the decision, due %(due)s."),
    },
    Act.DEFER: {
        Audience.REVIEWERS: _("The decision was deferred. Review the report again by %(due)s."),
    },
    Act.ISSUE: {
        Audience.SUPPLIER: _("The result is issued. Read it, and plan the corrective actions."),
        Audience.BODY: _("The result is issued."),
        Audience.TEAM: _("The result is issued."),
    },
    Act.CLOSE: {
        Audience.SUPPLIER: _("The audit is closed: every corrective action has ended."),
    },
    Act.WITHDRAW: {
        Audience.BODY: _("The supplier withdrew the application."),
        Audience.TEAM: _("The supplier withdrew the application."),
    },
    Act.CANCEL: {
        Audience.SUPPLIER: _("The audit was cancelled. Read the reason."),
        Audience.TEAM: _("The audit was cancelled."),
    },
    Act.VOID: {
        Audience.SUPPLIER: _("The audit was declared void. Its result no longer stands."),
        Audience.BODY: _("The audit was declared void. Its result no longer stands."),
        Audience.SECRETARIAT: _("The audit was declared void. Its result no longer stands."),
    },
}

MOVES: dict[Act, tuple[Letter, ...]] = {
    act: tuple(
        audit_letter(
            f"{act.replace('_', '-')}-{audience.replace('_', '-')}",
            sentence,
            audience,
            when=format_lazy(_("After “{act}”."), act=act.label),
            quotes=TRANSITIONS[act].comment,
        )
        for audience, sentence in row.items()
    )
    for act, row in SENTENCES.items()
}
