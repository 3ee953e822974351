"""The press: fonts and styles read once in a process, and the one place that writes a PDF."""

from __future__ import annotations

import gc
import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from django.template.loader import get_template
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration

from reports.documents.resources import OwnResources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from weasyprint import Attachment

STYLES = Path(__file__).resolve().parent.parent / "data" / "pdf"

# Every picture that is missing and every style it does not know is a line; the texts of people
# could make thousands.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


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
            for name in ("report", "draft", "preliminary", "paper")
        }

    def lay_out(self, html: str, names: Iterable[str], pictures: Mapping[str, bytes]) -> Document:
        """Return the pages of a document; `pictures` are JPEG by the id in `orime:picture/<id>`."""
        fetcher = OwnResources(
            {f"picture/{key}": (content, "image/jpeg") for key, content in pictures.items()}
        )
        source = HTML(string=html, url_fetcher=fetcher, base_url=None)
        return source.render(
            stylesheets=[self.styles[name] for name in names], font_config=self.fonts
        )


_presses = threading.local()


def press() -> Press:
    """Return this thread's press; fonts must not be shared between threads."""
    if not hasattr(_presses, "press"):
        _presses.press = Press()
    found: Press = _presses.press
    return found


def write_pdf(
    document: Document, *, identifier: bytes, attachments: Sequence[Attachment] = ()
) -> bytes:
    """Return the bytes of laid out pages: always the same for the same pages and attachments.

    `identifier` is 16 bytes that tell this document from every other.
    """
    content: bytes = document.write_pdf(
        pdf_identifier=identifier, pdf_tags=True, attachments=list(attachments)
    )
    return content


def warm_up() -> None:
    """Read fonts, styles and templates, and keep them out of every later garbage collection."""
    get_template("reports/pdf/report.html")
    page = press().lay_out("<html lang=ja><p>織り目 Orime</p>", ("report",), {})
    write_pdf(page, identifier=bytes(16))
    gc.collect()
    gc.freeze()
