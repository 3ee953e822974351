"""Reading PDFs in tests."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader


def pages_of(content: bytes) -> list[str]:
    """Return the text of each page of a PDF."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def text_of(content: bytes) -> str:
    """All text of a PDF without any white space, so that line breaks do not matter."""
    return bare("".join(pages_of(content)))


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)
