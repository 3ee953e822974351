"""Reading PDFs in tests."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader


def text_of(content: bytes) -> str:
    """All text of a PDF without any white space, so that line breaks do not matter."""
    pages = PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)
