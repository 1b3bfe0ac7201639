"""Statements of the authority about a device and a period."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.support.in_process import drlake
from tests.support.lakes.lake_rows import LakeRows, event, report
from transforms.dbt_build.device_statements import COLUMNS, SEED, device_statements_seed
from transforms.errors import DrlakeError, UsageError
from transforms.lake.lake import EMPTY, Lake, parquet_bytes
from transforms.ledger.device_statements import (
    count_device_at,
    device_statement_line,
    device_statements,
    state_values,
    withdraw_device_statement,
)
from transforms.reference.files import REFERENCE
from transforms.tables import DEVICE_STATEMENT

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


UNIT = "c" * 32


@pytest.fixture
def unit_lake(tmp_path: Path) -> Lake:
    """A facility that has sent a report of one device."""
    rows = LakeRows(Lake(str(tmp_path)))
    rows.submission("F1", [report("S", [event("E")], device_key=UNIT)])
    return rows.lake


def test_statements_about_values_are_the_seed_of_a_build(unit_lake: Lake) -> None:
    assert device_statements_seed(unit_lake) == {}
    kept = state_values(unit_lake, "keep_in_levels", UNIT, "F1", "in mGy.m", drl_quantity="dlp")
    back = state_values(unit_lake, "not_used", UNIT, "F1", "broken", IN_2025)
    withdraw_device_statement(unit_lake, back)
    header = (REFERENCE / SEED).read_text(encoding="utf-8")
    assert header == ",".join(COLUMNS) + "\n"
    row = f"{kept},F1,{UNIT},dlp,keep_in_levels,,,in mGy.m\n"
    assert device_statements_seed(unit_lake) == {SEED: (header + row).encode()}


@pytest.mark.parametrize(
    ("statement", "device", "reason", "quantity", "said"),
    [
        ("counts_at", UNIT, "sold", None, "counts_at is no statement"),
        ("not_used", UNIT, " ", None, "State the reason"),
        ("not_used", UNIT, "broken", "dlp", "leave out --quantity"),
        ("keep_in_levels", UNIT, "right", "dose", "--quantity must be one of ctdivol, dlp"),
        ("not_used", OTHER, "broken", None, "has sent no accepted report of a device"),
    ],
)
def test_a_statement_about_values_that_cannot_be_is_refused(
    unit_lake: Lake, statement: str, device: str, reason: str, quantity: str | None, said: str
) -> None:
    with pytest.raises((UsageError, DrlakeError), match=said):
        state_values(unit_lake, statement, device, "F1", reason, drl_quantity=quantity)


def test_the_command_states_that_a_device_is_not_used(unit_lake: Lake) -> None:
    days = ("--from", "2025-03-01", "--to", "2025-03-31")
    stated = ("device", "state", "not_used", UNIT, "F1", "--reason", "broken")
    assert "in force" in drlake(*stated, *days, "--lake", unit_lake.url).stdout
    listed = drlake("device", "statements", "--lake", unit_lake.url).stdout
    assert f"device {UNIT} of F1: not_used, from 2025-03-01 to 2025-03-31 (broken)" in listed


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


def test_the_empty_file_of_a_table_gets_the_columns_of_this_version(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    lake.prepare()
    path = lake.table_path("stated", DEVICE_STATEMENT, EMPTY)
    fewer = replace(DEVICE_STATEMENT, columns=DEVICE_STATEMENT.columns[:-1])
    lake.write_bytes(path, parquet_bytes(fewer, []))
    lake.prepare()
    assert pq.read_schema(path).names == DEVICE_STATEMENT.arrow_schema().names
