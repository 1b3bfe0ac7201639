"""What a facility says of objects that it sent: retracted, superseded, the same, another one.

A statement is never edited or taken back; it counts from the next build on, and the ledger keeps
what it is about. Its file is named by what it says, so saying it twice changes nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from transforms.errors import DrlakeError, UsageError
from transforms.lake import Lake, check_facility_id, parquet_bytes
from transforms.tables import STATEMENT

SHA256 = re.compile(r"[0-9a-f]{64}")
DIGEST_HEX_DIGITS = 16
CONFIRMATIONS = {"same": "confirmed_same", "other": "confirmed_other"}


def retract(lake: Lake, facility_id: str, object_sha256: str, reason: str | None = None) -> str:
    """State that an object is not to be used. Returns the path of the statement."""
    return state(lake, facility_id, "retracted", object_sha256, None, reason)


def supersede(
    lake: Lake, facility_id: str, old_sha256: str, new_sha256: str, reason: str | None = None
) -> str:
    """State that another object stands in the place of one. Returns the path of the statement."""
    if old_sha256.lower() == new_sha256.lower():
        raise UsageError("An object cannot stand in its own place. Name two objects.")
    return state(lake, facility_id, "superseded", old_sha256, new_sha256, reason)


def confirm(lake: Lake, facility_id: str, object_sha256: str, which: str) -> str:
    """State that the examination of an object is, or is not, one that was sent before."""
    if which not in CONFIRMATIONS:
        raise UsageError(f"Confirm with {' or '.join(CONFIRMATIONS)}, not with {which!r}.")
    return state(lake, facility_id, CONFIRMATIONS[which], object_sha256, None, None)


def state(
    lake: Lake,
    facility_id: str,
    statement: str,
    object_sha256: str,
    other_object_sha256: str | None,
    reason: str | None,
) -> str:
    """Write one statement about objects that the facility has sent; DrlakeError for others."""
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
    return write_statement(lake, row)


def write_statement(lake: Lake, row: Mapping[str, Any]) -> str:
    """Write one row of table `statement`; the path says nothing but facility and digest.

    The reason is no part of the name: the same thing said again for another reason stays as it
    was said first.
    """
    said = (row["statement"], row["object_sha256"], row["other_object_sha256"] or "")
    digest = hashlib.sha256(" ".join(said).encode()).hexdigest()[:DIGEST_HEX_DIGITS]
    path = lake.statements_path(f"{row['facility_id']}.{digest}")
    lake.write_bytes_once(path, parquet_bytes(STATEMENT, [row]))
    return path


def read_statements(lake: Lake, facility_id: str) -> list[dict[str, Any]]:
    """Every statement of a facility, in the order of their files."""
    return [row for path in lake.statement_files(facility_id) for row in lake.read_rows(path)]


def received_objects(lake: Lake, facility_id: str) -> set[str]:
    """SHA-256 of every object that a facility has sent."""
    return {
        sha
        for submission_id in lake.submissions("receive", facility_id)
        for sha in lake.read_outcomes("receive", submission_id).column("object_sha256").to_pylist()
        if sha is not None
    }


def _check_sent(sha256: str, sent: Sequence[str] | set[str], facility_id: str) -> None:
    if not SHA256.fullmatch(sha256):
        raise UsageError("An object is named by its SHA-256, 64 hexadecimal digits.")
    if sha256 not in sent:
        raise DrlakeError(
            f"{facility_id} has sent no object {sha256}. Look it up with `drlake receipts "
            f"{facility_id}`, or ingest it first."
        )
