"""The report's structure for those who hear it read: pictures have words, tables have heads."""

from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from tests.reports.pdfa import complaints, is_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def elements_of(node: Any) -> Iterator[Any]:
    """Return every element of the structure below and with a node, in the order of reading."""
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from elements_of(kid)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        yield from elements_of(node.get("/K", pikepdf.Array()))


@pytest.fixture(params=["ja", "en", "both"])
def elements(request: Any, printed: Callable[[str], bytes]) -> Iterator[list[Any]]:
    with pikepdf.open(io.BytesIO(printed(request.param))) as pdf:
        yield list(elements_of(pdf.Root.StructTreeRoot.K))


def test_every_picture_has_words(elements: list[Any], pictures: dict[str, bytes]) -> None:
    figures = [element for element in elements if element.S == "/Figure"]

    # swatch, two QR codes, a bar for each of nine categories, at least one mark and the photos
    assert len(figures) >= 1 + 2 + 9 + 1 + len(pictures)
    assert [figure for figure in figures if not str(figure.get("/Alt", "")).strip()] == []


def test_tables_are_data_with_heads_and_headings_follow_each_other(elements: list[Any]) -> None:
    kinds = Counter(str(element.S) for element in elements)
    levels = [int(str(element.S)[2:]) for element in elements if str(element.S) in _HEADINGS]

    for table in (element for element in elements if element.S == "/Table"):
        assert "/TH" in {str(part.S) for part in elements_of(table.K)}
    # one heading for each requirement, in whatever languages
    assert kinds["/H3"] == 84
    assert all(after - before <= 1 for before, after in zip([1, *levels], levels, strict=False))


_HEADINGS = ("/H1", "/H2", "/H3")


@pytest.mark.parametrize("language", ["ja", "en", "both"])
def test_report_keeps_what_pdf_a_demands(language: str, printed: Callable[[str], bytes]) -> None:
    assert is_pdf(printed(language))
    assert complaints(printed(language)) == []
