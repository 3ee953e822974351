"""Files in parts: they go on where they stopped, are given up, abandoned, refused."""

from __future__ import annotations

import errno
import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from audits.content.refusals import SENTENCES
from audits.models import Audit, Evidence, SchemeSettings, Upload
from audits.services.uploading import GIVEN_UP, MOST_AT_ONCE, MOST_PART_BYTES, PART_BYTES
from audits.tasks import sweep_uploads
from audits.terms import Status
from tests.audits.desks import browser
from tests.factories import Scheme, make_auditor, picture

pytestmark = pytest.mark.django_db


def large_photo() -> bytes:
    """A JPEG of more than two parts: noise does not become small."""
    out = io.BytesIO()
    noise = bytes((number * number * 7919 >> 5) & 255 for number in range(900 * 900 * 3))
    Image.frombytes("RGB", (900, 900), noise).save(out, "JPEG", quality=98)
    return out.getvalue()


LARGE = large_photo()


@pytest.fixture
def client(scheme: Scheme) -> Client:
    return browser(scheme.lead.user)


def start(client: Client, audit: Audit, size: int = len(LARGE), **more: Any) -> Any:
    return client.post(
        reverse("portal:upload_start", args=[audit.number, "5-7"]),
        {"name": "photo.jpg", "size": size, "stamp": "1", "evidence_class": "restricted"} | more,
    )


def send(client: Client, state: dict[str, Any], content: bytes, offset: int | None = None) -> Any:
    begin = state["offset"] if offset is None else offset
    return client.patch(
        state["url"],
        content,
        content_type="application/octet-stream",
        headers={"Upload-Offset": str(begin)},
    )


def part_of(state: dict[str, Any], content: bytes = LARGE) -> bytes:
    return content[state["offset"] : state["offset"] + state["part"]]


def files() -> list[str]:
    return [path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_interrupted_file_goes_on_where_it_stopped(audit: Audit, client: Client) -> None:
    assert len(LARGE) > 2 * PART_BYTES
    first = start(client, audit, caption="通路", evidence_class="sealed").json()
    assert (first["offset"], first["size"], first["part"]) == (0, len(LARGE), PART_BYTES)
    assert send(client, first, part_of(first)).json()["offset"] == PART_BYTES

    # The tablet was switched off; the same file is chosen again.
    again = start(client, audit, caption="避難通路", evidence_class="public").json()
    assert (again["url"], again["offset"]) == (first["url"], PART_BYTES)
    assert client.get(first["url"]).json()["offset"] == PART_BYTES
    while True:
        answer = send(client, again, part_of(again))
        if answer.status_code == 201:
            break
        again = answer.json()

    evidence = Evidence.objects.get(audit=audit)
    assert answer.json() == {"label": evidence.label}
    assert (evidence.caption, evidence.evidence_class) == ("避難通路", "public")
    with evidence.file.open("rb") as file, Image.open(io.BytesIO(file.read())) as image:
        assert image.size == (900, 900)
    assert not Upload.objects.exists()
    assert files() == [str(evidence.pk)]


def test_part_from_elsewhere_is_answered_by_the_right_offset(audit: Audit, client: Client) -> None:
    state = start(client, audit).json()
    assert send(client, state, LARGE[:100]).status_code == 200
    for offset in (0, 99, 101, len(LARGE)):
        answer = send(client, state, LARGE[:50], offset)
        assert (answer.status_code, answer.json()) == (409, {"offset": 100})
    assert Upload.objects.get().received == 100
    assert len(files()) == 1


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"x", {}, 422),
        (b"x", {"Upload-Offset": "-1"}, 422),
        (b"x", {"Upload-Offset": "٣"}, 422),
        (b"x", {"Upload-Offset": "9" * 30}, 422),
        (b"x" * (MOST_PART_BYTES + 1), {"Upload-Offset": "0"}, 422),
        (b"x" * (5 * 1024 * 1024), {"Upload-Offset": "0"}, 413),
    ],
)
def test_part_that_makes_no_sense_is_refused_with_a_sentence(
    audit: Audit, client: Client, content: bytes, headers: dict[str, str], status: int
) -> None:
    state = start(client, audit, 10 * 1024 * 1024).json()
    answer = client.patch(
        state["url"], content, content_type="application/octet-stream", headers=headers
    )
    assert answer.status_code == status
    assert len(answer.json()["detail"]) > 10
    assert files() == []


def test_more_than_was_announced_is_refused(audit: Audit, client: Client) -> None:
    state = start(client, audit, 100).json()
    assert send(client, state, LARGE[:101]).status_code == 422
    assert files() == []


def test_what_cannot_be_kept_is_said_before_it_is_sent(audit: Audit, client: Client) -> None:
    for size, code in ((0, "empty"), (21 * 1024 * 1024, "too_large")):
        answer = start(client, audit, size)
        assert answer.status_code == 422
        assert answer.json()["detail"] == str(SENTENCES[code]) % {"limit": 20}
    wrongs: list[dict[str, Any]] = [
        {"size": "x"},
        {"evidence_class": "secret"},
        {"caption": "長" * 201},
    ]
    for wrong in wrongs:
        assert start(client, audit, **{"size": 100} | wrong).status_code == 422
    SchemeSettings.objects.filter(pk=1).update(evidence_per_finding=0)
    assert start(client, audit).status_code == 422
    assert not Upload.objects.exists()


def test_upload_is_of_the_person_who_began_it(audit: Audit, client: Client, scheme: Scheme) -> None:
    state = start(client, audit).json()
    for user in (scheme.manager, scheme.reviewer, scheme.owner, make_auditor(scheme.body).user):
        other = browser(user)
        assert other.get(state["url"]).status_code == 404
        assert send(other, state, b"x").status_code == 404
        assert other.post(state["url"]).status_code == 404
        assert start(other, audit).status_code in (403, 404)
    assert browser().get(state["url"]).status_code == 302
    assert Upload.objects.get().received == 0


@pytest.mark.past_the_record
def test_nothing_arrives_after_the_signature(audit: Audit, client: Client) -> None:
    state = start(client, audit).json()
    assert send(client, state, LARGE[:100]).status_code == 200
    Audit.objects.filter(pk=audit.pk).update(status=Status.IN_REVIEW)
    answer = send(client, state, LARGE[100:200], 100)
    assert answer.status_code == 403
    assert answer.json()["detail"]
    assert start(client, audit).status_code == 403


def test_upload_that_was_given_up_is_gone(audit: Audit, client: Client) -> None:
    state = start(client, audit).json()
    send(client, state, LARGE[:100])
    card = client.get(reverse("portal:card", args=[audit.number, "5-7"])).content.decode()
    assert state["url"] in card

    answer = client.post(state["url"])

    assert answer["Location"].endswith("#evidence")
    assert files() == []
    assert send(client, state, LARGE[100:200], 100).status_code == 404


def test_abandoned_uploads_are_removed_after_a_day(audit: Audit, client: Client) -> None:
    old = start(client, audit, stamp="old").json()
    send(client, old, LARGE[:100])
    with time_machine.travel(timezone.now() + timedelta(hours=20)):
        fresh = start(client, audit, stamp="fresh").json()
        send(client, fresh, LARGE[:200])
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert sweep_uploads() == 1
        assert sweep_uploads() == 0
    assert Upload.objects.get().received == 200
    assert len(files()) == 1


def test_upload_whose_parts_are_gone_is_refused_with_a_sentence(
    audit: Audit, client: Client
) -> None:
    state = start(client, audit).json()
    send(client, state, part_of(state))
    for path in Path(settings.MEDIA_ROOT).rglob("uploads/*/*"):
        path.unlink()
    *_others, last = (
        send(client, state, LARGE[offset : offset + state["part"]], offset)
        for offset in range(state["part"], len(LARGE), state["part"])
    )
    assert last.status_code == 422
    assert last.json()["detail"] == str(GIVEN_UP)
    assert not Upload.objects.exists()
    assert files() == []


def test_nobody_fills_the_server_with_beginnings(audit: Audit, client: Client) -> None:
    for number in range(MOST_AT_ONCE):
        assert start(client, audit, stamp=str(number)).status_code == 200
    assert start(client, audit, stamp="more").status_code == 422
    # What has begun may go on.
    assert start(client, audit, stamp="0").status_code == 200
    assert Upload.objects.count() == MOST_AT_ONCE


@pytest.mark.parametrize("moment", ["part", "end"])
def test_full_storage_keeps_what_has_arrived(
    audit: Audit, client: Client, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    content = picture().read()
    state = start(client, audit, len(content)).json()
    send(client, state, content[:100])
    save = FileSystemStorage._save  # type: ignore[attr-defined]  # the place where bytes are written

    def full(storage: FileSystemStorage, name: str, file: Any) -> str:
        if moment == "end" and name.startswith("uploads"):
            return str(save(storage, name, file))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", full)
        answer = send(client, state, content[100:], 100)
    assert answer.status_code == 507
    assert answer.json()["detail"] == str(SENTENCES["storage_full"])
    assert not Evidence.objects.exists()

    # Later there is room again: the browser asks where to go on.
    state = start(client, audit, len(content)).json()
    assert state["offset"] == (100 if moment == "part" else len(content))
    assert send(client, state, content[state["offset"] :]).status_code == 201
    assert len(files()) == 1


def test_file_that_the_audit_has_is_named(audit: Audit, client: Client) -> None:
    content = picture().read()
    state = start(client, audit, len(content)).json()
    assert send(client, state, content).status_code == 201
    state = start(client, audit, len(content)).json()
    answer = send(client, state, content)
    assert answer.status_code == 200
    assert answer.json()["known"] == "E-001"
    assert "E-001" in answer.json()["sentence"]
    assert not Upload.objects.exists()
    assert Evidence.objects.count() == 1
