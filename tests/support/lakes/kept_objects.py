"""The received objects of a lake, as a test reads them."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq


def packs(lake: Path, facility_id: str = "*") -> list[Path]:
    """The packs of one facility, or of all."""
    return sorted((lake / "received").glob(f"facility={facility_id}/*.parquet"))


def kept(lake: Path, facility_id: str = "*") -> dict[str, bytes]:
    """Every object by its checksum; an object that is kept twice is an error."""
    rows = [row for path in packs(lake, facility_id) for row in pq.read_table(path).to_pylist()]
    found = {row["object_sha256"]: row["content"] for row in rows}
    assert len(found) == len(rows)
    return found
