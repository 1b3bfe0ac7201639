"""Breast doses: views counted once, medians of units, and percentiles over the units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import pyarrow as pa
import pytest

from tests.support.lakes.lake_rows import Report, Row, projection
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

pytestmark = pytest.mark.slow

MAKERS = ("hologic", "ge", "siemens")
CC_60MM: Row = {
    "irradiation_event_type": "stationary",
    "image_view": "cranio_caudal",
    "compression_thickness_mm": 60.0,
    "average_glandular_dose_mgy": 1.0,
}
MAMMOGRAPHY: Row = {"modality": "MG", "study_description": "Mammography"}
COLUMNS = "disclosure, p50, n_facilities"
CELL = "period = 2025 and technique = '2d' and view = 'cc' and thickness_band_id = 'cbt_55_65mm'"

TECHNIQUES: list[tuple[Row, str]] = [
    ({"irradiation_event_type": "stationary"}, "2d"),
    ({"irradiation_event_type": "rotational"}, "tomosynthesis"),
    ({"irradiation_event_type": "stepping"}, "tomosynthesis"),
    ({"irradiation_event_type": None}, "unknown"),
    ({"irradiation_event_type": None, "acquisition_protocol": "3D_ROUTINE"}, "tomosynthesis"),
    ({"irradiation_event_type": None, "acquisition_protocol": "R-CC"}, "unknown"),
    ({"irradiation_event_type": None, "acquisition_protocol": "Tomosynthese"}, "tomosynthesis"),
    # one protocol of a combined examination: the event says which of its two it is
    ({"irradiation_event_type": "stationary", "acquisition_protocol": "3D Combo"}, "2d"),
]
VIEWS = {
    "cranio_caudal": "cc",
    "medio_lateral_oblique": "mlo",
    "medio_lateral": "other",
    "axillary tail": "other",
    None: "unknown",
}
THICKNESSES: list[tuple[float | None, str | None, str | None]] = [
    (19.9, None, "thickness_outside"),
    (20.0, "cbt_20_25mm", None),
    (54.9, "cbt_45_55mm", None),
    (55.0, "cbt_55_65mm", None),
    (64.9, "cbt_55_65mm", None),
    (109.9, "cbt_105_110mm", None),
    (110.0, None, "thickness_outside"),
    (None, None, "no_thickness"),
]
REVELATION = {"manufacturer": "SIEMENS", "model_name": "Mammomat Revelation"}
REASONS: list[tuple[Row, Row, str | None]] = [
    ({"average_glandular_dose_mgy": None}, {}, "no_dose"),
    ({"average_glandular_dose_mgy": 0.0}, {}, "no_dose"),
    ({}, {"study_description": "Breast biopsy stereotactic"}, "examination_excluded"),
    ({}, {"study_description": "Mammography with implants"}, "examination_excluded"),
    ({}, {"study_description": "QX 12"}, "examination_excluded"),
    ({}, {"patient_age_days": None}, None),
    ({}, {"study_date": None}, "examination_excluded"),
    ({"irradiation_event_type": "rotational"}, REVELATION, "dose_of_one_projection"),
    ({}, REVELATION, None),
]
TECHNOLOGIES: list[tuple[Row, str]] = [
    ({"manufacturer": "HOLOGIC, Inc.", "model_name": "Selenia Dimensions"}, "dr"),
    ({"manufacturer": "Selenia Dimensions", "model_name": "HOLOGIC"}, "unknown"),
    ({"manufacturer": None, "model_name": None}, "unknown"),
]


def examination(study: str, *views: Row, **columns: Any) -> Report:
    """One mammography; each view is a CC of 60 mm at 1 mGy unless it says otherwise."""
    events = [{**CC_60MM, "event_key": f"{study}-{n}", **view} for n, view in enumerate(views)]
    return projection(study, events, **{**MAMMOGRAPHY, **columns})


def reports() -> Iterator[Report]:
    """Every case of the lists above, each as a study of its own."""
    for number, (view, _) in enumerate(TECHNIQUES):
        yield examination(f"technique-{number}", view)
    for number, name in enumerate(VIEWS):
        yield examination(f"view-{number}", {"image_view": name})
    for number, (thickness, _, _) in enumerate(THICKNESSES):
        yield examination(f"thickness-{number}", {"compression_thickness_mm": thickness})
    other = {"average_glandular_dose_mgy": 1.5, "image_view": "medio_lateral_oblique"}
    for number, (view, columns, _) in enumerate(REASONS):
        yield examination(f"reason-{number}", view, other, **columns)
    for number, (columns, _) in enumerate(TECHNOLOGIES):
        yield examination(f"technology-{number}", {}, **columns)
    first = {**CC_60MM, "event_key": "A"}
    second = {**CC_60MM, "event_key": "B", "image_view": "medio_lateral_oblique"}
    yield projection("copies", [first], key="one", **MAMMOGRAPHY)
    yield projection("copies", [first, second], key="both", **MAMMOGRAPHY)


@pytest.fixture(scope="module")
def views() -> SqlModels:
    done = SqlModels("int_breast_views")
    done.run(staging_tables({"F1": list(reports())}))
    return done


def view_columns(views: SqlModels, kind: str, columns: str) -> list[tuple[Any, ...]]:
    """Columns of the CC (or only) view of each case."""
    query = (
        f"select {columns} from int_breast_views "  # noqa: S608 - columns of a test
        f"where study_key like '{kind}-%' and counted_event_key like '%-0' "
        "order by study_key"
    )
    return views.rows(query)


def test_the_event_says_the_technique(views: SqlModels) -> None:
    assert view_columns(views, "technique", "technique") == [
        (technique,) for _, technique in TECHNIQUES
    ]


def test_views_are_cc_mlo_other_or_unknown(views: SqlModels) -> None:
    assert view_columns(views, "view", "view") == [(view,) for view in VIEWS.values()]


def test_a_thickness_is_in_one_band_or_outside(views: SqlModels) -> None:
    answer = view_columns(views, "thickness", "thickness_band_id, exclusion_reason")
    assert answer == [(band, reason) for _, band, reason in THICKNESSES]


def test_the_bands_lie_beside_one_another_from_20_to_110_mm(views: SqlModels) -> None:
    limits = views.rows("select lower_mm, upper_mm from thickness_bands order by lower_mm")
    assert (limits[0][0], limits[-1][1]) == (20, 110)
    assert [upper for _, upper in limits[:-1]] == [lower for lower, _ in limits[1:]]


def test_what_enters_no_breast_dose_has_a_reason(views: SqlModels) -> None:
    assert view_columns(views, "reason", "exclusion_reason") == [
        (reason,) for _, _, reason in REASONS
    ]


def test_views_of_unknown_technique_are_shown_although_they_are_in_no_level() -> None:
    done = SqlModels("int_breast_views")
    done.run(staging_tables({"F1": [examination("S1", {"irradiation_event_type": None})]}))
    query = "select technique, exclusion_reason from int_breast_views"
    assert done.rows(query) == [("unknown", None)]


def test_the_technology_is_unknown_where_no_source_says_it(views: SqlModels) -> None:
    answer = view_columns(views, "technology", "detector_technology")
    assert answer == [(technology,) for _, technology in TECHNOLOGIES]


def test_a_view_sent_twice_counts_once(views: SqlModels) -> None:
    query = "select view from int_breast_views where study_key = 'copies' order by view"
    assert views.rows(query) == [("cc",), ("mlo",)]


def unit(facility: str, dose: float, n_examinations: int = 10, **columns: Any) -> list[Row]:
    """Views of one unit, one per examination, all of one dose."""
    row = {
        "facility_id": facility,
        "period": 2025,
        "device_key": f"{facility}-1",
        "manufacturer_id": "hologic",
        "detector_technology": "unknown",
        "technique": "2d",
        "view": "cc",
        "compression_thickness_mm": 60.0,
        "thickness_band_id": "cbt_55_65mm",
        "average_glandular_dose_mgy": dose,
        "exclusion_reason": None,
        **columns,
    }
    keys = [f"{row['device_key']}-{n}" for n in range(n_examinations)]
    return [{**row, "study_key": key, "counted_event_key": key} for key in keys]


def nation(doses: Sequence[float], **columns: Any) -> list[Row]:
    """One facility with one unit for each dose; three manufacturers take turns."""
    units = [
        unit(f"F{number:02}", dose, **{"manufacturer_id": MAKERS[number % 3], **columns})
        for number, dose in enumerate(doses)
    ]
    return [row for rows in units for row in rows]


def of_one_maker(n_facilities: int) -> list[Row]:
    """Facilities whose units are all of one manufacturer."""
    return [row for n in range(n_facilities) for row in unit(f"O{n:02}", 1.0)]


@cache
def models() -> SqlModels:
    return SqlModels("public_breast_doses", "breast_doses", given=("int_breast_views",))


def built_models(rows: list[Row]) -> SqlModels:
    """The models computed from these views."""
    types = {"period": pa.int32(), "compression_thickness_mm": pa.float64()}
    types["average_glandular_dose_mgy"] = pa.float64()
    schema = pa.schema([(name, types.get(name, pa.string())) for name in rows[0]])
    models().lay("int_breast_views", pa.Table.from_pylist(rows, schema=schema))
    models().run({})
    return models()


def columns_of(done: SqlModels, table: str, columns: str, technology: str = "all") -> Any:
    query = f"select {columns} from {table} where {CELL} and detector_technology = ?"  # noqa: S608
    (answer,) = done.rows(query, technology)
    return answer


def test_percentiles_are_of_the_medians_of_the_units() -> None:
    """Of 1 to 21: the linear P50, P75 and P95 are the values at ranks 11, 16 and 20.

    A unit with nine examinations is not used, nor is a view that is excluded.
    """
    rows = nation([float(n) for n in range(1, 22)])
    rows += unit("F00", 90.0, n_examinations=9, device_key="SECOND")
    rows += unit("F01", 70.0, n_examinations=20, exclusion_reason="thickness_outside")
    columns = "n_facilities, n_devices, n_examinations, n_views, p50, p75, p95, minimum, maximum"
    answer = columns_of(built_models(rows), "breast_doses", columns)
    assert answer == (21, 21, 210, 210, 11, 16, 20, 1, 21)


def test_a_unit_is_its_median() -> None:
    rows = unit("F1", 1.0, 6) + unit("F1", 3.0, 4, device_key="F1-1")
    rows[6:] = [{**row, "study_key": f"more-{n}"} for n, row in enumerate(rows[6:])]
    answer = columns_of(built_models(rows), "breast_doses", "n_devices, n_examinations, p50, p95")
    assert answer == (1, 10, 1.0, 1.0)


def test_limits_are_medians_at_binomial_ranks() -> None:
    """Of 20 units the 95 % limits of the median are at ranks 6 and 15, of P75 at 11 and 19."""
    done = built_models(nation([float(n) for n in range(1, 21)]))
    columns = "p50_lower, p50_upper, p75_lower, p75_upper, p95_upper"
    assert columns_of(done, "breast_doses", columns) == (6, 15, 11, 19, None)


def test_two_units_of_a_facility_count_twice_and_are_one_facility() -> None:
    rows = nation([1.0] * 10) + unit("F00", 4.0, device_key="SECOND")
    answer = columns_of(built_models(rows), "breast_doses", "n_facilities, n_devices, maximum")
    assert answer == (10, 11, 4)


def test_public_numbers_are_rounded_and_extremes_are_withheld() -> None:
    done = built_models(nation([round(1 + n * 0.0371, 4) for n in range(1, 23)]))
    columns = "disclosure, n_devices, p50, p75, p95, p95_upper, p75_lower"
    shown = columns_of(done, "public_breast_doses", columns)
    exact = columns_of(done, "breast_doses", "p50, p75, p95, p75_lower")
    assert shown[:2] == ("shown", 20)
    for public, number in zip(shown[2:5], exact[:3], strict=True):
        assert public == pytest.approx(number, rel=0.0625)
        assert public != number
    assert shown[5] is None
    assert shown[6] <= exact[3]


@pytest.mark.parametrize(("n_units", "is_shown"), [(20, False), (21, True)])
def test_the_95th_percentile_is_public_where_the_highest_unit_has_no_part_in_it(
    n_units: int, is_shown: bool
) -> None:
    done = built_models(nation([float(n) for n in range(1, n_units + 1)]))
    answer = columns_of(done, "public_breast_doses", "p50 is not null, p95 is not null")
    assert answer == (True, is_shown)


@pytest.mark.parametrize(
    ("rows", "disclosure"),
    [
        (nation([1.0] * 10), "shown"),
        (nation([1.0] * 9), "suppressed"),
        (nation([1.0] * 20, manufacturer_id="one"), "suppressed"),
        (nation([1.0] * 3) + of_one_maker(20), "suppressed"),
        (
            nation([1.0] * 10)
            + [row for n in range(10) for row in unit("F00", 1.0, device_key=f"MORE{n}")],
            "suppressed",
        ),
    ],
    ids=["ten", "nine", "one maker", "one maker with most units", "one facility with most units"],
)
def test_few_or_dominated_cells_are_not_shown(rows: list[Row], disclosure: str) -> None:
    """Beside another view with enough data, so that the year is listed."""
    mlo = [
        {**row, "view": "mlo", "study_key": f"M{row['study_key']}"} for row in nation([1.0] * 10)
    ]
    answer = columns_of(built_models(rows + mlo), "public_breast_doses", COLUMNS)
    assert answer == ((disclosure, 1.0, 10) if disclosure == "shown" else (disclosure, None, None))


@pytest.mark.parametrize("n_dr", [4, 12])
def test_the_parts_of_a_total_are_shown_together_or_not_at_all(n_dr: int) -> None:
    """The attack: subtract the technologies shown from all, which leaves a withheld one."""
    rows = nation([1.0] * 20)
    rows += [each for n in range(n_dr) for each in unit(f"D{n:02}", 2.0, detector_technology="dr")]
    cells = built_models(rows).rows(
        "select detector_technology, disclosure, n_devices from public_breast_doses "  # noqa: S608
        f"where {CELL}"
    )
    shown = {technology: n for technology, disclosure, n in cells if disclosure == "shown"}
    # one manufacturer has all that is dr, so it is withheld, and unknown with it
    assert shown.keys() == {"all"}
    assert [n for _, _, n in cells if n is not None] == [shown["all"]]


def test_the_parts_of_a_total_are_shown_where_all_are_large_enough() -> None:
    rows = nation([1.0] * 20)
    dr = nation([2.0] * 15, detector_technology="dr")
    rows += [
        {**row, "facility_id": f"D{row['facility_id']}", "device_key": f"D{row['device_key']}"}
        for row in dr
    ]
    cells = built_models(rows).rows(
        "select detector_technology, n_devices, p50 from public_breast_doses "  # noqa: S608
        f"where {CELL} and disclosure = 'shown' order by all"
    )
    assert cells == [("all", 35, 1.0), ("dr", 15, 2.0), ("unknown", 20, 1.0)]


def test_a_period_of_which_nothing_is_shown_is_not_listed() -> None:
    rows = nation([1.0] * 10) + nation([1.0] * 9, period=2024)
    done = built_models(rows)
    assert done.rows("select distinct period from public_breast_doses") == [(2025,)]
    assert done.rows("select distinct period from breast_doses order by all") == [(2024,), (2025,)]


def test_rows_do_not_tell_what_there_is() -> None:
    """Every combination has a row, whether or not data were sent."""
    few = built_models(nation([1.0] * 10)).rows("select count(*) from public_breast_doses")
    dr = unit("D", 2.0, detector_technology="dr")
    many = built_models(nation([1.0] * 10) + dr).rows("select count(*) from public_breast_doses")
    assert few == many == [(3 * 4 * 10 * 5,)]
