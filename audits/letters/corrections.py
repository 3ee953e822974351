"""Letters about corrective actions: what is due, what is late, and whose turn it is after a step."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from accounts.letters import Letter
from audits.letters.audiences import Audience, audit_letter
from audits.letters.reminders import AROUND

# What a supplier owes.
DUE: dict[str, Letter] = {
    "plan": audit_letter(
        "plan-due",
        ngettext_lazy(
            "The plan of %(count)d corrective action is due on %(due)s.",
            "The plans of %(count)d corrective actions are due on %(due)s.",
            "count",
        ),
        Audience.SUPPLIER,
        when=AROUND,
    ),
    "close": audit_letter(
        "close-due",
        ngettext_lazy(
            "%(count)d corrective action is to be completed by %(due)s.",
            "%(count)d corrective actions are to be completed by %(due)s.",
            "count",
        ),
        Audience.SUPPLIER,
        when=AROUND,
    ),
}

# Before whom it is brought when it is late.
LATE: dict[tuple[str, Audience], Letter] = {
    (what, audience): audit_letter(
        f"{what}-late-{audience}",
        sentence,
        audience,
        when=_("Once, as many days after the deadline as the settings say."),
        urgent=True,
    )
    for what, sentence in (
        (
            "plan",
            ngettext_lazy(
                "The plan of %(count)d corrective action is late: it was due on %(due)s.",
                "The plans of %(count)d corrective actions are late: they were due on %(due)s.",
                "count",
            ),
        ),
        (
            "close",
            ngettext_lazy(
                "%(count)d corrective action is late: it was to be closed by %(due)s.",
                "%(count)d corrective actions are late: they were to be closed by %(due)s.",
                "count",
            ),
        ),
    )
    for audience in (Audience.BODY, Audience.SECRETARIAT)
}

# What is told after a step, and to whom: to whoever has the next one.
STEPS: dict[str, Letter] = {
    step: audit_letter(
        f"correction-{step.replace('_', '-')}",
        sentence,
        audience,
        when=format_lazy(_("After “{act}”."), act=act),
        quotes=quotes,
        examples={"code": "5-7"},
    )
    for step, act, audience, quotes, sentence in (
        (
            "plan",
            _("Plan submitted"),
            Audience.BODY,
            False,
            _("The plan for %(code)s waits to be checked."),
        ),
        (
            "accept_plan",
            _("Plan accepted"),
            Audience.SUPPLIER,
            True,
            _("The plan for %(code)s was accepted. Carry it out and show it by %(due)s."),
        ),
        (
            "return_plan",
            _("Plan returned"),
            Audience.SUPPLIER,
            True,
            _("The plan for %(code)s was returned. Read the comment and send it again."),
        ),
        (
            "submit_evidence",
            _("Evidence submitted"),
            Audience.BODY,
            False,
            _("What was done about %(code)s waits to be checked; to be closed by %(due)s."),
        ),
        (
            "return_evidence",
            _("Evidence returned"),
            Audience.SUPPLIER,
            True,
            _("More is asked for about %(code)s. Read the comment and send it."),
        ),
        (
            "close",
            _("Corrective action closed"),
            Audience.SUPPLIER,
            True,
            _("The corrective action for %(code)s is closed as corrected."),
        ),
        (
            "carry_over",
            _("Carried over to the next audit"),
            Audience.SUPPLIER,
            True,
            _("The corrective action for %(code)s is carried over to the next audit."),
        ),
    )
}
