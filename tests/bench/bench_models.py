"""Measures time and memory to build the models of sql/ on millions of synthetic events.

python -m tests.bench.bench_models FOLDER --events 1000000 5000000 50000000

An existing lake in FOLDER is used again. Two sizes or more give the growth of each model: the
exponent e of seconds = rows^e between the smallest and the largest; 1 is proportional to the rows.
The figures of each size are kept in FOLDER/<events>.json.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.bench.big_lake import TRUTH, Size, write_big_lake
from tests.bench.watched_build import BuildMeasurements, Step, measure_build

MIB = 1024**2
SHOWN_FROM_SECONDS = 1.0
"""Steps that take less at every size are only in the totals."""

Sizes = dict[int, BuildMeasurements]


def lake_of(folder: Path, events: int, facilities: int) -> Path:
    """Return the lake of this size; create it if it does not exist."""
    lake = folder / str(events)
    if not (lake / TRUTH).exists():
        started = time.monotonic()
        made = write_big_lake(str(lake), Size(events, facilities))
        say(f"made {made:,} events in {time.monotonic() - started:.0f} s")
    return lake


def table(sizes: Sizes) -> list[str]:
    """One line per long step, with seconds, rows, memory and growth."""
    largest = sizes[max(sizes)]
    shown = {
        step.name
        for one in sizes.values()
        for step in one.steps
        if step.seconds >= SHOWN_FROM_SECONDS
    }
    names = sorted(shown, key=lambda name: -_step(largest, name).seconds)
    head = "".join(f"{events:>12,} ev: s {'MiB':>7}" for events in sizes)
    lines = [f"{'step':<44}{head} {'rows':>12} growth"]
    lines += [_line(sizes, name) for name in names]
    return [*lines, *(_total(events, one) for events, one in sizes.items())]


def _line(sizes: Sizes, name: str) -> str:
    steps = [_step(one, name) for one in sizes.values()]
    cells = "".join(f"{step.seconds:>17.1f} {step.peak_bytes / MIB:>7,.0f}" for step in steps)
    rows = "" if steps[-1].rows is None else f"{steps[-1].rows:,}"
    return f"{name[:43]:<44}{cells} {rows:>12} {_growth(list(sizes), steps)}"


def _growth(events: Sequence[int], steps: Sequence[Step]) -> str:
    if len(steps) < 2 or not steps[0].seconds:
        return ""
    exponent = math.log(steps[-1].seconds / steps[0].seconds) / math.log(events[-1] / events[0])
    return f"{exponent:.2f}"


def _step(one: BuildMeasurements, name: str) -> Step:
    found = [step for step in one.steps if step.name == name]
    return found[0] if found else Step(name, "", 0.0, None, 0)


def _total(events: int, one: BuildMeasurements) -> str:
    models = sum(step.seconds for step in one.steps if step.kind == "model")
    tests = sum(step.seconds for step in one.steps if step.kind in ("test", "unit_test"))
    return (
        f"{events:,} events: {one.seconds:.0f} s in all ({models:.0f} s of models, {tests:.0f} s "
        f"of tests), peak {one.peak_bytes / MIB:,.0f} MiB, "
        f"spilled {one.spilled_bytes / MIB:,.0f} MiB, "
        f"warehouse {one.warehouse_bytes / MIB:,.0f} MiB"
    )


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Build each size in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--events", type=int, nargs="+", default=[200_000])
    parser.add_argument("--facilities", type=int, default=200)
    given = parser.parse_args()
    sizes: Sizes = {}
    for events in sorted(given.events):
        sizes[events] = measure_build(lake_of(given.folder, events, given.facilities))
        figures = json.dumps(asdict(sizes[events]), indent=1)
        (given.folder / f"{events}.json").write_text(figures, encoding="utf-8")
    say("\n".join(table(sizes)))


if __name__ == "__main__":
    main()
