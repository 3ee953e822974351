"""A small supervisor: starts programs, prefixes what they print, restarts the dead, ends them all."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from config.processes import die_with_parent

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# A program that has run this long was healthy: its next end starts again at the first pause.
HEALTHY_AFTER = 60.0


class StoppingError(RuntimeError):
    """The person asked for the end while something was still being prepared."""


def spawn_command(
    command: Sequence[str], *, cwd: Path, env: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own (the terminal's Ctrl-C reaches only us) that ends with us."""
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509  this process has one thread
    )


@dataclass
class Program:
    """One child: how to start it, and what became of it. `last` marks those the others need to end."""

    name: str
    spawn: Callable[[], subprocess.Popen[bytes]]
    last: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0
    unfinished: bytes = field(default=b"", repr=False)


class Supervisor:
    """Runs programs until a signal comes. Use it as a context manager, in the main thread.

    Leaving the block ends every program: SIGTERM to each main process, `grace` seconds, SIGKILL.
    """

    def __init__(self, grace: float = 20.0) -> None:
        self.grace = grace
        self.programs: list[Program] = []
        self.stopping = False
        self.hurried = False
        self._selector = selectors.DefaultSelector()
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        self._selector.register(self._wake_read, selectors.EVENT_READ)
        self._handlers: dict[int, object] = {}
        self._old_wakeup = -1

    def __enter__(self) -> Self:
        # Set by hand even where the shell of a background job ignores SIGINT for us.
        for signum in SIGNALS:
            self._handlers[signum] = signal.signal(signum, self._on_signal)
        # A child's end must only wake the loop.
        self._handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        self._old_wakeup = signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        signal.set_wakeup_fd(self._old_wakeup)
        for signum, handler in self._handlers.items():
            signal.signal(signum, handler)  # type: ignore[arg-type]  # what signal() gave us
        self._selector.close()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def say(self, text: str, name: str = "orime") -> None:
        """Print lines with the name of who says them; a reader that has gone away is no reason to stop."""
        try:
            for line in text.splitlines():
                print(f"{name:>8} | {line}", flush=True)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def start(self, program: Program) -> None:
        """Start a program and keep it running from now on."""
        if self.stopping:
            raise StoppingError
        self.programs.append(program)
        self._spawn(program)

    def run_step(self, name: str, command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> int:
        """Run one command to its end, keeping the others going; returns its exit status.

        Raises StoppingError when a signal came meanwhile (the command has then been ended).
        """
        step = Program(name, partial(spawn_command, command, cwd=cwd, env=env))
        self._spawn(step)
        while step.process and step.process.poll() is None and not self.stopping:
            self.turn()
        if self.stopping:
            self._end([step])
            raise StoppingError
        self._close_output(step)
        return step.process.returncode if step.process else 1

    def run(self) -> None:
        """Keep the programs running until a signal comes."""
        while not self.stopping:
            self.turn()

    def turn(self, longest: float = 1.0) -> None:
        """Wait at most `longest` seconds for something to happen, and deal with it."""
        now = time.monotonic()
        waits = [max(p.due - now, 0.0) for p in self.programs if p.process is None]
        self._read(min([longest, *waits]))
        for program in self.programs:
            if not self.stopping:
                self._keep_running(program)

    def stop(self) -> None:
        """End every program, those marked `last` after the rest."""
        self.stopping = True
        self._end([program for program in self.programs if not program.last])
        self._end([program for program in self.programs if program.last])
        self.programs.clear()

    def _on_signal(self, _signum: int, _frame: FrameType | None) -> None:
        self.hurried = self.stopping
        self.stopping = True

    def _spawn(self, program: Program) -> None:
        program.process = program.spawn()
        program.started = time.monotonic()
        if program.process.stdout:
            os.set_blocking(program.process.stdout.fileno(), False)
            self._selector.register(program.process.stdout, selectors.EVENT_READ, program)

    def _keep_running(self, program: Program) -> None:
        now = time.monotonic()
        if program.process is None:
            if now >= program.due:
                self._spawn(program)
            return
        status = program.process.poll()
        if status is None:
            return
        self._close_output(program)
        if now - program.started > HEALTHY_AFTER:
            program.pause = FIRST_PAUSE
        self.say(f"{program.name} ended with {status}; starting it again in {program.pause:.0f} s")
        program.process, program.due = None, now + program.pause
        program.pause = min(program.pause * 2, LONGEST_PAUSE)

    def _read(self, timeout: float) -> None:
        for key, _events in self._selector.select(timeout):
            if key.fd == self._wake_read:
                os.read(self._wake_read, 4096)
            elif self._pass_on(key.data) == b"":
                self._selector.unregister(key.fileobj)

    def _pass_on(self, program: Program) -> bytes | None:
        """Print the whole lines a program has written; returns what was read, None when nothing yet."""
        if not (program.process and program.process.stdout):
            return b""
        try:
            data = os.read(program.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return None
        *lines, program.unfinished = (program.unfinished + data).split(b"\n")
        if not data and program.unfinished:
            lines, program.unfinished = [program.unfinished], b""
        for line in lines:
            self.say(line.decode(errors="replace"), program.name)
        return data

    def _close_output(self, program: Program) -> None:
        """Print what an ended program left in its pipe; its own children may still hold the other end."""
        if not (program.process and program.process.stdout) or program.process.stdout.closed:
            return
        while self._pass_on(program):
            pass
        if program.process.stdout in {key.fileobj for key in self._selector.get_map().values()}:
            self._selector.unregister(program.process.stdout)
        program.process.stdout.close()

    def _end(self, programs: Sequence[Program]) -> None:
        running = [
            program for program in programs if program.process and program.process.poll() is None
        ]
        for program in running:
            if program.process:
                program.process.terminate()
        deadline = time.monotonic() + self.grace
        while running and time.monotonic() < deadline and not self.hurried:
            self._read(0.1)
            running = [p for p in running if p.process and p.process.poll() is None]
        for program in running:
            if program.process:
                self.say(f"{program.name} did not end in time and was killed")
                program.process.kill()
                program.process.wait()
        for program in programs:
            self._close_output(program)
            program.process = None
