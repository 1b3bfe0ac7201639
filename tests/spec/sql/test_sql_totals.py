"""Totals of several reports of one study: added where they are apart, never where they overlap."""

from __future__ import annotations

import pytest

from tests.support.lakes.lake_rows import Report, Row, projection
from tests.support.lakes.staged_files import case, staged_files
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

pytestmark = pytest.mark.slow

FACILITY = "F001"
LEDGER = ("attrition_used_examinations", "ledger_attrition", "ledger_days")
UNKNOWN = "overlapping_totals"
UNMAPPED = "unmapped_procedure"


@pytest.fixture(scope="module")
def models() -> SqlModels:
    return SqlModels("fct_examination_doses", "attrition", "fct_ledger_entries")


def part(number: int, kap: float | None, total: float | None, **columns: object) -> Report:
    """A report of one event, with the totals of KAP (in Gy.cm2) and a minute for each Gy.cm2."""
    event = {"event_key": f"E{number}", "dose_area_product_gy_m2": kap and kap / 1e4}
    totals = [] if total is None else [{**total_row(total), "acquisition_plane": "single_plane"}]
    said = {"scope_of_accumulation": "study", "modality": "RF", **columns}
    return projection("S1", [event], totals, key=f"R{number}", **said)  # type: ignore[arg-type]


def total_row(kap: float) -> Row:
    return {"dose_area_product_total_gy_m2": kap / 1e4, "total_fluoro_time_s": 60.0 * kap}


def doses(models: SqlModels, *reports: Report) -> tuple[float | None, float | None, str | None]:
    """KAP, fluoroscopy time and reason of the only examination."""
    models.run(staging_tables({FACILITY: reports}))
    assert [row for name in LEDGER for row in models.test(name)] == []
    ((kap, time, reason),) = models.rows(
        "select round(kap_gy_m2 * 1e4, 6), round(fluoro_time_s, 6), exclusion_reason "
        "from int_examinations_classified"
    )
    return kap, time, reason


def test_a_total_of_the_study_in_each_report_counts_once(models: SqlModels) -> None:
    names = ("dx_total_of_the_study_in_each_report_a", "dx_total_of_the_study_in_each_report_b")
    models.run(staged_files({FACILITY: [case(name) for name in names]}))
    rows = models.rows("select value, exclusion_reason from fct_examination_doses")
    assert rows == [(pytest.approx(0.5), None)]
    assert [row for name in LEDGER for row in models.test(name)] == []


@pytest.mark.parametrize("scope", ["study", "series", None])
@pytest.mark.parametrize(
    ("totals", "kap", "time"),
    [
        ((2.0, 3.0), 5.0, 300.0),  # each of its own events, whatever the scope says
        ((2.0, 5.0), 5.0, 300.0),  # the second includes the first
        ((5.0, 5.0), 5.0, 300.0),  # both are of the whole study
        ((2.0, None), 5.0, None),
        ((None, None), 5.0, None),
    ],
)
def test_the_events_tell_what_the_totals_cover(
    models: SqlModels,
    scope: str | None,
    totals: tuple[float | None, float | None],
    kap: float,
    time: float | None,
) -> None:
    said = {"scope_of_accumulation": scope}
    reports = [part(1, 2.0, totals[0], **said), part(2, 3.0, totals[1], **said)]
    assert doses(models, *reports) == (kap, time, UNMAPPED)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("series", (12.0, 720.0, UNMAPPED)),  # apart, with fluoroscopy that is no event
        ("irradiation_event", (12.0, 720.0, UNMAPPED)),
        ("study", (8.0, 480.0, UNMAPPED)),  # the second total is of the study
        ("procedure_step_to_this_point", (8.0, 480.0, UNMAPPED)),
        (None, (None, None, UNKNOWN)),
    ],
)
def test_where_not_all_is_an_event_the_scope_tells(
    models: SqlModels, scope: str | None, expected: tuple[float | None, float | None, str]
) -> None:
    said = {"scope_of_accumulation": scope}
    kap, time, reason = doses(models, part(1, 2.0, 4.0, **said), part(2, 3.0, 8.0, **said))
    assert (time, reason) == expected[1:]
    assert reason == UNKNOWN or kap == expected[0]


@pytest.mark.parametrize("total", [5.0, 1.0])
def test_totals_that_no_rule_explains_are_not_used(models: SqlModels, total: float) -> None:
    """The largest total of the study is smaller than its events, or an event has no KAP."""
    assert doses(models, part(1, 4.0, 3.0), part(2, 3.0, total))[2] == UNKNOWN
    assert doses(models, part(1, None, 3.0), part(2, 3.0, total))[2] == UNKNOWN


def test_one_report_has_its_total_whatever_its_scope(models: SqlModels) -> None:
    assert doses(models, part(1, 2.0, 4.0)) == (4.0, 240.0, UNMAPPED)


def test_air_kerma_tells_where_kap_is_missing(models: SqlModels) -> None:
    events = [{"event_key": f"E{n}", "dose_rp_gy": kerma} for n, kerma in ((1, 0.1), (2, 0.2))]
    totals = [{"dose_rp_total_gy": 0.1}, {"dose_rp_total_gy": 0.3}]
    models.run(
        staging_tables(
            {
                FACILITY: [
                    projection("S1", [event], [total], key=f"R{number}")
                    for number, (event, total) in enumerate(zip(events, totals, strict=True))
                ]
            }
        )
    )
    rows = models.rows("select round(air_kerma_rp_gy, 9) from int_examinations_classified")
    assert rows == [(0.3,)]


def test_totals_of_mammography_decide_nothing(models: SqlModels) -> None:
    """Its levels are of the glandular dose, which no total of X-ray dose concerns."""
    reports = [
        projection(
            "S1",
            [{"event_key": f"E{number}", "average_glandular_dose_mgy": agd}],
            [total_row(3.0)],
            key=f"R{number}",
            modality="MG",
        )
        for number, agd in enumerate((1.0, 2.0))
    ]
    models.run(staging_tables({FACILITY: reports}))
    rows = models.rows("select agd_mgy, exclusion_reason from int_examinations_classified")
    assert rows == [(1.5, UNMAPPED)]
