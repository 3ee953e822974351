"""A site of its own for a measurement: database, broker, web server and worker, ended by their ids."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from config.broker import embedded_broker
from config.processes import die_with_parent
from config.run import WORKER_OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
SERVER = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")


@dataclass
class Site:
    """Where it is served, and in which environment commands work on it."""

    port: int
    env: dict[str, str]

    def run(self, *arguments: str) -> str:
        """Return what a command prints; raises with its words when it fails."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return done.stdout

    def crowd(self, *arguments: str) -> Any:
        """Return what benchmarks.crowd prints."""
        return json.loads(self.run("-m", "benchmarks.crowd", *arguments).splitlines()[-1])


@contextmanager
def postgres() -> Iterator[str]:
    """Make an empty database on the PostgreSQL server of the machine, and remove it afterwards."""
    name = f"orime_bench_{secrets.token_hex(4)}"
    with psycopg.connect(SERVER, autocommit=True, connect_timeout=5) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(SERVER)._replace(path=f"/{name}").geturl()
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)


@contextmanager
def program(command: list[str], env: dict[str, str], log: Path) -> Iterator[None]:
    """Run a program for the length of a block."""
    with log.open("ab") as lines:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdout=lines,
            stderr=lines,
            preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509  started before any thread
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def served(database: str = "") -> Iterator[Site]:
    """Serve an empty site with two web processes and a worker; SQLite without `database`."""
    with ExitStack() as ends:
        home = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="orime-bench-")))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        dropped = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY_FILE")
        env = {name: value for name, value in os.environ.items() if name not in dropped}
        env |= {
            "ORIME_HOME": str(home),
            "PORT": str(port),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ORIME_HTTPS": "false",
            "ORIME_DEMO": "false",
            "COMPRESS_STATIC": "false",
            "LOG_LEVEL": "WARNING",
            "WEB_CONCURRENCY": "2",
            "PYTHONWARNINGS": "ignore",
        }
        if database:
            env["DATABASE_URL"] = database
        ends.enter_context(embedded_broker(home))
        site, log = Site(port, env), home / "log"
        site.run("manage.py", "migrate", "-v", "0")
        site.run("manage.py", "collectstatic", "--noinput", "-v", "0")
        gunicorn = ["-m", "gunicorn", "-c", "python:config.gunicorn", "config.wsgi"]
        ends.enter_context(program([sys.executable, *gunicorn], env, log))
        worker = ["-m", "celery", "-q", "-A", "config", "worker", "-Q", "default", "-c", "2"]
        ends.enter_context(program([sys.executable, *worker, *WORKER_OPTIONS], env, log))
        wait_for(f"http://127.0.0.1:{port}/livez")
        yield site
        if errors := [line for line in log.read_text().splitlines() if "locked" in line]:
            raise RuntimeError(errors[0])


def wait_for(address: str, longest: float = 60) -> None:
    """Wait until the address answers; raises TimeoutError when it does not."""
    deadline = time.monotonic() + longest
    while time.monotonic() < deadline:
        with suppress(OSError):
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310  an address of our own
            return
        time.sleep(0.3)
    raise TimeoutError(address)
