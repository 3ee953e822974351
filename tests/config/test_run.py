"""The runner: keeps programs running, ends them all, refuses with a sentence."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from config.processes import hold_lock
from config.run import BASE_DIR, chosen_port
from config.supervisor import Program, StoppingError, Supervisor, spawn_command
from tests.config.test_broker import alive, wait_for


def program(name: str, code: str, *, last: bool = False) -> Program:
    command = [sys.executable, "-c", code]
    return Program(
        name, partial(spawn_command, command, cwd=BASE_DIR, env=dict(os.environ)), last=last
    )


def turn_until(supervisor: Supervisor, condition: object, seconds: float = 5) -> bool:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        supervisor.turn(longest=0.05)
    return False


def make_run(home: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config.run"],
        cwd=BASE_DIR,
        env={**os.environ, "ORIME_HOME": str(home), **env},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_every_program_ends_with_the_block(capfd: pytest.CaptureFixture[str]) -> None:
    with Supervisor() as supervisor:
        first = program("first", "import time; print('up', flush=True); time.sleep(60)")
        second = program("second", "import time; time.sleep(60)", last=True)
        for each in (first, second):
            supervisor.start(each)
        pids = [each.process.pid for each in (first, second) if each.process]
        assert turn_until(supervisor, lambda: "first | up" in capfd.readouterr().out)
    assert len(pids) == 2
    assert not any(alive(pid) for pid in pids)


def test_program_that_ignores_sigterm_is_killed(capfd: pytest.CaptureFixture[str]) -> None:
    with Supervisor(grace=0.3) as supervisor:
        deaf = program(
            "deaf",
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "print('up', flush=True); time.sleep(60)",
        )
        supervisor.start(deaf)
        assert deaf.process
        pid = deaf.process.pid
        assert turn_until(supervisor, lambda: "up" in capfd.readouterr().out)
    assert not alive(pid)
    assert "deaf did not end in time and was killed" in capfd.readouterr().out


def test_dead_program_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    starts = tmp_path / "starts"
    with Supervisor() as supervisor:
        short = program("short", f"open({str(starts)!r}, 'a').write('x'); raise SystemExit(3)")
        short.pause = 0.05
        supervisor.start(short)
        assert turn_until(supervisor, lambda: starts.exists() and len(starts.read_text()) >= 3)
        assert short.pause >= 0.2
    assert "short ended with 3; starting it again" in capfd.readouterr().out


def test_signal_ends_a_step_and_everything(capfd: pytest.CaptureFixture[str]) -> None:
    step = (
        "import os, signal, time; os.kill(os.getppid(), signal.SIGINT); print(os.getpid(), flush=True)\n"
        "time.sleep(60)"
    )
    with Supervisor() as supervisor, pytest.raises(StoppingError):
        supervisor.run_step("step", [sys.executable, "-c", step], BASE_DIR, dict(os.environ))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_step_gives_its_status_and_all_its_lines(capfd: pytest.CaptureFixture[str]) -> None:
    with Supervisor() as supervisor:
        code = "print('line\\n' * 5000 + 'end', end=''); raise SystemExit(4)"
        assert (
            supervisor.run_step("step", [sys.executable, "-c", code], BASE_DIR, dict(os.environ))
            == 4
        )
    output = capfd.readouterr().out
    assert output.count("    step | line\n") == 5000
    assert "    step | end\n" in output


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_programs_end_with_a_killed_supervisor(tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        "from functools import partial\n"
        "from pathlib import Path\n"
        "from config.supervisor import Program, Supervisor, spawn_command\n"
        "with Supervisor() as s:\n"
        "    p = Program('p', partial(spawn_command, ['sleep', '60'], cwd=Path(), env=dict(os.environ)))\n"
        "    s.start(p)\n"
        "    print(p.process.pid, flush=True)\n"
        "    s.run()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout
        child = int(supervisor.stdout.readline())
        assert alive(child)
        supervisor.kill()
    assert wait_for(lambda: not alive(child))


def test_taken_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = make_run(tmp_path, PORT=str(port))
    assert done.returncode == 1
    assert f"Port {port} of 127.0.0.1 is taken" in done.stderr
    assert {entry.name for entry in tmp_path.iterdir()} == {"run.lock"}


def test_second_run_in_one_home_is_refused(tmp_path: Path) -> None:
    with hold_lock(tmp_path / "run.lock", "taken"):
        done = make_run(tmp_path)
    assert done.returncode == 1
    assert f"Orime already runs in {tmp_path} (process {os.getpid()})" in done.stderr


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "80 "])
def test_port_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(RuntimeError, match="PORT must be a number from 1 to 65535"):
        chosen_port()
