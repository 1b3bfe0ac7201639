"""Decisions of the warehouse build, without running dbt."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from transforms.dbt_build.dbt import _failure
from transforms.dbt_build.warehouse import build
from transforms.errors import DrlakeError, LedgerError, UsageError
from transforms.settings import REPOSITORY, Settings


def results(path: Path, *nodes: tuple[str, str]) -> Path:
    """A run_results.json as dbt writes it; the compiled code returns one invented row."""
    code = "select 'F001.1' as submission_id, 3 as n_received"
    rows = [{"unique_id": node, "status": status, "compiled_code": code} for node, status in nodes]
    file = path / "run_results.json"
    file.write_text(json.dumps({"results": rows}), encoding="utf-8")
    return file


def failure(tmp_path: Path, *nodes: tuple[str, str]) -> DrlakeError:
    import duckdb

    building = tmp_path / "drl.duckdb.building"
    duckdb.connect(str(building)).close()
    return _failure(results(tmp_path, *nodes), building, [])


def test_a_failing_ledger_alone_is_a_ledger_error(tmp_path: Path) -> None:
    error = failure(
        tmp_path,
        ("test.drlake.ledger_received_objects", "fail"),
        ("model.drlake.object_outcomes", "skipped"),
        ("model.drlake.stg_lake__submissions", "success"),
    )
    assert isinstance(error, LedgerError)
    assert "ledger_received_objects: submission_id F001.1, n_received 3" in str(error)


@pytest.mark.parametrize(
    "nodes",
    [
        [("test.drlake.unique_procedures_procedure_id.f5c1", "fail")],
        [
            ("test.drlake.ledger_received_objects", "fail"),
            ("model.drlake.dim_devices", "error"),
        ],
        [("test.drlake.ledger_received_objects", "error")],
    ],
)
def test_anything_else_names_the_failing_nodes(
    tmp_path: Path, nodes: list[tuple[str, str]]
) -> None:
    error = failure(tmp_path, *nodes)
    assert not isinstance(error, LedgerError)
    assert all(node.split(".")[2] in str(error) for node, _ in nodes)


def test_dbt_that_does_not_start_says_why(tmp_path: Path) -> None:
    error = _failure(tmp_path / "none.json", tmp_path / "none", ["No module named dbt"])
    assert "dbt could not start: No module named dbt" in str(error)


def test_a_lake_whose_name_is_a_pattern_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="pattern"):
        build(Settings(lake=str(tmp_path / "lake*")))
    assert not (tmp_path / "lake*").exists()


def test_only_one_process_builds(tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    folder.mkdir()
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(DrlakeError, match="Another process"):
            build(Settings(lake=str(tmp_path)))


@pytest.mark.parametrize(
    ("asked", "not_run"),
    [
        ({"whole": True}, ("unit_test",)),
        ({"unit_tests": True}, ()),
        ({"whole": True, "data_tests": False}, ("unit_test", "test")),
    ],
)
def test_a_build_checks_the_data_unless_a_test_asks_for_models_only(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    asked: Mapping[str, bool],
    not_run: tuple[str, ...],
) -> None:
    left_out: list[object] = []

    def stop(*given: object) -> None:
        left_out.append(given[-1])
        raise DrlakeError("dbt is not started here")

    monkeypatch.setattr("transforms.dbt_build.warehouse.run_dbt", stop)
    with pytest.raises(DrlakeError, match="not started"):
        build(Settings(lake=str(tmp_path)), **asked)
    assert left_out == [not_run]


def test_nothing_but_a_test_builds_without_checking_the_data() -> None:
    folders = (REPOSITORY / name for name in ("transforms", "dags", "expectations"))
    users = [
        path.name
        for folder in folders
        for path in folder.rglob("*.py")
        if "data_tests=" in path.read_text(encoding="utf-8")
    ]
    assert users == ["warehouse.py"]
