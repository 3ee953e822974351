"""Keeping an uploaded file between looking at it and taking it over."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts import policies as accounts

if TYPE_CHECKING:
    from accounts.models import User

KEPT_FOR = timedelta(days=1)
_KEY = re.compile(r"[0-9a-f]{64}\.(xlsx|csv|tsv|txt)")


def stage_list(*, actor: User, content: bytes, filename: str) -> str:
    """Keep a list as `keep_file` does; PermissionDenied for those who may not import lists."""
    if not accounts.imports_suppliers(actor):
        raise PermissionDenied
    return keep_file(actor=actor, content=content, filename=filename)


def keep_file(*, actor: User, content: bytes, filename: str) -> str:
    """Keep the bytes for a day for this person alone and return the key to find them by.

    The key comes from the content: uploading the same file twice gives one copy. Who may upload
    what is the caller's question; nobody can reach the file of another person.
    """
    _forget_old(actor)
    suffix = PurePath(filename).suffix.casefold()
    key = f"{hashlib.sha256(content).hexdigest()}{suffix}"
    path = _path(actor, key)
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    return key


def read_staged(*, actor: User, key: str) -> bytes | None:
    """Return a list as `read_kept` does; PermissionDenied for those who may not import lists."""
    if not accounts.imports_suppliers(actor):
        raise PermissionDenied
    return read_kept(actor=actor, key=key)


def read_kept(*, actor: User, key: str) -> bytes | None:
    """Return the bytes that this person kept under the key; None when there are none (any more)."""
    if not _KEY.fullmatch(key):
        return None
    try:
        with default_storage.open(_path(actor, key)) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


def forget_staged(*, actor: User, key: str) -> None:
    """Remove the list; a second time is no error."""
    if _KEY.fullmatch(key):
        default_storage.delete(_path(actor, key))


def _path(actor: User, key: str) -> str:
    return f"imports/{actor.pk}/{key}"


def _forget_old(actor: User) -> None:
    folder = f"imports/{actor.pk}"
    if not default_storage.exists(folder):
        return
    for name in default_storage.listdir(folder)[1]:
        path = f"{folder}/{name}"
        if default_storage.get_modified_time(path) < timezone.now() - KEPT_FOR:
            default_storage.delete(path)
