"""XLSX and DOCX are kept as they are, unless they run, load or carry something else."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from audits.content.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORMATS = "application/vnd.openxmlformats-officedocument."
XLSX, DOCX = f"{_FORMATS}spreadsheetml.sheet", f"{_FORMATS}wordprocessingml.document"
MAIN_PARTS = {
    f"{XLSX}.main+xml": XLSX,
    f"{DOCX}.main+xml": DOCX,
}
MOST_MEMBERS = 3000
MOST_UNPACKED = 150 * 1024 * 1024
LONGEST_SMALL_PART = 2 * 1024 * 1024
TYPES = "[Content_Types].xml"
BAD_NAME = re.compile(r"(?:^|/)\.\.?(?:/|$)|^/|^[A-Za-z]:|[\\\x00-\x1f]|//")
MACROS = re.compile(r"vbaProject|vbaData|macrosheets/|dialogsheets/|activeX/", re.IGNORECASE)
OUTSIDE = re.compile(r"^xl/(?:externalLinks/|connections\.xml|queryTables/)", re.IGNORECASE)
INSIDE = re.compile(r"/(?:embeddings|oleObjects)/", re.IGNORECASE)
# What another file begins with: an archive, a program, an old Office file, a PDF, a script.
OTHER_FILES = (
    b"PK\x03\x04",
    b"MZ",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
    b"%PDF-",
    b"#!",
    b"Rar!",
    b"7z\xbc\xaf",
)
# Declarations of entities, in whatever width the signs are written.
DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# A formula or field, and whether it goes on in a comment or a CDATA section, as Office writes none.
FORMULA = re.compile(rb"<(?:[^<>\s/:]+:)?f(?:\s[^<>]*)?>([^<]*)<(!?)")
TEXT_IN_FORMULA = re.compile(r'"[^"]*"')
# Outside of quoted text the sign | stands in no formula but one that calls a program (DDE).
LOADING_FORMULA = re.compile(r"\||\b(?:WEBSERVICE|IMAGE|RTD)\s*\(", re.IGNORECASE)
FIELD = re.compile(rb"<(?:[^<>\s/:]+:)?instrText(?:\s[^<>]*)?>([^<]*)<(!?)|\binstr=\"([^\"]*)\"")
LOADING_FIELD = re.compile(
    r"\bDDE(?:AUTO)?\b|\bINCLUDE(?:TEXT|PICTURE)\b|\bLINK\b\s", re.IGNORECASE
)
# What a part is, Office takes from the link to it, whatever its name.
LINKED = {
    "externalLink": "outside",
    "connections": "outside",
    "queryTable": "outside",
    "oleObject": "inside",
    "package": "inside",
    "vbaProject": "macros",
    "xlMacrosheet": "macros",
    "control": "macros",
}


def checked_office(content: bytes) -> str:
    """Return the media type of an XLSX or DOCX; raise ValidationError with a sentence otherwise."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive)
            media_type = _media_type(archive)
            for name, data in _parts(archive):
                _check_part(name, data)
    except (zipfile.BadZipFile, zlib.error, ET.ParseError, EOFError, UnicodeError) as error:
        raise refusal("damaged_document") from error
    except (
        NotImplementedError,
        RuntimeError,
    ) as error:  # compressed or locked as Office never does
        raise refusal("odd") from error
    return media_type


def _check_members(archive: zipfile.ZipFile) -> None:
    """Look at the list of contents, before anything is unpacked."""
    rows = archive.infolist()
    if len(rows) > MOST_MEMBERS or sum(row.file_size for row in rows) > MOST_UNPACKED:
        raise refusal("too_much")
    names = [row.orig_filename for row in rows]
    if TYPES not in names:
        raise refusal("kind")
    if len({name.lower() for name in names}) != len(names):
        raise refusal("odd")
    for row in rows:
        if row.flag_bits & 1:
            raise refusal("locked")
        if BAD_NAME.search(row.orig_filename):
            raise refusal("odd")
        if MACROS.search(row.orig_filename):
            raise refusal("macros")
        if OUTSIDE.search(row.orig_filename):
            raise refusal("outside")
        if INSIDE.search(row.orig_filename) and not row.is_dir():
            raise refusal("inside")


def _media_type(archive: zipfile.ZipFile) -> str:
    types = _tree(archive.read(TYPES))
    named = [row.get("ContentType", "") for row in types]
    if any("macroEnabled" in one or "vbaProject" in one for one in named):
        raise refusal("macros")
    found = {MAIN_PARTS[one] for one in named if one in MAIN_PARTS}
    if len(found) != 1:
        raise refusal("kind")
    (media_type,) = found
    folder = "xl/" if media_type == XLSX else "word/"
    if not any(name.startswith(folder) for name in archive.namelist()):
        raise refusal("damaged_document")
    return media_type


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield every part with its content; sizes were checked, and zipfile unpacks no more than those."""
    for row in archive.infolist():
        if not row.is_dir():
            yield row.filename, archive.read(row)


def _check_part(name: str, data: bytes) -> None:
    lower = name.lower()
    if not lower.endswith((".xml", ".rels", ".vml")):
        if data.startswith(OTHER_FILES):
            raise refusal("inside")
        return
    if DECLARES.search(data.replace(b"\0", b"")):
        raise refusal("odd")
    if lower.endswith(".rels"):
        _check_links(_tree(data))
    elif lower.startswith(("xl/", "word/")):
        _check_codes(data)


def _check_codes(data: bytes) -> None:
    """Look at the formulas of a sheet and the fields of a text."""
    formulas, fields = FORMULA.findall(data), FIELD.findall(data)
    # In wider signs than UTF-8, which Office does not write, the patterns would find nothing.
    if b"\0" in data or any(found[1] for found in (*formulas, *fields)):
        raise refusal("odd")
    # A field may be cut into pieces; together they are what Word reads.
    field = _read(b"".join(first or last for first, _goes_on, last in fields))
    if LOADING_FIELD.search(field) or any(
        LOADING_FORMULA.search(TEXT_IN_FORMULA.sub("", _read(formula)))
        for formula, _goes_on in formulas
    ):
        raise refusal("outside")


def _read(text: bytes) -> str:
    """Return a text as Office reads it: signs that are written as numbers are those signs."""
    return html.unescape(text.decode(errors="replace"))


def _check_links(links: ET.Element) -> None:
    for link in links:
        kind = link.get("Type", "").rsplit("/", 1)[-1]
        if kind in LINKED:
            raise refusal(LINKED[kind])
        if link.get("TargetMode", "").lower() == "external" and kind != "hyperlink":
            raise refusal("outside")


def _tree(data: bytes) -> ET.Element:
    if len(data) > LONGEST_SMALL_PART:
        raise refusal("too_much")
    if DECLARES.search(data.replace(b"\0", b"")):
        raise refusal("odd")
    return ET.fromstring(data)  # noqa: S314  without declarations there is nothing to expand
