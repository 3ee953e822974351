"""Files handed out by the application, by nginx, and by an S3-compatible store."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.http import Http404
from storages.backends.s3 import S3Storage

from ui.files import hand_out

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

NAME = 'E-001-台車";x=.jpg'


@pytest.fixture
def file(tmp_path: Path) -> Any:
    storage = FileSystemStorage(tmp_path)
    name = storage.save("evidence/写真 1", ContentFile(b"pixels"))
    return SimpleNamespace(name=name, storage=storage, open=lambda mode: storage.open(name, mode))


def safe(answer: Any) -> None:
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, no-store"
    assert "\n" not in answer["Content-Disposition"]


@pytest.mark.parametrize(("inline", "way"), [(True, "inline"), (False, "attachment")])
def test_application_sends_it(settings: Settings, file: Any, inline: bool, way: str) -> None:
    settings.FILES_SENT_BY = "application"
    answer = hand_out(file, media_type="image/jpeg", name=NAME, inline=inline)
    assert answer["Content-Disposition"].startswith(way)
    assert b"".join(answer) == b"pixels"
    safe(answer)
    answer.file_to_stream.close()  # type: ignore[attr-defined]  # the answer itself would close the database


def test_lost_file_is_not_found(settings: Settings, file: Any) -> None:
    file.storage.delete(file.name)
    for how in ("application", "nginx"):
        settings.FILES_SENT_BY = how
        with pytest.raises(Http404):
            hand_out(file, media_type="image/jpeg", name=NAME)


def test_nginx_sends_it(settings: Settings, file: Any) -> None:
    settings.FILES_SENT_BY, settings.FILES_INTERNAL_PREFIX = "nginx", "/inside/"
    answer = hand_out(file, media_type="application/pdf", name=NAME)
    assert answer["X-Accel-Redirect"] == "/inside/evidence/%E5%86%99%E7%9C%9F_1" or (
        answer["X-Accel-Redirect"] == "/inside/evidence/%E5%86%99%E7%9C%9F%201"
    )
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    safe(answer)


def test_store_sends_it_for_saving_by_an_address_of_a_minute(settings: Settings) -> None:
    settings.FILES_SENT_BY = "storage"
    storage = S3Storage(
        bucket_name="orime",
        endpoint_url="https://s3.example",
        region_name="ap-northeast-1",
        access_key="key",
        secret_key="hidden",
        querystring_auth=True,
        signature_version="s3v4",
    )
    file: Any = SimpleNamespace(name="evidence/a/b", storage=storage)
    answer = hand_out(file, media_type="image/jpeg", name=NAME, inline=True)
    assert answer.status_code == 302
    assert answer["Cache-Control"] == "private, no-store"
    address = urlsplit(answer["Location"])
    asked = parse_qs(address.query)
    assert address.netloc.endswith("s3.example")
    assert asked["X-Amz-Expires"] == ["60"]
    assert asked["response-content-disposition"][0].startswith("attachment")
    assert asked["response-content-type"] == ["image/jpeg"]
    assert asked["response-cache-control"] == ["private, no-store"]
    assert "hidden" not in answer["Location"]


def test_pages_take_small_pictures_from_their_own_host(settings: Settings, file: Any) -> None:
    settings.FILES_SENT_BY = "storage"
    answer = hand_out(file, media_type="image/jpeg", name=NAME, inline=True, small=True)
    assert answer.status_code == 200
    answer.file_to_stream.close()  # type: ignore[attr-defined]  # the answer itself would close the database
