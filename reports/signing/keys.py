"""The key that signs the scheme's papers: from the settings, or a trial key of this home."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

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

    def moment(self, at: datetime) -> datetime:
        """Return as of when a paper of a moment is signed; ImproperlyConfigured after the last day.

        A paper that is printed again after the key was changed is signed by the new one.
        """
        if at > self.certificate.not_valid_after_utc:
            raise ImproperlyConfigured(
                "The certificate of SIGNING_KEY ended on "
                f"{self.certificate.not_valid_after_utc:%Y-%m-%d}: nothing of a later day can be "
                "signed with it."
            )
        return max(at.astimezone(UTC), self.certificate.not_valid_before_utc)

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
    return trial_key(settings.ORIME_HOME / "signing")


def trial_key(folder: Path) -> Signing:
    """Return the trial key of a folder, made at first use; ImproperlyConfigured when it is unusable."""
    try:
        if not folder.is_dir():
            make_trial_key(folder)
        key = (folder / "key.pem").read_text(encoding="ascii")
        certificate = (folder / "certificate.pem").read_text(encoding="ascii")
        return _matched(_key(key, ""), _chain(certificate), trial=True)
    except (OSError, UnicodeDecodeError, ImproperlyConfigured) as error:
        # It proves nothing, so little is lost with it; but nobody else may decide that. Whoever may
        # not know where things lie reads this too, as the reason why a paper was not printed.
        raise ImproperlyConfigured(
            f"The trial key in ORIME_HOME/signing cannot be used ({type(error).__name__}). Make the "
            "folder readable, or remove it and a new one is made; or set SIGNING_KEY."
        ) from error


def configured(key: str, certificates: str, password: str = "") -> Signing:
    """Return the key that was configured as PEM; ImproperlyConfigured when it cannot be used."""
    if not key or not certificates:
        raise ImproperlyConfigured("SIGNING_KEY and SIGNING_CERTIFICATES belong together.")
    return _matched(_key(key, password), _chain(certificates), trial=False)


def _matched(
    key: rsa.RSAPrivateKey, chain: tuple[x509.Certificate, ...], *, trial: bool
) -> Signing:
    try:
        is_its_own = chain[0].public_key() == key.public_key()
    except UnsupportedAlgorithm:
        is_its_own = False
    if not is_its_own:
        raise ImproperlyConfigured(
            "The first certificate of SIGNING_CERTIFICATES is not that of SIGNING_KEY."
        )
    for certificate, issuer in pairwise(chain):
        try:
            certificate.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as error:
            raise ImproperlyConfigured(
                "SIGNING_CERTIFICATES are not in their order: each has to be issued by the next."
            ) from error
    return Signing(key, chain, trial=trial)


def _key(pem: str, password: str) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(pem.encode(), password.encode() or None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ImproperlyConfigured(f"SIGNING_KEY cannot be read: {error}") from error
    # Other kinds sign with a random number: the same report would never be the same file again.
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < 2048:
        raise ImproperlyConfigured("SIGNING_KEY has to be an RSA key of at least 2048 bits.")
    return key


def _chain(pem: str, name: str = "SIGNING_CERTIFICATES") -> tuple[x509.Certificate, ...]:
    try:
        return tuple(x509.load_pem_x509_certificates(pem.encode()))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read: {error}") from error


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
    """Return what signatures are checked by, as PEM: today's certificates and the former ones.

    Raises ImproperlyConfigured when one of them cannot be read.
    """
    former = settings.SIGNING_FORMER_CERTIFICATES.strip()
    rows = (*signing().chain, *(_chain(former, "SIGNING_FORMER_CERTIFICATES") if former else ()))
    return "".join(row.public_bytes(serialization.Encoding.PEM).decode() for row in rows)
