"""Checks a paper of Orime without a network: python -m orime_verify PAPER.pdf --certificates FILE.pem

One file that needs nothing of Orime: Python 3.11 and `pip install pyhanko`. The certificates are those
that the scheme publishes at /verify/certificates.pem; fetch them once, from the scheme itself.
The exit status is 0 for a genuine paper, 1 for one that is not, 2 when nothing could be checked.

このファイルだけで、監査報告書などの PDF が発行時のままかどうかをオフラインで確認できます。
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import logging
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from asn1crypto import cms, pem, x509
from asn1crypto.algos import DigestAlgorithm
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

# What a hostile file may take of this machine; a paper of 27 MB takes 300 MB and two seconds.
MOST_MEMORY = 768 * 1024**2
MOST_SECONDS = 10
TRIAL = "試験用署名"

SENTENCES = {
    "genuine": {
        "ja": "署名は有効です。この PDF は発行時から 1 バイトも変わっていません。",
        "en": "The signature is valid. Not one byte of this PDF has changed since it was issued.",
    },
    "trial": {
        "ja": "署名は有効ですが、試験用の鍵によるものです。証明力はありません。",
        "en": "The signature is valid, but it was made with a trial key. It proves nothing.",
    },
    "altered": {
        "ja": "この PDF は署名された後に変更されています。信用しないでください。",
        "en": "This PDF was changed after it was signed. Do not rely on it.",
    },
    "extended": {
        "ja": "署名された後に、この PDF へ何かが追加されています。信用しないでください。",
        "en": "Something was added to this PDF after it was signed. Do not rely on it.",
    },
    "foreign": {
        "ja": "この PDF には署名がありますが、この制度の鍵によるものではありません。",
        "en": "This PDF is signed, but not with a key of this scheme.",
    },
    "unknown_key": {
        "ja": "署名者の名称はこの制度のものですが、指定された公開鍵とは別の鍵で署名されています。"
        "変更された文書か、以前の鍵で署名された文書です。公開鍵を取得し直して確認してください。",
        "en": "The signer bears the scheme's name, but the key is not among those given. The PDF was "
        "changed, or signed with a former key: fetch the public keys again.",
    },
    "unsigned": {
        "ja": "この PDF には署名がありません。発行されたままの文書ではありません。",
        "en": "This PDF carries no signature. It is not a paper as it was issued.",
    },
    "unreadable": {
        "ja": "PDF として読み取れません。壊れているか、変更されています。",
        "en": "This cannot be read as a PDF. It is damaged or was changed.",
    },
    "data_differ": {
        "ja": "PDF に添付されているデータと、指定されたデータファイルが一致しません。",
        "en": "The data inside the PDF and the data file given are not the same.",
    },
}


@dataclass(frozen=True)
class Verdict:
    """What was found: a code of SENTENCES, and what a genuine paper says of itself.

    `data_kind` is the name of their schema; it, `number`, `revision` and `verification_code` are of
    the data inside the PDF, if there are any.
    """

    code: str
    sha256: str
    signed_at: str = ""
    signer: str = ""
    fingerprint: str = ""
    data_kind: str = ""
    data_name: str = ""
    data_sha256: str = ""
    number: str = ""
    revision: int | None = None
    verification_code: str = ""

    @property
    def genuine(self) -> bool:
        """Say whether the paper is as it was issued, be it by a trial key."""
        return self.code in ("genuine", "trial")


def examine(content: bytes, certificates: bytes, data: bytes | None = None) -> Verdict:
    """Check the bytes of a PDF against PEM certificates, and against the data file if there is one."""
    sha256 = hashlib.sha256(content).hexdigest()
    trusted = {_fingerprint(row): row for row in _certificates(certificates)}
    try:
        reader = PdfFileReader(io.BytesIO(content))
        signatures = list(reader.embedded_signatures)
    except Exception:  # noqa: BLE001  files of strangers break the reader in every way there is
        return Verdict("unreadable", sha256)
    if not signatures:
        return Verdict("unsigned", sha256)
    try:
        code, signer = _check(signatures, content, trusted)
        inside = _attached(reader)
    except Exception:  # noqa: BLE001  as above: what was signed by Orime can be read
        return Verdict("altered", sha256)
    if code not in ("genuine", "trial"):
        return Verdict(code, sha256)
    if data is not None and (inside is None or inside[1] != data):
        code = "data_differ"
    return Verdict(
        code,
        sha256,
        signed_at=signatures[0].self_reported_timestamp.isoformat(),
        signer=signer.subject.human_friendly,
        fingerprint=_fingerprint(signer),
        **_described(inside),
    )


def _check(
    signatures: list[Any], content: bytes, trusted: dict[str, x509.Certificate]
) -> tuple[str, x509.Certificate]:
    """Return the code and the signer's certificate."""
    signature = signatures[0]
    signer = signature.signer_cert
    if _fingerprint(signer) not in trusted:
        named = any(row.subject == signer.subject for row in trusted.values())
        return ("unknown_key" if named else "foreign"), signer
    # Where the signature lies is read from the file, and whether that leaves anything uncovered is
    # reckoned here: the library believes the length of a signature that a later part repeats.
    start, first, second, rest = (int(number) for number in signature.byte_range)
    if len(signatures) > 1 or second + rest < len(content):
        return "extended", signer
    if not (start == 0 < first < second <= second + rest == len(content)):
        return "altered", signer
    before, gap, after = content[:first], content[first:second], content[second:]
    intact, valid = validate_sig_integrity(
        signature.signer_info, signer, "data", hashlib.sha256(before + after).digest()
    )
    in_place = before.endswith(b"/Contents ") and _is_just_the_signature(gap, signature)
    if not (intact and valid and in_place):
        return "altered", signer
    at = signature.self_reported_timestamp
    if not signer.not_valid_before <= at <= signer.not_valid_after:
        return "altered", signer
    return ("trial" if TRIAL in signer.subject.human_friendly else "genuine"), signer


def _is_just_the_signature(gap: bytes, signature: Any) -> bool:
    """Say whether the bytes that no signature covers, its own, are just what Orime writes there."""
    signed, info = signature.signed_data, signature.signer_info
    chain = [row.chosen for row in signed["certificates"]]
    # The certificates lie beside what is signed; which they are is signed.
    attributes = {row["type"].native: row["values"] for row in info["signed_attrs"]}
    named = [row["cert_hash"].native for row in attributes["signing_certificate_v2"][0]["certs"]]
    if sorted(_fingerprint(row) for row in chain) != sorted(row.hex() for row in named):
        return False
    sha256 = DigestAlgorithm({"algorithm": "sha256"})
    expected = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": cms.SignedData(
                {
                    "version": "v1",
                    "digest_algorithms": cms.DigestAlgorithms((sha256,)),
                    "encap_content_info": {"content_type": "data"},
                    "certificates": chain,
                    "signer_infos": [
                        cms.SignerInfo(
                            {
                                "version": "v1",
                                "sid": cms.SignerIdentifier(
                                    {
                                        "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                                            {
                                                "issuer": signature.signer_cert.issuer,
                                                "serial_number": (
                                                    signature.signer_cert.serial_number
                                                ),
                                            }
                                        )
                                    }
                                ),
                                "digest_algorithm": sha256,
                                "signed_attrs": cms.CMSAttributes(list(info["signed_attrs"])),
                                "signature_algorithm": {"algorithm": "sha256_rsa"},
                                "signature": info["signature"].native,
                            }
                        )
                    ],
                }
            ),
        }
    ).dump()
    same: bool = gap == b"<" + expected.hex().upper().encode().ljust(len(gap) - 2, b"0") + b">"
    return same


def _attached(reader: PdfFileReader) -> tuple[str, bytes, str] | None:
    """Return name, bytes and schema of the data inside; None where there are none."""
    if "/AF" not in reader.root:
        return None
    file = reader.root["/AF"][0]
    return str(file["/UF"]), bytes(file["/EF"]["/F"].data), str(file["/Desc"])


def _described(inside: tuple[str, bytes, str] | None) -> dict[str, Any]:
    if inside is None:
        return {}
    name, content, kind = inside
    data = json.loads(content)
    return {
        "data_kind": kind,
        "data_name": name,
        "data_sha256": hashlib.sha256(content).hexdigest(),
        "number": data.get("number", ""),
        "revision": data.get("revision"),
        "verification_code": data.get("verification_code", ""),
    }


def _certificates(content: bytes) -> list[x509.Certificate]:
    return [
        x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(content, multiple=True)
    ]


def _fingerprint(certificate: x509.Certificate) -> str:
    return hashlib.sha256(certificate.dump()).hexdigest()


def limit_resources() -> None:
    """Let a hostile file end in a sentence, and not trouble the machine; not on Windows."""
    if resource is not None:
        signal.signal(signal.SIGXCPU, _out_of_time)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 2))


def _out_of_time(_number: int, _frame: object) -> None:
    raise TimeoutError


def main(arguments: list[str] | None = None) -> int:
    """Check one file and say what was found."""
    parser = argparse.ArgumentParser(prog="orime_verify", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("paper", type=Path, help="the PDF")
    parser.add_argument("--certificates", type=Path, required=True, help="PEM of the scheme")
    parser.add_argument("--data", type=Path, help="JSON that has to be the data inside the PDF")
    parser.add_argument("--lang", choices=("ja", "en"), default="ja")
    parser.add_argument("--json", action="store_true", help="for programs")
    asked = parser.parse_args(arguments)
    limit_resources()
    # The library tells of every oddity of a hostile file, at any length.
    logging.disable()
    try:
        found = examine(
            asked.paper.read_bytes(),
            asked.certificates.read_bytes(),
            asked.data.read_bytes() if asked.data else None,
        )
    except (OSError, ValueError) as error:
        print(f"orime_verify: {error}", file=sys.stderr)
        return 2
    if asked.json:
        print(json.dumps(asdict(found) | {"sentence": SENTENCES[found.code]}, ensure_ascii=False))
    else:
        print(SENTENCES[found.code][asked.lang])
        for name, value in asdict(found).items():
            if value not in ("", None) and name != "code":
                print(f"  {name}: {value}")
    return 0 if found.genuine else 1


if __name__ == "__main__":
    sys.exit(main())
