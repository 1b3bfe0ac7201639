"""How CTDIvol and SSDE of an examination with several scans are made, by each rule of a method."""

from __future__ import annotations

import csv
from math import exp
from pathlib import Path
from typing import Any

import pytest

from tests.support.lakes.lake_rows import Report, Row, event, report
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

pytestmark = pytest.mark.slow

MODELS = SqlModels("facility_typical_values", "fct_acquisition_doses")
CHEST, ABDOMEN = "SCT:51185008", "SCT:113345001"
TABLES = Path("../shared/statistics/aapm204_factors.csv")


def scan(ctdivol: float | None, dlp: float | None, **columns: Any) -> Row:
    return {**event(ctdivol=ctdivol, dlp=dlp), **columns}


def chest(*scans: Row) -> Report:
    return report("S1", scans, study_description="CT Chest")


def doses(sent: Report) -> dict[str, tuple[float | None, str | None]]:
    MODELS.run(staging_tables({"F1": [sent]}))
    rows = MODELS.rows("select drl_quantity, value, exclusion_reason from fct_examination_doses")
    return {quantity: (value, reason) for quantity, value, reason in rows}


LONG, SHORT = scan(10.0, 600.0), scan(40.0, 80.0)
"""60 cm at 10 mGy and 2 cm at 40 mGy: 680 mGy.cm in 62 cm."""


def test_ctdivol_is_weighted_by_length_so_that_its_product_stays_dlp() -> None:
    found = doses(chest(LONG, SHORT))
    assert found["ctdivol"] == (pytest.approx(680 / 62), None)
    assert found["dlp"] == (680.0, None)


def test_the_order_of_the_scans_does_not_matter() -> None:
    assert doses(chest(LONG, SHORT)) == doses(chest(SHORT, LONG))


def test_the_scanning_length_stands_in_for_dlp() -> None:
    events = [scan(10.0, None, scanning_length_mm=600.0), scan(40.0, None, scanning_length_mm=20.0)]
    assert doses(chest(*events))["ctdivol"] == (pytest.approx(680 / 62), None)


@pytest.mark.parametrize(
    ("events", "ctdivol"),
    [
        ([LONG, scan(40.0, None)], (None, "incomplete_dlp")),
        ([scan(10.0, None), scan(40.0, None)], (None, "length_unknown")),
        ([scan(10.0, None), scan(10.0, None)], (10.0, None)),  # of equal scans, whatever the length
        ([scan(10.0, None)], (10.0, None)),
    ],
)
def test_without_a_length_there_is_no_weighted_mean(
    events: list[Row], ctdivol: tuple[float | None, str | None]
) -> None:
    assert doses(chest(*events))["ctdivol"] == ctdivol


RULES = [
    ("length_weighted", 680 / 62, 1),
    ("mean", 25.0, 1),
    ("maximum", 40.0, 1),
    ("per_series", (680 / 62 + 20.0) / 2, 2),  # the chest at 680 / 62 mGy, the abdomen at 20
]


@pytest.mark.parametrize(("rule", "expected", "n_values"), RULES)
def test_a_method_says_how_ctdivol_of_an_examination_is_made(
    rule: str, expected: float, n_values: int
) -> None:
    models = SqlModels("facility_typical_values")
    events = [{**one, "target_region_code": CHEST} for one in (LONG, SHORT)]
    if rule == "per_series":
        events.append(scan(20.0, 200.0, target_region_code=ABDOMEN))
    sent = report("S1", events, study_description="CT Thorax Abdomen Becken")
    models.run(staging_tables({"F1": [sent]}))
    models.connection.execute(f"update methods set ctdivol_rule = '{rule}'")  # noqa: S608
    models.build()
    found = models.rows(
        "select drl_quantity, typical_value, n_values from facility_typical_values "
        "where method_id = 'drlake_first_line' order by all"
    )
    dlp = 880.0 if rule == "per_series" else 680.0
    assert found == [("ctdivol", pytest.approx(expected), n_values), ("dlp", dlp, 1)]


def factor(phantom: str, diameter_cm: float) -> float | None:
    """SSDE per CTDIvol of a scan with this water-equivalent diameter."""
    one = scan(1.0, 30.0, water_equivalent_diameter_mm=diameter_cm * 10, ctdiw_phantom=phantom)
    name = "CT Chest" if phantom == "body_32cm" else "CT Schädel nativ"
    value, _ = doses(report("S1", [one], study_description=name))["ssde"]
    return value


@pytest.mark.parametrize(("phantom", "centimetres"), [("body_32cm", "32"), ("head_16cm", "16")])
def test_factors_of_ssde_are_those_of_aapm_204(phantom: str, centimetres: str) -> None:
    """The fits meet all factors of both tables to their second decimal."""
    lines = TABLES.read_text(encoding="utf-8").splitlines()[1:]
    rows = [row for row in csv.DictReader(lines) if row["phantom_cm"] == centimetres]
    scans = [
        report(
            f"S{row['diameter_cm']}",
            [
                scan(
                    1.0,
                    30.0,
                    water_equivalent_diameter_mm=float(row["diameter_cm"]) * 10,
                    ctdiw_phantom=phantom,
                )
            ],
            study_description="CT Chest" if centimetres == "32" else "CT Schädel nativ",
        )
        for row in rows
    ]
    MODELS.run(staging_tables({"F1": scans}))
    found = dict(
        MODELS.rows(
            "select study_key, value from fct_examination_doses where drl_quantity = 'ssde'"
        )
    )
    assert len(rows) == len(found) == (38 if centimetres == "32" else 50)
    for row in rows:
        told = found[f"S{row['diameter_cm']}"]
        assert told == pytest.approx(float(row["factor"]), abs=0.0051), row


@pytest.mark.parametrize(
    ("phantom", "diameter_cm", "expected"),
    [
        ("body_32cm", 3.0, None),  # centimetres taken for millimetres
        ("body_32cm", 70.0, None),
        ("body_32cm", 8.0, 3.704369 * exp(-0.03671937 * 8)),
        ("body_32cm", 45.0, 3.704369 * exp(-0.03671937 * 45)),
        ("head_16cm", 5.9, None),
        ("head_16cm", 17.0, 1.874799 * exp(-0.03871313 * 17)),
        ("head_16cm", 55.1, None),
    ],
)
def test_ssde_is_derived_only_inside_the_tables(
    phantom: str, diameter_cm: float, expected: float | None
) -> None:
    found = factor(phantom, diameter_cm)
    assert found is None if expected is None else found == pytest.approx(expected)


def test_a_diameter_outside_the_tables_is_the_reason_why_there_is_no_ssde() -> None:
    one = scan(10.0, 300.0, water_equivalent_diameter_mm=30.0)
    found = doses(chest(one))
    assert found["ssde"] == (None, "diameter_outside_tables")
    assert found["ctdivol"] == (10.0, None)
    rows = MODELS.rows(
        "select exclusion_reason from fct_acquisition_doses where drl_quantity = 'ssde'"
    )
    assert rows == [("diameter_outside_tables",)]


def test_an_ssde_that_is_reported_is_not_derived_again() -> None:
    one = scan(10.0, 300.0, ssde_mgy=12.0, water_equivalent_diameter_mm=30.0)
    assert doses(chest(one))["ssde"] == (12.0, None)
