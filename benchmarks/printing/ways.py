"""One way of printing in a process of its own: `python -m benchmarks.printing.ways WAY LANGUAGE FOLDER`.

Each way loads what it needs and nothing else: what is loaded is part of what it costs.
"""

from __future__ import annotations

import io
import json
import os
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--headless", "--disable-gpu", "--disable-sync", "--disable-component-update")


def naive(folder: Path, language: str) -> bytes:
    """WeasyPrint as its first example shows it: the page as a first try would write it."""
    html = import_module("weasyprint").HTML(filename=folder / f"{language}.html")
    content: bytes = html.write_pdf()
    return content


def ours(folder: Path, language: str) -> bytes:
    """The product in a process that nobody has warmed up."""
    set_up(folder)
    content = import_module("benchmarks.printing.content").Content(folder)
    typeset = import_module("reports.documents").typeset
    made: bytes = typeset(content.snapshot, language, content.pictures).content
    return made


def typst(folder: Path, language: str) -> bytes:
    """An equivalent document in typst."""
    made: bytes = import_module("typst").compile(
        folder / "plain.typ", root=folder, sys_inputs={"language": language}
    )
    return made


def chromium(folder: Path, language: str) -> bytes:
    """The same page as the naive one, printed by a browser without a window."""
    with tempfile.TemporaryDirectory(prefix="orime-bench-") as profile:
        out = Path(profile) / "out.pdf"
        command = [
            *(browser(), *QUIET, "--no-sandbox", f"--user-data-dir={profile}"),
            *("--no-pdf-header-footer", f"--print-to-pdf={out}"),
            (folder / f"{language}.html").as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True)
        return out.read_bytes()


WAYS: dict[str, Callable[[Path, str], bytes]] = {
    "naive": naive,
    "ours": ours,
    "chromium": chromium,
    "typst": typst,
}


def set_up(folder: Path) -> None:
    """Set Django up as in production, in the content's home."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ORIME_HOME": str(folder / "home"),
        "SECRET_KEY": secrets.token_urlsafe(50),
    }
    import_module("django").setup()


def browser() -> str:
    """Return the program of the browser that is installed; empty without one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), "")


def measured(way: str, language: str, folder: Path, runs: int) -> dict[str, Any]:
    """Print `runs` times, each in a new process; return medians, and size and pages of the file.

    `cpu_s` holds all processes of a way, `peak_mib` the largest of them.
    """
    took, worked, peaks = [], [], []
    for _run in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.printing.ways", way, language, str(folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        with process:
            said = process.stdout.read() if process.stdout else b""
            _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{way} ended with {process.returncode}")
        took.append(time.perf_counter() - start)
        worked.append(usage.ru_utime + usage.ru_stime)
        peaks.append(json.loads(said)["peak_mib"])
    return {
        "wall_s": round(median(took), 2),
        "cpu_s": round(median(worked), 2),
        "peak_mib": round(median(peaks)),
        **file_facts((folder / f"{way}.pdf").read_bytes()),
    }


def file_facts(content: bytes) -> dict[str, Any]:
    """Return pages and size of a PDF."""
    pages = len(import_module("pypdf").PdfReader(io.BytesIO(content)).pages)
    return {"pages": pages, "file_kb": round(len(content) / 1000)}


def peak_mib() -> float:
    """Return the most memory that this process, or one that it waited for, ever had."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    own = int(status.partition("VmHWM:")[2].split()[0])
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def main() -> None:
    """Print in one way and say how much memory it took."""
    way, language, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    (folder / f"{way}.pdf").write_bytes(WAYS[way](folder, language))
    print(json.dumps({"peak_mib": peak_mib()}))


if __name__ == "__main__":
    main()
