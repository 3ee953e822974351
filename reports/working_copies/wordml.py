"""The body of a Word document as text: the library's own objects take ten times as long.

Every function returns WordprocessingML in which texts are escaped; lengths are in millimetres.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

LINES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="D8D4C6"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
# Word counts lengths in twentieths of a point.
PER_MM = 1440 / 25.4


def run(text: str, *, bold: bool = False, size: float = 0) -> str:
    """Return a piece of text; `size` is in points, and line breaks stay."""
    bold_mark = "<w:b/>" if bold else ""
    size_mark = f'<w:sz w:val="{round(size * 2)}"/>' if size else ""
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n")
    )
    return f"<w:r><w:rPr>{bold_mark}{size_mark}</w:rPr>{lines}</w:r>"


def paragraph(*runs: str, style: str = "") -> str:
    """Return a paragraph of runs; `style` is the id of a style."""
    chosen = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{chosen}{''.join(runs)}</w:p>"


def cell(*paragraphs: str, fill: str = "") -> str:
    """Return a cell; `fill` is RRGGBB."""
    filled = f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{fill}"/></w:tcPr>'
    return f"<w:tc>{filled if fill else ''}{''.join(paragraphs) or paragraph()}</w:tc>"


def row(*cells: str, is_heading: bool = False, whole: bool = False, height: float = 0) -> str:
    """Return a row: a heading is repeated on every page, a `whole` one is not broken."""
    marks = ("<w:cantSplit/>" if whole else "") + (
        f'<w:trHeight w:val="{round(height * PER_MM)}" w:hRule="atLeast"/>' if height else ""
    )
    repeated = "<w:tblHeader/>" if is_heading else ""
    return f"<w:tr><w:trPr>{marks}{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def table(widths: Sequence[float], rows: Iterable[str], *, margin: float = 1.9) -> str:
    """Return a table with columns of fixed widths, and an empty line below it.

    `margin` is left beside the texts in every cell.
    """
    beside = round(margin * PER_MM)
    columns = "".join(f'<w:gridCol w:w="{round(width * PER_MM)}"/>' for width in widths)
    whole = round(sum(widths) * PER_MM)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{whole}" w:type="dxa"/>'
        f'<w:tblBorders>{LINES}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="{beside}" w:type="dxa"/><w:right w:w="{beside}" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
        f"{''.join(rows)}</w:tbl>{paragraph()}"
    )
