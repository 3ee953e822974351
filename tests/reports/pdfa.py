"""What PDF/A-3u (ISO 19005-3) demands and can be read off a file, checked with pikepdf.

It stands in for a validator: veraPDF cannot be installed from Debian, PyPI or npm. Each line of
`complaints` names the clause. What only a renderer could tell (glyph widths) is not looked at.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream

FORBIDDEN_ACTIONS = {
    "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState",
    "/Rendition", "/Trans", "/GoTo3DView", "/JavaScript",
}  # fmt: skip
FORBIDDEN_ANNOTATIONS = {"/3D", "/Sound", "/Screen", "/Movie"}
PRINT, HIDDEN_ANYHOW = 4, 1 | 2 | 32 | 256


def complaints(content: bytes) -> list[str]:
    """What of the standard the file does not keep."""
    with Pdf.open(io.BytesIO(content)) as pdf:
        found = [
            *_file(content, pdf),
            *_metadata(pdf),
            *_objects(pdf),
            *_fonts(pdf),
            *_annotations(pdf),
            *_attachments(pdf),
            *_tags(pdf),
        ]
    return sorted(set(found))


def _file(content: bytes, pdf: Pdf) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[4-7]\n%[\x80-\xff]{4}", content):
        yield "6.1.2 header with four bytes above 127"
    if "/ID" not in pdf.trailer:
        yield "6.1.3 identifier"
    if "/Encrypt" in pdf.trailer:
        yield "6.1.3 no encryption"
    intents: Any = pdf.Root.get("/OutputIntents", [])
    if not [row for row in intents if row.S == Name.GTS_PDFA1 and "/DestOutputProfile" in row]:
        yield "6.2.3 output intent with a profile"
    if "/Perms" in pdf.Root and set(pdf.Root.Perms.keys()) - {"/DocMDP", "/UR3"}:
        yield "6.1.12 permissions"
    if _flag(pdf, "/AcroForm", "/NeedAppearances") or _flag(pdf, "/AcroForm", "/XFA"):
        yield "6.4 form"
    for key in ("/AA", "/OCProperties"):
        if key in pdf.Root:
            yield f"6.5 nothing that acts or hides: {key}"


def _flag(pdf: Pdf, group: str, key: str) -> bool:
    return group in pdf.Root and bool(pdf.Root[group].get(key, False))


def _metadata(pdf: Pdf) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "6.6.2 metadata stream"
        return
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as about:
        if (about.get("pdfaid:part"), about.get("pdfaid:conformance")) != ("3", "U"):
            yield "6.6.4 says that it is PDF/A-3u"
        if about.get("dc:title") != str(pdf.docinfo.Title):
            yield "6.6.3 same title in both places"
        if not about.get("xmp:CreateDate"):
            yield "6.6.3 date of making"


def _objects(pdf: Pdf) -> Iterator[str]:
    for thing in pdf.objects:
        if isinstance(thing, Stream):
            filters = str(thing.get("/Filter", ""))
            if "LZW" in filters or "Crypt" in filters:
                yield "6.1.7.2 filters"
            if "/F" in thing:
                yield "6.1.7.1 no stream elsewhere"
            if thing.get("/Subtype") == Name.Image and thing.get("/Interpolate", False):
                yield "6.2.8 no interpolation"
            if thing.get("/Subtype") == Name.Form and ("/PS" in thing or "/OPI" in thing):
                yield "6.2.9 no PostScript"
        if isinstance(thing, Dictionary):
            if thing.get("/Type") == Name.ExtGState and "/TR" in thing:
                yield "6.2.5 no transfer function"
            if str(thing.get("/S", "")) in FORBIDDEN_ACTIONS and "/Type" not in thing:
                yield f"6.5.1 no action {thing.S}"


def _fonts(pdf: Pdf) -> Iterator[str]:
    for font in fonts_of(pdf):
        name = str(font.get("/BaseFont", "?"))
        if "/ToUnicode" not in font:
            yield f"6.2.11.7 letters of {name} as Unicode"
        if font.Subtype == Name.Type0:
            inner = font.DescendantFonts[0]
            about = inner.FontDescriptor
            if inner.Subtype == Name.CIDFontType2 and "/CIDToGIDMap" not in inner:
                yield f"6.2.11.3.2 map of {name}"
            if str(font.Encoding) not in ("/Identity-H", "/Identity-V"):
                yield f"6.2.11.3.3 encoding of {name}"
        elif font.Subtype == Name.Type3:
            continue
        else:
            about = font.FontDescriptor
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(about.keys()):
            yield f"6.2.11.4 {name} embedded"


def fonts_of(pdf: Pdf) -> Iterator[Any]:
    """Every font of the file, once."""
    seen = set()
    for thing in pdf.objects:
        if isinstance(thing, Dictionary) and thing.get("/Type") == Name.Font:
            if str(thing.get("/Subtype", "")).startswith("/CIDFont"):
                continue
            if thing.objgen not in seen:
                seen.add(thing.objgen)
                yield thing


def _annotations(pdf: Pdf) -> Iterator[str]:
    for page in pdf.pages:
        for row in page.get("/Annots", []):
            flags = int(row.get("/F", 0))
            if str(row.Subtype) in FORBIDDEN_ANNOTATIONS:
                yield f"6.3.1 no annotation {row.Subtype}"
            if not flags & PRINT or flags & HIDDEN_ANYHOW:
                yield f"6.3.2 flags of {row.Subtype}"
            empty = all(value == row.Rect[0] for value in row.Rect)
            if row.Subtype not in (Name.Link, Name.Popup) and not empty and "/AP" not in row:
                yield f"6.3.3 appearance of {row.Subtype}"
            if row.Subtype == Name.Widget and ("/A" in row or "/AA" in row):
                yield "6.4.1 no action of a field"


def _attachments(pdf: Pdf) -> Iterator[str]:
    named = [row.objgen for row in pdf.Root.get("/AF", [])]
    for thing in pdf.objects:
        if isinstance(thing, Dictionary) and thing.get("/Type") == Name.Filespec:
            if not {"/F", "/UF", "/AFRelationship", "/EF"} <= set(thing.keys()):
                yield "6.8 facts of an attached file"
            elif "/Subtype" not in thing.EF.F or "/ModDate" not in thing.EF.F.Params:
                yield "6.8 kind and day of an attached file"
            if named.count(thing.objgen) != 1:
                yield "6.8 an attached file belongs to the document, once"


def _tags(pdf: Pdf) -> Iterator[str]:
    """Beyond level U: what a reader of the screen needs (ISO 14289-1, 7)."""
    if not _flag(pdf, "/MarkInfo", "/Marked") or "/StructTreeRoot" not in pdf.Root:
        yield "tagged"
    if not str(pdf.Root.get("/Lang", "")):
        yield "language of the document"
    if not _flag(pdf, "/ViewerPreferences", "/DisplayDocTitle"):
        yield "title shown in the window"
    if any(page.get("/Tabs") != Name.S for page in pdf.pages):
        yield "order of tabs by structure"
    for thing in pdf.objects:
        if (
            isinstance(thing, Dictionary)
            and thing.get("/S") == Name.Figure
            and not str(thing.get("/Alt", ""))
        ):
            yield "a picture has words in its place"


def is_pdf(content: bytes) -> bool:
    """Say whether pikepdf reads the file without mending it."""
    try:
        with Pdf.open(io.BytesIO(content), attempt_recovery=False):
            return True
    except pikepdf.PdfError:
        return False
