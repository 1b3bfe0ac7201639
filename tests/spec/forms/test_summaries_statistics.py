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

MODELS = ("fct_facility_statistics", "national_drls", "facility_typical_values")
Staged = dict[str, pa.Table]


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


def chests(facility_id: str, doses: Sequence[float], **columns: Any) -> list[Report]:
    return [
        report(
            f"{facility_id}-{number}",
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


def test_dose_reports_win_over_a_summary_of_the_same(models: SqlModels, tmp_path: Path) -> None:
    staged = reports(tmp_path, {"A": chests("A", [300.0] * 3)})
    rows = (summary("A"), summary("A", device_key="CT1"), summary("A", period=2024), summary("B"))
    models.run({**staged, **summaries(*rows)})
    answer = models.rows(
        "select facility_id, device_key, period, is_used, exclusion_reason "
        "from facility_summaries order by all nulls first"
    )
    assert answer == [
        ("A", None, 2024, True, None),
        ("A", None, 2025, False, "reports_count_instead"),
        ("A", "CT1", 2025, False, "reports_count_instead"),
        ("B", None, 2025, True, None),
    ]
    assert models.test("facility_statistics_are_unique") == []


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
