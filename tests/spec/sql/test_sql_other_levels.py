"""The first-line method gives levels for every modality: reports in, national levels out.

Facility n of ten sends ten examinations of n times the smallest dose, so the typical values are n
times it and the linear 75th percentile is 7.75 times it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from tests.support.lakes.lake_rows import Report, Row, projection
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

EVENTS, TOTALS, ADMINISTRATIONS = "events", "totals", "administrations"

EXAMINATIONS: Mapping[str, tuple[str, str, Row]] = {
    # modality   study description    rows of  the row, as the smallest facility has it
    "MG": (
        "Mammography",
        EVENTS,
        {"average_glandular_dose_mgy": 0.5, "irradiation_event_type": "stationary"},
    ),
    "DX": ("XR Chest", EVENTS, {"dose_area_product_gy_m2": 1e-6}),
    "RF": (
        "Koronarangiographie",
        TOTALS,
        {
            "dose_area_product_total_gy_m2": 1e-3,
            "dose_rp_total_gy": 0.1,
            "reference_point_definition": "15cm from Isocenter toward Source",
            "total_fluoro_time_s": 60.0,
            "plane_index": 1,
        },
    ),
    "NM": (
        "Scintigraphie osseuse",
        ADMINISTRATIONS,
        {"administered_activity_mbq": 100.0, "radionuclide": "Tc-99m"},
    ),
}
WEIGHT: Mapping[str, Row] = {"NM": {"patient_weight_kg": 50.0}}
SMALLEST = {
    ("mg_mammography", "agd"): (0.5, "mGy"),
    ("dx_chest", "kap"): (0.01, "Gy.cm2"),
    ("rf_coronary_angiography", "kap"): (10.0, "Gy.cm2"),
    ("rf_coronary_angiography", "air_kerma_rp"): (100.0, "mGy"),
    ("rf_coronary_angiography", "fluoro_time"): (60.0, "s"),
    ("nm_bone_scan", "administered_activity"): (100.0, "MBq"),
    ("nm_bone_scan", "administered_activity_per_kg"): (2.0, "MBq/kg"),
}


def facility_reports(factor: int) -> Iterator[Report]:
    """Reports of one facility: ten examinations of each modality, all of one dose."""
    for modality, (name, kind, row) in EXAMINATIONS.items():
        scaled = {
            key: each * factor if isinstance(each, float) else each for key, each in row.items()
        }
        for number in range(10):
            study = f"{factor}-{modality}-{number}"
            said = {"modality": modality, "study_description": name, **WEIGHT.get(modality, {})}
            yield projection(study, **{kind: [{**scaled, "event_key": study}]}, **said)


@pytest.fixture(scope="module", params=[10, 9])
def nation(request: pytest.FixtureRequest) -> tuple[int, SqlModels]:
    models = SqlModels("national_drls")
    n = request.param
    models.run(
        staging_tables(
            {f"F{factor:02}": list(facility_reports(factor)) for factor in range(1, n + 1)}
        )
    )
    return n, models


def test_every_quantity_has_a_level_in_its_unit_from_ten_facilities_on(
    nation: tuple[int, SqlModels],
) -> None:
    n, models = nation
    rows = models.rows(
        "select procedure_id, drl_quantity, unit, status, n_facilities, n_examinations, "
        "p75, national_drl from national_drls "
        "where method_id = 'drlake_first_line' and patient_group_id = 'adult'"
    )
    found = {(procedure, quantity): tuple(rest) for procedure, quantity, *rest in rows}
    status = "ndrl" if n == 10 else "typical_value"
    p75 = 7.75 if n == 10 else 7.0
    assert found.keys() == SMALLEST.keys()
    for key, (smallest, unit) in SMALLEST.items():
        level = p75 * smallest
        assert found[key][:4] == (unit, status, n, 10 * n)
        assert found[key][4] == pytest.approx(level)
        assert found[key][5] == (pytest.approx(level) if n == 10 else None)
