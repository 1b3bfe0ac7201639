"""A measurement may object to a name: it lies outside what other texts of the procedure have."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from tests.support.sql_models import SqlModels

MODELS = SqlModels("doubtful_names", given=("fct_name_statistics",))
NAME: dict[str, Any] = {
    "facility_id": "F",
    "modality": "CT",
    "field": "study_description",
    "compared_text": "odd",
    "decision": "CT chest",
    "procedure_id": "ct_chest",
    "n_examinations": 10,
    "median_length_mm": 300.0,
    "median_dose": None,
}
SCHEMA = pa.schema(
    [
        (name, pa.float64() if name.startswith("median") else pa.string())
        if name != "n_examinations"
        else (name, pa.int64())
        for name in NAME
    ]
)


def others(n: int = 100, **values: Any) -> list[dict[str, Any]]:
    """Names of other facilities, each with a text of its own, with lengths from 251 mm on."""
    return [
        {
            **{**NAME, "facility_id": f"G{at}", "compared_text": f"thorax {at}"},
            **{"median_length_mm": 250.0 + at, **values},
        }
        for at in range(1, n + 1)
    ]


def doubtful(*rows: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Facility, measurement and share below of the names in doubt that are called odd."""
    MODELS.lay("fct_name_statistics", pa.Table.from_pylist(list(rows), SCHEMA))
    MODELS.build()
    return MODELS.rows(
        "select facility_id, evidence, share_below from doubtful_names "
        "where compared_text = 'odd' order by all"
    )


@pytest.mark.parametrize(
    ("length", "share_below"),
    [
        (350.5, 1.0),  # above all others
        (350.0, None),  # as the largest: 99 % are smaller, not more
        (300.0, None),
        (251.0, None),  # as the smallest
        (250.0, 0.0),  # below all
    ],
)
def test_a_name_outside_the_range_of_99_percent_of_the_others_is_doubtful(
    length: float, share_below: float | None
) -> None:
    found = doubtful(*others(), {**NAME, "median_length_mm": length})
    assert found == ([] if share_below is None else [("F", "scanned_length", share_below)])


def test_rows_of_the_same_text_are_no_others() -> None:
    """An odd text of many facilities does not hide behind itself."""
    odd = [{**NAME, "facility_id": f"F{at}", "median_length_mm": 900.0 + at} for at in range(3)]
    assert [row[0] for row in doubtful(*others(), *odd)] == ["F0", "F1", "F2"]


def test_fewer_than_10_examinations_or_100_others_object_to_nothing() -> None:
    odd = {**NAME, "median_length_mm": 900.0}
    assert doubtful(*others(), {**odd, "n_examinations": 9}) == []
    assert doubtful(*others(99), odd) == []
    assert doubtful(*others(procedure_id="ct_head"), odd) == []


def test_a_name_that_is_no_procedure_is_not_doubted() -> None:
    assert doubtful(*others(), {**NAME, "procedure_id": None, "median_length_mm": 900.0}) == []


def test_dose_and_length_object_by_themselves() -> None:
    odd = {**NAME, "median_length_mm": 900.0, "median_dose": 1.0}
    assert doubtful(*others(median_dose=300.0), odd) == [
        ("F", "dose", 0.0),
        ("F", "scanned_length", 1.0),
    ]
