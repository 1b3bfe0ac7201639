"""Statements of the authority about a device and a period."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.support.in_process import drlake
from tests.support.lakes.lake_rows import LakeRows, event, report
from transforms.errors import DrlakeError, UsageError
from transforms.lake.lake import Lake
from transforms.ledger.device_statements import (
    count_device_at,
    device_statement_line,
    device_statements,
    withdraw_device_statement,
)

DEVICE, OTHER = "a" * 32, "b" * 32
IN_2025 = (date(2025, 1, 1), date(2025, 12, 31))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Two facilities that have sent the same report; F3 has sent another device."""
    rows = LakeRows(Lake(str(tmp_path)))
    for facility, device in (("F1", DEVICE), ("F2", DEVICE), ("F3", OTHER)):
        rows.submission(facility, [report("S", [event("E")], national_device_key=device)])
    return rows.lake


def test_a_statement_is_kept_with_its_days_and_reason(lake: Lake) -> None:
    said = count_device_at(lake, DEVICE.upper(), "F2", IN_2025, "sold")
    assert said == count_device_at(lake, DEVICE, "F2", IN_2025)
    (row,) = device_statements(lake)
    assert device_statement_line(row) == (
        f"{said}  device {DEVICE} counts at F2 from 2025-01-01 to 2025-12-31 (sold)"
    )


def test_a_statement_is_withdrawn_and_made_again(lake: Lake) -> None:
    first = count_device_at(lake, DEVICE, "F2")
    withdrawal = withdraw_device_statement(lake, first)
    assert count_device_at(lake, DEVICE, "F1") != first
    withdraw_device_statement(lake, count_device_at(lake, DEVICE, "F1"))
    again = count_device_at(lake, DEVICE, "F2")
    assert again not in (first, withdrawal)
    assert {row["withdrawn_by"] is None for row in device_statements(lake)} == {True, False}


@pytest.mark.parametrize(
    ("device", "facility", "days", "said"),
    [
        ("D1", "F1", (None, None), "not a key of a device"),
        (OTHER, "F1", (None, None), "has sent no accepted report of a device"),
        (DEVICE, "F9", (None, None), "has sent no accepted report of a device"),
        (DEVICE, "F1", IN_2025[::-1], "--to must not be before --from"),
        (DEVICE, "F2", (None, date(2025, 6, 1)), "gives days of this period to F1"),
    ],
)
def test_a_statement_that_cannot_be_is_refused(
    lake: Lake, device: str, facility: str, days: tuple[date | None, date | None], said: str
) -> None:
    count_device_at(lake, DEVICE, "F1", IN_2025)
    with pytest.raises((UsageError, DrlakeError), match=said):
        count_device_at(lake, device, facility, days)


def test_two_facilities_may_have_a_device_one_after_the_other(lake: Lake) -> None:
    count_device_at(lake, DEVICE, "F1", (None, date(2024, 12, 31)))
    count_device_at(lake, DEVICE, "F2", IN_2025)
    assert len(device_statements(lake)) == 2


def test_the_commands_state_list_and_withdraw(lake: Lake) -> None:
    at = ("--lake", lake.url)
    days = ("--from", "2025-01-01", "--to", "2025-12-31")
    assert "in force" in drlake("device", "counts-at", DEVICE, "F1", *days, *at).stdout
    (row,) = device_statements(lake)
    assert drlake("device", "withdraw", row["statement_id"], *at).returncode == 0
    listed = drlake("device", "statements", *at).stdout
    assert "counts at F1 from 2025-01-01 to 2025-12-31, withdrawn by statement" in listed
    assert '"first_day": "2025-01-01"' in drlake("device", "statements", "--json", *at).stdout
