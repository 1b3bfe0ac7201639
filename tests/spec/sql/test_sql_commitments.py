"""The indicators of the commitment report against a nation counted by hand.

Five CT scanners of four manufacturers, ten irradiation events, and what is declared of them:

    scanner        declared  sends  scans (kV, modulation, reconstruction)
    F1 Siemens     2021      S1     A 100 XYZ_EC iterative / B 120 NONE filtered / localizer
    F2 GE          2020      S2 S3  C 80 - - / D head, 120 ANGULAR other / E - AutomA iterative
    F3 Toshiba     2020      S4     F 100 none filtered / G 119.6 - -
    F4 Philips     no        S5     H 120 DOM iterative / bolus tracking
    F5 Siemens     2014      -
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest

from tests.support.lakes.lake_rows import Report, Row, event, report
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels
from transforms.lake.lake import arrow_table
from transforms.tables.declared import KINDS

ITERATIVE, FILTERED = "Iterative Reconstruction", "Filtered Back Projection"
SILENT: Row = {}
NOT_CONFIGURED: Row = {
    "ctdivol_notification_configured": False,
    "dlp_notification_configured": False,
    "ctdivol_alert_configured": False,
    "dlp_alert_configured": False,
}


def notification_row(value: float | None, alert: float | None) -> Row:
    """A CTDIvol notification value and a DLP alert value configured; the rest is not."""
    return {
        **NOT_CONFIGURED,
        "ctdivol_notification_configured": True,
        "ctdivol_notification_value_mgy": value,
        "dlp_alert_configured": True,
        "dlp_alert_value_mgy_cm": alert,
    }


def scan(
    kvp: float | None,
    modulation: str | None,
    reconstruction: str | None,
    dose_check: Row = SILENT,
    **columns: Any,
) -> Row:
    """A spiral scan of the body with CTDIvol 10 and DLP 300."""
    return {
        **event(),
        "kvp_kv": kvp,
        "xray_modulation_type": modulation,
        "reconstruction_algorithm": reconstruction,
        **dose_check,
        **columns,
    }


def declared_table(kind: str, *rows: Row) -> tuple[str, pa.Table]:
    """The rows of the newest load of one kind of form."""
    load = {"sequence_number": 1, "file_sha256": "0" * 64}
    return KINDS[kind].name, arrow_table(KINDS[kind], [{**load, **row} for row in rows])


def device(number: int, manufacturer: str, model: str, installed_on: datetime.date) -> Row:
    return {
        "facility_id": f"F{number}",
        "manufacturer": manufacturer,
        "model_name": model,
        "device_key": f"F{number}-CT1",
        "modality": "CT",
        "country": "SE",
        "installed_on": installed_on,
    }


def model(manufacturer: str, name: str, generation: str | None, **answers: str) -> Row:
    asked = ("xr_25", "xr_26", "xr_28", "xr_29", "can_add_modulation", "can_add_iterative")
    return {
        "manufacturer": manufacturer,
        "model_name": name,
        "modality": "CT",
        "generation": generation,
        "declared_by": "maker",
        "declared_on": datetime.date(2025, 1, 1),
        **dict.fromkeys(asked, "unknown"),
        **answers,
    }


def facility(number: int, examinations: int | None, system: str) -> Row:
    return {
        "facility_id": f"F{number}",
        "period": 2025,
        "modality": "CT",
        "n_examinations": examinations,
        "has_dose_management_system": system,
    }


SIEMENS = {"manufacturer": "SIEMENS", "model_name": "SOMATOM Force", "software_versions": "VB20"}
GE = {"manufacturer": "GE MEDICAL SYSTEMS", "model_name": "Revolution CT"}
TOSHIBA = {"manufacturer": "TOSHIBA", "model_name": "Aquilion ONE"}
PHILIPS = {"manufacturer": "Philips", "model_name": "iCT 256"}
REPORTS: Mapping[str, Sequence[Report]] = {
    "F1": [
        report(
            "S1",
            [
                scan(
                    100,
                    "XYZ_EC",
                    ITERATIVE,
                    notification_row(20, 1000),
                    water_equivalent_diameter_mm=250,
                ),
                scan(
                    120,
                    "NONE",
                    FILTERED,
                    notification_row(8, 1000),
                    water_equivalent_diameter_mm=320,
                ),
                scan(120, "XYZ_EC", None, ct_acquisition_type="constant_angle", dlp_mgy_cm=5),
            ],
            **SIEMENS,
        )
    ],
    "F2": [
        report(
            "S2",
            [
                scan(80, None, None),
                scan(
                    *(120, "ANGULAR", "Deep learning"),
                    ct_acquisition_type="sequenced",
                    ctdiw_phantom="head_16cm",
                ),
            ],
            **GE,
        ),
        report("S3", [scan(None, "Auto mA", ITERATIVE, NOT_CONFIGURED)], **GE),
    ],
    "F3": [
        report(
            "S4",
            [
                scan(100, " none ", FILTERED, notification_row(None, None)),
                scan(119.6, " ", None, ssde_mgy=12),
            ],
            **TOSHIBA,
        )
    ],
    "F4": [
        report(
            "S5",
            [
                scan(
                    *(120, "DOM", ITERATIVE, NOT_CONFIGURED),
                    dlp_alert_configured=True,
                    dlp_alert_value_mgy_cm=500,
                    dlp_mgy_cm=800,
                ),
                scan(None, "DOM", None, ct_acquisition_type="stationary", dlp_mgy_cm=10),
            ],
            **PHILIPS,
        )
    ],
}
DECLARED = dict(
    (
        declared_table(
            "device",
            device(1, "Siemens", "SOMATOM Force", datetime.date(2021, 6, 1)),
            device(2, "GE", "Revolution CT", datetime.date(2020, 12, 31)),
            device(3, "Toshiba", "Aquilion ONE", datetime.date(2019, 12, 31)),
            device(5, "Siemens Healthineers", "Definition", datetime.date(2014, 1, 1)),
        ),
        declared_table(
            "model",
            model("Siemens", "somatom force", "third", xr_25="yes", can_add_modulation="yes"),
            model("GE HealthCare", "Revolution CT", "third", xr_25="no"),
            model(
                *("Canon Medical Systems", "Aquilion-ONE", "second"),
                **{"xr_25": "yes", "can_add_modulation": "no"},
            ),
        ),
        declared_table(
            "facility",
            *(facility(1, 10, "yes"), facility(2, 1, "no")),
            *(facility(3, None, "unknown"), facility(5, 20, "yes")),
        ),
        declared_table(
            "feature",
            *(
                {
                    "manufacturer": maker,
                    "model_name": name,
                    "feature_id": "iterative_reconstruction",
                    "status": status,
                    "declared_by": "maker",
                    "declared_on": datetime.date(2025, 1, 1),
                }
                for maker, name, status in (
                    ("Siemens", "SOMATOM Force", "standard"),
                    ("Canon", "Aquilion ONE", "standard"),  # not known as Toshiba by this name
                    ("Toshiba", "Aquilion ONE", "upgrade"),
                    ("GE Healthcare", "Revolution CT", "not_available"),
                )
            ),
        ),
    )
)


@pytest.fixture(scope="module")
def nation() -> SqlModels:
    models = SqlModels("commitment_indicators", "feature_diffusion", "installed_base")
    models.run({**staging_tables(REPORTS), **DECLARED})
    return models


@pytest.mark.parametrize(
    ("indicator", "numerator", "denominator", "unknown"),
    [
        ("modulation_use", 3, 5, 2),  # A E H of A B E F H; C and G state nothing
        ("voltage_below_120", 3, 6, 1),  # A C F of A B C F G H; E states nothing
        ("iterative_use", 3, 5, 3),  # A E H of A B E F H; C D G are unknown
        ("dose_check_notification_configured", 3, 5, 3),  # A B F of A B E F H
        ("dose_check_alert_configured", 4, 5, 3),  # A B F H of A B E F H
        ("notification_value_exceeded", 1, 2, 1),  # B of A B; F has no value
        ("alert_value_exceeded", 1, 2, 1),  # S5 (810 > 500) of S1 (605) S5; S4 has no value
        ("ssde_available", 3, 8, 0),  # A B G of all scans
        ("rdsr_scanner_adoption", 3, 4, 1),  # F5 sends nothing, F4 is not declared
        ("rdsr_examination_coverage", 2, 31, 2),  # 1 of 10, 2 of 1, 0 of 20; F3 F4 unknown
        ("dose_management_system", 2, 3, 2),  # F1 F5 of F1 F2 F5
        ("xr_25_declared", 2, 3, 2),  # F4 and F5 are of no declared model
        ("xr_29_declared", 0, 0, 5),
        ("upgradeable_with_modulation", 1, 2, 3),  # F1 of F1 F3
    ],
)
def test_an_indicator_is_what_is_counted_by_hand(
    nation: SqlModels, indicator: str, numerator: int, denominator: int, unknown: int
) -> None:
    query = (
        "select numerator, denominator, n_unknown, value, share_unknown "
        "from commitment_indicators where indicator_id = ? and dimension = 'all'"
    )
    value = numerator / denominator if denominator else None
    share_unknown = unknown / (unknown + denominator)
    assert nation.rows(query, indicator) == [
        (numerator, denominator, unknown, value, pytest.approx(share_unknown))
    ]


@pytest.mark.parametrize(
    ("indicator", "dimension", "expected"),
    [
        (
            "voltage_below_120",
            "patient_size",
            {"dw_240_280mm": (1, 1, 0), "dw_320_360mm": (0, 1, 0), "unknown": (2, 4, 1)},
        ),
        (
            "voltage_mix",
            "kvp",
            {"80 kV": (1, 6, 1), "100 kV": (2, 6, 1), "120 kV": (3, 6, 1)},
        ),
        (
            "modulation_use",
            "manufacturer",
            {"siemens": (1, 2, 0), "ge": (1, 1, 1), "canon": (0, 1, 1), "philips": (1, 1, 0)},
        ),
        (
            "modulation_use",
            "generation",
            {"third": (2, 3, 1), "second": (0, 1, 1), "unknown": (1, 1, 0)},
        ),
        (
            "modulation_use",
            "age_band",
            {"up_to_5": (2, 3, 1), "from_6_to_10": (0, 1, 1), "unknown": (1, 1, 0)},
        ),
        (
            "rdsr_scanner_adoption",
            "age_band",
            {"up_to_5": (2, 2, 0), "from_6_to_10": (1, 1, 0), "over_10": (0, 1, 0)}
            | {"unknown": (0, 0, 1)},
        ),
    ],
)
def test_the_strata_of_an_indicator(
    nation: SqlModels, indicator: str, dimension: str, expected: dict[str, tuple[int, ...]]
) -> None:
    query = (
        "select stratum, numerator, denominator, n_unknown from commitment_indicators "
        "where indicator_id = ? and dimension = ?"
    )
    rows = nation.rows(query, indicator, dimension)
    assert {stratum: tuple(counts) for stratum, *counts in rows} == expected
    assert len(rows) == len(expected)


def test_who_stands_behind_an_indicator(nation: SqlModels) -> None:
    """F1 has two of the five scans; each of the four scanners has another manufacturer."""
    query = (
        "select n_facilities, n_facilities_unknown, n_devices, n_manufacturers, "
        "largest_manufacturer_share, largest_facility_share, value_lower, value_upper "
        "from commitment_indicators where indicator_id = 'modulation_use' and dimension = 'all'"
    )
    assert nation.rows(query) == [
        (
            4,
            2,
            4,
            4,
            0.25,
            0.4,
            pytest.approx(0.230724, abs=1e-6),
            pytest.approx(0.882379, abs=1e-6),
        )
    ]


def test_items_are_counted_one_by_one_and_together(nation: SqlModels) -> None:
    """Nine events are not localizers; E and the bolus tracking have no voltage."""
    query = (
        "select numerator, denominator from commitment_indicators "
        "where indicator_id = 'item_completeness' and dimension = ? and stratum = ?"
    )
    assert nation.rows(query, "item", "kvp_kv") == [(7, 9)]
    assert nation.rows(query, "item", "reconstruction_algorithm") == [(6, 9)]
    assert nation.rows(query, "item", "ssde_mgy") == [(1, 9)]
    assert nation.rows(query, "item_model", "kvp_kv | Revolution CT") == [(2, 3)]
    assert nation.rows(query, "item_software", "kvp_kv | VB20") == [(2, 2)]
    together = nation.rows(
        "select sum(numerator), sum(denominator) from commitment_indicators "
        "where indicator_id = 'item_completeness' and dimension = 'item'"
    )
    assert nation.rows(query, "all", "all") == together
    assert together[0][1] == 20 * 9


@pytest.mark.parametrize(
    ("feature", "used", "known", "unknown"),
    [
        ("tube_current_modulation", 3, 4, 1),  # F3 says NONE, F5 states nothing
        ("tube_voltage_selection", 2, 4, 1),  # F1 and F3 have two voltages
        ("iterative_reconstruction", 3, 4, 1),
        ("dose_check", 3, 4, 1),
        ("ssde", 2, 4, 1),
        ("rdsr", 3, 4, 1),  # F5 sends none, F4 is not declared
        ("organ_based_modulation", 0, 0, 5),  # no dose report shows it
    ],
)
def test_diffusion_counts_devices_and_leaves_the_unknown_unknown(
    nation: SqlModels, feature: str, used: int, known: int, unknown: int
) -> None:
    query = (
        "select n_devices_used, n_devices_known, n_devices_unknown, share "
        "from feature_diffusion where feature_id = ? and age_band_id = 'all'"
    )
    share = used / known if known else None
    assert nation.rows(query, feature) == [(used, known, unknown, share)]


def test_a_feature_is_available_where_the_model_is_declared_with_it(nation: SqlModels) -> None:
    """Siemens' and Toshiba's models have it, GE's does not; two devices have no declaration."""
    query = (
        "select n_models_available, n_devices_available, n_devices_declared from feature_diffusion "
        "where feature_id = 'iterative_reconstruction' and age_band_id = 'all'"
    )
    assert nation.rows(query) == [(2, 2, 3)]


def test_the_installed_base_joins_what_is_declared_and_what_is_sent(nation: SqlModels) -> None:
    query = (
        "select facility_id, manufacturer_id, age_years, age_band_id, generation, has_rdsr, "
        "n_reports, is_declared from installed_base order by facility_id"
    )
    assert nation.rows(query) == [
        ("F1", "siemens", 4, "up_to_5", "third", True, 1, True),
        ("F2", "ge", 5, "up_to_5", "third", True, 2, True),
        ("F3", "canon", 6, "from_6_to_10", "second", True, 1, True),
        ("F4", "philips", None, "unknown", "unknown", True, 1, False),
        ("F5", "siemens", 11, "over_10", "unknown", False, 0, True),
    ]


def test_every_indicator_of_the_seed_is_counted_and_no_other(nation: SqlModels) -> None:
    """No statistic has ten examinations here, so nothing is compared with a level."""
    query = (
        "select indicator_id from indicators except select indicator_id from commitment_indicators"
    )
    assert nation.rows(query) == [("above_national_drl",)]
    parts = "from int_indicator_contributions anti join indicators using (indicator_id)"
    assert nation.rows(parts) == []


def test_size_classes_are_those_of_the_patient_groups(nation: SqlModels) -> None:
    groups = nation.rows(
        "select group_id, size_lower_mm, size_upper_mm from patient_groups "
        "where size_basis = 'water_equivalent_diameter'"
    )
    assert len(groups) == 7
    for group, lower, upper in groups:
        for diameter in (lower, upper - 0.001):
            text = "select {{ size_class('cast(? as double)') }}".replace("?", str(diameter))
            assert nation.rows_of_template(text) == [(group,)], diameter
    for text in ("null", "39.9", "700"):
        text = f"select {{{{ size_class('cast({text} as double)') }}}}"
        assert nation.rows_of_template(text) == [("unknown",)]
