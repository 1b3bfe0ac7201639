"""From examinations to typical values and NDRLs: the rules of the method, on small tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.support.lakes.lake_rows import LakeRows, event, report

CHEST = {
    # facility: CTDIvol of its examinations (mGy)          median
    "CHEST1": [1, 2, 3, 4, 5, 5, 6, 7, 8, 99],  #           5
    "CHEST2": [6] * 10,  #                                  6
    "CHEST3": [2, 2, 2, 2, 8, 8, 8, 8, 8, 8],  #            8
    "CHEST4": [12] * 40,  #                                12
    "CHEST5": [50] * 9,  #  one examination too few
}
HEAD = {
    f"HEAD{number:02}": np.random.default_rng(number).lognormal(4, 0.4, 8 + number).tolist()
    for number in range(1, 14)
}
"""Facilities with 9 to 21 examinations: the first has too few, twelve contribute."""


def put_rows(lake_rows: LakeRows) -> None:
    for facility_id, values in CHEST.items():
        put_examinations(lake_rows, facility_id, values, "CT Chest")
    for facility_id, values in HEAD.items():
        put_examinations(lake_rows, facility_id, values, "CT Schädel nativ", "head_16cm")


def put_examinations(
    lake_rows: LakeRows,
    facility_id: str,
    values: list[float],
    name: str,
    phantom: str = "body_32cm",
) -> None:
    """One examination per value: CTDIvol is the value, DLP forty times that plus a localizer."""
    reports = [
        report(
            f"{facility_id}-{number}",
            [
                event(kind="constant_angle", ctdivol=0.1, dlp=5),
                event(ctdivol=value, dlp=40 * value, phantom=phantom),
            ],
            study_description=name,
        )
        for number, value in enumerate(values)
    ]
    lake_rows.submission(facility_id, reports)


def national(warehouse: Any, procedure_id: str, quantity: str, columns: str) -> tuple[Any, ...]:
    answer = warehouse.connection.sql("select * from marts.national_drls").filter(
        f"procedure_id = '{procedure_id}' and drl_quantity = '{quantity}' "
        "and method_id = 'drlake_first_line' and period = 2025"
    )
    (row,) = answer.project(columns).fetchall()
    return row


def test_typical_value_is_the_median_of_the_facility(warehouse: Any) -> None:
    answer = warehouse.rows(
        "select facility_id, n_examinations, typical_value, is_sufficient "
        "from marts.facility_typical_values "
        "where facility_id like 'CHEST%' and drl_quantity = 'ctdivol' "
        "and method_id = 'drlake_first_line' order by facility_id"
    )
    assert answer == [
        ("CHEST1", 10, 5.0, True),
        ("CHEST2", 10, 6.0, True),
        ("CHEST3", 10, 8.0, True),
        ("CHEST4", 40, 12.0, True),
        ("CHEST5", 9, 50.0, False),
    ]


def test_third_quartile_is_taken_over_facility_medians(warehouse: Any) -> None:
    """Of 5, 6, 8 and 12: not of the 70 examinations together, whose third quartile is 12."""
    columns = "n_facilities, n_examinations, p25, p50, p75"
    assert national(warehouse, "ct_chest", "ctdivol", columns) == (4, 70, 5.75, 7.0, 9.0)


def test_four_facilities_give_a_typical_value_and_no_ndrl(warehouse: Any) -> None:
    columns = "status, national_drl, achievable_dose"
    assert national(warehouse, "ct_chest", "ctdivol", columns) == ("typical_value", None, None)


def test_localizers_count_in_dlp_and_not_in_ctdivol(warehouse: Any) -> None:
    """Every DLP is 40 times the CTDIvol plus 5 mGy.cm of the localizer."""
    assert national(warehouse, "ct_chest", "dlp", "p25, p50, p75") == (235.0, 285.0, 365.0)


@pytest.mark.parametrize(("quantity", "factor", "offset"), [("ctdivol", 1, 0), ("dlp", 40, 5)])
def test_quantiles_equal_numpy(warehouse: Any, quantity: str, factor: float, offset: float) -> None:
    medians = [
        np.quantile(np.array(values) * factor + offset, 0.5)
        for values in HEAD.values()
        if len(values) >= 10
    ]
    columns = "n_facilities, status, p25, p50, p75, national_drl, achievable_dose"
    facilities, status, *found = national(warehouse, "ct_head", quantity, columns)
    p25, p50, p75 = np.quantile(medians, [0.25, 0.5, 0.75])
    assert (facilities, status) == (12, "ndrl")
    assert found == pytest.approx([p25, p50, p75, p75, p50], rel=1e-12)


def test_facilities_are_compared_with_the_ndrl(warehouse: Any) -> None:
    ndrl, p25 = national(warehouse, "ct_head", "ctdivol", "national_drl, p25")
    for facility_id, values in HEAD.items():
        median = float(np.quantile(values, 0.5))
        (answer,) = warehouse.rows(
            "select position, ratio_to_national_drl, typical_value_lower, typical_value_upper "
            "from marts.facility_drl_comparisons "
            "where facility_id = ? and drl_quantity = 'ctdivol' "
            "and method_id = 'drlake_first_line'",
            facility_id,
        )
        if len(values) < 10:
            assert answer[:2] == ("too_few_examinations", None)
            continue
        position, ratio, lower, upper = answer
        assert lower < median < upper
        assert position == expected_position(median, lower, upper, ndrl, p25)
        assert ratio == pytest.approx(median / ndrl, rel=1e-12)


def expected_position(median: float, lower: float, upper: float, ndrl: float, p25: float) -> str:
    """By the limits of the facility's own median, in one year only."""
    if median > ndrl:
        return "above" if lower > ndrl else "possibly_above"
    return "unusually_low" if upper < p25 else "at_or_below"
