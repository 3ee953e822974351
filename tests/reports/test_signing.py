"""Signatures: over all of a paper, the same every time, by the key that was configured."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils.reader import PdfFileReader
from weasyprint import HTML

from reports.documents.press import Sheets, attached, print_sheets
from reports.signing.keys import configured, make_trial_key, public_certificates, signing, trial_key
from reports.signing.pades import sign
from tests.reports.pdfa import complaints, is_pdf
from tests.reports.texts import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import Settings

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PAGES = (
    "<html lang=ja><title>紙</title><meta name=dcterms.created content=2026-11-23>"
    "<body><p>監査報告書</p><p style='break-before:page'>2</p>"
)


def pem_of(key: Any) -> str:
    return str(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
    )


def certificate_of(
    key: Any,
    *,
    since: datetime = datetime(2025, 1, 1, tzinfo=UTC),
    serial: int = 7,
    issuer: Any = None,
) -> str:
    """A certificate for a key, signed by that of an issuer or by itself; all bear one name."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "日本繊維産業連盟")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=3650))
        .sign(issuer or key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def real_key(settings: Settings, key: rsa.RSAPrivateKey) -> Iterator[rsa.RSAPrivateKey]:
    """The scheme's own key in the settings, instead of a trial one."""
    settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = pem_of(key), certificate_of(key)
    signing.cache_clear()
    yield key
    signing.cache_clear()


def printed(html: str = PAGES, **more: Any) -> bytes:
    content, _pages = print_sheets(Sheets(html, ("report",), "key", at=AT, **more))
    return content


def the_signature(content: bytes) -> Any:
    [signature] = PdfFileReader(io.BytesIO(content)).embedded_signatures
    return signature


def test_signature_covers_the_whole_file_and_is_of_the_moment_given() -> None:
    signature = the_signature(printed())

    signature.compute_integrity_info()
    assert signature.evaluate_signature_coverage().name == "ENTIRE_FILE"
    assert signature.self_reported_timestamp == AT
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.docmdp_level.name == "NO_CHANGES"


def test_signing_again_gives_the_same_bytes() -> None:
    def with_data() -> bytes:
        return printed(attachments=[attached("{}", name="x.json", description="x", at=AT)])

    assert printed() == printed()
    assert with_data() == with_data()
    assert printed() != printed(PAGES.replace("監査", "審査"))


def test_signature_only_adds_to_what_was_printed() -> None:
    draft, _pages = print_sheets(Sheets(PAGES, ("report",), "key"))

    signed = sign(draft, at=AT)

    assert signed.startswith(draft)
    assert hashlib.sha256(signed).digest() == hashlib.sha256(sign(draft, at=AT)).digest()


def test_trial_key_is_made_once_and_named_on_every_page() -> None:
    first = signing()

    signing.cache_clear()

    assert signing().fingerprint == first.fingerprint
    assert signing().trial
    assert text_of(printed()).count("試験用署名") == 2


def test_two_processes_that_make_a_trial_key_at_once_have_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "signing"
    make_trial_key(folder)
    key = (folder / "key.pem").read_bytes()

    make_trial_key(folder)

    assert (folder / "key.pem").read_bytes() == key
    assert [path.name for path in tmp_path.iterdir()] == ["signing"]
    assert (folder / "key.pem").stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("real_key")
def test_key_of_the_settings_signs_without_a_mark() -> None:
    content = printed()

    assert not signing().trial
    assert "試験用署名" not in text_of(content)
    assert "日本繊維産業連盟" in the_signature(content).signer_cert.subject.human_friendly
    assert public_certificates().count("BEGIN CERTIFICATE") == 1


@pytest.mark.usefixtures("real_key")
def test_former_certificates_are_given_with_those_of_today(settings: Settings) -> None:
    former = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    settings.SIGNING_FORMER_CERTIFICATES = certificate_of(former)

    assert public_certificates().count("BEGIN CERTIFICATE") == 2


def test_key_that_is_younger_than_the_paper_signs_as_of_its_first_day(
    settings: Settings, key: rsa.RSAPrivateKey, real_key: object
) -> None:
    since = datetime(2027, 1, 1, tzinfo=UTC)
    settings.SIGNING_CERTIFICATES = certificate_of(key, since=since)
    signing.cache_clear()

    assert the_signature(printed()).self_reported_timestamp == since


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda key: (pem_of(key), ""), "belong together"),
        (lambda key: ("no key", certificate_of(key)), "SIGNING_KEY cannot be read"),
        (lambda key: (pem_of(key), "no certificate"), "SIGNING_CERTIFICATES cannot be read"),
        (
            lambda key: (pem_of(ec.generate_private_key(ec.SECP256R1())), certificate_of(key)),
            "has to be an RSA key",
        ),
        (
            lambda key: (pem_of(rsa.generate_private_key(65537, 2048)), certificate_of(key)),
            "not that of SIGNING_KEY",
        ),
    ],
)
def test_key_that_does_not_fit_is_refused_with_a_sentence(
    key: rsa.RSAPrivateKey, make: Any, sentence: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence):
        configured(*make(key))


def test_chain_has_to_be_in_its_order(key: rsa.RSAPrivateKey) -> None:
    above, other = (rsa.generate_private_key(65537, 2048) for _each in range(2))
    own, root, foreign = (
        certificate_of(key, issuer=above),
        certificate_of(above, serial=8),
        certificate_of(other, serial=9),
    )

    assert len(configured(pem_of(key), own + root).chain) == 2
    for wrong in (own + foreign, own + foreign + root, own + root + root + foreign):
        with pytest.raises(ImproperlyConfigured, match="not in their order"):
            configured(pem_of(key), wrong)
    with pytest.raises(ImproperlyConfigured, match="not that of SIGNING_KEY"):
        configured(pem_of(key), root + own)


def test_key_with_a_password_needs_just_that(key: rsa.RSAPrivateKey) -> None:
    sealed = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"orime"),
    ).decode()

    assert configured(sealed, certificate_of(key), "orime").key.key_size == 2048
    for wrong in ("", "other"):
        with pytest.raises(ImproperlyConfigured, match="SIGNING_KEY cannot be read"):
            configured(sealed, certificate_of(key), wrong)


def test_nothing_is_signed_after_the_last_day_of_the_certificate(
    settings: Settings, key: rsa.RSAPrivateKey, real_key: object
) -> None:
    """A signature of after it would be called altered; what is printed again of before is not."""
    settings.SIGNING_CERTIFICATES = certificate_of(key, since=AT - timedelta(days=3649))
    signing.cache_clear()
    of_before = printed()
    settings.SIGNING_CERTIFICATES = certificate_of(key, since=AT - timedelta(days=3651))
    signing.cache_clear()

    assert the_signature(of_before).self_reported_timestamp == AT
    with pytest.raises(ImproperlyConfigured, match="ended on 2026-11-22"):
        printed()


@pytest.mark.parametrize("damage", ["file", "empty", "half", "cut", "mixed"])
def test_trial_key_that_is_unusable_is_refused_with_a_sentence(tmp_path: Path, damage: str) -> None:
    folder, other = tmp_path / "signing", tmp_path / "other"
    if damage == "file":
        folder.touch()
    elif damage == "empty":
        folder.mkdir()
    else:
        make_trial_key(folder)
        make_trial_key(other)
    if damage == "half":
        (folder / "certificate.pem").unlink()
    elif damage == "cut":
        (folder / "key.pem").write_bytes(b"")
    elif damage == "mixed":
        (other / "key.pem").replace(folder / "key.pem")

    with pytest.raises(ImproperlyConfigured, match="ORIME_HOME/signing cannot be used"):
        trial_key(folder)


def test_former_certificates_that_are_none_are_refused_with_a_sentence(settings: Settings) -> None:
    settings.SIGNING_FORMER_CERTIFICATES = "no certificate"

    with pytest.raises(ImproperlyConfigured, match="SIGNING_FORMER_CERTIFICATES cannot be read"):
        public_certificates()


def test_signed_paper_is_pdf_a_with_data_inside() -> None:
    content = printed(attachments=[attached("{}", name="x.json", description="x", at=AT)])

    assert is_pdf(content)
    assert complaints(content) == []


def test_what_is_no_pdf_a_is_complained_of() -> None:
    """The check itself: a plain PDF of the same page keeps hardly anything of the standard."""
    plain = HTML(string=PAGES).write_pdf()

    assert {line.split()[0] for line in complaints(plain)} >= {"6.2.3", "6.6.2", "tagged"}
