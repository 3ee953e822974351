"""The file around the body of a Word document: styles, languages, head and foot, fixed bytes."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

if TYPE_CHECKING:
    from datetime import datetime

    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph

    from reports.working_copies.contents import Contents

# On every Japanese Windows and Mac with Office, and with Latin letters of its own.
FONT = "Yu Gothic"
FONT_PARTS = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")
INDIGO = RGBColor(0x22, 0x3A, 0x70)
SIZES = {"Title": 20, "Heading 1": 15, "Heading 2": 12.5, "Heading 3": 11, "Normal": 10}
WIDTH = Mm(174)
LANGUAGES = {"ja": "ja-JP", "en": "en-GB"}
NOTICE = "Notice"


def written(contents: Contents, body: str, *, mark: str) -> bytes:
    """Return the .docx with a body (see wordml); `mark` stands at the head of every page."""
    document = docx.Document()
    _pages(document)
    _styles(document)
    _language(document, LANGUAGES[contents.language])
    _properties(document, contents)
    section = document.sections[0]
    _at_both_ends(section.header.paragraphs[0], f"{contents.number} r{contents.revision}", mark)
    foot = section.footer.paragraphs[0]
    _at_both_ends(foot, f"{contents.supplier} {contents.site}", "")
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")
    # The paper's measures stand last in the body.
    last = document.element.body.sectPr
    for element in list(parse_xml(f"<w:body {nsdecls('w')}>{body}</w:body>")):
        last.addprevious(element)
    return _saved(document, contents.made_at)


def _pages(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(20)


def _styles(document: Document) -> None:
    for style in document.styles:
        if style.type == WD_STYLE_TYPE.PARAGRAPH:
            _font(style)
    for name, size in SIZES.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        if name != "Normal":
            style.font.color.rgb = INDIGO
    document.styles["Normal"].paragraph_format.space_after = Pt(3)
    notice = document.styles.add_style(NOTICE, WD_STYLE_TYPE.PARAGRAPH)
    notice.base_style = document.styles["Normal"]
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="8" w:space="4" w:color="C73E3A"/>'
        for side in ("top", "left", "bottom", "right")
    )
    notice.element.get_or_add_pPr().append(parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>"))


def _font(style: ParagraphStyle) -> None:
    """Use one font for Latin and East Asian letters, in the place of the theme's."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for part in FONT_PARTS:
        fonts.set(qn(part), FONT)


def _language(document: Document, code: str) -> None:
    """Mark every text as Japanese, or as British English with Japanese in between."""
    for part in (document.styles.element, document.settings.element):
        for element in part.iter(qn("w:lang"), qn("w:themeFontLang")):
            element.set(qn("w:val"), code)
            element.set(qn("w:eastAsia"), LANGUAGES["ja"])
    document.core_properties.language = code


def _properties(document: Document, contents: Contents) -> None:
    properties = document.core_properties
    properties.title, properties.author = contents.title, contents.author
    properties.created = properties.modified = contents.made_at
    properties.last_modified_by, properties.revision = contents.author, 1
    properties.comments = contents.notice[0]


def _at_both_ends(line: Paragraph, left: str, right: str) -> None:
    """Write what stands at the left and at the right end of a line over the whole width."""
    line.style = "Normal"
    line.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    line.text = f"{left}\t{right}"


def _field(paragraph: Paragraph, instruction: str) -> None:
    """Add a field such as PAGE, which the program computes."""
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), instruction)
    paragraph._p.append(element)  # noqa: SLF001  the library knows no fields


def _saved(document: Document, made_at: datetime) -> bytes:
    """Return the file; its members bear the moment given: the same document is the same bytes."""
    plain, out = io.BytesIO(), io.BytesIO()
    document.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.namelist():
            entry = zipfile.ZipInfo(member, made_at.timetuple()[:6])
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            target.writestr(entry, source.read(member), zipfile.ZIP_DEFLATED)
    return out.getvalue()
