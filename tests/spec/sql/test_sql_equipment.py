"""Equipment with a modality of its own: counted, and compared with no other equipment."""

from __future__ import annotations

import pytest

from tests.support.lakes.lake_rows import projection
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

pytestmark = pytest.mark.slow

MODELS = SqlModels("fct_examination_doses", "unmapped_names")


@pytest.mark.parametrize("modality", ["CBCT", "DENTAL", "DXA"])
def test_dental_and_bone_doses_have_a_kap_and_wait_for_a_procedure(modality: str) -> None:
    shot = {"event_key": "E1", "dose_area_product_gy_m2": 5e-5, "acquisition_plane": "single_plane"}
    named = {"study_description": "Coronary angiography"}
    MODELS.run(staging_tables({"F1": [projection("S1", [shot], modality=modality, **named)]}))
    assert MODELS.rows(
        "select modality, drl_quantity, value, exclusion_reason from fct_examination_doses"
    ) == [(modality, "kap", 0.5, "unmapped_procedure")]
    assert MODELS.rows("select modality, n_examinations from unmapped_names") == [(modality, 1)]
