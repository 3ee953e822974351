"""Broken and hostile files, made by code, each with what becomes of it. Nothing here is stored.

A case is refused with the sentence of its code, or kept; then what was hidden in it is gone, and
its name is harmless.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageCms
from pillow_heif import from_pillow

from tests.audits.hostile_office import DOCX, OFFICE, XLSX, office

if TYPE_CHECKING:
    from collections.abc import Callable

JPEG_TYPE, PDF_TYPE = "image/jpeg", "application/pdf"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SCRIPT = b"<script>alert(document.domain)</script>"


@dataclass(frozen=True)
class Case:
    """One file: refused by the code of a sentence, or kept as a type under a name."""

    label: str
    name: str
    make: Callable[[], bytes]
    refused: str = ""
    kept: str = ""
    kept_name: str = ""
    gone: tuple[bytes, ...] = ()
    # The web framework refuses the whole request before the application sees the name.
    not_by_form: bool = False

    @property
    def content(self) -> bytes:
        """The file, made once."""
        return _made(self.make)


@cache
def _made(make: Callable[[], bytes]) -> bytes:
    return make()


def image(shade: int = 90, size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    return Image.linear_gradient("L").resize(size).point(lambda value: value ^ shade).convert(mode)


def saved(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def jpeg(shade: int = 90, **options: Any) -> bytes:
    return saved(image(shade), **options)


def segment(marker: int, data: bytes, shade: int = 91) -> bytes:
    """A JPEG with one more segment right after its beginning."""
    plain = jpeg(shade)
    return plain[:2] + struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data + plain[2:]


def with_place() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif[306] = "2026:06:01 10:42:05"
    exif.get_ifd(0x8825)[2] = (35.0, 40.0, 12.0)
    return exif


def huge_jpeg() -> bytes:
    plain = bytearray(jpeg())
    frame = plain.find(b"\xff\xc0")
    plain[frame + 5 : frame + 9] = struct.pack(">HH", 65500, 65500)
    return bytes(plain)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(kind: bytes, data: bytes) -> bytes:
    """A PNG with one more chunk after its header."""
    plain = saved(image(), "PNG")
    return plain[:33] + chunk(kind, data) + plain[33:]


def huge_png() -> bytes:
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def wrong_sum() -> bytes:
    plain = bytearray(saved(image(), "PNG"))
    plain[-20] ^= 0xFF
    return bytes(plain)


def moving(kind: str) -> bytes:
    frames = [image(shade, mode="RGB") for shade in (1, 60, 200)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def heic(size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    from_pillow(image(33, size)).save(out, exif=with_place().tobytes())
    return out.getvalue()


def pdf(*objects: bytes, trailer: bytes = b"", end: bytes = b"%%EOF\n") -> bytes:
    """A PDF of one empty page with further objects."""
    parts = [
        b"1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj",
        b"2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj",
        b"3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]>> endobj",
        *objects,
    ]
    tail = b"trailer <</Root 1 0 R " + trailer + b">>\nstartxref\n0\n"
    return b"%PDF-1.7\n" + b"\n".join(parts) + b"\n" + tail + end


def packed(text: bytes, more: bytes = b"", how: bytes = b"/FlateDecode") -> bytes:
    data = zlib.compress(text, 9)
    head = b"9 0 obj <</Type /ObjStm /N 1 /First 4 /Filter " + how + b" " + more
    return head + b"/Length %d>> stream\n" % len(data) + data + b"\nendstream endobj"


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, b"x")
    return out.getvalue()


PAD = b"x" * 3000
RUNS = b"4 0 obj <</S /JavaScript /JS (app.alert\\(1\\))>> endobj"
PICTURES = [
    Case("empty", "empty.jpg", lambda: b"", "empty"),
    Case("text", "text.jpg", lambda: b"just text", "kind"),
    Case(
        "svg", "drawing.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT, "kind"
    ),
    Case("html", "page.jpg", lambda: b"<!doctype html>" + SCRIPT, "kind"),
    Case("gif", "photo.gif", lambda: saved(image(), "GIF"), "kind"),
    Case("moving gif", "moving.gif", lambda: moving("GIF"), "kind"),
    Case("gif and js", "a.jpg", lambda: b"GIF89a/*\0\0\0\0*/=1;alert(1)", "kind"),
    Case("program", "photo.jpg", lambda: b"MZ\x90\x00" + b"\0" * 80, "kind"),
    Case("elf", "photo.jpg", lambda: b"\x7fELF" + b"\0" * 80, "kind"),
    Case("bmp", "photo.bmp", lambda: saved(image(), "BMP"), "kind"),
    Case("tiff", "photo.tif", lambda: saved(image(), "TIFF"), "kind"),
    Case("film", "film.mp4", lambda: b"\0\0\0\x18ftypisom" + b"\0" * 40, "kind"),
    Case("avif", "photo.avif", lambda: b"\0\0\0\x18ftypavif" + b"\0" * 40, "kind"),
    Case("cut jpeg", "cut.jpg", lambda: jpeg()[:-200], "damaged_picture"),
    Case("jpeg head", "head.jpg", lambda: jpeg()[:60], "damaged_picture"),
    Case("jpeg of zeros", "z.jpg", lambda: b"\xff\xd8\xff\xe0" + b"\0" * 20, "damaged_picture"),
    Case("cut png", "cut.png", lambda: saved(image(), "PNG")[:120], "damaged_picture"),
    Case("png with a wrong sum", "sum.png", wrong_sum, "damaged_picture"),
    Case("cut webp", "cut.webp", lambda: saved(image(), "WEBP")[:60], "damaged_picture"),
    Case("huge jpeg", "huge.jpg", huge_jpeg, "too_many_pixels"),
    Case("huge png", "huge.png", huge_png, "too_many_pixels"),
    Case(
        "png bomb",
        "bomb.png",
        lambda: saved(Image.new("1", (9000, 9000)), "PNG"),
        "too_many_pixels",
    ),
    Case(
        "png text bomb",
        "text.png",
        lambda: png_with(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 80_000_000, 9)),
        "damaged_picture",
    ),
    Case(
        "png profile bomb",
        "icc.png",
        lambda: png_with(b"iCCP", b"a\0\0" + zlib.compress(b"\0" * 80_000_000, 9)),
        "damaged_picture",
    ),
    Case("moving webp", "moving.webp", lambda: moving("WEBP"), "moving"),
    Case("moving png", "moving.png", lambda: moving("PNG"), "moving"),
    Case("cut heic", "cut.heic", lambda: heic()[:-300], "damaged_picture"),
    Case("heic of zeros", "z.heic", lambda: b"\0\0\0\x18ftypheic" + b"\0" * 400, "damaged_picture"),
    Case(
        "jpeg and script",
        "a.jpg",
        lambda: jpeg(1) + SCRIPT,
        kept=JPEG_TYPE,
        gone=(b"script",),
    ),
    Case(
        "comment with a script",
        "comment.jpg",
        lambda: segment(0xFE, SCRIPT, 2),
        kept=JPEG_TYPE,
        gone=(b"script",),
    ),
    Case(
        "place and maker",
        "IMG_1.jpg",
        lambda: jpeg(3, exif=with_place()),
        kept=JPEG_TYPE,
        gone=(b"PhoneMaker", b"Exif"),
    ),
    Case(
        "xmp",
        "xmp.jpg",
        lambda: segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>Name", 4),
        kept=JPEG_TYPE,
        gone=(b"xmpmeta",),
    ),
    Case(
        "jpeg and zip",
        "zip.jpg",
        lambda: jpeg(5) + archive("evil.exe"),
        kept=JPEG_TYPE,
        gone=(b"PK\x03\x04", b"evil.exe"),
    ),
    Case(
        "profile of a camera",
        "icc.jpg",
        lambda: jpeg(
            6, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        ),
        kept=JPEG_TYPE,
        gone=(b"ICC_PROFILE",),
    ),
    Case(
        "profile without sense",
        "icc2.jpg",
        lambda: segment(0xE2, b"ICC_PROFILE\0\x01\x01" + b"\xff" * 60_000, 7),
        kept=JPEG_TYPE,
        gone=(b"ICC_PROFILE",),
    ),
    Case(
        "exif without sense",
        "exif.jpg",
        lambda: segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + b"\xff" * 400, 8),
        kept=JPEG_TYPE,
        gone=(b"Exif",),
    ),
    Case(
        "two pictures in one",
        "portrait.jpg",
        lambda: saved(image(9), "MPO", save_all=True, append_images=[image(10)]),
        kept=JPEG_TYPE,
    ),
    Case("print colours", "cmyk.jpg", lambda: saved(image(11, mode="CMYK")), kept=JPEG_TYPE),
    Case(
        "transparent",
        "t.png",
        lambda: saved(image(12, mode="LA"), "PNG"),
        kept=JPEG_TYPE,
        kept_name="t.jpg",
    ),
    Case(
        "iphone", "IMG_2.HEIC", heic, kept=JPEG_TYPE, kept_name="IMG_2.jpg", gone=(b"PhoneMaker",)
    ),
]
PDFS = [
    Case("pdf", "規則.pdf", pdf, kept=PDF_TYPE, kept_name="規則.pdf"),
    Case("html as pdf", "page.pdf", lambda: b"<html>" + SCRIPT, "kind"),
    Case("cut pdf", "cut.pdf", lambda: pdf(end=b""), "damaged_document"),
    Case("locked pdf", "locked.pdf", lambda: pdf(trailer=b"/Encrypt 5 0 R"), "locked"),
    Case("pdf with a script", "js.pdf", lambda: pdf(RUNS), "acts"),
    Case("hidden script", "js2.pdf", lambda: pdf(RUNS.replace(b"/Java", b"/J#61v#61")), "acts"),
    Case("packed script", "js3.pdf", lambda: pdf(packed(RUNS)), "acts"),
    Case("long packed script", "js4.pdf", lambda: pdf(packed(RUNS, b"/A (%s)" % PAD)), "acts"),
    Case(
        "script packed twice",
        "js5.pdf",
        lambda: pdf(packed(zlib.compress(RUNS), how=b"[/FlateDecode /FlateDecode]")),
        "damaged_document",
    ),
    Case(
        "script packed as said elsewhere",
        "js6.pdf",
        lambda: pdf(packed(RUNS, how=b"7 0 R")),
        "damaged_document",
    ),
    Case("script of a film", "js7.pdf", lambda: pdf(b"4 0 obj <</S /Rendition>> endobj"), "acts"),
    Case("form with scripts", "xfa.pdf", lambda: pdf(b"4 0 obj <</XFA 5 0 R>> endobj"), "acts"),
    Case(
        "packed objects",
        "packed.pdf",
        lambda: pdf(packed(b"7 0 <</A 1>>", how=b"[ /FlateDecode ]")),
        kept=PDF_TYPE,
    ),
    Case(
        "pdf that starts",
        "run.pdf",
        lambda: pdf(b"4 0 obj <</S/Launch /F (cmd.exe)>> endobj"),
        "acts",
    ),
    Case("pdf that sends", "send.pdf", lambda: pdf(b"4 0 obj <</S /SubmitForm>> endobj"), "acts"),
    Case(
        "file in a pdf", "f.pdf", lambda: pdf(b"4 0 obj <</Type /EmbeddedFile>> endobj"), "inside"
    ),
    Case("pdf and zip", "both.pdf", lambda: pdf() + archive("evil.exe"), "two_kinds"),
    Case("packed bomb", "bomb.pdf", lambda: pdf(packed(b"\0" * 90_000_000)), "too_much"),
    Case(
        "packed oddly",
        "odd.pdf",
        lambda: pdf(packed(b"x", b"/DecodeParms <</Predictor 12>> ")),
        "damaged_document",
    ),
    Case(
        "packed badly",
        "bad.pdf",
        lambda: pdf(packed(b"x" * 99).replace(b"\x78\xda", b"\0\0")),
        "damaged_document",
    ),
]
DOCUMENTS = [
    Case("docx", "記録.docx", lambda: office(DOCX), kept=DOCX_TYPE, kept_name="記録.docx"),
    Case("xlsx", "賃金.xlsx", lambda: office(XLSX), kept=XLSX_TYPE, kept_name="賃金.xlsx"),
    *(
        Case(
            label,
            name,
            make,
            "" if outcome == "kept" else outcome,
            {"docx": DOCX_TYPE, "xlsx": XLSX_TYPE}[name[-4:]] if outcome == "kept" else "",
        )
        for label, name, make, outcome in OFFICE
    ),
    Case("other archive", "a.docx", lambda: archive("evil.exe"), "kind"),
    Case("broken zip", "b.xlsx", lambda: b"PK\x03\x04broken", "damaged_document"),
    Case(
        "old excel",
        "old.xls",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "old_office",
    ),
    Case(
        "zip and pdf",
        "both.docx",
        lambda: office(DOCX, first=("a.bin", b"%PDF-1.7")),
        "two_kinds",
    ),
]
NAMES = [
    Case("path", "../../etc/passwd", lambda: jpeg(101), kept=JPEG_TYPE, kept_name="passwd.jpg"),
    Case(
        "path of windows",
        "C:\\x\\evil.exe",
        lambda: jpeg(102),
        kept=JPEG_TYPE,
        kept_name="evil.jpg",
    ),
    Case("control signs", "a\tb\x7f.jpg", lambda: jpeg(103), kept=JPEG_TYPE),
    Case(
        "turned around",
        "photo\u202egpj.exe",
        lambda: jpeg(104),
        kept=JPEG_TYPE,
        kept_name="photogpj.jpg",
    ),
    Case("wrong extension", "rules.pdf", lambda: jpeg(105), kept=JPEG_TYPE, kept_name="rules.jpg"),
    Case("in pieces", "か\u3099.jpg", lambda: jpeg(106), kept=JPEG_TYPE, kept_name="が.jpg"),
    Case("hidden file", ".htaccess", lambda: jpeg(107), kept=JPEG_TYPE, kept_name="htaccess.jpg"),
    Case("quotes", "a';x=1.jpg", lambda: jpeg(108), kept=JPEG_TYPE, kept_name="a';x=1.jpg"),
    Case(
        "long",
        "長" * 200 + ".jpg",
        lambda: jpeg(109),
        kept=JPEG_TYPE,
        kept_name="長" * 116 + ".jpg",
    ),
    Case(
        "5,000 signs",
        "a" * 5000 + ".jpg",
        lambda: jpeg(110),
        kept=JPEG_TYPE,
        kept_name="a" * 116 + ".jpg",
        not_by_form=True,
    ),
]
CASES = [*PICTURES, *PDFS, *DOCUMENTS, *NAMES]
