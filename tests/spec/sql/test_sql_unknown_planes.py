"""A plane with an unknown code concerns its own event or total, never the whole report."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.lake_rows import projection
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

pytestmark = pytest.mark.slow

MODELS = SqlModels("fct_examination_doses")
NAME = {"study_description": "Koronarangiographie"}
POINT = {"reference_point_definition": "15cm from Isocenter toward Source"}
EVENT, TOTAL = (
    {"unusable_columns": f"{table}.acquisition_plane:code_unknown"}
    for table in ("xray_irradiation_event", "xray_accumulated_dose")
)


def shot(key: str, plane: str | None, kerma: float | None = 0.1) -> dict[str, Any]:
    doses = {"dose_area_product_gy_m2": 0.001, "dose_rp_gy": kerma, **POINT}
    return {"event_key": key, "acquisition_plane": plane, **doses}


def total(plane: str | None, kap: float = 0.002, kerma: float = 0.1) -> dict[str, Any]:
    doses = {"dose_area_product_total_gy_m2": kap, "dose_rp_total_gy": kerma, **POINT}
    return {"acquisition_plane": plane, **doses}


def doses(events: list[dict[str, Any]], totals: list[dict[str, Any]], **note: str) -> list[Any]:
    totals = [{"plane_index": n, **one} for n, one in enumerate(totals, start=1)]
    report = projection("S1", events, totals, modality="RF", **NAME, **note)
    MODELS.run(staging_tables({"F1": [report]}))
    return MODELS.rows(
        "select drl_quantity, round(value, 6), exclusion_reason from fct_examination_doses "
        "where drl_quantity in ('kap', 'air_kerma_rp') order by 1 desc"
    )


@pytest.mark.parametrize(
    ("events", "kerma"),
    [
        ([shot("E1", None)], 100.0),  # the only event: nothing is added
        ([shot("E1", None), shot("E2", "plane_a")], None),
        ([shot("E1", None), shot("E2", None)], None),  # perhaps two planes
        ([shot("E1", None, 0.0), shot("E2", "plane_a")], 100.0),
    ],
)
def test_air_kerma_of_an_unknown_plane_is_not_added_and_kap_is(
    events: list[dict[str, Any]], kerma: float | None
) -> None:
    kap, air_kerma = doses(events, [], **EVENT)
    assert kap == ("kap", 10.0 * len(events), None)
    assert air_kerma[1:] == (kerma, None if kerma else "no_dose")


def test_a_plane_that_is_not_stated_is_that_of_a_single_plane() -> None:
    kap, air_kerma = doses([shot("E1", None), shot("E2", None)], [])
    assert (kap[1:], air_kerma[1:]) == ((20.0, None), (200.0, None))


def test_an_unknown_plane_of_an_event_does_not_change_the_total() -> None:
    events = [shot("E1", None), shot("E2", "single_plane")]
    kap, air_kerma = doses(events, [total("single_plane", 0.003, 0.25)], **EVENT)
    assert (kap[1:], air_kerma[1:]) == ((30.0, None), (250.0, None))


@pytest.mark.parametrize(
    ("totals", "events", "kap", "kerma"),
    [
        ([total(None)], [], 20.0, 100.0),  # alone: the total of the report
        ([total(None), total(None)], [], None, None),  # equal ones are not one plane twice
        ([total("plane_a"), total(None)], [], None, None),  # two planes, or one and both
        ([total("plane_a"), total(None)], [shot("E1", "plane_a")] * 3, 30.0, None),
        ([total("all_planes"), total(None)], [], 20.0, None),
    ],
)
def test_totals_of_unknown_planes_are_not_added(
    totals: list[dict[str, Any]],
    events: list[dict[str, Any]],
    kap: float | None,
    kerma: float | None,
) -> None:
    shots = [{**one, "event_key": f"E{n}"} for n, one in enumerate(events)]
    found = doses(shots, totals, **TOTAL)
    assert [row[1] for row in found] == [kap, kerma]
    assert (found[0][2] is None) == (kap is not None)
