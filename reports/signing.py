"""PAdES signatures of printed papers: one key of the scheme, and the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import x509 as asn1_x509
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "Orime"
KEY_BITS = 3072
TRIAL_YEARS = 10
TRIAL_NAME = "Orime 試験用署名 (trial, proves nothing)"
# Before every report, also those of a demo that plays years before today.
FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Signing:
    """The key that signs, with its certificate first in the chain; `trial` says it proves nothing."""

    key: rsa.RSAPrivateKey
    chain: tuple[x509.Certificate, ...]
    trial: bool

    @property
    def certificate(self) -> x509.Certificate:
        """Return the certificate of the key itself."""
        return self.chain[0]

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the certificate in hexadecimal."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()


@cache
def signing() -> Signing:
    """Return the key of the settings, or this home's trial key, made at first use.

    Raises ImproperlyConfigured with a sentence when what is configured does not fit together.
    """
    if settings.SIGNING_KEY or settings.SIGNING_CERTIFICATES:
        return configured(
            settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES, settings.SIGNING_KEY_PASSWORD
        )
    folder = settings.ORIME_HOME / "signing"
    if not folder.is_dir():
        make_trial_key(folder)
    key = (folder / "key.pem").read_text(encoding="ascii")
    certificate = (folder / "certificate.pem").read_text(encoding="ascii")
    return Signing(_key(key, ""), _chain(certificate), trial=True)


def configured(key: str, certificates: str, password: str = "") -> Signing:
    """Return the key that was configured as PEM; ImproperlyConfigured when it cannot be used."""
    if not key or not certificates:
        raise ImproperlyConfigured("SIGNING_KEY and SIGNING_CERTIFICATES belong together.")
    found = Signing(_key(key, password), _chain(certificates), trial=False)
    if found.certificate.public_key() != found.key.public_key():
        raise ImproperlyConfigured(
            "The first certificate of SIGNING_CERTIFICATES is not that of SIGNING_KEY."
        )
    return found


def _key(pem: str, password: str) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(pem.encode(), password.encode() or None)
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"SIGNING_KEY cannot be read: {error}") from error
    # Other kinds sign with a random number: the same report would never be the same file again.
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < 2048:
        raise ImproperlyConfigured("SIGNING_KEY has to be an RSA key of at least 2048 bits.")
    return key


def _chain(pem: str) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(x509.load_pem_x509_certificates(pem.encode()))
    except ValueError as error:
        raise ImproperlyConfigured(f"SIGNING_CERTIFICATES cannot be read: {error}") from error


def make_trial_key(folder: Path) -> None:
    """Make a key and a certificate that says it is a trial; another process may do it at once."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, TRIAL_NAME)])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FIRST_DAY)
        .not_valid_after(datetime.now(UTC) + timedelta(days=365 * TRIAL_YEARS))
        .add_extension(usage, critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="signing-", dir=folder.parent))
    _private(
        made / "key.pem",
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    _private(made / "certificate.pem", certificate.public_bytes(serialization.Encoding.PEM))
    try:
        made.rename(folder)
    except OSError:
        # Another process was first; its key is as good. Any other failure shows when it is read.
        shutil.rmtree(made)


def _private(path: Path, content: bytes) -> None:
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)


def public_certificates() -> str:
    """Return what signatures are checked by, as PEM: today's certificates and the former ones."""
    now = "".join(
        certificate.public_bytes(serialization.Encoding.PEM).decode()
        for certificate in signing().chain
    )
    former = settings.SIGNING_FORMER_CERTIFICATES.strip()
    return f"{now}{former}\n" if former else now


class _Update(IncrementalPdfFileWriter):
    """Adds the signature and nothing else: no day of today, no random number."""

    def _update_meta(self) -> None:
        """Leave the metadata as they were printed."""

    @classmethod
    def _handle_id(cls, prev: Any) -> generic.ArrayObject:
        first = generic.ByteStringObject(prev.trailer["/ID"][0].original_bytes)
        second = hashlib.sha256(b"signed" + first).digest()[:16]
        return generic.ArrayObject([first, generic.ByteStringObject(second)])


class _DatedSigner(signers.PdfSigner):
    """Signs as of a moment that it is given."""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


class _SchemeSigner(signers.Signer):
    """Signs with a key that is read and checked once; reading it costs more than signing."""

    def __init__(self, using: Signing) -> None:
        chain = [
            asn1_x509.Certificate.load(row.public_bytes(serialization.Encoding.DER))
            for row in using.chain
        ]
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # typed in parts
        registry.register_multiple(chain)
        super().__init__(
            signing_cert=chain[0],
            cert_registry=registry,
            signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
        )
        self.key = using.key

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        """Return the signature; as many zeros when only its length is asked for."""
        if dry_run:
            return bytes(self.key.key_size // 8)
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def sign(content: bytes, *, at: datetime) -> bytes:
    """Return the PDF with a signature over all of it, attachments included (PAdES B-B).

    `at` is the moment the paper is of. The signature certifies the document: any later change,
    a further signature too, shows. The same content, moment and key give the same bytes.
    """
    using = signing()
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    out = _DatedSigner(
        metadata,
        _SchemeSigner(using),
        new_field_spec=fields.SigFieldSpec(FIELD),
        # A paper that is printed again after the key was changed is signed by the new one.
        at=max(at.astimezone(UTC), using.certificate.not_valid_before_utc),
    ).sign_pdf(_Update(io.BytesIO(content)))
    signed: bytes = out.getvalue()
    return signed
