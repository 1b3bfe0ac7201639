"""Ages are kept in days below 18 years, in whole years above, and at most as 90."""

from __future__ import annotations

import pytest

from transforms.normalise.dates import TOP_CODE_DAYS, age_days, coarse_age_days
from transforms.tables import DOSE_REPORT


@pytest.mark.parametrize(
    ("age", "days"),
    [
        ("000D", 0),
        ("010D", 10),
        ("003W", 21),
        ("017M", 517),
        ("017Y", 6209),
        ("215M", 6544),
        ("216M", 6574),
        ("018Y", 6574),
        ("227M", 6574),
        ("228M", 6939),
        ("019Y", 6939),
        ("999W", 6939),
        ("067Y", 24471),
        ("815M", 24471),
        ("089Y", 32507),
        ("090Y", 32872),
        ("093Y", 32872),
        ("130Y", 32872),
        ("131Y", None),
        ("999Y", None),
        (None, None),
    ],
)
def test_an_age_string_becomes_days_as_finely_as_may_be(age: str | None, days: int | None) -> None:
    assert age_days(age) == days


def test_every_whole_year_of_an_adult_stays_that_year() -> None:
    for years in range(18, 91):
        assert age_days(f"{years:03}Y") == int(years * 365.25)


def test_adults_have_no_more_different_ages_than_years() -> None:
    ages = {coarse_age_days(days) for days in range(6574, 47_483)}
    assert len(ages) == 90 - 18 + 1
    assert max(ages) == TOP_CODE_DAYS


def test_the_declaration_allows_no_age_above_the_top_code() -> None:
    (column,) = [one for one in DOSE_REPORT.columns if one.name == "patient_age_days"]
    assert column.maximum == TOP_CODE_DAYS
