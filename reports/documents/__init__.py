"""The report as PDF: typeset from a snapshot alone, the same bytes every time."""

from __future__ import annotations

import gc
import hashlib
import logging
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.template.loader import get_template
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration

from reports.documents.pages import context_of
from reports.documents.resources import OwnResources
from reports.services.reporting import Printed
from reports.snapshot import canonical

TEMPLATE_VERSION = "1"
STYLES = Path(__file__).resolve().parent.parent / "data" / "pdf"

# Every picture that is missing and every style it does not know is a line; the texts of people
# could make thousands.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


def _nothing() -> None:
    """Do nothing between the steps."""


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

    def lay_out(self, html: str, names: Iterable[str], pictures: dict[str, bytes]) -> Document:
        """Return the pages of a document."""
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


def typeset(
    snapshot: dict[str, Any],
    language: str,
    pictures: dict[str, bytes],
    between: Callable[[], None] = _nothing,
) -> Printed:
    """Return the PDF of a snapshot in ja, en or both.

    `pictures` are JPEG by evidence id; `between` is called between the long steps. The bytes
    depend on nothing but snapshot, language, pictures and template.
    """
    html = get_template("reports/pdf/report.html").render(context_of(snapshot, language, pictures))
    between()
    names = ("report", "draft") if snapshot["draft"] else ("report",)
    document = press().lay_out(html, names, pictures)
    between()
    identifier = hashlib.sha256(
        f"{canonical(snapshot)}|{language}|{TEMPLATE_VERSION}".encode()
    ).digest()[:16]
    content = document.write_pdf(pdf_identifier=identifier, pdf_tags=True)
    return Printed(content, len(document.pages), TEMPLATE_VERSION)


def render_pdf(snapshot: dict[str, Any], language: str, *, pictures: dict[str, bytes]) -> bytes:
    """Return the bytes of the report; see `typeset`."""
    return typeset(snapshot, language, pictures).content


def warm_up() -> None:
    """Read fonts, styles and templates, and keep them out of every later garbage collection."""
    get_template("reports/pdf/report.html")
    press().lay_out("<html lang=ja><p>織り目 Orime</p>", ("report",), {}).write_pdf()
    gc.collect()
    gc.freeze()
