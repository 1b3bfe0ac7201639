"""Rules for CT events: scan, timing run, repeat, phase, region, other phantom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from tests.support.lakes.lake_rows import Row, event
from tests.support.sql_models import SqlModels
from transforms.mapping.evaluate import FIRST_LIST
from transforms.tables import (
    CT_IRRADIATION_EVENT,
    DOSE_REPORT,
    OBJECT_OUTCOME,
    RADIOPHARMACEUTICAL_ADMINISTRATION,
)
from transforms.tables.schema import Table

pytestmark = pytest.mark.slow

ADULT_DAYS = 20_000
CHEST, ABDOMEN = "SCT:51185008", "SCT:113345001"


@pytest.fixture(scope="module")
def models() -> SqlModels:
    return SqlModels("int_examinations_classified", "int_events_classified")


def examination_columns(
    models: SqlModels,
    events: Sequence[Row],
    columns: str,
    *,
    administered: bool = False,
    **report: Any,
) -> tuple[Any, ...]:
    """Columns of the examination made of these events of one report."""
    keys = {
        "facility_id": "F001",
        "submission_id": "F001.1",
        "object_sha256": "a" * 64,
        "report_key": "R1",
        "study_key": "S1",
    }
    said = {
        "modality": "CT",
        "study_date": date(2025, 3, 1),
        "patient_age_days": ADULT_DAYS,
        "study_description": "CT Chest",
    }
    staged = {
        DOSE_REPORT: [{**keys, **said, **report}],
        CT_IRRADIATION_EVENT: [
            {**keys, "event_index": number, **one, "event_key": f"E{number}"}
            for number, one in enumerate(events, start=1)
        ],
        RADIOPHARMACEUTICAL_ADMINISTRATION: [
            {**keys, "event_index": 1, "administered_activity_mbq": 250.0}
        ]
        * administered,
        OBJECT_OUTCOME: [{**keys, "object_index": 1, "stage": "validate", "outcome": "accepted"}],
    }
    models.run({table.name: rows_of(table, rows) for table, rows in staged.items()})
    table = "int_examinations_classified where modality = 'CT'"
    (row,) = models.rows(f"select {columns} from {table}")  # noqa: S608 - columns of a test
    return row


def rows_of(table: Table, rows: Sequence[Row]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=table.arrow_schema())


def scan(region: str | None = None, length: float | None = None, **columns: Any) -> Row:
    own = {"target_region_code": region, "scanning_length_mm": length}
    repeated = columns.pop("repeated", None)
    return {**event(**columns), **own, "is_repeated_acquisition": repeated}


def kinds(models: SqlModels) -> list[str]:
    rows = models.rows("select event_kind from int_events_classified order by counted_event_key")
    return [kind for (kind,) in rows]


@pytest.mark.parametrize("doses", [(0.1, 0.2, 0.3), (0.3, 0.2, 0.1)])
def test_sums_of_doses_are_those_of_their_decimals(
    models: SqlModels, doses: Sequence[float]
) -> None:
    """0.1 + 0.2 + 0.3 is 0.6 in every order; floating-point numbers give 0.6000000000000001."""
    events = [scan(dlp=dose) for dose in doses]
    assert examination_columns(models, events, "dlp_mgy_cm") == (0.6,)


def test_a_localizer_is_in_the_dlp_and_in_no_ctdivol(models: SqlModels) -> None:
    events = [scan(kind="constant_angle", ctdivol=0.1, dlp=5.0), scan(ctdivol=8.0, dlp=300.0)]
    assert examination_columns(models, events, "ctdivol_mgy, dlp_mgy_cm") == (8.0, 305.0)


@pytest.mark.parametrize("name", ["Monitoring", "Pre-Monitoring", "TestBolus", "Premonitoring 1"])
def test_a_timing_run_is_told_by_its_name(models: SqlModels, name: str) -> None:
    examination_columns(
        models, [scan(kind="sequenced", protocol=name, ctdivol=3.0, dlp=9.0)], "n_events"
    )
    assert kinds(models) == ["bolus_tracking"]


@pytest.mark.parametrize(
    ("name", "ctdivol", "dlp", "kind"),
    [
        ("Contrast", 20.0, 10.0, "bolus_tracking"),
        ("CTA", 20.0, 10.0, "bolus_tracking"),
        ("Angio Thorax", 20.0, 10.0, "bolus_tracking"),
        ("Perfusion", 20.0, 19.9, "bolus_tracking"),
        ("Perfusion", 20.0, 20.0, "diagnostic"),  # 1 cm is scanned
        ("Angio Thorax", 20.0, 400.0, "diagnostic"),
        ("Thorax", 20.0, 10.0, "diagnostic"),  # a short scan, not marked as timing
        ("Abdomen with contrast portal venous", 20.0, 10.0, "diagnostic"),  # the name of a protocol
        ("Contrast", 20.0, 0.0, "diagnostic"),  # zero beside a CTDIvol is not a length
        ("Contrast", 20.0, None, "diagnostic"),
    ],
)
def test_less_than_one_centimetre_under_a_contrast_name_is_a_timing_run(
    models: SqlModels, name: str, ctdivol: float, dlp: float | None, kind: str
) -> None:
    examination_columns(models, [scan(protocol=name, ctdivol=ctdivol, dlp=dlp)], "n_events")
    assert kinds(models) == [kind]


def test_a_repeated_scan_counts_in_the_dlp_and_is_no_phase(models: SqlModels) -> None:
    events = [scan(CHEST, 300.0, dlp=300.0), scan(CHEST, 300.0, dlp=310.0, repeated=True)]
    columns = "dlp_mgy_cm, n_repeated_events, n_phases, n_helices, exclusion_reason"
    assert examination_columns(models, events, columns) == (610.0, 1, 1, 1, None)


@pytest.mark.parametrize(
    ("helices", "n_helices", "n_regions", "n_phases"),
    [
        ([(CHEST, 300)], 1, 1, 1),
        ([(ABDOMEN, 400), (ABDOMEN, 450), (ABDOMEN, 250)], 3, 1, 3),
        ([(ABDOMEN, 400), (ABDOMEN, 150)], 2, 1, 1),  # a part of the range is not a phase of it
        ([(ABDOMEN, 400), (ABDOMEN, None)], 2, 1, 2),
        ([(CHEST, 300), (ABDOMEN, 400)], 2, 2, 1),  # chest, abdomen and pelvis in two helices
        ([(CHEST, 300), (ABDOMEN, 400), (ABDOMEN, 400)], 3, 2, 2),
        ([(None, 300)], 1, 1, 1),
        ([(None, 300), (None, 300)], 2, None, None),  # phases or regions: not stated
        ([(CHEST, 300), (None, 300)], 2, None, None),
        ([], 0, 0, 0),
    ],
)
def test_phases_are_helices_over_one_range_and_regions_are_told_by_their_code(
    models: SqlModels,
    helices: list[tuple[str | None, float | None]],
    n_helices: int,
    n_regions: int | None,
    n_phases: int | None,
) -> None:
    events = [scan(region, length) for region, length in helices]
    events.append(scan(CHEST, 20.0, kind="sequenced"))
    columns = "n_helices, n_helix_regions, n_phases, exclusion_reason"
    assert examination_columns(models, events, columns) == (n_helices, n_regions, n_phases, None)


@pytest.mark.parametrize(
    ("name", "phantom", "flag", "reason"),
    [
        ("CT Chest", "body_32cm", False, None),
        ("CT Chest", "head_16cm", True, "other_phantom"),
        ("CT Chest", "small_10cm", True, "other_phantom"),
        ("CT Head", "head_16cm", False, None),
        ("CT Head", "body_32cm", True, "other_phantom"),
        ("CT Head", None, True, "other_phantom"),  # not stated: comparable with nothing
    ],
)
def test_a_dose_for_another_phantom_than_the_levels_is_left_out(
    models: SqlModels, name: str, phantom: str | None, flag: bool, reason: str | None
) -> None:
    found = examination_columns(
        models,
        [scan(phantom=phantom)],
        "is_on_other_phantom, exclusion_reason",
        study_description=name,
    )
    assert found == (flag, reason)


def test_the_ct_of_a_pet_ct_is_told_by_the_administration(models: SqlModels) -> None:
    columns = "is_hybrid, exclusion_reason"
    assert examination_columns(models, [scan()], columns, administered=True) == (True, "hybrid_ct")
    assert examination_columns(models, [scan()], columns) == (False, None)


def test_the_ct_of_a_pet_ct_counts_for_a_procedure_of_hybrid_scans() -> None:
    models = SqlModels("int_examinations_classified")
    models.rows("update procedures set is_hybrid_ct = true where procedure_id = 'ct_chest'")
    columns = "procedure_id, is_hybrid, exclusion_reason"
    found = examination_columns(models, [scan()], columns, administered=True)
    assert found == ("ct_chest", False, None)


@pytest.mark.parametrize(
    "text",
    ["PET-CT", "SPECT/CT", "4DCT RT planning", "CT guided biopsy", "Drainage", "Perfusion"],
)
@pytest.mark.parametrize("field", ["study_description", "requested_procedure", "protocol"])
def test_special_ct_is_no_diagnostic_examination_whichever_text_says_so(
    models: SqlModels, field: str, text: str
) -> None:
    """It is a procedure of its own, or undecided where another text names an examination."""
    event_name = {"protocol": text} if field == "protocol" else {}
    names = {field: text} if field != "protocol" else {}
    (found,) = examination_columns(models, [scan(**event_name)], "procedure_id", **names)
    assert found not in FIRST_LIST
