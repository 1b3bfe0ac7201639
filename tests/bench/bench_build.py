"""Compares builds of one large nation: in parts, whole, and by another checkout of drlake.

python -m tests.bench.bench_build FOLDER --events 1000000 --other ../base --rounds 3

Each checkout writes its own lake of the same size, once. In each round every build runs once, in a
process of its own; the table shows medians of wall and CPU seconds, and the largest memory.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
WRITE = (
    "from tests.bench.big_lake import Size, write_big_lake; import sys; "
    "write_big_lake(sys.argv[1], Size(int(sys.argv[2]), int(sys.argv[3])))"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took."""

    wall_s: float
    cpu_s: float


def run_timed(checkout: Path, *arguments: str) -> Cost:
    """Run Python in a checkout; RuntimeError with its last words if it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    command = [str(checkout / ".venv" / "bin" / "python"), *arguments]
    environment = {"PYTHONPATH": str(checkout), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def lake_of(folder: Path, checkout: Path, events: int, facilities: int) -> Path:
    """The lake that this checkout has written, made if it does not exist."""
    lake = folder / f"{checkout.name}-{events}"
    if not (lake / "truth.parquet").exists():
        run_timed(checkout, "-c", WRITE, str(lake), str(events), str(facilities))
    return lake


def forget(lake: Path) -> None:
    """Remove what builds have left, so that the next one computes everything."""
    for name in ("statistics", "warehouse", "marts"):
        shutil.rmtree(lake / name, ignore_errors=True)


def forget_one(lake: Path) -> None:
    """Forget the statistics of one facility, as if it had sent something new."""
    (lake / "warehouse" / "built.json").unlink(missing_ok=True)
    for manifest in (lake / "statistics").glob("*/F001.json"):
        manifest.unlink()


Builds = Mapping[str, Callable[[], Cost]]


def builds(ours: Path, theirs: Path | None, other: Path | None) -> Builds:
    """The builds to compare, in the order in which each round runs them."""
    cli = ("-m", "transforms.cli", "build", "--lake")

    def build(checkout: Path, lake: Path, prepare: Callable[[Path], None], *more: str) -> Cost:
        prepare(lake)
        return run_timed(checkout, *cli, str(lake), *more)

    found: dict[str, Callable[[], Cost]] = {}
    if other and theirs:
        found[f"whole, {other.name}"] = lambda: build(other, theirs, forget)
    found["whole"] = lambda: build(HERE, ours, forget, "--whole")
    found["in parts, nothing known"] = lambda: build(HERE, ours, forget)
    found["in parts, one facility new"] = lambda: build(HERE, ours, forget_one)
    found["in parts, nothing new"] = lambda: build(HERE, ours, lambda _: None)
    return found


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--facilities", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--other", type=Path, help="another checkout with its own .venv")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    size = (given.events, given.facilities)
    ours = lake_of(given.folder, HERE, *size)
    other = given.other.resolve() if given.other else None
    theirs = lake_of(given.folder, other, *size) if other else None
    costs: dict[str, list[Cost]] = defaultdict(list)
    for number in range(1, given.rounds + 1):
        for name, build in builds(ours, theirs, other).items():
            costs[name].append(build())
            last = costs[name][-1]
            say(f"round {number}  {name}: {last.wall_s:.1f} s, {last.cpu_s:.1f} CPU-s")
    say("\n".join(table(costs)))


def table(costs: Mapping[str, list[Cost]]) -> list[str]:
    """A line per build with medians, and the ratio to the first one."""
    first = statistics.median(cost.cpu_s for cost in next(iter(costs.values())))
    lines = [f"{'build':<32}{'wall s':>9}{'CPU s':>9}{'ratio':>8}"]
    for name, rounds in costs.items():
        wall = statistics.median(cost.wall_s for cost in rounds)
        cpu = statistics.median(cost.cpu_s for cost in rounds)
        lines.append(f"{name:<32}{wall:>9.1f}{cpu:>9.1f}{cpu / first:>8.2f}")
    return lines


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
