"""Every combination of present and missing doses builds, and ends in a statistic or in a reason."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from tests.support.lakes.lake_rows import Report, Row, projection, report
from tests.support.lakes.staged_files import case, staged_files
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels
from transforms.tables import RADIOPHARMACEUTICAL_ADMINISTRATION

pytestmark = pytest.mark.slow

FACILITY = "F001"
LEDGER = ("attrition_used_examinations", "ledger_attrition", "ledger_days")
CT_DOSES = {"mean_ctdivol_mgy": 10.0, "dlp_mgy_cm": 300.0, "ssde_mgy": 12.0}
EVENT_DOSES = {
    "dose_area_product_gy_m2": 1e-5,
    "dose_rp_gy": 1e-3,
    "average_glandular_dose_mgy": 1.5,
}
TOTALS = {
    "dose_area_product_total_gy_m2": 1e-5,
    "dose_rp_total_gy": 1e-3,
    "total_fluoro_time_s": 60.0,
}
ACTIVITY = {"administered_activity_mbq": 250.0}


@pytest.fixture(scope="module")
def models() -> SqlModels:
    return SqlModels("fct_examination_doses", "attrition", "fct_ledger_entries")


def subsets(doses: Row) -> Iterator[Row]:
    """Every choice of these doses, the rest NULL."""
    for kept in product([True, False], repeat=len(doses)):
        yield {
            k: v if is_kept else None for (k, v), is_kept in zip(doses.items(), kept, strict=True)
        }


def reports() -> Iterator[Report]:
    spiral = {"event_key": "E", "ct_acquisition_type": "spiral"}
    for number, (doses, activity) in enumerate(product(subsets(CT_DOSES), subsets(ACTIVITY))):
        made = report(f"CT{number}", [{**spiral, **doses, "event_key": f"E{number}"}])
        both = {**made.tables, RADIOPHARMACEUTICAL_ADMINISTRATION.name: [activity]}
        yield made
        yield Report({**made.row, "study_key": f"PET{number}", "report_key": f"P{number}"}, both)
        yield projection(f"NM{number}", administrations=[{**activity}], modality="NM")
    for modality in ("RF", "DX", "MG"):
        for number, (event, total) in enumerate(product(subsets(EVENT_DOSES), subsets(TOTALS))):
            study = f"{modality}{number}"
            yield projection(study, [{**event, "event_key": study}], [total], modality=modality)


def test_every_combination_of_doses_ends_in_a_value_or_in_a_reason(models: SqlModels) -> None:
    models.run(staging_tables({FACILITY: list(reports())}))
    assert [row for name in LEDGER for row in models.test(name)] == []
    n_examinations = models.rows("select count(*) from int_examinations_classified")
    assert n_examinations == [(16 * 4 + 3 * 64,)]
    silent = models.rows(
        "select study_key, modality, drl_quantity from fct_examination_doses "
        "where exclusion_reason is null and not coalesce(value > 0, false)"
    )
    assert silent == []


def test_air_kerma_alone_is_no_dose_of_radiography(models: SqlModels) -> None:
    models.run(staged_files({FACILITY: [case("dx_air_kerma_without_kap")]}))
    doses = models.rows("select drl_quantity, value, exclusion_reason from fct_examination_doses")
    reasons = models.rows("select exclusion_reason from int_examinations_classified")
    assert (doses, reasons) == ([("kap", None, "no_dose")], [("no_dose",)])
    assert models.test("attrition_used_examinations") == []


def test_a_modality_without_quantities_is_counted_as_without_dose(models: SqlModels) -> None:
    """The modality of a device for which no reference levels exist yet."""
    event = {**EVENT_DOSES, "event_key": "E"}
    models.run(staging_tables({FACILITY: [projection("S1", [event], modality="IO")]}))
    assert models.rows("select exclusion_reason from int_examinations_classified") == [("no_dose",)]
    assert [row for name in LEDGER for row in models.test(name)] == []
