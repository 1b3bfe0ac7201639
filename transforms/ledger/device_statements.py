"""Statements of the authority about a device and a period: where it counts, and its values.

Like the statements of facilities (`transforms/ledger/statements.py`), they are never edited or
deleted, apply from the next build on, and have a digest of their content as id.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from transforms.errors import DrlakeError, UsageError
from transforms.lake.lake import EMPTY, Lake, check_facility_id, parquet_bytes
from transforms.lake.pseudonyms import PSEUDONYM_HEX_DIGITS
from transforms.ledger.statements import ID_HEX_DIGITS, free_repetition, with_withdrawals
from transforms.normalise.quantities import drl_quantities
from transforms.tables import DEVICE_STATEMENT, DOSE_REPORT
from transforms.tables.device_statement import ABOUT_VALUES, COUNTS_AT
from transforms.tables.statement import WITHDRAWN

DEVICE_KEY = re.compile(rf"[0-9a-f]{{{PSEUDONYM_HEX_DIGITS}}}")
ZONE = "stated"
KEYS = ("national_device_key", "device_key")


def count_device_at(
    lake: Lake,
    device_key: str,
    facility_id: str,
    days: tuple[date | None, date | None] = (None, None),
    reason: str | None = None,
) -> str:
    """State that shared examinations of a device count at this facility; returns the id.

    `days` are the first and the last study day, both included. UsageError if a statement in force
    gives one of these days to another facility.
    """
    device_key = device_key.lower()
    _check_sent(lake, device_key, facility_id)
    if days[0] and days[1] and days[1] < days[0]:
        raise UsageError("--to must not be before --from.")
    row: dict[str, Any] = {"statement": COUNTS_AT, "device_key": device_key}
    row |= {"facility_id": facility_id, "first_day": days[0], "last_day": days[1]}
    _check_free(lake, row)
    repetition = free_repetition(row, device_statements(lake), _id_of)
    return _write(lake, {**row, "repetition": repetition, "reason": reason})


def state_values(
    lake: Lake,
    statement: str,
    device_key: str,
    facility_id: str,
    reason: str,
    days: tuple[date | None, date | None] = (None, None),
    drl_quantity: str | None = None,
) -> str:
    """State whether the values of a device of a facility are used; returns the id.

    `statement` is one of `ABOUT_VALUES`, `days` are the first and the last study day, both
    included. `drl_quantity` limits a statement about levels to one quantity.
    """
    device_key = device_key.lower()
    _check_sent(lake, device_key, facility_id, KEYS[1:])
    _check_values(statement, reason, days, drl_quantity)
    row: dict[str, Any] = {"statement": statement, "device_key": device_key}
    row |= {"facility_id": facility_id, "drl_quantity": drl_quantity}
    row |= {"first_day": days[0], "last_day": days[1]}
    repetition = free_repetition(row, device_statements(lake), _id_of)
    return _write(lake, {**row, "repetition": repetition, "reason": reason})


def _check_values(
    statement: str,
    reason: str,
    days: tuple[date | None, date | None],
    drl_quantity: str | None,
) -> None:
    if statement not in ABOUT_VALUES:
        raise UsageError(f"{statement} is no statement. Give {' or '.join(ABOUT_VALUES)}.")
    if not reason.strip():
        raise UsageError("State the reason with --reason.")
    if days[0] and days[1] and days[1] < days[0]:
        raise UsageError("--to must not be before --from.")
    if drl_quantity is not None and drl_quantity not in drl_quantities():
        raise UsageError(f"--quantity must be one of {', '.join(drl_quantities())}.")
    if drl_quantity is not None and statement == ABOUT_VALUES[-1]:
        raise UsageError("A device that is not used has no quantity: leave out --quantity.")


def statements_about_values(lake: Lake) -> list[dict[str, Any]]:
    """The statements about values that are in force, in the order of their ids."""
    made = (row for row in device_statements(lake) if row["statement"] in ABOUT_VALUES)
    in_force = (row for row in made if not row["withdrawn_by"])
    return sorted(in_force, key=lambda row: str(row["statement_id"]))


def withdraw_device_statement(lake: Lake, statement_id: str, reason: str | None = None) -> str:
    """Withdraw a statement about a device. Returns the id of the withdrawal."""
    made = {row["statement_id"]: row for row in device_statements(lake)}
    found = made.get(statement_id.lower())
    if found is None or found["statement"] == WITHDRAWN:
        raise DrlakeError(
            f"There is no statement {statement_id} about a device. `drlake device statements` "
            "lists them."
        )
    row = {"statement": WITHDRAWN, "withdrawn_statement_id": found["statement_id"]}
    return _write(lake, {**row, "repetition": 0, "reason": reason})


def device_statements(lake: Lake) -> list[dict[str, Any]]:
    """All statements about devices, with the id of the withdrawal of each."""
    files = lake.files(ZONE, DEVICE_STATEMENT.name, "*.parquet")
    names = [path for path in files if not path.endswith(f"{EMPTY}.parquet")]
    return with_withdrawals([row for path in names for row in lake.read_rows(path)])


def device_statement_line(row: Mapping[str, Any]) -> str:
    """One statement as a line of text."""
    why = f" ({row['reason']})" if row["reason"] else ""
    if row["statement"] == WITHDRAWN:
        return f"{row['statement_id']}  statement {row['withdrawn_statement_id']} withdrawn{why}"
    first, last = row["first_day"] or "the first day", row["last_day"] or "the last day"
    said = f"device {row['device_key']} {_what(row)} from {first} to {last}"
    back = f", withdrawn by statement {row['withdrawn_by']}" if row["withdrawn_by"] else ""
    return f"{row['statement_id']}  {said}{why}{back}"


def _what(row: Mapping[str, Any]) -> str:
    if row["statement"] == COUNTS_AT:
        return f"counts at {row['facility_id']}"
    quantity = f", {row['drl_quantity']}" if row["drl_quantity"] else ""
    return f"of {row['facility_id']}: {row['statement']}{quantity},"


def _check_sent(lake: Lake, device_key: str, facility_id: str, keys: Sequence[str] = KEYS) -> None:
    check_facility_id(facility_id)
    if not DEVICE_KEY.fullmatch(device_key):
        raise UsageError(
            f"This is not a key of a device. Give its {PSEUDONYM_HEX_DIGITS} hexadecimal digits, "
            "as in the restricted report."
        )
    for submission_id in lake.submissions("validate", facility_id):
        if lake.has_table("accepted", DOSE_REPORT, submission_id):
            reports = lake.read_table("accepted", DOSE_REPORT, submission_id)
            if any(device_key in reports.column(name).to_pylist() for name in keys):
                return
    raise DrlakeError(
        f"{facility_id} has sent no accepted report of a device {device_key}. The restricted "
        "report lists the devices whose examinations two facilities have sent."
    )


def _check_free(lake: Lake, row: Mapping[str, Any]) -> None:
    for other in device_statements(lake):
        if other["statement"] != COUNTS_AT:
            continue
        is_other = other["facility_id"] != row["facility_id"] and not other["withdrawn_by"]
        if other["device_key"] == row["device_key"] and is_other and _overlap(other, row):
            raise UsageError(
                f"Statement {other['statement_id']} gives days of this period to "
                f"{other['facility_id']}. Withdraw it first: `drlake device withdraw "
                f"{other['statement_id']}`."
            )


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    def begins_before_end(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
        return (first["first_day"] or date.min) <= (second["last_day"] or date.max)

    return begins_before_end(one, other) and begins_before_end(other, one)


def _id_of(row: Mapping[str, Any]) -> str:
    names = [name for name in DEVICE_STATEMENT.column_names if name != "reason"]
    said = (str(row.get(name)) for name in names if row.get(name))
    return hashlib.sha256(" ".join(said).encode()).hexdigest()[:ID_HEX_DIGITS]


def _write(lake: Lake, row: Mapping[str, Any]) -> str:
    statement_id = _id_of(row)
    whole = {**row, "statement_id": statement_id}
    path = lake.table_path(ZONE, DEVICE_STATEMENT, statement_id)
    lake.write_bytes_once(path, parquet_bytes(DEVICE_STATEMENT, [whole]))
    return statement_id
