"""What methods do with the regions and phases of a CT examination."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.lake_rows import Report, Row, event, report
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

pytestmark = pytest.mark.slow

MODELS = SqlModels("facility_typical_values", "fct_acquisition_doses")
HEAD, CHEST, ABDOMEN, BODY = "SCT:69536005", "SCT:51185008", "SCT:113345001", "SCT:38266002"


def helix(region: str | None, ctdivol: float, dlp: float) -> Row:
    return {**event(ctdivol=ctdivol, dlp=dlp), "target_region_code": region}


def typical_values(method_id: str, name: str, *scans: Row, **rules: str) -> dict[str, Any]:
    """Number of values and typical value of each quantity, with these rules of the method."""
    sent: Report = report("S1", scans, study_description=name)
    MODELS.run(staging_tables({"F1": [sent]}))
    for rule, word in rules.items():
        MODELS.connection.execute(
            f"update methods set {rule} = '{word}' where method_id = '{method_id}'"  # noqa: S608
        )
    MODELS.build()
    rows = MODELS.rows(
        "select drl_quantity, n_values, typical_value from facility_typical_values "
        "where method_id = ?",
        method_id,
    )
    MODELS.connection.execute(
        "update methods set regions = 'any', phases = if(scope = 'acquisition', 'each', 'all')"
    )
    return {quantity: (n, value) for quantity, n, value in rows}


BOTH = helix(CHEST, 8.0, 240.0), helix(ABDOMEN, 12.0, 480.0)


def test_a_helix_of_another_region_is_no_acquisition_of_the_procedure() -> None:
    found = typical_values("france", "CT Chest", *BOTH)
    assert found == {"ctdivol": (1, 8.0), "dlp": (1, 240.0)}
    rows = MODELS.rows(
        "select value, exclusion_reason from fct_acquisition_doses "
        "where drl_quantity = 'dlp' order by value"
    )
    assert rows == [(240.0, None), (480.0, "other_region")]


@pytest.mark.parametrize("region", [BODY, None, "99GEMS:00001"])
def test_a_region_that_says_nothing_fits(region: str | None) -> None:
    found = typical_values("france", "CT Chest", helix(region, 8.0, 240.0))
    assert found["dlp"] == (1, 240.0)


def test_a_region_fits_every_procedure_that_shows_a_part_of_it() -> None:
    found = typical_values("france", "CT Thorax Abdomen Becken", *BOTH)
    assert found["dlp"] == (2, 360.0)


def test_the_whole_examination_has_both_unless_the_method_asks_for_one_region() -> None:
    first_line = "drlake_first_line"
    assert typical_values(first_line, "CT Chest", *BOTH)["dlp"] == (1, 720.0)
    assert typical_values(first_line, "CT Chest", *BOTH, regions="one") == {}
    alone = typical_values(first_line, "CT Chest", BOTH[0], regions="one")
    assert alone["dlp"] == (1, 240.0)


FOUR = [helix(ABDOMEN, dose, 30 * dose) for dose in (4.0, 8.0, 12.0, 16.0)]


@pytest.mark.parametrize(
    ("phases", "ctdivol", "dlp"),
    [
        ("first", (1, 4.0), (1, 120.0)),
        ("each", (4, 10.0), (4, 300.0)),
        ("all", (1, 10.0), (1, 1200.0)),
    ],
)
def test_a_method_says_what_phases_do(
    phases: str, ctdivol: tuple[int, float], dlp: tuple[int, float]
) -> None:
    found = typical_values("france", "CT Leber mehrphasig", *FOUR, phases=phases)
    assert found == {"ctdivol": ctdivol, "dlp": dlp}
