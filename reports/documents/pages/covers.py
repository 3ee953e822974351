"""Of the cover and the running lines: short texts only, for there is room for no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.documents.legible import shorten
from reports.documents.wording import Wording, one_line

if TYPE_CHECKING:
    from reports.documents.wording import Texts
    from reports.snapshot.values import Data

NAME, BODY, PLACE, PERSON, LINE = 56, 36, 80, 18, 54
# A name longer than this is set smaller.
LONG_NAME = 26


def cover_of(snapshot: Data, site: Data, say: Wording) -> Data:
    """Return what the cover prints of names; each is printed whole in the section on the site."""
    names = [_short(site[part], NAME) for part in ("supplier", "name")]
    return {
        "names": names,
        "long": any(len(row["text"]) > LONG_NAME for texts in names for row in texts),
        "address": shorten(site["address"], PLACE),
        "number": shorten(snapshot["number"], BODY),
        "team": [
            {
                "name": shorten(row["name"], PERSON),
                "function": say.term("function", row["function"]),
                "number": shorten(row["registration_number"], PERSON),
            }
            for row in snapshot["team"]
        ],
        "body": one_line(_short(say.pair(snapshot["body"]), BODY)) or "—",
        "secretariat": one_line(_short(say.pair(snapshot["secretariat"]), BODY)),
        "standard": _short(say.pair(snapshot["standard"]["title"]), PLACE),
        "foot": shorten(site["line"], LINE),
    }


def _short(texts: Texts, longest: int) -> Texts:
    return [{**row, "text": shorten(row["text"], longest)} for row in texts]
