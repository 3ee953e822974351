"""Letters about a person's place in the register of auditors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.letters import Letter, letter
from audits.auditors.terms import Level, QualificationStatus

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

AUDITOR = _("The auditor")
DESKS = _("Coordinators of the auditor's body and secretariat")
STANDARD = "JASTI 2025"
QUALIFICATION = {
    "level": Level.LEAD.label,
    "standard": STANDARD,
    "step": QualificationStatus.QUALIFIED.label,
}


def _about_auditor(
    code: str, sentence: _StrPromise, when: _StrPromise, *to: _StrPromise, **more: Any
) -> Letter:
    return letter(code, sentence, to=to or (AUDITOR,), when=when, group=_("Auditors"), **more)


REGISTERED = _about_auditor(
    "auditor-registered",
    _("You were entered into the register of auditors."),
    _("Somebody is entered into the register."),
)
CHANGED = _about_auditor(
    "auditor-changed",
    _("Your languages or prefectures in the register were changed."),
    _("Somebody else changes languages or prefectures in the register."),
)
ACTIVE = _about_auditor(
    "auditor-active",
    _("You are active in the register of auditors again."),
    _("The register makes an auditor active again."),
)
INACTIVE = _about_auditor(
    "auditor-inactive",
    _("You are no longer active in the register of auditors."),
    _("The register takes an auditor out of every choice of a team."),
)
ABSENCE = _about_auditor(
    "auditor-absence",
    _("Your unavailable days were changed: %(first)s to %(last)s."),
    _("Somebody else changes the auditor's unavailable days."),
)
STEP = _about_auditor(
    "qualification-step",
    _("Your qualification as %(level)s under %(standard)s: %(step)s on %(day)s."),
    _("A step of a qualification is entered, or it lapses."),
    examples=QUALIFICATION,
)
LAPSED = _about_auditor(
    "qualification-lapsed",
    _("A qualification has lapsed: %(level)s under %(standard)s."),
    _("The last day of a qualification has passed."),
    DESKS,
    examples=QUALIFICATION,
    example_body=_("Hanako Mihon (JB-0001)"),
)
ENDING = _about_auditor(
    "qualification-ending",
    _("A qualification ends on %(day)s: %(level)s under %(standard)s. Renew it in time."),
    _("On the days before the end of a qualification that the settings name."),
    AUDITOR,
    DESKS,
    examples=QUALIFICATION,
)
