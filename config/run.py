"""`make run`: prepares a home and serves everything from it until Ctrl-C or SIGTERM."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from functools import partial
from pathlib import Path

import environ

from config.broker import BrokerUnavailableError, EmbeddedBroker
from config.processes import HomeInUseError, hold_lock, port_is_free
from config.supervisor import Program, StoppingError, Supervisor, spawn_command

BASE_DIR = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
# A worker needs no gossip with other workers, and its heartbeats would only fill the log;
# measured together with prefetch 1 and late acknowledgement, which are in the settings.
WORKER_OPTIONS = ("--without-gossip", "--without-mingle", "--without-heartbeat")
# What each process of the worker for reports makes before it is replaced, and the most memory that
# it may ever have had; measured, with the rest, in docs/decisions/0017-workers-for-reports.md.
REPORTS_PER_PROCESS = 200
KIB_PER_PROCESS = 512 * 1024
PDF_WORKER_OPTIONS = (
    # In this order: a report that is made again never keeps a new one waiting.
    *("-Q", "pdf,pdf-again"),
    *("--max-tasks-per-child", str(REPORTS_PER_PROCESS)),
    *("--max-memory-per-child", str(KIB_PER_PROCESS)),
)


class RefusedError(RuntimeError):
    """Nothing was left running; the message says why in a sentence."""


def main() -> int:
    """Serve until told to stop. Returns 0 after an asked-for end and 1, with a sentence, otherwise."""
    environ.Env.read_env(BASE_DIR / ".env")
    os.umask(0o077)
    try:
        with Supervisor() as supervisor, suppress(StoppingError):
            serve(supervisor)
    except (RefusedError, HomeInUseError, BrokerUnavailableError) as error:
        print(f"orime: {error}", file=sys.stderr, flush=True)
        return 1
    print("   orime | ended", flush=True)
    return 0


def serve(supervisor: Supervisor) -> None:
    """Prepare everything and run it until a signal. Raises each of the errors that main() catches."""
    port = chosen_port()
    home = Path(os.environ.get("ORIME_HOME") or BASE_DIR / "var").resolve()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Held until the last child has ended.
    lock = hold_lock(
        home / "run.lock",
        f"Orime already runs in {home} (process {{pid}}). End it first, or set another ORIME_HOME.",
    )
    with lock:
        try:
            if not port_is_free(HOST, port):
                raise RefusedError(
                    f"Port {port} of {HOST} is taken by another program. "
                    f"End that one, or choose another port: PORT={port + 1} make run"
                )
            env = child_environment(home, port)
            if "REDIS_URL" not in env:
                start_broker(supervisor, home)
            prepare(supervisor, env)
            for program in programs(home, env):
                supervisor.start(program)
            if wait_until_served(supervisor, port):
                welcome(supervisor, env, port)
            supervisor.run()
            supervisor.say("ending …")
        finally:
            supervisor.stop()


def chosen_port() -> int:
    """PORT of the environment (8000 when unset). Raises RefusedError when it is no port."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise RefusedError(f"PORT must be a number from 1 to 65535, not “{text}”.")
    return int(text)


def child_environment(home: Path, port: int) -> dict[str, str]:
    """What every child is told; makes the home's secret key when none is given."""
    env = {name: value for name, value in os.environ.items() if name != "REDIS_URL" or value}
    if not (env.get("SECRET_KEY") or env.get("SECRET_KEY_FILE")):
        key = home / "secret_key"
        if not key.exists():
            key.write_text(secrets.token_urlsafe(50) + "\n", encoding="ascii")
    env |= {
        "ORIME_HOME": str(home),
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
    }
    # Served on the loopback address without a proxy: browsers reach it over plain HTTP.
    env.setdefault("ORIME_HTTPS", "false")
    env.setdefault("SITE_URL", f"http://{HOST}:{port}")
    env.setdefault("COMPRESS_STATIC", "false")
    # Somebody is looking at a terminal, for the sign-ins and for what goes wrong.
    env.setdefault("LOG_JSON", "false")
    env.setdefault("LOG_LEVEL", "WARNING")
    # Celery's warning to root is about servers that others reach.
    env.setdefault("PYTHONWARNINGS", "ignore:You're running the worker with superuser privileges")
    return env


def start_broker(supervisor: Supervisor, home: Path) -> None:
    """Start the home's private broker and wait until it answers."""
    broker = EmbeddedBroker(home)
    program = Program("broker", broker.spawn, last=True)
    supervisor.start(program)
    deadline = time.monotonic() + 15
    while not broker.answers():
        if supervisor.stopping:
            raise StoppingError
        if time.monotonic() > deadline:
            raise broker.refusal()
        supervisor.turn(longest=0.05)


def prepare(supervisor: Supervisor, env: dict[str, str]) -> None:
    """Bring the database up to date and fill an empty one. Raises RefusedError at the first failure."""
    steps = [
        (
            "migrate",
            ["migrate", "--noinput", "-v", "0"],
            "The database could not be brought up to date.",
        ),
        ("standard", ["load_standard"], "The audit standard could not be loaded."),
        (
            "static",
            ["collectstatic", "--noinput", "-v", "0"],
            "The pages' files could not be gathered.",
        ),
    ]
    # What `make run` serves is a demo unless somebody says otherwise; the command asks for it.
    env.setdefault("ORIME_DEMO", "true")
    if env["ORIME_DEMO"].lower() not in {"false", "0", "no", "off", ""}:
        steps.append(("demo", ["demo", "--if-empty"], "The demo data could not be made."))
    for name, arguments, sentence in steps:
        supervisor.say(f"{name} …")
        status = supervisor.run_step(name, manage(*arguments), BASE_DIR, env)
        if status != 0:
            raise RefusedError(
                f"{sentence} The step “{name}” ended with {status}; its lines above say why."
            )
    # The sign-ins are shown only where they are those of the demo.
    env["ORIME_DEMO"] = "true" if demo_sign_ins(env) else "false"


def programs(home: Path, env: dict[str, str]) -> list[Program]:
    """The web server, a worker for short work, one for reports, and the clock."""
    pdf_processes = env.get("PDF_CONCURRENCY") or str(min(os.cpu_count() or 1, 4))
    celery = [sys.executable, "-m", "celery", "-q", "-A", "config"]
    commands = {
        "web": [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn", "config.wsgi"],
        "worker": [
            *celery,
            "worker",
            "-Q",
            "default",
            "-n",
            "default@%h",
            "-c",
            "2",
            *WORKER_OPTIONS,
        ],
        "pdf": [
            *celery,
            "worker",
            *PDF_WORKER_OPTIONS,
            "-n",
            "pdf@%h",
            "-c",
            pdf_processes,
            *WORKER_OPTIONS,
        ],
        "beat": [*celery, "beat", "-s", str(home / "beat-schedule")],
    }
    return [
        Program(name, partial(spawn_command, command, cwd=BASE_DIR, env=env))
        for name, command in commands.items()
    ]


def wait_until_served(supervisor: Supervisor, port: int, longest: float = 60) -> bool:
    """Turn the supervisor until the web server answers; False when it has not within `longest` seconds."""
    deadline = time.monotonic() + longest
    while time.monotonic() < deadline and not supervisor.stopping:
        supervisor.turn(longest=0.2)
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/livez", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            continue
    if not supervisor.stopping:
        supervisor.say("The web server does not answer yet; its lines above may say why.")
    return False


def welcome(supervisor: Supervisor, env: dict[str, str], port: int) -> None:
    """Say where everything is, and who may sign in where the data is the demo's."""
    address = f"http://{HOST}:{port}"
    supervisor.say(
        "\n".join(
            [
                f"Orime is ready: {address}/portal/",
                f"  scheme console {address}/console/   API {address}/api/v1/docs/   state {address}/readyz",
                f"  everything is kept in {env['ORIME_HOME']}; end with Ctrl-C",
            ]
        )
    )
    if env["ORIME_DEMO"] == "true":
        supervisor.say(demo_sign_ins(env))


def demo_sign_ins(env: dict[str, str]) -> str:
    """The demo's sign-ins as text; empty where the database holds no demo."""
    answer = subprocess.run(
        manage("demo", "--sign-ins"),
        cwd=BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() if answer.returncode == 0 else ""


def manage(*arguments: str) -> list[str]:
    """The command line of one of the project's own commands."""
    return [sys.executable, str(BASE_DIR / "manage.py"), *arguments]


if __name__ == "__main__":
    sys.exit(main())
