"""What the state of a result means for somebody who relies on it, in one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from audits.terms import ResultStatus

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MEANINGS: dict[str, _StrPromise] = {
    ResultStatus.SUSPENDED: _(
        "It is being looked into. Do not rely on the result until it is reinstated."
    ),
    ResultStatus.WITHDRAWN: _("The result was taken back for good."),
    ResultStatus.SUPERSEDED: _("A newer result was issued for the site; rely on that one."),
    ResultStatus.EXPIRED: _("The result was not renewed in time."),
}


def meaning(status: str) -> str:
    """Return what a state means; nothing for one that stands."""
    sentence = MEANINGS.get(status)
    return str(sentence) if sentence else ""
