"""What is drawn: the weave of the cover, bars, marks of findings, the QR code."""

from __future__ import annotations

import io

import segno
from django.utils.safestring import SafeString, mark_safe

from reports.documents.wording import Wording
from reports.snapshot.values import Data
from ui import charts
from ui.charts import Cell
from ui.charts.cells import cell_shape
from ui.charts.markup import el, number


def cell_of(row: Data, say: Wording) -> Cell:
    """Return the cell of a finding in the weave."""
    return Cell(
        code=row["code"],
        category=str(row["category"]),
        title=say.pair(row["title"])[0]["text"],
        judgement=row["judgement"],
        severity=row["severity"],
    )


def legend_of(cells: list[Cell], say: Wording) -> list[tuple[SafeString, str]]:
    """Return the kinds that occur in the weave, each with its mark."""
    present = {charts.kind_of(cell) for cell in cells}
    words = {kind: say.say(lambda kind=kind: charts.kind_label(kind)) for kind in charts.KINDS}  # type: ignore[misc]  # the default binds the kind
    return [(mark(kind, str(words[kind])), words[kind]) for kind in charts.KINDS if kind in present]


def mark(kind: charts.Kind, name: str) -> SafeString:
    """Return the drawing of one kind, as small as a letter; `name` is its alternative text."""
    return el(
        "svg",
        el("title", name),
        cell_shape(kind, 0, 0, 17, over=True),
        width=10,
        height=10,
        viewBox="0 0 17 17",
    )


def bars_of(snapshot: Data, say: Wording) -> list[Data]:
    """Return how many of the applicable requirements conform, by category, each with its bar."""
    rows = []
    for category in snapshot["categories"]:
        counts = snapshot["counts"]["categories"][str(category["number"])]["judgements"]
        applicable = sum(counts.values()) - counts["not_applicable"]
        conforming = counts["conforming"]
        share = conforming / applicable if applicable else 0.0
        text = f"{conforming} / {applicable}" if applicable else "—"
        rows.append(
            {
                "number": category["number"],
                "name": say.one(category["name"]),
                "bar": _bar(share, text),
                "text": text,
            }
        )
    return rows


def _bar(share: float, name: str) -> SafeString:
    """Return a bar of moss on its track; what is missing is hatched, so that grey print shows it."""
    width, height = 240.0, 9.0
    full = share * width
    ticks = "".join(
        f"M{number(x)} {number(height)}l6-{number(height)}"
        for x in range(int(full) + 4, int(width) - 6, 6)
    )
    return el(
        "svg",
        el("title", name),
        el("rect", fill="#eeebe2", width=width, height=height, rx=1.5),
        el("path", fill="none", stroke="#cf7f17", stroke_width=1.2, d=ticks) if ticks else "",
        el("rect", fill="#5d7a2e", width=full, height=height, rx=1.5),
        width=width,
        height=height,
        viewBox=f"0 0 {number(width)} {number(height)}",
    )


def qr_of(snapshot: Data, say: Wording) -> SafeString:
    """Return the QR code of the address as SVG with its alternative text; nothing for a draft."""
    address = snapshot["verification_address"]
    if not address:
        return SafeString("")
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        border=2,
        dark="#1d2129",
        title=str(say.words["qr"]),
    )
    # segno escapes the title and writes nothing of the address but the modules themselves
    return mark_safe(out.getvalue().decode())  # noqa: S308


def grouped(code: str) -> str:
    """Return the code in groups of four, as people read it out."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
