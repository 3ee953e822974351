"""The report as PDF: typeset from a snapshot alone, the same bytes every time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.template.loader import get_template

from reports.documents.pages import context_of
from reports.documents.press import press, warm_up as warm_up, write_pdf
from reports.services.reporting import Printed
from reports.snapshot import canonical

TEMPLATE_VERSION = "1"


def _nothing() -> None:
    """Do nothing between the steps."""


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
    content = write_pdf(document, identifier=identifier)
    return Printed(content, len(document.pages), TEMPLATE_VERSION)


def render_pdf(snapshot: dict[str, Any], language: str, *, pictures: dict[str, bytes]) -> bytes:
    """Return the bytes of the report; see `typeset`."""
    return typeset(snapshot, language, pictures).content
