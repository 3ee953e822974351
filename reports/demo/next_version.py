"""The next version of the standard in the demo: a draft that the scheme owner can look ahead with."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from audits.standards.models import Standard
from audits.standards.services.importing import Particulars, import_version, look_into
from audits.standards.services.mapping import Follows, set_mappings
from reports.demo import texts

if TYPE_CHECKING:
    from accounts.models import User
    from reports.demo.clock import Clock

# Time to train and to announce it.
NOTICE = timedelta(days=90)


def next_effective_on(today: date) -> date:
    """Return the next 1 April that leaves time to prepare."""
    april = date(today.year, 4, 1)
    return april if april - today >= NOTICE else april.replace(year=april.year + 1)


def draft_next_version(owner: User, base: Standard, clock: Clock) -> Standard:
    """Import the next version as the scheme owner does, from a file, and correct its mapping.

    The file has every requirement of the base but one, with some texts changed and some new.
    """
    spec = texts.read("next_version")
    clock.at(clock.today - timedelta(days=6), 13, 30)
    composed, _old = look_into(
        actor=owner, content=_file(spec, base), filename="requirements.csv", base=base
    )
    effective_on = next_effective_on(clock.today)
    loaded = import_version(
        actor=owner,
        composed=composed,
        base=base,
        particulars=Particulars(
            version=str(effective_on.year),
            title_ja=base.title_ja.replace(base.version, str(effective_on.year)),
            title_en=base.title_en.replace(base.version, str(effective_on.year)),
            effective_on=effective_on,
            mandatory_from=effective_on,
            official=False,
            grading=base.grading,
        ),
    )
    clock.tick(90)
    rows = {code: Follows(**row) for code, row in spec["mapping"].items()}
    set_mappings(actor=owner, standard=loaded.standard, rows=rows)
    return loaded.standard


def _file(spec: dict[str, dict[str, dict[str, str]]], base: Standard) -> bytes:
    rows = [
        {name: str(value) for name, value in asdict(row).items()}
        | spec["changed"].get(row.code, {})
        for row in base.contents().requirements
        if row.code not in spec["dropped"]
    ]
    for row in rows:
        del row["order"]
    for code, row in spec["new"].items():
        category = code.partition("-")[0]
        place = max(number for number, one in enumerate(rows) if one["category"] == category)
        rows.insert(
            place + 1, dict.fromkeys(rows[0], "") | {"code": code, "category": category} | row
        )
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
