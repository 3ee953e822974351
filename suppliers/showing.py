"""What a brand sees at each level of sharing, piece by piece: one list for pages, form and receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import lazy
from django.utils.translation import gettext as _, gettext_lazy

from suppliers.terms import Level
from ui.language import listed

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Piece:
    """One thing that a brand sees from a level on; `code` is what data call it."""

    code: str
    level: Level
    text: _StrPromise


# As the brand's pages and the export show it; each level includes those before it.
PIECES = (
    Piece(
        "names",
        Level.STATUS,
        gettext_lazy("names of supplier and site, corporate number, prefecture, processes, OS ID"),
    ),
    Piece(
        "grade",
        Level.STATUS,
        gettext_lazy("the grade, whether it still stands and whether an appeal is open"),
    ),
    Piece("days", Level.STATUS, gettext_lazy("when it was issued and when it is due for renewal")),
    Piece(
        "origin",
        Level.STATUS,
        gettext_lazy("the version of the standard, the audit body and the verification code"),
    ),
    Piece("address", Level.SUMMARY, gettext_lazy("the address of the site")),
    Piece(
        "counts",
        Level.SUMMARY,
        gettext_lazy("how many findings there are, by category, judgement and severity"),
    ),
    Piece(
        "corrections",
        Level.SUMMARY,
        gettext_lazy("of each corrective action its category, severity, dates and how far it is"),
    ),
    Piece("findings", Level.FULL, gettext_lazy("every finding with its requirement and text")),
    Piece("evidence", Level.FULL, gettext_lazy("the evidence marked as may be shown")),
    Piece(
        "plans",
        Level.FULL,
        gettext_lazy("of each corrective action the requirement, root cause, correction and plan"),
    ),
    Piece(
        "report",
        Level.FULL,
        gettext_lazy("the audit report, with site profile, audit team and number of interviews"),
    ),
)


def pieces_at(level: Level) -> list[Piece]:
    """Return everything that a brand sees at the level, the pieces of lower levels first."""
    return [piece for piece in PIECES if piece.level.rank <= level.rank]


def _sentence(level: Level) -> str:
    added = listed(str(piece.text) for piece in PIECES if piece.level == level)
    if level == Level.STATUS:
        return _("Shown: %(pieces)s. No findings.") % {"pieces": added}
    return _("As above, and: %(pieces)s.") % {"pieces": added}


def _everything(level: Level) -> str:
    return _("Shown: %(pieces)s.") % {
        "pieces": listed(str(piece.text) for piece in pieces_at(level))
    }


# For each level a sentence in the reader's language: what it adds, where the levels stand one below
# the other, and everything, where it stands alone.
SHOWS = {level: lazy(_sentence, str)(level) for level in Level}
SHOWS_ALL = {level: lazy(_everything, str)(level) for level in Level}
