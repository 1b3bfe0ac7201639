"""Totals of several reports of one study: added where they are apart, never where they overlap."""

from __future__ import annotations

import pytest

from tests.support.lakes.lake_rows import Report, Row, event, projection, report
from tests.support.lakes.staged_files import case, staged_files
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels
from transforms.tables import CT_ACCUMULATED_DOSE

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


IMAGE = {"irradiation_event_type": "stationary"}


def test_totals_of_mammography_decide_nothing(models: SqlModels) -> None:
    """Its levels are of the glandular dose, which no total of X-ray dose concerns."""
    reports = [
        projection(
            "S1",
            [{"event_key": f"E{number}", **IMAGE, "average_glandular_dose_mgy": agd}],
            [total_row(3.0)],
            key=f"R{number}",
            modality="MG",
        )
        for number, agd in enumerate((1.0, 2.0))
    ]
    models.run(staging_tables({FACILITY: reports}))
    rows = models.rows("select largest_agd_mgy, exclusion_reason from int_examinations_classified")
    assert rows == [(2.0, UNMAPPED)]


LOCALIZER = event("L", kind="constant_angle", ctdivol=None, dlp=5.0)


def chest(*events: Row, total: float | None, key: str = "R1") -> Report:
    made = report("S1", events, key=key, study_description="CT Chest")
    stated = {CT_ACCUMULATED_DOSE.name: [{"dlp_total_mgy_cm": total}]}
    return Report(made.row, {**made.tables, **stated})


def dlp(models: SqlModels, *reports: Report) -> tuple[float | None, bool, str | None]:
    """DLP of the only examination, whether it is a stated total, and the reason."""
    models.run(staging_tables({FACILITY: reports}))
    assert [row for name in LEDGER for row in models.test(name)] == []
    ((value, is_from_total, reason),) = models.rows(
        "select value, is_from_total, exclusion_reason from fct_examination_doses "
        "where drl_quantity = 'dlp'"
    )
    return value, is_from_total, reason


@pytest.mark.parametrize("scans", [1, 2])
def test_a_stated_dlp_total_is_used_where_no_scan_has_a_dlp(models: SqlModels, scans: int) -> None:
    events = [event(f"E{number}", dlp=None) for number in range(scans)]
    assert dlp(models, chest(*events, total=300.0)) == (300.0, True, None)
    assert dlp(models, chest(LOCALIZER, *events, total=305.0)) == (305.0, True, None)


def test_a_zero_beside_a_ctdivol_is_no_dlp(models: SqlModels) -> None:
    assert dlp(models, chest(event("E", dlp=0.0), total=300.0)) == (300.0, True, None)


def test_zeros_beside_a_total_are_no_doses(models: SqlModels) -> None:
    zero = event("E", ctdivol=0.0, dlp=0.0)
    assert dlp(models, chest(zero, total=300.0)) == (300.0, True, None)
    assert dlp(models, chest(zero, event("F", dlp=200.0), total=300.0)) == (200.0, False, None)


def test_ctdivol_need_not_be_stated(models: SqlModels) -> None:
    scan = event("E", ctdivol=None, dlp=None)
    assert dlp(models, chest(scan, total=300.0)) == (300.0, True, None)


@pytest.mark.parametrize(
    ("events", "total", "expected"),
    [
        ([event("E", dlp=200.0)], 300.0, (200.0, False, None)),
        ([event("E", dlp=200.0), event("F", dlp=None)], 300.0, (None, False, "incomplete_dlp")),
        ([event("E", dlp=None)], None, (None, False, "no_dose")),
        ([event("E", dlp=None)], 0.0, (None, False, "no_dose")),
        ([LOCALIZER, event("E", dlp=None)], 4.0, (None, False, "no_dose")),
        ([LOCALIZER], 5.0, (5.0, False, "no_diagnostic_event")),
    ],
)
def test_no_other_total_is_used(
    models: SqlModels,
    events: list[Row],
    total: float | None,
    expected: tuple[float | None, bool, str | None],
) -> None:
    assert dlp(models, chest(*events, total=total)) == expected


def test_totals_of_two_reports_without_event_doses_are_not_added(models: SqlModels) -> None:
    first = chest(event("E", dlp=None), total=300.0)
    second = chest(event("F", dlp=None), total=500.0, key="R2")
    assert dlp(models, first, second) == (None, False, "no_dose")


def test_the_total_of_the_larger_of_two_cumulative_reports_is_used(models: SqlModels) -> None:
    first = chest(event("E", dlp=None), total=300.0)
    second = chest(event("E", dlp=None), event("F", dlp=None), total=500.0, key="R2")
    assert dlp(models, first, second) == (500.0, True, None)
