"""PDFs are kept as they are, unless they act by themselves, carry other files or are locked.

The scan reads bytes, not the language: names are found wherever they stand, escaped or inside
compressed object streams. It is linear in the size of the file, and strict where it cannot see.
"""

from __future__ import annotations

import re
import zlib

from audits.content.refusals import refusal

ACTS = re.compile(
    rb"/(?:JavaScript|Launch|RichMedia|Rendition|XFA|ImportData|SubmitForm)(?![A-Za-z0-9])"
)
CARRIES = re.compile(rb"/EmbeddedFiles?(?![A-Za-z0-9])")
LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# Nobody compresses objects with anything but Flate alone, once, said where the stream begins.
OTHER_CODING = re.compile(rb"/(?:ASCIIHex|ASCII85|LZW|RunLength|Crypt)|/Predictor")
FLATE_ALONE = re.compile(rb"/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])\s*(?=/|>>)")
END_WITHIN = 2048
MOST_UNPACKED = 64 * 1024 * 1024


def check_pdf(content: bytes) -> None:
    """Raise ValidationError with a sentence for a PDF that cannot be kept."""
    if b"%%EOF" not in content[-END_WITHIN:]:
        raise refusal("damaged_document")
    text = _unescaped(content)
    if LOCKED.search(text):
        raise refusal("locked")
    _check(text)
    for part in _object_streams(content):
        _check(_unescaped(part))


def _check(text: bytes) -> None:
    if ACTS.search(text):
        raise refusal("acts")
    if CARRIES.search(text):
        raise refusal("inside")


def _unescaped(text: bytes) -> bytes:
    """Return names as they are read: /J#61vaScript is /JavaScript."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text)


def _object_streams(content: bytes) -> list[bytes]:
    """Return the unpacked streams that hold objects; together at most MOST_UNPACKED."""
    parts, left, end = [], MOST_UNPACKED, 0
    while (begin := content.find(b"stream", end)) >= 0:
        head = _unescaped(content[end:begin])
        body = begin + len(b"stream")
        end = content.find(b"endstream", body)
        end = len(content) if end < 0 else end
        if b"/ObjStm" in head:
            packed = b"/Filter" in head
            if OTHER_CODING.search(head) or (packed and not FLATE_ALONE.search(head)):
                raise refusal("damaged_document")
            if packed:
                parts.append(_inflated(content[body:end].lstrip(b"\r\n"), left))
                left -= len(parts[-1])
        end += len(b"endstream")
    return parts


def _inflated(packed: bytes, most: int) -> bytes:
    if most <= 0:  # zlib would take 0 for no limit
        raise refusal("too_much")
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(packed, most)
    except zlib.error as error:
        raise refusal("damaged_document") from error
    if unpacker.unconsumed_tail:
        raise refusal("too_much")
    return text
