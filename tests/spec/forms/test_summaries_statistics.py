"""Dose reports and summaries meet in the facility statistics and give the same levels."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.support.lakes.lake_rows import LakeRows, Report, event, report, summary
from tests.support.sql_models import SqlModels
from transforms.forms.summaries.export import export_rows
from transforms.forms.summaries.load import load_summaries
from transforms.forms.summaries.template import form_csv
from transforms.lake.lake import Lake, arrow_table
from transforms.tables import FACILITY_SUMMARY, OBJECT_OUTCOME, REPORT_TABLES
from transforms.tables.object_outcome import STAGES
from transforms.warehouse.reading import Warehouse

pytestmark = pytest.mark.slow

MODELS = ("fct_facility_statistics", "national_drls", "facility_drl_comparisons")
Staged = dict[str, pa.Table]
RADIOGRAPH = {"procedure_id": "dx_chest", "drl_quantity": "kap", "unit": "Gy.cm2"}


@pytest.fixture(scope="module")
def models() -> SqlModels:
    return SqlModels(*MODELS, "facility_summaries")


def summaries(*rows: Mapping[str, Any]) -> Staged:
    return {FACILITY_SUMMARY.name: arrow_table(FACILITY_SUMMARY, rows)}


def reports(folder: Path, facilities: Mapping[str, Sequence[Report]]) -> Staged:
    """Tables of the lake after these reports were accepted."""
    lake = Lake(str(folder))
    lake_rows = LakeRows(lake)
    sent = [lake_rows.submission(name, said) for name, said in facilities.items()]
    staged = {
        table.name: pa.concat_tables(lake.read_table("accepted", table, one) for one in sent)
        for table in REPORT_TABLES
    }
    outcomes = [lake.read_outcomes(stage, one) for stage in STAGES for one in sent]
    return {**staged, OBJECT_OUTCOME.name: pa.concat_tables(outcomes)}


def chests(
    facility_id: str, doses: Sequence[float], *, name: str = "", **columns: Any
) -> list[Report]:
    return [
        report(
            f"{facility_id}-{name}{number}",
            [event(ctdivol=dose / 30, dlp=dose), event(ctdivol=dose / 40, dlp=dose / 3)],
            study_description="CT Chest",
            **columns,
        )
        for number, dose in enumerate(doses)
    ]


def statistics(models: SqlModels) -> list[tuple[Any, ...]]:
    return models.rows(
        "select facility_id, device_key, unit_of_analysis, source, n_examinations, p50 "
        "from fct_facility_statistics where drl_quantity = 'dlp' "
        "and unit_of_analysis <> 'examination' and scope = 'examination' order by all nulls first"
    )


# --- which summaries count ---------------------------------------------------------------------


def test_a_summary_is_a_facility_statistic(models: SqlModels) -> None:
    models.run(summaries(summary("A"), summary("A", device_key="CT1", p50=290.0)))
    assert statistics(models) == [
        ("A", None, "facility", "summary", 20, 300.0),
        ("A", "CT1", "device", "summary", 20, 290.0),
    ]


def test_ten_facilities_with_summaries_give_a_level(models: SqlModels) -> None:
    medians = [float(value) for value in range(210, 310, 10)]
    models.run(summaries(*(summary(f"F{n}", p50=value) for n, value in enumerate(medians))))
    answer = models.rows(
        "select n_facilities, status, national_drl, n_examinations from national_drls "
        "where method_id = 'drlake_first_line'"
    )
    assert answer == [(10, "ndrl", 277.5, 200)]


def test_the_latest_form_of_a_year_counts_as_a_whole(models: SqlModels) -> None:
    ctdivol = {"drl_quantity": "ctdivol", "unit": "mGy"}
    models.run(
        summaries(
            summary("A"),
            summary("A", **ctdivol),
            summary("A", p50=250.0, sequence_number=2),
            summary("A", period=2024),
        )
    )
    answer = models.rows(
        "select period, drl_quantity, sequence_number, exclusion_reason "
        "from facility_summaries order by all"
    )
    assert answer == [
        (2024, "dlp", 1, None),
        (2025, "ctdivol", 1, "summary_superseded"),
        (2025, "dlp", 1, "summary_superseded"),
        (2025, "dlp", 2, None),
    ]
    assert [row[-1] for row in statistics(models)] == [250.0, 300.0]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"maximum": 30_000.0}, None),
        ({"maximum": 30_001.0}, "summary_outside_limits"),  # one examination in mGy.m
        ({"scope": "acquisition", "maximum": 40_000.0}, "summary_outside_limits"),
        ({"drl_quantity": "ctdivol", "unit": "mGy", "maximum": 1000.0}, None),
        ({"drl_quantity": "ctdivol", "unit": "mGy", "maximum": 1001.0}, "summary_outside_limits"),
        (
            {**RADIOGRAPH, "minimum": 0.000_09, "maximum": 4.0},  # a unit 10,000 times too large
            "summary_outside_limits",
        ),
        ({**RADIOGRAPH, "minimum": 0.000_1, "maximum": 4.0}, None),
    ],
)
def test_a_summary_outside_the_hard_limits_is_left_out_as_a_report_is(
    models: SqlModels, values: dict[str, Any], reason: str | None
) -> None:
    models.run(summaries(summary("A", **values)))
    found = models.rows("select exclusion_reason, is_used from facility_summaries")
    assert found == [(reason, reason is None)]
    counted = models.rows("select count(*) from fct_facility_statistics")
    assert (counted == [(0,)]) == (reason is not None)


def device_reports(facility_id: str, devices: Mapping[str, int]) -> list[Report]:
    """Chests of these numbers by device."""
    return [
        report
        for device, number in devices.items()
        for report in chests(facility_id, [250.0] * number, name=device, device_key=device)
    ]


def used(models: SqlModels, method: str) -> list[tuple[Any, ...]]:
    """What a method uses of facility A: device, source and number of examinations."""
    return models.rows(
        "select device_key, source, n_examinations from facility_typical_values "
        "where method_id = ? and drl_quantity = 'dlp' and facility_id = 'A' "
        "order by all nulls first",
        method,
    )


@pytest.mark.parametrize(
    ("n_reports", "n_summary", "source"),
    [(3, 200, "summary"), (9, 8, "rdsr"), (9, 9, "rdsr"), (10, 200, "rdsr")],
)
def test_reports_count_instead_where_they_are_enough(
    models: SqlModels, tmp_path: Path, n_reports: int, n_summary: int, source: str
) -> None:
    """Three reports do not push out an audit of two hundred: the first-line method asks for ten."""
    counts = {"n_examinations": n_summary, "n_values": n_summary}
    sent = reports(tmp_path, {"A": device_reports("A", {"D1": n_reports})})
    models.run({**sent, **summaries(summary("A", **counts), summary("B"))})
    n = n_summary if source == "summary" else n_reports
    assert used(models, "drlake_first_line") == [(None, source, n)]
    (reason,) = models.rows(
        "select exclusion_reason from facility_summaries where facility_id = 'A'"
    )
    assert reason == (None if source == "summary" else "reports_count_instead",)
    assert models.test("facility_statistics_are_unique") == []
    assert models.test("typical_values_are_unique") == []


def unit(name: str, covers: str | None = None, n: int = 200) -> dict[str, Any]:
    """A row of the form for one device, of which `covers` is the key in dose reports."""
    counts = {"n_examinations": n, "n_values": n}
    return summary("A", device_key=name, covered_device_key=covers, **counts)


OLD = [("old1", "summary", 200), ("old2", "summary", 200)]
BY_DEVICE = {
    "a new scanner with reports beside old ones of the form": (
        {"D3": 120},
        [unit("old1", "D1"), unit("old2", "D2")],
        [("D3", "rdsr", 120), *OLD],
    ),
    "enough reports of a device of the form": (
        {"D1": 120},
        [unit("old1", "D1"), unit("old2", "D2")],
        [("D1", "rdsr", 120), OLD[1]],
    ),
    "few reports of a device of the form": ({"D1": 9}, [unit("old1", "D1")], OLD[:1]),
    "fewer examinations in the form": ({"D1": 9}, [unit("old1", "D1", 5)], [("D1", "rdsr", 9)]),
    "units of any device, more in the form": ({"D3": 120}, [unit("old1"), unit("old2")], OLD),
    "units of any device, as many in reports": (
        {"D1": 120, "D2": 120},
        [unit("old1"), unit("old2")],
        [("D1", "rdsr", 120), ("D2", "rdsr", 120)],
    ),
    "units of any device, too few reports": ({"D1": 9}, [unit("old1")], OLD[:1]),
}


@pytest.mark.parametrize("case", BY_DEVICE)
def test_the_form_says_which_devices_it_covers(
    models: SqlModels, tmp_path: Path, case: str
) -> None:
    """This method asks for ten examinations of a device."""
    sent, stated, expected = BY_DEVICE[case]
    models.run({**reports(tmp_path, {"A": device_reports("A", sent)}), **summaries(*stated)})
    assert used(models, "uk_survey") == expected
    unused = models.rows("select device_key from facility_summaries where not is_used order by all")
    kept = [device for device, source, _ in expected if source == "summary"]
    assert [device for (device,) in unused] == [
        row["device_key"] for row in stated if row["device_key"] not in kept
    ]


# --- the same levels by either route -----------------------------------------------------------


def nation(seed: int) -> dict[str, list[Report]]:
    """Facilities of 24 to 34 examinations in two years; doses have every digit."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    facilities = {}
    for number in range(dice.randint(12, 14)):
        name = f"F{number:02}"
        site = dice.lognormvariate(5.7, 0.3)
        doses = [site * dice.lognormvariate(0, 0.5) for _ in range(dice.randint(24, 34))]
        made = []
        for index, one in enumerate(chests(name, doses)):
            weight = dice.choice([None, dice.uniform(45, 120)])
            year = dice.choice([2024, 2025])
            device = dice.choice([f"{name}-CT1", f"{name}-CT2"])
            extra = {"patient_weight_kg": weight, "device_key": device}
            extra |= {"study_date": date(year, 1 + index % 12, 3)}
            made.append(Report({**one.row, **extra}, one.tables))
        facilities[name] = made
    return facilities


def levels(models: SqlModels) -> list[tuple[Any, ...]]:
    """Every national number of every method that does not pool examinations."""
    return models.rows(
        "select national_drls.* from national_drls inner join methods using (method_id) "
        "where unit_of_analysis <> 'examination' order by all"
    )


@pytest.mark.parametrize("seed", range(3))
def test_both_routes_give_the_same_levels_to_the_last_digit(
    models: SqlModels, tmp_path: Path, seed: int
) -> None:
    models.run(reports(tmp_path / "direct", nation(seed)))
    direct = levels(models)
    form = tmp_path / "form.csv"
    form.write_bytes(form_csv(exported_rows(models)))
    lake = Lake(str(tmp_path / "authority"))
    loaded = load_summaries(lake, form)
    models.run(summaries(*(row for one in loaded for row in stored_rows(lake, one))))
    assert direct == levels(models)
    assert any("ndrl" in row for row in direct)
    assert models.rows("select distinct source from fct_facility_statistics") == [("summary",)]


def exported_rows(models: SqlModels) -> list[dict[str, Any]]:
    models.rows("create schema if not exists core")
    models.rows(
        "create or replace view core.fct_facility_statistics as from main.fct_facility_statistics"
    )
    return export_rows(Warehouse(models.connection))


def stored_rows(lake: Lake, one: Any) -> list[dict[str, Any]]:
    return lake.read_rows(lake.summary_files(one.facility_id, one.period)[-1])


def test_an_export_is_of_the_facility_and_year_asked_for(models: SqlModels, tmp_path: Path) -> None:
    models.run(reports(tmp_path, nation(1)))
    exported_rows(models)
    rows = export_rows(Warehouse(models.connection), "F01", 2025)
    assert {(row["facility_id"], row["period"]) for row in rows} == {("F01", 2025)}
