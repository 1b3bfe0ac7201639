"""Formats of printed numbers."""

import pytest

from transforms.report.frame.numbers import (
    count_text,
    dose_text,
    ordinal_text,
    ratio_text,
    unit_text,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.345, "12.3"),
        (9.996, "10.0"),
        (0.05118, "0.0512"),
        (970.4, "970"),
        (1234.5, "1230"),
        (0.0, "0.00"),
        (None, "–"),
    ],
)
def test_doses_have_three_significant_digits(value: float | None, text: str) -> None:
    assert dose_text(value) == text


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (0.5, "median"),
        (0.75, "75th percentile"),
        (0.91, "91st percentile"),
        (0.12, "12th percentile"),
        (0.975, "97.5th percentile"),
    ],
)
def test_percentiles_are_named(fraction: float, text: str) -> None:
    assert ordinal_text(fraction) == text


def test_counts_ratios_and_units() -> None:
    assert count_text(1234567) == "1\u202f234\u202f567"
    assert ratio_text(1.006) == "1.01"
    assert unit_text("mGy.cm") == "mGy·cm"
