"""The press: fonts and styles read once in a process, and the one place that writes a PDF."""

from __future__ import annotations

import gc
import hashlib
import logging
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.template.loader import get_template
from weasyprint import CSS, HTML, Attachment, Document
from weasyprint.text.fonts import FontConfiguration

from reports.documents.resources import OwnResources
from reports.signing.keys import signing
from reports.signing.pades import sign

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

STYLES = Path(__file__).resolve().parent.parent / "data" / "pdf"

# Every picture that is missing and every style it does not know is a line; the texts of people
# could make thousands.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Sheets:
    """What is printed: HTML, its style sheets by name, and what else goes into the file.

    `pictures` are JPEG by the id in `orime:picture/<id>`. `key` tells this document from every
    other. `at` is the moment it is of: with it the file is signed, without it is a draft.
    """

    html: str
    styles: Sequence[str]
    key: str
    at: datetime | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()


class Press:
    """What is read once in a process and used for every document: fonts and styles."""

    def __init__(self) -> None:
        self.fonts = FontConfiguration()
        self.styles = {
            name: CSS(
                string=(STYLES / f"{name}.css").read_text(encoding="utf-8"),
                url_fetcher=OwnResources({}),
                font_config=self.fonts,
            )
            for name in ("report", "draft", "preliminary", "paper", "trial")
        }

    def lay_out(self, sheets: Sheets) -> Document:
        """Return the pages of a document; a trial key is named on each of them."""
        fetcher = OwnResources(
            {f"picture/{key}": (content, "image/jpeg") for key, content in sheets.pictures.items()}
        )
        source = HTML(string=sheets.html, url_fetcher=fetcher, base_url=None)
        trial = ["trial"] if sheets.at and signing().trial else []
        return source.render(
            stylesheets=[self.styles[name] for name in (*sheets.styles, *trial)],
            font_config=self.fonts,
        )


_presses = threading.local()


def press() -> Press:
    """Return this thread's press; fonts must not be shared between threads."""
    if not hasattr(_presses, "press"):
        _presses.press = Press()
    found: Press = _presses.press
    return found


def nothing(_percent: int) -> None:
    """Do nothing between the steps."""


def print_sheets(sheets: Sheets, between: Callable[[int], None] = nothing) -> tuple[bytes, int]:
    """Return a document as PDF/A-3u, signed, and its number of pages.

    `between` is called between the long steps with the percentage done. The bytes depend on
    nothing but the sheets, the style sheets, the fonts and the signing key.
    """
    document = press().lay_out(sheets)
    between(70)
    content: bytes = document.write_pdf(
        pdf_variant="pdf/a-3u",
        pdf_tags=True,
        pdf_identifier=hashlib.sha256(sheets.key.encode()).digest()[:16],
        attachments=list(sheets.attachments),
        finisher=_name_attachments_once,
    )
    if sheets.at:
        content = sign(content, at=sheets.at)
    return content, len(document.pages)


def _name_attachments_once(_document: Document, pdf: Any) -> None:
    """Take the second mention of each attached file out of the catalogue."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


def attached(content: str, *, name: str, description: str, at: datetime) -> Attachment:
    """Return the data that a paper was printed from, to be put into its file."""
    moment = at.astimezone(UTC)
    return Attachment(
        string=content,
        name=name,
        description=description,
        created=moment,
        modified=moment,
        relationship="Source",
    )


def warm_up() -> None:
    """Read fonts, styles and templates, and keep them out of every later garbage collection.

    Looking for garbage while a document still grows finds none and delays it by a seventh: from now
    on whoever prints collects it between two documents.
    """
    get_template("reports/pdf/report.html")
    print_sheets(
        Sheets("<html lang=ja><p>織り目 Orime</p>", ("report",), "warm-up", at=datetime.now(UTC))
    )
    gc.collect()
    gc.freeze()
    gc.disable()
