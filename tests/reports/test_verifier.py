"""The verifier: a genuine paper passes, and one changed byte anywhere does not."""

from __future__ import annotations

import io
import json
import random
import shutil
import subprocess
import sys
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from asn1crypto import cms, pem, x509
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfWriter

from reports import verifier
from reports.documents.press import Sheets, attached, print_sheets
from reports.signing.keys import make_trial_key, public_certificates, signing
from reports.verifier import examine
from tests.reports.test_signing import certificate_of, pem_of, the_signature

if TYPE_CHECKING:
    from pytest_django import Settings

AT = datetime(2026, 11, 23, tzinfo=UTC)
DATA = '{"number":"JASTI-2026-0412","revision":1,"verification_code":"ABCDEFGHJKMN"}'
SHEETS = Sheets("<html lang=ja><body><p>監査報告書</p>", ("report",), "key")


@pytest.fixture(scope="module")
def paper() -> bytes:
    data = attached(DATA, name="JASTI-2026-0412_r1.json", description="x", at=AT)
    content, _pages = print_sheets(
        Sheets(SHEETS.html, SHEETS.styles, SHEETS.key, at=AT, attachments=[data])
    )
    return content


@pytest.fixture
def certificates() -> bytes:
    return public_certificates().encode()


def changed(content: bytes, at: int) -> bytes:
    """The same bytes but for one bit."""
    other = bytearray(content)
    other[at] ^= 0b100
    return bytes(other)


def test_genuine_paper_says_what_it_is_of(paper: bytes, certificates: bytes) -> None:
    found = examine(paper, certificates, DATA.encode())

    assert (found.code, found.genuine) == ("trial", True)
    assert (found.number, found.revision, found.data_kind) == ("JASTI-2026-0412", 1, "x")
    assert found.verification_code == "ABCDEFGHJKMN"
    assert found.signed_at == AT.isoformat()
    assert found.fingerprint == signing().fingerprint


def test_changed_byte_anywhere_is_noticed(paper: bytes, certificates: bytes) -> None:
    """In the text, in the data inside, in the signature itself, in the bytes that fill it up."""
    chosen = random.Random(20261129)  # noqa: S311  places, not secrets
    signature = paper.index(b"/Contents <") + 11
    filled = paper.index(b"00000000>", signature)
    data = paper.index(b"/EmbeddedFile")
    places = [
        *(chosen.randrange(len(paper)) for _time in range(60)),
        *(chosen.randrange(signature, filled + 9) for _time in range(60)),
        *range(filled - 20, filled + 9, 4),
        *range(data, data + 400, 25),
        *range(len(paper) - 120, len(paper), 9),
    ]

    assert [at for at in places if examine(changed(paper, at), certificates).genuine] == []


def test_something_added_after_the_signature_is_noticed(paper: bytes, certificates: bytes) -> None:
    out = io.BytesIO()
    writer = PdfWriter(io.BytesIO(paper), incremental=True)
    writer.add_metadata({"/Title": "監査報告書 判定 A"})
    writer.write(out)
    added = out.getvalue()

    assert added.startswith(paper)
    assert examine(added, certificates).code == "extended"
    assert not examine(paper + b"\n", certificates).genuine


def test_signature_repeated_in_a_later_part_covers_nothing_of_it(
    paper: bytes, certificates: bytes
) -> None:
    """The same signature, made so long that its length explains all that was added behind it."""
    length, longer = 9_000, paper
    for _time in range(5):
        longer = shadowed(paper, length)
        covered = the_signature(longer).byte_range
        length = (len(longer) - covered[1] - covered[3] - 2) // 2

    assert longer.startswith(paper)
    assert the_signature(longer).evaluate_signature_coverage().name == "ENTIRE_FILE"
    assert examine(longer, certificates).code == "extended"


def shadowed(paper: bytes, length: int) -> bytes:
    """Add another page, and the signature again with so many bytes, in a way that takes few."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(paper))
    [signature] = writer.prev.embedded_signatures
    again: Any = copy(signature.sig_object)
    filled = signature.pkcs7_content.ljust(length, b"\0")[:length]
    again["/Contents"] = generic.ByteStringObject(filled)
    signature.sig_field["/V"] = writer.add_object(again, obj_stream=writer.prepare_object_stream())
    writer.update_container(signature.sig_field)
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 99 99 re f"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    # Hexadecimal has an even length.
    return out.getvalue() + b"\n" * ((len(out.getvalue()) - len(paper)) % 2)


def test_certificates_beside_the_signature_are_those_that_were_signed(settings: Settings) -> None:
    """None can be added, left out or said twice, not even one that is trusted."""
    key, *others = (rsa.generate_private_key(65537, 2048) for _each in range(3))
    chain = [
        certificate_of(key, issuer=others[0]),
        certificate_of(others[0], serial=8),
        certificate_of(others[1], serial=9),
    ]
    settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = pem_of(key), "".join(chain[:2])
    settings.SIGNING_FORMER_CERTIFICATES = chain[2]
    signing.cache_clear()
    content, _pages = print_sheets(Sheets(SHEETS.html, SHEETS.styles, SHEETS.key, at=AT))
    certificates = public_certificates().encode()
    signing.cache_clear()
    first, second, third = (der for _kind, _headers, der in pem.unarmor(certificates, True))

    found = {
        name: examine(with_certificates(content, rows), certificates).code
        for name, rows in {
            "as signed": [first, second],
            "left out": [first],
            "twice": [first, second, second],
            "added": [first, second, third],
            "replaced": [first, third],
        }.items()
    }

    assert found.pop("as signed") == "genuine"
    assert set(found.values()) == {"altered"}
    assert examine(content, chain[0].encode()).code == "genuine"


def with_certificates(paper: bytes, certificates: list[bytes]) -> bytes:
    """Return the paper with these certificates in its signature, which needs no key."""
    signature = the_signature(paper)
    first, second = signature.byte_range[1], signature.byte_range[2]
    message = cms.ContentInfo.load(signature.pkcs7_content)
    message["content"]["certificates"] = [x509.Certificate.load(row) for row in certificates]
    filled: bytes = message.dump(force=True).hex().upper().encode().ljust(second - first - 2, b"0")
    return paper[:first] + b"<" + filled + b">" + paper[second:]


def test_paper_without_a_signature_is_not_genuine(certificates: bytes) -> None:
    assert examine(print_sheets(SHEETS)[0], certificates).code == "unsigned"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04", b"\x00" * 5_000])
def test_what_is_no_pdf_is_unreadable(content: bytes, certificates: bytes) -> None:
    assert examine(content, certificates).code == "unreadable"


def test_key_of_somebody_else_is_foreign(paper: bytes) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    assert examine(paper, certificate_of(other).encode()).code == "foreign"


def test_key_of_the_same_name_that_is_not_given_is_said_to_be_unknown(
    paper: bytes, certificates: bytes, tmp_path: Path
) -> None:
    make_trial_key(tmp_path / "other")
    other = (tmp_path / "other" / "certificate.pem").read_bytes()

    assert examine(paper, other).code == "unknown_key"
    assert examine(paper, other + certificates).code == "trial"


def test_certificate_of_the_settings_makes_it_genuine(settings: Settings) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = pem_of(key), certificate_of(key)
    signing.cache_clear()
    content, _pages = print_sheets(Sheets(SHEETS.html, SHEETS.styles, SHEETS.key, at=AT))
    certificates = public_certificates().encode()
    signing.cache_clear()

    assert examine(content, certificates).code == "genuine"


def test_other_data_than_those_inside_are_noticed(paper: bytes, certificates: bytes) -> None:
    other = DATA.replace('"revision":1', '"revision":2').encode()

    assert examine(paper, certificates, other).code == "data_differ"


def test_one_file_is_enough(paper: bytes, certificates: bytes, tmp_path: Path) -> None:
    """Copied somewhere else, without Orime and its settings, it runs as a module."""
    shutil.copy(verifier.__file__, tmp_path / "orime_verify.py")
    (tmp_path / "paper.pdf").write_bytes(paper)
    (tmp_path / "changed.pdf").write_bytes(changed(paper, 5_000))
    (tmp_path / "scheme.pem").write_bytes(certificates)

    def run(name: str, *more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "orime_verify", name, "--certificates", "scheme.pem"]
        return subprocess.run(
            [*command, *more], cwd=tmp_path, env={}, capture_output=True, text=True, check=False
        )

    good, bad, none = run("paper.pdf", "--json"), run("changed.pdf"), run("missing.pdf")
    english = run("paper.pdf", "--lang", "en")

    assert (good.returncode, json.loads(good.stdout)["number"]) == (0, "JASTI-2026-0412")
    assert bad.returncode == 1
    assert "この PDF" in bad.stdout
    assert "trial key" in english.stdout
    assert none.returncode == 2


def test_file_beside_the_documents_is_the_same() -> None:
    shipped = Path(__file__).resolve().parents[2] / "docs" / "orime_verify.py"

    assert shipped.resolve() == Path(verifier.__file__).resolve()
