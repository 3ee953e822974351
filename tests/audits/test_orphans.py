"""Files without a row: removed after a week, unless they are of an audit that nobody knows here."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from audits.models import Audit, Evidence
from audits.services.document_list import DocumentList
from audits.services.documents import send_file
from audits.services.evidence import add_evidence
from audits.services.orphans import KEPT_FOR
from audits.services.thumbnails import make_thumbnail
from audits.services.uploading import start_upload, take_part
from audits.tasks import sweep_orphans
from tests.factories import Scheme, picture

pytestmark = pytest.mark.django_db


def left(name: str) -> str:
    """A file as a process leaves it that is killed before it writes the row."""
    return default_storage.save(name, ContentFile(b"half a photo"))


def later(days: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() + KEPT_FOR + timedelta(days=days))


def test_files_without_a_row_are_removed_after_a_week(audit: Audit, scheme: Scheme) -> None:
    orphans = [
        left(f"evidence/{audit.pk}/{uuid4()}"),
        left(f"documents/{audit.pk}/{uuid4()}"),
        left(f"uploads/{uuid4()}/000000000000"),
    ]
    with later(-1):
        assert sweep_orphans() == 0
    with later(1):
        assert sweep_orphans() == 3
        assert sweep_orphans() == 0
    assert not any(map(default_storage.exists, orphans))


def test_what_has_a_row_stays(audit: Audit, scheme: Scheme) -> None:
    lead, finding = scheme.lead.user, audit.findings.get(requirement__code="5-7")
    evidence = add_evidence(actor=lead, audit=audit, finding=finding, file=picture(), name="a.jpg")
    make_thumbnail(evidence.pk)
    evidence = Evidence.objects.get()
    upload = take_part(
        actor=lead,
        upload=start_upload(
            actor=lead, finding=finding, fingerprint="a" * 64, name="b.jpg", size=9
        ),
        offset=0,
        content=b"half",
    )
    key = DocumentList(audit, scheme.manager).items[0].key
    supplied = send_file(
        actor=scheme.manager, audit=audit, key=key, file=picture((9, 9, 9)), name="c.jpg"
    )
    names = [evidence.file.name, evidence.thumbnail.name, supplied.file.name, *upload.parts]

    with later(1):
        assert sweep_orphans() == 0
    assert all(map(default_storage.exists, names))
    assert len(names) == 4


def test_files_of_an_unknown_audit_are_left_alone(db: None) -> None:
    other = left(f"evidence/{uuid4()}/{uuid4()}")
    odd = left("evidence/lost+found/a")

    with later(1):
        assert sweep_orphans() == 0
    assert default_storage.exists(other)
    assert default_storage.exists(odd)


def test_empty_storage_has_nothing_to_remove(db: None) -> None:
    assert sweep_orphans() == 0
