"""PAdES signatures of printed papers: over the whole file, and the same bytes every time."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from asn1crypto import tsp, x509
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import attributes, fields, signers
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reports.signing.keys import signing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.signing.keys import Signing

FIELD = "Orime"


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


class _ChainNamed(attributes.CMSAttributeProvider):
    """Signs which certificates lie beside the signature: none can be added or taken away."""

    attribute_type = "signing_certificate_v2"

    def __init__(self, chain: Sequence[x509.Certificate]) -> None:
        self.chain = chain

    async def build_attr_value(self, dry_run: bool = False) -> tsp.SigningCertificateV2:
        """Return the hashes of the chain, the signer's certificate first."""
        rows = [as_signing_certificate_v2(row)["certs"][0] for row in self.chain]
        return tsp.SigningCertificateV2({"certs": rows})


class _Attributes(attributes.SignedAttributeProviderSpec):
    """What is signed beside the digest of the file; its moment stands in the file itself."""

    def __init__(self, chain: Sequence[x509.Certificate]) -> None:
        self.chain = chain

    def signed_attr_providers(
        self, data_digest: bytes, digest_algorithm: str
    ) -> Iterator[attributes.CMSAttributeProvider]:
        """Yield the one attribute."""
        yield _ChainNamed(self.chain)


class _SchemeSigner(signers.Signer):
    """Signs with a key that is read and checked once; reading it costs more than signing."""

    def __init__(self, using: Signing) -> None:
        chain = [
            x509.Certificate.load(row.public_bytes(serialization.Encoding.DER))
            for row in using.chain
        ]
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # typed in parts
        registry.register_multiple(chain[1:])
        super().__init__(
            signing_cert=chain[0],
            cert_registry=registry,
            signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
        )
        self.key = using.key
        self.signed_attr_prov_spec = _Attributes(chain)

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
        at=using.moment(at),
    ).sign_pdf(_Update(io.BytesIO(content)))
    signed: bytes = out.getvalue()
    return signed
