"""Small operating-system facts that the runner, the broker and the workers share."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import sys
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
# Looked up once at import: between fork and exec nothing may take a lock, and loading a library does.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class HomeInUseError(RuntimeError):
    """Another process owns the folder; the message names both."""


def die_with_parent(parent: int, signum: int = signal.SIGKILL) -> None:
    """Ask the kernel to send `signum` to this process when the process `parent` ends.

    Call it in the child between fork and exec, or first thing in a worker. Linux only; elsewhere
    it does nothing. The parent may have ended before the request: then this process ends now.
    """
    if _LIBC is None:
        return
    _LIBC.prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signum)


def hold_lock(path: Path, sentence: str) -> IO[str]:
    """Take the file lock `path` and write our process number into it; keep the file open to hold it.

    Raises HomeInUseError with `sentence` (may use {pid}) when another process holds it.
    """
    file = path.open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "?"
        file.close()
        raise HomeInUseError(sentence.format(pid=holder)) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen on the address now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True
