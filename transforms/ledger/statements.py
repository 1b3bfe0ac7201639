"""Statements of a facility about objects that it sent: retract, supersede, confirm, withdraw.

A statement is never edited or deleted. It applies from the next build on, and the object stays in
the ledger. Its id is a digest of its content, so making it twice changes nothing. A withdrawal is a
statement too; the order of the two does not matter. The same statement made again after a
withdrawal is a new statement.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from transforms.errors import DrlakeError, UsageError
from transforms.lake.lake import Lake, check_facility_id, parquet_bytes
from transforms.lake.received import CHECKSUM
from transforms.tables import STATEMENT
from transforms.tables.statement import WITHDRAWN

Row = dict[str, Any]
ID_HEX_DIGITS = 16
STATEMENT_ID = re.compile(rf"[0-9a-f]{{{ID_HEX_DIGITS}}}")
CONFIRMATIONS = {"same": "confirmed_same", "other": "confirmed_other"}
COMMANDS = {
    "retracted": "drlake retract {facility_id} {object_sha256}",
    "superseded": "drlake supersede {facility_id} {object_sha256} {other_object_sha256}",
    "confirmed_same": "drlake confirm {facility_id} {object_sha256} same",
    "confirmed_other": "drlake confirm {facility_id} {object_sha256} other",
}
"""The command that makes each kind of statement."""


def retract(lake: Lake, facility_id: str, object_sha256: str, reason: str | None = None) -> str:
    """State that an object must not be used. Returns the id of the statement."""
    return make_statement(lake, facility_id, "retracted", object_sha256, None, reason)


def supersede(
    lake: Lake, facility_id: str, old_sha256: str, new_sha256: str, reason: str | None = None
) -> str:
    """State that another object replaces an object. Returns the id of the statement."""
    if old_sha256.lower() == new_sha256.lower():
        raise UsageError("An object cannot replace itself. Give two different objects.")
    return make_statement(lake, facility_id, "superseded", old_sha256, new_sha256, reason)


def confirm(lake: Lake, facility_id: str, object_sha256: str, which: str) -> str:
    """State that the examination of an object is, or is not, one that was sent before.

    Returns the id of the statement.
    """
    if which not in CONFIRMATIONS:
        raise UsageError(f"Cannot confirm with {which!r}. Give {' or '.join(CONFIRMATIONS)}.")
    return make_statement(lake, facility_id, CONFIRMATIONS[which], object_sha256, None, None)


def withdraw(lake: Lake, facility_id: str, statement_id: str, reason: str | None = None) -> str:
    """Withdraw a statement. Returns the id of the withdrawal."""
    made = {row["statement_id"]: row for row in read_statements(lake, facility_id)}
    row = _statement_by_id(made, facility_id, statement_id.lower())
    if row["statement"] == WITHDRAWN:
        taken_back = made[row["withdrawn_statement_id"]]
        raise UsageError(
            f"Statement {row['statement_id']} is a withdrawal and cannot be withdrawn. Make the "
            "withdrawn statement again: "
            f"`{COMMANDS[taken_back['statement']].format_map(taken_back)}`."
        )
    about = {"facility_id": facility_id, "object_sha256": row["object_sha256"], "reason": reason}
    back = {"statement": WITHDRAWN, "withdrawn_statement_id": row["statement_id"]}
    return write_statement(lake, {**about, **back})


def _statement_by_id(
    made: Mapping[str, dict[str, Any]], facility_id: str, statement_id: str
) -> dict[str, Any]:
    if not STATEMENT_ID.fullmatch(statement_id):
        raise UsageError(
            f"This is not a statement id. A statement id has {ID_HEX_DIGITS} hexadecimal digits; "
            "`drlake ledger statements` lists them."
        )
    if statement_id not in made:
        raise DrlakeError(
            f"{facility_id} has not made a statement {statement_id}. Look up its statements with "
            f"`drlake ledger statements --facility {facility_id}`."
        )
    return made[statement_id]


def make_statement(
    lake: Lake,
    facility_id: str,
    statement: str,
    object_sha256: str,
    other_object_sha256: str | None,
    reason: str | None,
) -> str:
    """Write a statement about objects that the facility has sent; DrlakeError for other objects."""
    check_facility_id(facility_id)
    sent = received_objects(lake, facility_id)
    named = [sha.lower() for sha in (object_sha256, other_object_sha256) if sha is not None]
    for sha in named:
        _check_sent(sha, sent, facility_id)
    row = {
        "facility_id": facility_id,
        "statement": statement,
        "object_sha256": named[0],
        "other_object_sha256": named[1] if len(named) > 1 else None,
        "reason": reason,
    }
    made = read_statements(lake, facility_id)
    repetition = free_repetition(row, made, statement_id_of)
    return write_statement(lake, {**row, "repetition": repetition})


def free_repetition(
    row: Mapping[str, Any], made: Iterable[Mapping[str, Any]], id_of: Callable[[Row], str]
) -> int:
    """How often the same statement was made and withdrawn, so that it can be made again.

    `made` are all statements so far, `id_of` gives the id of a statement.
    """
    back = {one["withdrawn_statement_id"] for one in made}
    return next(number for number in count() if id_of({**row, "repetition": number}) not in back)


def write_statement(lake: Lake, row: Mapping[str, Any]) -> str:
    """Write one row of table `statement` and return its id.

    The reason is not part of the id: the same statement with another reason keeps the first reason.
    """
    statement_id = statement_id_of(row)
    path = lake.statements_path(f"{row['facility_id']}.{statement_id}")
    whole = {"repetition": 0, **row, "statement_id": statement_id}
    lake.write_bytes_once(path, parquet_bytes(STATEMENT, [whole]))
    return statement_id


def statement_id_of(row: Mapping[str, Any]) -> str:
    """The id of a statement: a digest of its content."""
    other = row.get("other_object_sha256") or row.get("withdrawn_statement_id") or ""
    again = (str(row["repetition"]),) if row.get("repetition") else ()
    said = (row["statement"], row["object_sha256"], other, *again)
    return hashlib.sha256(" ".join(said).encode()).hexdigest()[:ID_HEX_DIGITS]


def read_statements(lake: Lake, facility_id: str | None = None) -> list[dict[str, Any]]:
    """All statements of a facility, or of all facilities, in the order of their files."""
    if facility_id is not None:
        check_facility_id(facility_id)
    return [row for path in lake.statement_files(facility_id) for row in lake.read_rows(path)]


def statements_with_withdrawals(lake: Lake, facility_id: str | None = None) -> list[dict[str, Any]]:
    """Statements of one or all facilities, with the id of the withdrawal of each."""
    return with_withdrawals(read_statements(lake, facility_id), "facility_id")


def with_withdrawals(made: Sequence[Row], *owner: str) -> list[Row]:
    """Add `withdrawn_by`, the id of the withdrawal of each; ids are unique within `owner`."""

    def key(row: Row, statement_id: str) -> tuple[Any, ...]:
        return (*(row[name] for name in owner), row[statement_id])

    back = {
        key(row, "withdrawn_statement_id"): row["statement_id"]
        for row in made
        if row["statement"] == WITHDRAWN
    }
    return [{**row, "withdrawn_by": back.get(key(row, "statement_id"))} for row in made]


def statement_line(row: Mapping[str, Any]) -> str:
    """One statement of `statements_with_withdrawals` as a line of text."""
    other, taken_back = row["other_object_sha256"], row["withdrawn_statement_id"]
    what = f"statement {taken_back} {WITHDRAWN}" if taken_back else row["statement"]
    said = f"{row['statement_id']}  {row['facility_id']}: {what}, object {row['object_sha256']}"
    by = f" by object {other}" if other else ""
    why = f" ({row['reason']})" if row["reason"] else ""
    back = f", withdrawn by statement {row['withdrawn_by']}" if row["withdrawn_by"] else ""
    return f"{said}{by}{why}{back}"


def received_objects(lake: Lake, facility_id: str) -> set[str]:
    """SHA-256 of every object that a facility has sent."""
    return {
        sha
        for table in lake.read_many_outcomes("receive", lake.submissions("receive", facility_id))
        for sha in table.column("object_sha256").to_pylist()
        if sha is not None
    }


def _check_sent(sha256: str, sent: Sequence[str] | set[str], facility_id: str) -> None:
    if not CHECKSUM.fullmatch(sha256):
        raise UsageError("This is not a SHA-256 checksum. Give the object's 64 hexadecimal digits.")
    if sha256 not in sent:
        raise DrlakeError(
            f"{facility_id} has not sent an object {sha256}. Look it up with "
            f"`drlake receipts {facility_id}`, or ingest it first."
        )
