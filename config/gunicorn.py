"""Options of the web server: `gunicorn -c python:config.gunicorn config.wsgi`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.urls import get_resolver
from django.utils import translation

from config.processes import die_with_parent

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Threads keep a slow reader of a download from holding a whole process.
worker_class = "gthread"
threads = 4
# Longer than the pause between two saves of a card: at two seconds, the usual value, a save met the
# closing connection and was reset (seen in the load measurement). An idle one holds no thread.
keepalive = 75
timeout = 60
graceful_timeout = 15
# A worker is replaced before slow growth matters; the jitter keeps them from leaving together.
max_requests = 5000
max_requests_jitter = 500
# Heartbeats go to memory: a file on a busy disk made idle workers look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  gunicorn's own unnamed file
# Its place would be one for all of a person's servers.
control_socket_disable = True


def post_fork(_server: Any, worker: Any) -> None:
    """End a worker when its master is killed."""
    die_with_parent(worker.ppid)


def post_worker_init(_worker: Any) -> None:
    """Read addresses, views and words before the first person comes: seconds that nobody waits for."""
    _ = get_resolver().reverse_dict
    for language in ("ja", "en"):
        with translation.override(language):
            translation.gettext("Today")
