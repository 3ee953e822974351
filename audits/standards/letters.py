"""Letters about the versions of the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.letters import Letter, letter

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

OWNERS = _("Scheme owner")
INSTITUTIONS = _("Coordinators of scheme owner, secretariats and bodies")
SECOND_PERSON = _("A second person of the scheme owner has to look at it and confirm.")
DATES = _("It may be used for visits from 1 April 2027.")


def _about_standard(
    code: str, sentence: _StrPromise, when: _StrPromise, to: _StrPromise, **more: Any
) -> Letter:
    return letter(code, sentence, to=(to,), when=when, group=_("Standard"), **more)


PROPOSED = _about_standard(
    "standard-proposed",
    _("Version %(version)s of the standard is proposed for activation."),
    _("Somebody proposes to activate a version of the standard."),
    OWNERS,
    example_body=SECOND_PERSON,
)
ACTIVATED = _about_standard(
    "standard-activated",
    _("Version %(version)s of the standard was activated."),
    _("A version of the standard is activated."),
    INSTITUTIONS,
    example_body=DATES,
)
DATED = _about_standard(
    "standard-dated",
    _("Dates of version %(version)s of the standard were fixed."),
    _("Dates of a version of the standard are fixed or changed."),
    INSTITUTIONS,
    example_body=DATES,
)
