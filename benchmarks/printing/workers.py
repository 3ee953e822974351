"""Processes that print as the worker does: warmed up, one report after another."""

from __future__ import annotations

import gc
import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from itertools import count
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

SPAWN = multiprocessing.get_context("spawn")


class Printer:
    """What a worker's process holds: everything warm, and the content in one language."""

    def __init__(self, folder: Path, language: str) -> None:
        ways = import_module("benchmarks.printing.ways")
        ways.set_up(folder)
        self.content = import_module("benchmarks.printing.content").Content(folder)
        self.language = language
        documents = import_module("reports.documents")
        start = time.process_time()
        documents.warm_up()
        self.warm_up_cpu_s = round(time.process_time() - start, 2)
        self.typeset = documents.typeset

    def print(self, number: int, purpose: str = "") -> bytes:
        """Print one report, no two alike, and clear away after it."""
        one = {**self.content.snapshot, "number": f"JASTI-2026-{number:05d}", "purpose": purpose}
        content: bytes = self.typeset(one, self.language, self.content.pictures).content
        gc.collect()
        return content


def timed(folder: Path, language: str, runs: int) -> dict[str, Any]:
    """Return what one report takes in a warm process, and what it took to warm it up."""
    with SPAWN.Pool(1) as pool:
        return pool.apply(_timed, (folder, language, runs))


def _timed(folder: Path, language: str, runs: int) -> dict[str, Any]:
    ways = import_module("benchmarks.printing.ways")
    printer = Printer(folder, language)
    printed = printer.print(0)
    took, worked = [], []
    for run in range(1, runs + 1):
        start, busy = time.perf_counter(), time.process_time()
        printed = printer.print(run)
        took.append(time.perf_counter() - start)
        worked.append(time.process_time() - busy)
    return {
        "wall_s": round(median(took), 2),
        "cpu_s": round(median(worked), 2),
        "peak_mib": round(ways.peak_mib()),
        **ways.file_facts(printed),
        "warm_up_cpu_s": printer.warm_up_cpu_s,
    }


def together(folder: Path, language: str, workers: int, each: int) -> dict[str, float]:
    """Let `workers` processes print `each` reports; return how many a second, and CPU of one.

    The CPU seconds say how much they hinder each other, also where others use the machine.
    """
    start, end = SPAWN.Barrier(workers + 1), SPAWN.Barrier(workers + 1)
    worked = SPAWN.SimpleQueue()
    processes = [
        SPAWN.Process(target=_print_many, args=(folder, language, each, start, end, worked.put))
        for _worker in range(workers)
    ]
    for process in processes:
        process.start()
    start.wait()
    began = time.perf_counter()
    end.wait()
    took = time.perf_counter() - began
    busy = sum(worked.get() for _worker in range(workers))
    for process in processes:
        process.join()
    return {
        "reports_a_second": round(workers * each / took, 3),
        "cpu_s": round(busy / workers / each, 2),
    }


def _print_many(
    folder: Path,
    language: str,
    each: int,
    start: Barrier,
    end: Barrier,
    tell: Callable[[float], None],
) -> None:
    printer = Printer(folder, language)
    printer.print(0)
    start.wait()
    busy = time.process_time()
    for run in range(1, each + 1):
        printer.print(run)
    tell(time.process_time() - busy)
    end.wait()


def memory(folder: Path, language: str, each: int) -> Iterator[int]:
    """Print reports without end, with a new process after `each`; yield MiB held after every one."""
    for first in count(1, each):
        with SPAWN.Pool(1) as pool:
            for number in range(first, first + each):
                yield pool.apply(_print_and_weigh, (folder, language, number))


_printer = cache(Printer)


def _print_and_weigh(folder: Path, language: str, number: int) -> int:
    # Other characters in each, and thus other glyphs of the fonts.
    rng = random.Random(number)
    _printer(folder, language).print(number, "".join(rng.choices(_characters(), k=60)))
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)


@cache
def _characters() -> list[str]:
    """Return the characters of ordinary Japanese."""
    ideographs = map(chr, range(0x4E00, 0x9FA1))
    return [one for one in ideographs if one.encode("shift_jis", "ignore")]
