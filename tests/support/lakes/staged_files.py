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
    """The reports of each facility as tables, every report in one submission of its facility."""
    rows: dict[str, list[Row]] = {table.name: [] for table in TABLES}
    for facility_id, files in sent.items():
        for index, data in enumerate(files, start=1):
            keys = ObjectKeys(
                facility_id, f"{facility_id}.0123456789abcdef", hashlib.sha256(data).hexdigest()
            )
            for name, made in report_rows(decode(data), keys, PSEUDONYMS).items():
                rows[name] += [dict(row) for row in made]
            rows["object_outcome"] += [
                {**keys.columns(), "object_index": index, "stage": stage, "outcome": outcome}
                for stage, outcome in OUTCOMES
            ]
    return {
        table.name: arrow_table(table, rows[table.name]) for table in TABLES if rows[table.name]
    }
