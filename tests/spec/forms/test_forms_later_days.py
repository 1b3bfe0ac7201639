"""Forms for days that have not come, or of facilities outside the registry, are refused."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.support.in_process import drlake
from tests.support.lakes.declared_forms import csv_form, good, problems
from tests.support.lakes.export_folder import write_registry
from transforms.forms.declared.form import declared_form
from transforms.forms.summaries.form import HEADER
from transforms.lake.lake import Lake
from transforms.receive.registry import load_registry
from transforms.receive.registry import write_registry as write_registry_table

AS_OF = dt.date(2026, 6, 30)
SUMMARY: dict[str, Any] = {
    **{"facility_id": "F001", "period": 2025, "scope": "examination", "procedure_id": "ct_chest"},
    **{"patient_group_id": "adult", "drl_quantity": "dlp", "unit": "mGy.cm"},
    **{"n_examinations": 112, "minimum": 310, "p25": 700, "p50": 812, "p75": 900},
    **{"maximum": 1410, "mean": 820},
}
LATER = {
    ("device", "installed_on"): "2026-07-01",
    ("device", "manufactured_on"): "2035-01-01",
    ("model", "market_year"): "2027",
    ("feature", "since_year"): "2027",
    ("feature", "declared_on"): "2026-07-01",
    ("benchmark", "measured_on"): "2027-01-01",
    ("training", "year"): "2027",
    ("deliverable", "status_on"): "2026-07-01",
    ("facility", "period"): "2027",
    ("facility", "dose_training_on"): "2026-07-01",
}


def summary(folder: Path, **cells: Any) -> Path:
    path = folder / "summary.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerow({**SUMMARY, **cells})
    return path


@pytest.mark.parametrize(("kind", "column"), LATER)
def test_a_day_or_year_after_the_check_is_refused(tmp_path: Path, kind: str, column: str) -> None:
    path = csv_form(tmp_path, kind, good(kind, **{column: LATER[kind, column]}))
    (line,) = [one for one in problems(kind, path, as_of=AS_OF) if "after 2026" in one]
    assert line.startswith(f"row 2, column '{column}': is a")
    assert "Correct it, or wait for that" in line


def test_the_year_and_the_day_of_the_check_are_accepted(tmp_path: Path) -> None:
    path = csv_form(tmp_path, "facility", good("facility", period="2026"))
    assert problems("facility", path, as_of=AS_OF) == []
    path = csv_form(tmp_path, "device", good("device", installed_on="2026-06-30"))
    assert problems("device", path, as_of=AS_OF) == []


@pytest.mark.parametrize(
    ("kind", "column", "cell"),
    [
        ("device", "decommissioned_on", "2031-01-01"),
        ("deliverable", "due_on", "2031-01-01"),
        ("model", "end_of_support_year", "2040"),
    ],
)
def test_plans_may_lie_in_the_future(tmp_path: Path, kind: str, column: str, cell: str) -> None:
    assert column in declared_form(kind).may_be_later
    path = csv_form(tmp_path, kind, good(kind, **{column: cell}))
    assert problems(kind, path, as_of=AS_OF) == []


def test_a_summary_for_a_later_year_is_refused_with_row_and_cure(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    path = summary(tmp_path, period=2027)
    refused = drlake("summaries", "load", path, "--lake", lake, "--as-of", AS_OF)
    assert refused.returncode == 2
    assert (
        "row 2, column 'period': is a year after 2026. Correct it, or wait for that year."
        in refused.stderr
    )
    loaded = drlake("summaries", "load", path, "--lake", lake, "--as-of", "2027-01-01")
    assert loaded.returncode == 0, loaded.stderr
    wrong = drlake("summaries", "load", path, "--lake", lake, "--as-of", "tomorrow")
    assert (wrong.returncode, "is not a day" in wrong.stderr) == (2, True)


def test_the_registry_of_the_lake_says_which_facilities_there_are(tmp_path: Path) -> None:
    write_registry(tmp_path / "facilities.csv", {"F001": "file:///exports/F001"})
    lake = Lake(str(tmp_path / "lake"))
    lake.prepare()
    write_registry_table(lake, load_registry(tmp_path / "facilities.csv"))
    for path, command in (
        (summary(tmp_path, facility_id="F999"), ("summaries", "load")),
        (
            csv_form(tmp_path, "facility", good("facility", facility_id="F999")),
            ("declared", "load", "facility"),
        ),
    ):
        refused = drlake(*command, path, "--lake", lake.url)
        assert refused.returncode == 2
        assert (
            "row 2, column 'facility_id': is not in the facility registry. Correct it, or "
            "register it." in refused.stderr
        )
    loaded = drlake("summaries", "load", summary(tmp_path), "--lake", lake.url)
    assert loaded.returncode == 0, loaded.stderr
