"""Reports: ours beside a first try and other programs, two workers beside one, memory over hundreds.

Ratios are within one run. The whole takes about 25 minutes on two quiet cores, most of it the five
hundred reports; where they take longer, it stops and says after how many.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measured
from benchmarks.printing.content import make_content
from benchmarks.printing.plain import write_plain
from benchmarks.printing.ways import browser, measured
from benchmarks.printing.workers import memory, timed, together
from config.run import REPORTS_PER_PROCESS

LANGUAGES = ("both", "ja")
COLD = {
    "naive": "WeasyPrint, first try",
    "ours": "ours, cold",
    "chromium": "Chromium, the first try's page",
    "typst": "typst, equivalent",
}
# The memory after so many reports is compared; no more than so long is spent on them.
SETTLED, MANY, LONGEST_S = 20, 500, 22 * 60
LARGEST_KB = 1500


def measure(runs: int) -> Measured:
    """Print one audit in every way: `runs` reports in a warm worker, a fifth of that when cold."""
    with tempfile.TemporaryDirectory(prefix="orime-bench-") as name:
        folder = Path(name)
        content = make_content(folder)
        figures: dict[str, Any] = {}
        ratios: dict[str, float] = {}
        for language in LANGUAGES:
            write_plain(content, language)
            found = _printed(folder, language, runs)
            warm = found["ours, warm worker"]
            figures |= {f"{label} ({language})": one for label, one in found.items()}
            ratios |= {
                f"CPU of a warm worker to a first try, {language}; goal 0.40": warm["to_first_try"],
                f"file to {LARGEST_KB} kB, {language}; goal 1": round(
                    warm["file_kb"] / LARGEST_KB, 2
                ),
            }
        one, two = _throughput(folder, runs)
        figures |= {"one worker (ja)": one, "two workers (ja)": two}
        ratios["two workers to one; goal 1.8 or more"] = round(
            two["reports_a_second"] / one["reports_a_second"], 2
        )
        for label, held in _held(folder).items():
            told = (1, *range(SETTLED, len(held), 80), len(held))
            figures[f"MiB held, {label}"] = {number: held[number - 1] for number in told}
            ratios[f"memory after {len(held)} to after {SETTLED}, {label}; goal 1.2"] = round(
                held[-1] / held[SETTLED - 1], 2
            )
    return Measured(runs, figures, ratios)


def _printed(folder: Path, language: str, runs: int) -> dict[str, dict[str, Any]]:
    """Return the table of one language; each row with its CPU relative to the first try's."""
    found: dict[str, dict[str, Any]] = {}
    for way, label in COLD.items():
        if way == "chromium" and not browser():
            found[label] = {"not installed": "scripts/setup.sh browser"}
            continue
        _say(f"{label} ({language})")
        found[label] = measured(way, language, folder, max(runs // 5, 1))
    _say(f"ours, warm worker ({language})")
    found["ours, warm worker"] = timed(folder, language, runs)
    first_try = found[COLD["naive"]]["cpu_s"]
    for one in found.values():
        if "cpu_s" in one:
            one["to_first_try"] = round(one["cpu_s"] / first_try, 2)
    return found


def _throughput(folder: Path, runs: int) -> list[dict[str, float]]:
    """Return the best of three rounds with one worker and with two: others use the machine too."""
    rounds = []
    for turn in range(3):
        _say(f"one worker and two, round {turn + 1} of 3")
        rounds.append([together(folder, "ja", workers, max(runs // 2, 1)) for workers in (1, 2)])
    return [max(some, key=itemgetter("reports_a_second")) for some in zip(*rounds, strict=True)]


def _held(folder: Path) -> dict[str, list[int]]:
    """Return MiB held after each of many reports: by processes replaced as in production, and never."""
    ways = {f"replaced after {REPORTS_PER_PROCESS}": REPORTS_PER_PROCESS, "never replaced": MANY}
    with ThreadPoolExecutor(len(ways)) as threads:
        return dict(zip(ways, threads.map(partial(_many, folder), ways.values()), strict=True))


def _many(folder: Path, each: int) -> list[int]:
    deadline = time.monotonic() + LONGEST_S
    held: list[int] = []
    for mib in islice(memory(folder, "ja", each), MANY):
        held.append(mib)
        if len(held) % 50 == 0:
            _say(f"a new process every {each}: {len(held)} of {MANY}, {mib} MiB")
        if time.monotonic() > deadline and len(held) > SETTLED:
            break
    return held


def _say(text: str) -> None:
    print(f"  … {text}", file=sys.stderr, flush=True)
