"""Report files as the tables of a lake that staging reads, for `SqlModels`: decoded, all accepted.

The invented cases of ../shared/cases are read by name; tests skip where they are absent.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from tests.support.lakes.lake_rows import Row
from tests.support.lakes.staged_reports import OUTCOMES
from transforms.decode.report import decode
from transforms.errors import ObjectRefused
from transforms.lake.lake import arrow_table
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys, report_rows
from transforms.tables import TABLES

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases" / "exports"
PSEUDONYMS = Pseudonyms(b"1" * 32)


def case(name: str) -> bytes:
    """The bytes of one invented case; skips where the cases are absent, except in CI."""
    if not CASES.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("../shared/cases is absent: CI must have the cases", pytrace=False)
        pytest.skip("../shared/cases is absent: no cases to read")
    return (CASES / f"{name}.dcm").read_bytes()


def staged_files(sent: Mapping[str, Sequence[bytes]]) -> dict[str, pa.Table]:
    """The reports of each facility as tables, all in one submission of it; some may be refused."""
    rows: dict[str, list[Row]] = {table.name: [] for table in TABLES}
    numbered = [(name, n, data) for name, files in sent.items() for n, data in enumerate(files, 1)]
    for facility_id, index, data in numbered:
        keys = ObjectKeys(
            facility_id, f"{facility_id}.0123456789abcdef", hashlib.sha256(data).hexdigest()
        )
        decoded, reason = _decoded(data, keys)
        for name, made in decoded.items():
            rows[name] += made
        rows["object_outcome"] += [
            {**keys.columns(), "object_index": index, **outcome} for outcome in _outcomes(reason)
        ]
    return {
        table.name: arrow_table(table, rows[table.name]) for table in TABLES if rows[table.name]
    }


def _decoded(data: bytes, keys: ObjectKeys) -> tuple[dict[str, list[Row]], str | None]:
    """The rows of a report by table, or the reason why it is refused."""
    try:
        rows = report_rows(decode(data), keys, PSEUDONYMS)
    except ObjectRefused as refusal:
        return {}, refusal.reason.code
    return {name: [dict(row) for row in made] for name, made in rows.items()}, None


def _outcomes(reason: str | None) -> list[Row]:
    """The outcomes of an object that is accepted, or refused when it is decoded."""
    accepted = [{"stage": stage, "outcome": outcome} for stage, outcome in OUTCOMES]
    if reason is None:
        return accepted
    refused = {"stage": "decode", "outcome": "quarantined", "reason_code": reason}
    return [accepted[0], refused]
