"""Age of the installed base, golden rules, and doses by age and generation, computed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

from tests.support.lakes.lake_rows import Row, event, report
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels
from transforms.lake.lake import arrow_table
from transforms.tables.declared import KINDS

PERIOD = 2025
TYPICAL_VALUE: Row = {
    "period": PERIOD,
    "modality": "CT",
    "facility_id": "F1",
    "device_key": "F1-CT1",
    "manufacturer_id": "siemens",
    "generation": "unknown",
    "age_band_id": "unknown",
    "is_in_base": True,
    "procedure_id": "ct_chest",
    "patient_group_id": "adult",
    "drl_quantity": "dlp",
    "unit": "mGy.cm",
    "n_examinations": 10,
    "typical_value": 300.0,
    "national_drl": 350.0,
    "is_above": False,
}
TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
SCHEMA = pa.schema([(name, TYPES[type(value)]) for name, value in TYPICAL_VALUE.items()])


def device(facility_id: str, number: int = 1, **columns: Any) -> Row:
    """A declared CT scanner, installed in 2023."""
    return {
        "facility_id": facility_id,
        "manufacturer": "Siemens",
        "model_name": "SOMATOM Force",
        "device_key": f"{facility_id}-CT{number}",
        "modality": "CT",
        "country": "SE",
        "installed_on": datetime.date(2023, 1, 1),
        "sequence_number": 1,
        "file_sha256": "0" * 64,
        **columns,
    }


@pytest.fixture(scope="module")
def models() -> SqlModels:
    return SqlModels("installed_base", "age_profile")


def installed_base(models: SqlModels, devices: Sequence[Row], *senders: str) -> SqlModels:
    """The installed base of these devices; one report of each of `senders` makes 2025 a period."""
    sent = {name: [report(f"S-{name}", [event()])] for name in senders or ("SENDER",)}
    table = KINDS["device"]
    models.run({**staging_tables(sent), table.name: arrow_table(table, devices)})
    return models


@pytest.mark.parametrize(
    ("installed_on", "age", "band"),
    [
        ("2025-12-31", 0, "up_to_5"),
        ("2020-12-31", 5, "up_to_5"),  # exactly 5 years
        ("2020-12-30", 5, "up_to_5"),  # 5 years and a day: 5 completed years
        ("2020-01-01", 5, "up_to_5"),
        ("2019-12-31", 6, "from_6_to_10"),
        ("2015-12-31", 10, "from_6_to_10"),  # exactly 10 years
        ("2015-01-01", 10, "from_6_to_10"),
        ("2014-12-31", 11, "over_10"),
        ("2012-02-29", 13, "over_10"),
    ],
)
def test_age_is_counted_in_completed_years(
    models: SqlModels, installed_on: str, age: int, band: str
) -> None:
    made = device("F1", installed_on=datetime.date.fromisoformat(installed_on))
    query = "select age_years, age_band_id from installed_base where facility_id = 'F1'"
    assert installed_base(models, [made]).rows(query) == [(age, band)]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"installed_on": datetime.date(2026, 1, 1)}, []),
        ({"decommissioned_on": datetime.date(2025, 12, 31)}, []),
        ({"decommissioned_on": datetime.date(2026, 1, 1)}, [(True, False)]),
    ],
)
def test_the_base_is_what_is_in_use_on_the_last_day(
    models: SqlModels, dates: Row, expected: list[tuple[bool, ...]]
) -> None:
    query = "select is_declared, has_rdsr from installed_base where facility_id = 'F1'"
    assert installed_base(models, [device("F1", **dates)]).rows(query) == expected


def test_what_was_taken_out_of_use_is_not_taken_for_undeclared(models: SqlModels) -> None:
    gone = device("F1", decommissioned_on=datetime.date(2025, 6, 30))
    installed_base(models, [gone], "F1")
    assert models.rows("from installed_base") == []
    query = "select is_declared, is_in_base, has_rdsr, age_years from int_installed_base"
    assert models.rows(query) == [(False, False, True, None)]


def test_a_year_that_nobody_reports_of_is_none(models: SqlModels) -> None:
    installed_base(models, [device("F1")])
    assert models.rows("select distinct period from installed_base") == [(2025,)]


def device_of_age(facility_id: str, number: int, age: int, **columns: Any) -> Row:
    """A device of this many completed years at the end of 2025."""
    return device(facility_id, number, installed_on=datetime.date(2025 - age, 7, 1), **columns)


def profile(models: SqlModels, ages: Sequence[int], country: str = "all") -> list[Any]:
    devices = [device_of_age("F1", number, age) for number, age in enumerate(ages, 1)]
    installed_base(models, devices)
    return models.rows(
        "select age_band_id, n_devices, share, is_met, n_age_unknown from age_profile "
        "where country = ? order by rule, n_devices desc, age_band_id",
        country,
    )


def test_golden_rules_are_met_at_their_limits(models: SqlModels) -> None:
    """Six of ten up to 5 years, three of 6 to 10, one older; a device with reports has no age."""
    assert profile(models, [0, 1, 2, 3, 4, 5, 6, 8, 10, 11]) == [
        ("up_to_5", 6, 0.6, True, 1),
        ("from_6_to_10", 3, 0.3, True, 1),
        ("over_10", 1, 0.1, True, 1),
    ]


def test_golden_rules_are_not_met_beyond_them(models: SqlModels) -> None:
    assert profile(models, [0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12]) == [
        ("up_to_5", 5, pytest.approx(5 / 11), False, 1),
        ("from_6_to_10", 4, pytest.approx(4 / 11), False, 1),
        ("over_10", 2, pytest.approx(2 / 11), False, 1),
    ]


def test_a_band_without_a_device_is_a_row_and_may_meet_its_rule(models: SqlModels) -> None:
    assert profile(models, [1])[-1] == ("over_10", 0, 0.0, True, 1)


def test_without_a_known_age_no_rule_is_met_or_not(models: SqlModels) -> None:
    assert profile(models, [], "unknown") == [
        ("up_to_5", 0, None, None, 1),
        ("from_6_to_10", 0, None, None, 1),
        ("over_10", 0, None, None, 1),
    ]


def test_countries_are_counted_apart_and_together(models: SqlModels) -> None:
    installed_base(
        models,
        [
            device_of_age("F1", 1, 1),
            device_of_age("F2", 1, 1, country="NO"),
            device_of_age("F2", 2, 1),
        ],
    )
    rows = models.rows(
        "select country, n_devices, n_facilities from age_profile where age_band_id = 'up_to_5' "
        "and country <> 'unknown' order by country"
    )
    assert rows == [("NO", 1, 1), ("SE", 2, 2), ("all", 3, 2)]


# --- doses ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def doses() -> SqlModels:
    return SqlModels("age_band_doses", "generation_doses", given=("int_device_typical_values",))


def dose_marts(doses: SqlModels, rows: Sequence[Row]) -> SqlModels:
    """Dose marts from these typical values of devices; each row gives only what differs."""
    table = pa.Table.from_pylist([{**TYPICAL_VALUE, **row} for row in rows], SCHEMA)
    marts = ("age_band_doses", "int_generation_values", "generation_doses")
    doses.rebuild({"int_device_typical_values": table}, *marts)
    return doses


def scanner(number: int, value: float, **columns: Any) -> Row:
    """One device at a facility of its own."""
    keys = {"facility_id": f"F{number}", "device_key": f"F{number}-CT1"}
    return {**keys, "typical_value": float(value), "is_above": value > 350, **columns}


def test_doses_by_age_are_quantiles_of_devices(doses: SqlModels) -> None:
    """Of 100 ... 600 in tens the median is 350, and 25 of 51 are above the level of 350."""
    young = [scanner(n, 100 + 10 * n, age_band_id="up_to_5") for n in range(51)]
    old = [scanner(n, 400 + n, age_band_id="over_10") for n in range(60, 63)]
    dose_marts(doses, [*young, *old])
    query = (
        "select age_band_id, n_devices, n_facilities, p25, p50, p75, p50_lower, p50_upper, "
        "n_above, n_compared, share_above from age_band_doses order by n_devices"
    )
    assert doses.rows(query) == [
        ("over_10", 3, 3, 460.5, 461.0, 461.5, None, None, 3, 3, 1.0),
        # Of 51 the limits are the values at ranks 19 and 33 (binomial, p = 0.5).
        ("up_to_5", 51, 51, 225.0, 350.0, 475.0, 280.0, 420.0, 25, 51, pytest.approx(25 / 51)),
    ]


def test_what_is_not_in_the_base_is_in_no_band(doses: SqlModels) -> None:
    dose_marts(doses, [scanner(1, 300, is_in_base=False)])
    assert doses.rows("from age_band_doses") == []


def test_generations_are_standardised_to_one_mix(doses: SqlModels) -> None:
    """Both generations have the same doses per procedure but scan different ones.

    Chest 200 (300 examinations), head 800 (100 examinations): the mix is 3/4 and 1/4, so all have
    0.75 x 200 + 0.25 x 800 = 350. Only the second generation scans necks.
    """
    head = {"procedure_id": "ct_head"}
    dose_marts(
        doses,
        [
            scanner(1, 200, generation="first", n_examinations=250),
            scanner(1, 800, generation="first", n_examinations=10, **head),
            scanner(2, 200, generation="second", n_examinations=50),
            scanner(2, 800, generation="second", n_examinations=90, **head),
            scanner(2, 9000, generation="second", n_examinations=100, procedure_id="ct_neck"),
        ],
    )
    query = (
        "select generation, standardised_value, ratio_to_all, n_cells, n_cells_left_out, "
        "share_of_mix, n_devices, standardised_lower from generation_doses order by generation"
    )
    assert doses.rows(query) == [
        ("all", 350.0, 1.0, 2, 1, 0.8, 2, pytest.approx(350.0)),
        ("first", 350.0, 1.0, 2, 1, 0.8, 1, None),
        ("second", 350.0, 1.0, 2, 1, 0.8, 1, None),
    ]


def test_limits_of_a_standardised_mean(doses: SqlModels) -> None:
    """Values 100 and 140: mean 120, variance 800, standard error 20, limits 1.96 away."""
    dose_marts(
        doses,
        [
            *(scanner(1, 100, generation="third"), scanner(2, 140, generation="third")),
            scanner(3, 180),
        ],
    )
    query = (
        "select standardised_value, standardised_lower, standardised_upper, ratio_to_all "
        "from generation_doses where generation = 'third'"
    )
    assert doses.rows(query) == [
        (120.0, pytest.approx(80.8007, abs=1e-4), pytest.approx(159.1993, abs=1e-4), 120 / 140)
    ]


def test_generations_with_nothing_in_common_have_no_value(doses: SqlModels) -> None:
    dose_marts(
        doses,
        [
            scanner(1, 200, generation="first"),
            scanner(2, 800, generation="second", procedure_id="ct_head"),
        ],
    )
    query = "select distinct standardised_value, n_cells, n_cells_left_out from generation_doses"
    assert doses.rows(query) == [(None, 0, 2)]


def test_typical_values_above_the_level_are_counted_of_dlp_and_of_the_base_alone() -> None:
    """Two of three are above; one has no level, one is a CTDIvol, one device was removed."""
    models = SqlModels("commitment_indicators", given=("int_device_typical_values",))
    rows = [
        *(scanner(1, 400), scanner(2, 500), scanner(3, 300)),
        scanner(4, 900, national_drl=None, is_above=None),
        scanner(5, 400, drl_quantity="ctdivol"),
        scanner(6, 400, is_in_base=False),
    ]
    typical = pa.Table.from_pylist([{**TYPICAL_VALUE, **row} for row in rows], SCHEMA)
    models.lay("int_device_typical_values", typical)
    models.run(staging_tables({f"F{n}": [report(f"S{n}", [event()])] for n in range(1, 7)}))
    query = (
        "select dimension, stratum, numerator, denominator, n_unknown from commitment_indicators "
        "where indicator_id = 'above_national_drl' and dimension in ('all', 'age_band')"
    )
    assert sorted(models.rows(query)) == [("age_band", "unknown", 2, 3, 1), ("all", "all", 2, 3, 1)]
