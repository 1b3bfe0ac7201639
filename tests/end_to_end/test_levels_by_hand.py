"""Twelve facilities with one fault of the input per procedure: each level is the one by hand.

The faults are the rows of part A of `../shared/cases/numbers.md`. The scenarios are in
`tests/support/levels_by_hand`; `pytest -s` prints the table of all levels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
import typer

from tests.support.in_process import drlake
from tests.support.levels_by_hand.facilities import ALL, SCENARIOS, write_exports
from tests.support.levels_by_hand.scenario import AS_OF, FIRST_LINE, LeftOut, Level
from transforms.lake.lake import Lake
from transforms.ledger.entries import check_balance, entries

pytestmark = pytest.mark.builds

LEVELS = [(scenario, level) for scenario in ALL for level in scenario.levels]
LEFT_OUT = [left for scenario in ALL for left in scenario.left_out]
LINE = "{:4} {:27} {:14} {:21} {:17} {:>9} {:>9} {:>10}  {}"
HEAD = ("row", "procedure", "group", "quantity", "method", "by hand", "level", "with fault")


@dataclass(frozen=True, slots=True)
class Built:
    """The exports, the lake and its warehouse."""

    exports: Path
    lake: Path
    warehouse: duckdb.DuckDBPyConnection

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query on the warehouse."""
        return self.warehouse.execute(query, values).fetchall()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    folder = tmp_path_factory.mktemp("by_hand")
    exports, lake = folder / "exports", folder / "lake"
    registry = write_exports(exports)
    for step in (
        ["ingest", "--registry", registry],
        ["summaries", "load", exports / "audit.csv", "--registry", registry, "--as-of", AS_OF],
        ["validate", "--as-of", AS_OF],
        ["build"],
    ):
        done = drlake(*step, "--lake", lake)
        assert done.returncode == 0, done.stderr[-2000:]
    with duckdb.connect(str(lake / "warehouse" / "drl.duckdb"), read_only=True) as warehouse:
        yield Built(exports, lake, warehouse)


def level_of(built: Built, level: Level) -> tuple[float | None, int | None]:
    """The national level and the number of facilities behind it."""
    found = built.rows(
        "select national_drl, n_facilities from marts.national_drls where period = 2025 "
        "and method_id = ? and procedure_id = ? and patient_group_id = ? and drl_quantity = ?",
        *(level.method_id, level.procedure_id, level.patient_group_id, level.drl_quantity),
    )
    return found[0] if found else (None, None)


def test_each_level_is_the_one_computed_by_hand(built: Built, tmp_path: Path) -> None:
    lines, wrong = [LINE.format(*HEAD, "what is wrong in the input")], []
    for scenario, level in LEVELS:
        value, n_facilities = level_of(built, level)
        fault = "none" if level.with_fault is None else f"{level.with_fault:.6g}"
        cell = level.procedure_id, level.patient_group_id, level.drl_quantity, level.method_id
        shown = f"{level.level:.6g}", f"{value or 0:.6g}", fault
        lines.append(LINE.format(scenario.row, *cell, *shown, scenario.wrong))
        if value != pytest.approx(level.level, rel=1e-9) or n_facilities != level.n_facilities:
            wrong.append((lines[-1], n_facilities))
    (tmp_path / "levels.txt").write_text("\n".join(lines), encoding="utf-8")
    typer.echo("\n".join(["", *lines]))
    assert wrong == []


def test_no_level_is_of_another_year(built: Built) -> None:
    assert built.rows("select distinct period from marts.national_drls") == [(2025,)]


def expected_reasons(*counted: str) -> dict[tuple[str, str], int]:
    return {
        (left.counted, left.reason_code): left.n for left in LEFT_OUT if left.counted in counted
    }


def test_what_is_left_out_has_its_reason_and_nothing_else_has_one(built: Built) -> None:
    found = built.rows(
        "select counted, reason_code, sum(n) from marts.attrition "
        "where reason_code is not null and counted <> 'event' group by all"
    )
    expected = expected_reasons("object", "report", "examination")
    assert {(counted, reason): n for counted, reason, n in found} == expected
    check_balance(entries(Lake(str(built.lake))))


def test_a_quantity_that_is_left_out_alone_has_its_reason(built: Built) -> None:
    expected = expected_reasons("quantity")
    found = built.rows(
        "select 'quantity', exclusion_reason, count(*) from core.fct_examination_doses "
        "where list_contains(?, exclusion_reason) group by all",
        [reason for _, reason in expected],
    )
    assert {(counted, reason): n for counted, reason, n in found} == expected


def explained(built: Built, file: str, facility: int = 1) -> str:
    """What `drlake explain` says of a file at its facility."""
    path = built.exports / f"F{facility:02}" / f"{file}.dcm"
    told = drlake("explain", path, "--lake", built.lake)
    assert told.returncode == 0, told.stderr
    return told.stdout.split(f"Received from F{facility:02}")[1]


@pytest.mark.parametrize("left", LEFT_OUT, ids=lambda left: f"{left.file}-{left.reason_code}")
def test_explain_names_the_reason(built: Built, left: LeftOut) -> None:
    told = [explained(built, name, left.facility) for name in (left.file, left.twin) if name]
    assert [f": {left.reason_code}" in one for one in told].count(True) == 1


@pytest.mark.parametrize(
    "file",
    [
        *("parts-0", "total-0", "heart-0", "liver-0", "lengths-0", "regions-0", "second-0"),
        *("coro-0", "spine-0"),
    ],
)
def test_explain_says_that_the_other_reports_are_used(built: Built, file: str) -> None:
    told = explained(built, file)
    assert "which is used for the national value (status: ndrl)" in told
    assert "of the whole submission" not in told


def test_the_device_with_the_shifted_unit_is_named_with_the_level_it_would_give(
    built: Built,
) -> None:
    (level,) = next(one for one in ALL if one.row == "A2b").levels
    found = built.rows(
        "select facility_id, procedure_id, factor, round(national_level, 9), "
        "round(level_with_device, 9) from marts.devices_left_out where method_id = ?",
        FIRST_LINE,
    )
    assert found == [("F01", "dx_chest", 100.0, level.level, level.with_fault)]
    assert "which is left out, with its device" in explained(built, "chest-0")


def test_reconstructions_below_the_acquisition_type_are_known(built: Built) -> None:
    """Row A13: six of ten scans of each facility are iterative, four are not."""
    found = built.rows(
        "select numerator, denominator from marts.commitment_indicators "
        "where indicator_id = 'iterative_use' and dimension = 'all'"
    )
    assert found == [(72, 120)]


def test_the_authority_sees_the_devices_of_two_facilities(built: Built) -> None:
    found = built.rows(
        "select facility_id, decided_by, counted_at, n_shared_reports, n_counted_reports "
        "from marts.shared_devices order by decided_by, facility_id"
    )
    assert found == [
        ("F11", "more_reports", "F11", 10, 10),
        ("F12", "more_reports", "F11", 10, 0),
        ("F11", "undecided", None, 10, 0),
        ("F12", "undecided", None, 10, 0),
    ]


def test_the_audit_of_a_facility_with_three_reports_counts(built: Built) -> None:
    (audited,) = next(one for one in SCENARIOS if one.row == "A17").levels
    found = built.rows(
        "select source, n_examinations, typical_value from marts.facility_typical_values "
        "where facility_id = 'F12' and method_id = ? and procedure_id = ? and drl_quantity = ?",
        *(FIRST_LINE, audited.procedure_id, audited.drl_quantity),
    )
    assert found == [("summary", 200, 120.0)]


def test_a_lake_inside_the_exports_is_refused(tmp_path: Path) -> None:
    """Row A19: a second run would receive the lake as a hospital."""
    (tmp_path / "F01").mkdir()
    done = drlake("ingest", "--exports", tmp_path, "--lake", tmp_path / "lake")
    assert done.returncode == 2
    assert "lake" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["F01"]
