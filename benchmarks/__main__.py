"""Measure: `python -m benchmarks --only NAME,…` writes benchmarks/results/<name>.json for each."""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

import django

RESULTS = Path(__file__).parent / "results"
# Each is a module of this package with `measure(runs: int) -> Measured`.
BENCHMARKS: dict[str, str] = {
    "assignment": "the page of candidates with 20 and with 2,000 auditors in the body",
    "fieldwork": "laying out an audit, saving findings one by one and at once, listing them",
    "findings_files": "the findings of an audit as Excel and Word, with ordinary and longest texts",
    "reports": "one report printed in every way, two workers beside one, memory over 500 reports",
    "figures": "one more issue, the dashboard and a rebuild, in a small and a large scheme",
    "load": "twenty auditors at work on PostgreSQL, five on SQLite: saves, photos, counts",
}


def main(arguments: list[str] | None = None) -> int:
    """Run the named benchmarks; say which names have none yet, and return 2 if there are any."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", default=",".join(BENCHMARKS), help="names, with commas between")
    parser.add_argument("--runs", type=int, default=15, help="measured repetitions (15)")
    asked = parser.parse_args(arguments)
    names = [name.strip() for name in asked.only.split(",") if name.strip()]
    unknown = [name for name in names if name not in BENCHMARKS]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
    django.setup()
    from django.test.utils import (  # noqa: PLC0415  Django has to be set up first
        setup_test_environment,
    )

    setup_test_environment(debug=False)
    logging.disable(logging.WARNING)
    for name in names:
        if name in BENCHMARKS:
            print(f"{name}: {BENCHMARKS[name]}")
            show(write(name, asked.runs))
    if unknown:
        known = "\n".join(f"  {name}: {what}" for name, what in BENCHMARKS.items())
        print(f"No benchmark yet for: {', '.join(unknown)}. There are:\n{known}", file=sys.stderr)
        return 2
    return 0


def write(name: str, runs: int) -> dict[str, Any]:
    """Run one benchmark in a database of its own and write what it found."""
    measuring = importlib.import_module("benchmarks.measuring")
    with measuring.own_database():
        found = importlib.import_module(f"benchmarks.{name}").measure(runs)
        result = {
            "name": name,
            "machine": measuring.machine(),
            "runs": found.runs,
            "figures": found.figures,
            "ratios": found.ratios,
        }
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(result, indent=2, ensure_ascii=False) + "\n"
    (RESULTS / f"{name}.json").write_text(text, encoding="utf-8")
    return result


def show(result: dict[str, Any]) -> None:
    """Print figures and ratios for a person."""
    for label, values in (*result["figures"].items(), *result["ratios"].items()):
        print(f"  {label}: {values}")


if __name__ == "__main__":
    sys.exit(main())
