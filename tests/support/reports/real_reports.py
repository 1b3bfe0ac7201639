"""Paths of the real dose reports; tests skip where they are absent, except in CI."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

SHARED = Path(__file__).resolve().parents[4] / "shared" / "rdsr"
EXPORTS = SHARED / "exports"
IDENTIFIED = SHARED / "identified"
MORE = SHARED.with_name("rdsr-more")
MORE_EXPORTS, ENHANCED = MORE / "exports", MORE / "enhanced"
CASES = SHARED.with_name("cases") / "exports"
"""Small invented reports with a known answer."""


class ExpectedValue(NamedTuple):
    """One value of a real report: `row` is a position from 1, a plane or a breast."""

    file: str
    table: str
    row: str
    column: str
    value: str


def require_real_reports() -> None:
    """Skip with the reason where ../shared has no reports; fail in CI."""
    absent = [folder.name for folder in (SHARED, MORE, CASES) if not folder.is_dir()]
    if not absent:
        return
    said = f"{' and '.join(absent)} of ../shared absent"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{said}: CI must have the real reports", pytrace=False)
    pytest.skip(f"{said}: no real reports to read")


def real_exports() -> list[Path]:
    """Every registry-safe real report of the first set."""
    return sorted(EXPORTS.glob("*/*.dcm"))


def more_exports(most_bytes: int | None = None) -> list[Path]:
    """Registry-safe real reports of the second set; the largest has 3.3 MB."""
    found = sorted(MORE_EXPORTS.glob("*/*.dcm"))
    return [path for path in found if most_bytes is None or path.stat().st_size <= most_bytes]


def case_file(name: str) -> Path:
    """One report with a known answer."""
    return CASES / name


def expected_values(folder: Path = SHARED) -> Iterator[ExpectedValue]:
    """Every expected value of a set, numbers of events included (table `counts`)."""
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = ("file", "table", "row", "column", "value")
            yield ExpectedValue(*(row[name] for name in names))
