"""Small pictures: made by a worker, awaited with a placeholder, replaced by the original."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from celery import current_app
from django.urls import reverse
from kombu.exceptions import OperationalError
from PIL import Image, UnidentifiedImageError

from audits.models import Audit, Evidence
from audits.models.evidence import Preview
from audits.services.evidence import add_evidence
from audits.services.thumbnails import make_thumbnail
from audits.tasks import MAKE_THUMBNAIL, sweep_thumbnails, thumbnail
from audits.terms import EvidenceClass
from tests.audits.desks import browser
from tests.audits.hostile import pdf
from tests.factories import Scheme, picture

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What would have gone to the broker: name of the task and key."""
    messages: list[tuple[str, str]] = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, args, **_more: messages.append((name, args[0]))
    )
    return messages


def kept(scheme: Scheme, audit: Audit, content: io.BytesIO, **more: Any) -> Evidence:
    return add_evidence(
        actor=scheme.lead.user,
        audit=audit,
        finding=audit.findings.get(requirement__code="5-7"),
        file=content,
        name="a.jpg",
        **more,
    )


def card(scheme: Scheme, audit: Audit) -> str:
    page = reverse("portal:card", args=[audit.number, "5-7"])
    return browser(scheme.lead.user).get(page).content.decode()


def test_upload_asks_for_the_small_picture_once_it_is_certain(
    scheme: Scheme,
    audit: Audit,
    sent: list[tuple[str, str]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        browser(scheme.lead.user).post(
            reverse("portal:evidence_upload", args=[audit.number, "5-7"]),
            {"uploads": [picture(edge=1600), io.BytesIO(pdf())], "evidence_class": "public"},
        )
    assert audit.evidence.count() == 2
    photo = audit.evidence.get(media_type="image/jpeg")
    assert sent == [(MAKE_THUMBNAIL, str(photo.pk))]
    assert photo.preview == Preview.WAITING
    small = reverse("portal:evidence_thumbnail", args=[photo.pk])
    waiting = card(scheme, audit)
    assert small not in waiting
    assert str(Preview.WAITING.label) in waiting
    assert "load delay" in waiting

    thumbnail(str(photo.pk))

    photo = audit.evidence.get(pk=photo.pk)
    assert photo.preview == Preview.THUMBNAIL
    assert small in card(scheme, audit)
    assert "load delay" not in card(scheme, audit)
    with Image.open(photo.thumbnail.path) as image:
        assert image.size == (480, 480)
    assert not make_thumbnail(photo.pk)


def test_sweep_asks_again_for_what_nobody_made(
    scheme: Scheme, audit: Audit, sent: list[tuple[str, str]]
) -> None:
    rows = [kept(scheme, audit, picture()) for _time in range(2)]
    kept(scheme, audit, io.BytesIO(pdf()))
    assert sweep_thumbnails() == 2
    assert sent == [(MAKE_THUMBNAIL, str(row.pk)) for row in rows]


def test_sweep_gives_in_when_the_broker_is_down(
    scheme: Scheme, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise OperationalError("down")

    monkeypatch.setattr(current_app, "send_task", refuse)
    kept(scheme, audit, picture())
    assert sweep_thumbnails() == 0


def test_original_is_offered_when_the_worker_fails(
    scheme: Scheme, audit: Audit, sent: list[tuple[str, str]]
) -> None:
    evidence = kept(scheme, audit, picture())
    Path(evidence.file.path).write_bytes(b"damaged on the disk")
    for _attempt in range(3):
        with pytest.raises(UnidentifiedImageError):
            thumbnail(str(evidence.pk))
    assert not make_thumbnail(evidence.pk)
    assert sweep_thumbnails() == 0
    evidence.refresh_from_db()
    assert evidence.preview == Preview.FAILED
    page = card(scheme, audit)
    assert str(Preview.FAILED.label) in page
    assert reverse("portal:evidence_file", args=[evidence.pk]) in page
    assert "load delay" not in page


def test_picture_removed_meanwhile_leaves_no_file(
    scheme: Scheme, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = kept(scheme, audit, picture())
    folder = Path(evidence.file.path).parent

    def removed(_content: bytes) -> bytes:
        Evidence.objects.all().delete()
        return b"small"

    monkeypatch.setattr("audits.services.thumbnails.thumbnail_of", removed)
    assert not make_thumbnail(evidence.pk)
    assert [path.name for path in folder.iterdir()] == [str(evidence.pk)]


def test_lists_show_no_sealed_picture(scheme: Scheme, audit: Audit) -> None:
    evidence = kept(scheme, audit, picture(), evidence_class=EvidenceClass.SEALED)
    make_thumbnail(evidence.pk)
    evidence.refresh_from_db()
    assert evidence.thumbnail
    assert evidence.preview == Preview.SEALED
    assert reverse("portal:evidence_thumbnail", args=[evidence.pk]) not in card(scheme, audit)
