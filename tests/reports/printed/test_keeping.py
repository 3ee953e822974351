"""A file is written once, whole or not at all, and read back against its hash."""

from __future__ import annotations

import hashlib
import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, default_storage
from django.utils import timezone

from reports.models import Remaking, Report
from reports.services import printing
from reports.services.checking import LEFT_FOR, remove_unfinished
from reports.services.printing import place_of, read_file, restore, write_once
from tests.reports.printed.damaging import forge, lose

pytestmark = pytest.mark.django_db


def test_file_is_kept_under_its_hash_and_cannot_be_written(report: Report) -> None:
    name = write_once(report, b"whole")

    digest = hashlib.sha256(b"whole").hexdigest()
    assert name == f"reports/{report.audit_id}/{report.pk}/{digest}.pdf"
    assert stat.S_IMODE(Path(default_storage.path(name)).stat().st_mode) == 0o440


def test_same_bytes_are_kept_once(report: Report) -> None:
    name = write_once(report, b"whole")
    before = Path(default_storage.path(name)).stat()

    assert write_once(report, b"whole") == name
    after = Path(default_storage.path(name)).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_other_bytes_under_the_name_are_not_written_over(report: Report) -> None:
    name = place_of(report, hashlib.sha256(b"whole").hexdigest())
    default_storage.save(name, ContentFile(b"who"))

    with pytest.raises(ValidationError):
        write_once(report, b"whole")

    with default_storage.open(name) as kept:
        assert kept.read() == b"who"
    assert restore(report, b"whole") == name
    with default_storage.open(name) as kept:
        assert kept.read() == b"whole"


def test_writing_that_breaks_off_leaves_nothing_under_the_name(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = place_of(report, hashlib.sha256(b"whole").hexdigest())

    def killed(_file: int) -> None:
        raise SystemExit

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(SystemExit):
        write_once(report, b"whole")

    assert not default_storage.exists(name)
    (left,) = default_storage.listdir(printing.UNFINISHED)[1]
    assert remove_unfinished(timezone.now()) == 0
    with time_machine.travel(timezone.now() + LEFT_FOR + timedelta(minutes=1)):
        assert remove_unfinished(timezone.now()) == 1
    assert not default_storage.exists(f"{printing.UNFINISHED}/{left}")


class ObjectStore:
    """Keeps objects, not files: it has no paths."""

    def __init__(self) -> None:
        self._kept = InMemoryStorage()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kept, name)

    def path(self, name: str) -> str:
        raise NotImplementedError(name)  # as storage of objects says that there are no paths


def test_object_store_keeps_and_repairs_the_same_way(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ObjectStore()
    monkeypatch.setattr(printing, "default_storage", store)

    name = write_once(report, b"whole")
    assert write_once(report, b"whole") == name
    store.delete(name)
    store.save(name, ContentFile(b"rotten"))
    with pytest.raises(ValidationError):
        write_once(report, b"whole")
    assert restore(report, b"whole") == name

    with store.open(name) as kept:
        assert kept.read() == b"whole"
    assert store.listdir(str(Path(name).parent))[1] == [Path(name).name]


@pytest.mark.parametrize(("ruin", "cause"), [(forge, "damaged"), (lose, "missing")])
def test_damaged_file_is_not_handed_out_and_made_again(
    report: Report, ruin: object, cause: str
) -> None:
    assert callable(ruin)
    ruin(report)

    for _time in range(2):  # who asks again is told the same, and nothing is asked for twice
        with pytest.raises(ValidationError, match="作り直しています"):
            read_file(report)

    repair = Remaking.objects.get()
    assert (repair.cause, repair.before_sha256) == (cause, report.sha256)
    found = hashlib.sha256(b"%PDF-1.7 forged").hexdigest() if cause == "damaged" else ""
    assert repair.found_sha256 == found


def test_file_that_a_disk_cannot_read_counts_as_damaged(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(_name: str) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(default_storage, "open", unreadable)

    with pytest.raises(ValidationError, match="作り直しています"):
        read_file(report)
    assert Remaking.objects.get().cause == "missing"
