"""Short papers beside the report: one template each, the same bytes every time."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.template.loader import get_template

from reports.documents import press
from reports.services.reporting import Printed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from weasyprint import Attachment


def print_paper(
    name: str,
    context: dict[str, Any],
    key: str,
    *,
    version: str,
    styles: Sequence[str],
    attachments: Sequence[Attachment] = (),
) -> Printed:
    """Return the PDF of the template `reports/pdf/<name>.html`.

    The bytes depend on nothing but context, attachments and template; `key` tells this content and
    language from every other.
    """
    html = get_template(f"reports/pdf/{name}.html").render(context)
    document = press().lay_out(html, styles, {})
    identifier = hashlib.sha256(f"{key}|{name}{version}".encode()).digest()[:16]
    content = document.write_pdf(
        pdf_identifier=identifier, pdf_tags=True, attachments=list(attachments)
    )
    return Printed(content, len(document.pages), version)
