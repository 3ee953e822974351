"""A whole running stack with the demo, and people who sit in front of a browser each."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.people import Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

BASE_DIR = Path(__file__).resolve().parents[2]
# Making the demo takes most of it.
LONGEST_START = 240
# What the suite's own settings put into the environment; the stack starts as from a terminal.
OF_THE_SUITE = {
    "DATABASE_URL", "DEBUG", "DJANGO_SETTINGS_MODULE", "ORIME_DEMO", "ORIME_HTTPS", "REDIS_URL",
    "SECRET_KEY", "SECRET_KEY_FILE", "SITE_URL",
}  # fmt: skip


ASIDE = {"DJANGO_SETTINGS_MODULE": "config.settings", "ORIME_HTTPS": "false"}
# A program that stays: to start Django anew for every question takes longer than most scenes.
ANSWER = """
import contextlib, io, json, sys, traceback
import django
django.setup()
from django.db import connection
for line in sys.stdin:
    said, done = io.StringIO(), True
    with contextlib.redirect_stdout(said):
        try:
            exec(json.loads(line), {})
        except Exception:
            done = False
            traceback.print_exc(file=said)
    connection.close()
    print(json.dumps([done, said.getvalue()]), flush=True)
"""
# Printing the demo's own papers in turn would take the machine from the scenes for ten minutes.
REST = """
from datetime import timedelta
from django.utils import timezone
from reports.models.papers import Paper
for kind in Paper.__subclasses__():
    for pk in kind.objects.filter(state="queued").values_list("pk", flat=True):
        kind.jobs().postpone(pk, timezone.now() + timedelta(days=1))
"""


@dataclass
class Stack:
    """What `make run` serves: its address, its home, and the commands beside it."""

    address: str
    env: dict[str, str]
    pid: int
    answering: subprocess.Popen[str] | None = None

    @property
    def home(self) -> Path:
        """Where database and files lie."""
        return Path(self.env["ORIME_HOME"])

    def program(self, *words: str) -> int:
        """Return the process id of the program that runs with these words in its command."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        for child in children:
            command = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
            if set(words) <= set(command):
                return int(child)
        raise AssertionError(f"{words} does not run")

    def ask(self, python: str) -> str:
        """Return what a piece of Python prints beside the server; fails with its traceback."""
        if self.answering is None:
            self.answering = subprocess.Popen(
                [sys.executable, "-c", ANSWER],
                cwd=BASE_DIR,
                env=self.env | ASIDE,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.answering.stdin
        assert self.answering.stdout
        self.answering.stdin.write(json.dumps(python) + "\n")
        self.answering.stdin.flush()
        done, said = json.loads(self.answering.stdout.readline())
        assert done, said
        return str(said).strip()

    def end(self) -> None:
        """End what answers."""
        if self.answering:
            with self.answering as process:
                process.terminate()

    def manage(self, *arguments: str) -> str:
        """Return what a command of the project prints; fails with its words when it does."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Everything that `make run` starts, in a home of its own; ended by its process id."""
    # A short path: the broker's socket lies in it, and a socket's name may have 107 characters.
    home = Path(tempfile.mkdtemp(prefix="orime-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if name not in OF_THE_SUITE}
    env |= {"ORIME_HOME": str(home), "PORT": str(port)}
    log = home / "run.log"
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.run"],
            cwd=BASE_DIR,
            env=env,
            stdout=lines,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address + "/readyz", process, log)
        found = Stack(address, env, process.pid)
        found.ask(REST)
        yield found
        found.end()
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        if process.poll() is None:
            process.kill()
            process.wait()
        shutil.rmtree(home, ignore_errors=True)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the address answers; fails with the log when it does not in time."""
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310  the stack's own address
            return
        time.sleep(0.5)
    pytest.fail(f"The stack was not served:\n{log.read_text(encoding='utf-8')[-4000:]}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's own Chromium, quiet on the network."""
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture
def person(stack: Stack, browser: Browser) -> Iterator[Callable[[str], Person]]:
    """Give a signed-in person by the name of the demo's sign-in; each has a browser of its own."""
    contexts = []
    pictures = os.environ.get("ORIME_SCREENSHOTS")

    def arrive(name: str) -> Person:
        context = browser.new_context(
            base_url=stack.address, locale="ja-JP", viewport={"width": 1440, "height": 900}
        )
        contexts.append(context)
        someone = Person(context.new_page(), Path(pictures) if pictures else None)
        someone.sign_in(name)
        return someone

    yield arrive
    for context in contexts:
        context.close()
