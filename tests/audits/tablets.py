"""What a tablet sends, for the tests of syncing."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audits.models import Audit, Finding
from audits.services.syncing import canonical
from audits.terms import EvidenceClass

TABLET = "5c1b7f52-9d1e-4c39-8a56-0f2f3a9d7e01"  # the same in every process of the suite


def finding_of(audit: Audit, code: str = "5-7") -> Finding:
    return Finding.objects.get(audit=audit, requirement__code=code)


def item(code: str = "5-7", version: int = 1, **fields: Any) -> dict[str, Any]:
    fields.setdefault("judgement", "conforming")
    return {
        "key": str(uuid4()),
        "kind": "finding",
        "code": code,
        "version": version,
        "fields": fields,
        "sha256": hashlib.sha256(canonical(fields)).hexdigest(),
    }


def send(client: Client, audit: Audit, *items: dict[str, Any], **more: Any) -> Any:
    return client.post(
        reverse("portal:sync", args=[audit.number]),
        json.dumps({"client": TABLET, "items": items} | more),
        content_type="application/json",
    )


def outcomes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["outcome"] for one in answer.json()["items"]]


def photo(audit: Audit, content: bytes, **fields: Any) -> dict[str, Any]:
    return {
        "client": TABLET,
        "key": str(uuid4()),
        "sha256": hashlib.sha256(content).hexdigest(),
        "code": "5-7",
        "caption": "避難通路",
        "evidence_class": EvidenceClass.PUBLIC.value,
        "taken_at": "2026-06-01T09:30:00+09:00",
    } | fields


def send_photo(client: Client, audit: Audit, content: bytes, fields: dict[str, Any]) -> Any:
    file = SimpleUploadedFile("photo.jpg", content, "image/jpeg")
    return client.post(reverse("portal:sync_photo", args=[audit.number]), fields | {"photo": file})
