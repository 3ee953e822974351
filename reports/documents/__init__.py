"""The report as PDF: typeset from a snapshot alone, the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.template.loader import get_template
from django.utils.translation import override

from reports.documents.legible import legible
from reports.documents.pages import context_of
from reports.documents.press import Sheets, attached, nothing, print_sheets, warm_up as warm_up
from reports.services.printing import Printed
from reports.snapshot import canonical
from reports.template_versions import REPORT as TEMPLATE_VERSION
from ui.tables import TOKYO

SCHEMA = "orime-report-snapshot"


def typeset(
    snapshot: dict[str, Any],
    language: str,
    pictures: dict[str, bytes],
    between: Callable[[int], None] = nothing,
) -> Printed:
    """Return the PDF of a snapshot in ja, en or both, with the snapshot itself attached.

    `pictures` are JPEG by evidence id; `between` is called between the long steps with the
    percentage done. The bytes depend on nothing but snapshot, language, pictures, template and
    signing key. A draft is neither signed nor does it carry its data.
    Raises ValidationError when a text is too long to be printed.
    """
    # Not in the language that happens to be active: the name of a prefecture was.
    with override("en" if language == "en" else "ja"):
        context = context_of(legible(snapshot), language, pictures)
        html = get_template("reports/pdf/report.html").render(context)
    between(5)
    text = canonical(snapshot)
    issued = snapshot["grade"]["issued_on"]
    at = datetime.fromisoformat(issued).replace(tzinfo=TOKYO) if issued else None
    content, pages = print_sheets(
        Sheets(
            html,
            ("report", "draft") if snapshot["draft"] else ("report",),
            f"{text}|{language}|{TEMPLATE_VERSION}",
            at=at,
            pictures=pictures,
            attachments=[
                attached(
                    text,
                    name=f"{snapshot['number']}_r{snapshot['revision']}.json",
                    description=SCHEMA,
                    at=at,
                )
            ]
            if at
            else (),
        ),
        between,
    )
    return Printed(content, pages, TEMPLATE_VERSION)


def render_pdf(snapshot: dict[str, Any], language: str, *, pictures: dict[str, bytes]) -> bytes:
    """Return the bytes of the report; see `typeset`."""
    return typeset(snapshot, language, pictures).content
