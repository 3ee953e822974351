"""Files and rows that belong together: both are kept, or neither."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from django.core.files.storage import default_storage

from audits.content.refusals import STORAGE_FULL, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

log = structlog.get_logger(__name__)

FULL = {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def all_or_nothing() -> Iterator[list[str]]:
    """Yield a list for the names under which files are about to be stored; around a transaction.

    When the block fails, the files are deleted, half-written ones too. A storage without room is
    refused with a sentence (ValidationError); every other error goes on as it came.
    """
    names: list[str] = []
    try:
        yield names
    except BaseException as error:
        discard(names)
        if isinstance(error, OSError) and error.errno in FULL:
            log.error("storage_full", names=names)  # noqa: TRY400  the refusal below carries the error
            raise refusal(STORAGE_FULL) from error
        raise


def discard(names: Iterable[str]) -> None:
    """Delete stored files; one that cannot be deleted is logged and keeps nobody waiting."""
    for name in names:
        try:
            default_storage.delete(name)
        except OSError as error:
            log.warning("file_not_deleted", name=name, error=str(error))
