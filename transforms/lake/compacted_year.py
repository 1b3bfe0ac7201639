"""The compacted files of a year, made of the rows of its submissions and compared with them."""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.errors import DrlakeError
from transforms.lake.compacted import (
    CONTENTS,
    CompactedFile,
    CompactedYear,
    checksum_of,
    file_line,
    name_of,
)
from transforms.lake.lake import PARQUET_OPTIONS, ZONES, Lake
from transforms.lake.listings import PARQUET, Found
from transforms.lake.stored_tables import PARTITION, facility_of, table_of_bytes
from transforms.tables import OBJECT_OUTCOME
from transforms.tables.object_outcome import STAGES
from transforms.tables.schema import Table

ROWS_PER_GROUP = 122_880
"""Rows that DuckDB reads together."""

PLACES: Mapping[str, Table] = {
    **{f"outcomes/{stage}": OBJECT_OUTCOME for stage in STAGES},
    **{
        f"{zone}/{table.name}": table
        for zone in ("decoded", "validated", "accepted")
        for table in ZONES[zone]
    },
}
"""The folders with a file of each submission, and their tables."""

Listing = Mapping[str, Mapping[str, Found]]
"""The files of one facility by place and name."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The rows of one submission at a place, and the file that they were in."""

    submission_id: str
    rows: pa.Table
    sha256: str
    modified_at: Any


class CannotCompact(DrlakeError):
    """Submissions of a facility cannot be put together."""


def put_together(
    lake: Lake, listing: Listing, period: str, ordered: Sequence[str]
) -> tuple[CompactedYear, pa.Table, Mapping[str, bytes]]:
    """The year with its contents, and the compacted file of each place; checked against pieces."""
    facility_id = facility_of(ordered[0])
    before = lake.compacted(facility_id).years.get(period)
    kept = _kept_pieces(lake, before) if before else {}
    rows: list[dict[str, Any]] = []
    files: dict[str, bytes] = {}
    about: dict[str, CompactedFile] = {}
    for place, table in PLACES.items():
        pieces = list(_pieces(lake, ordered, listing[place], kept.get(place, {})))
        if not pieces:
            continue
        files[place] = _joined(place, table, pieces)
        about[place] = _about(place, pieces, files[place])
        rows += [_contents_row(place, one) for one in pieces]
    contents = pa.Table.from_pylist(rows, schema=CONTENTS)
    year = CompactedYear(name_of(facility_id, period, contents), tuple(ordered), about)
    return year, contents, files


def _about(place: str, pieces: Sequence[Piece], data: bytes) -> CompactedFile:
    lines = [file_line(_below(place, one.submission_id), one.sha256) for one in pieces]
    n_rows = sum(one.rows.num_rows for one in pieces)
    sha256 = hashlib.sha256(data).hexdigest()
    return CompactedFile(n_rows, sha256, f"{checksum_of(lines):064x}")


def _contents_row(place: str, one: Piece) -> dict[str, Any]:
    return {
        "place": place,
        "submission_id": one.submission_id,
        "n_rows": one.rows.num_rows,
        "sha256": one.sha256,
        "modified_at": one.modified_at,
    }


def _pieces(
    lake: Lake,
    ordered: Sequence[str],
    files: Mapping[str, Found],
    kept: Mapping[str, Callable[[], Piece]],
) -> Iterator[Piece]:
    """The rows of each submission at a place, where it has a file there."""
    own = [name for name in ordered if name in files]
    data = dict(zip(own, lake.read_many(files[name].path for name in own), strict=True))
    tables: dict[str, pa.Table] = {}  # most tables of a submission are empty, and so equal
    for name in ordered:
        if name in data:
            content = data.pop(name)
            sha256 = hashlib.sha256(content).hexdigest()
            if sha256 not in tables:
                tables[sha256] = table_of_bytes(content)
            yield Piece(name, tables[sha256], sha256, files[name].modified_at)
        elif name in kept:
            yield kept[name]()


def _kept_pieces(
    lake: Lake, year: CompactedYear
) -> Mapping[str, Mapping[str, Callable[[], Piece]]]:
    """The pieces that are compacted already, by place and submission."""

    def piece(row: Mapping[str, Any]) -> Piece:
        place, name = row["place"], row["submission_id"]
        rows = lake.stored_rows_of_year(year, place, name)
        if rows is None:
            raise DrlakeError(f"The compacted {place} lacks {name}. Restore the lake from a copy.")
        return Piece(name, rows, row["sha256"], row["modified_at"])

    kept: dict[str, dict[str, Callable[[], Piece]]] = defaultdict(dict)
    for row in lake.contents(year.name).to_pylist():
        kept[row["place"]][row["submission_id"]] = partial(piece, row)
    return kept


def _joined(place: str, table: Table, pieces: Sequence[Piece]) -> bytes:
    """The compacted file of a place, after it was read back and compared with each piece."""
    schema = table.arrow_schema()
    for one in pieces:
        if not one.rows.schema.equals(schema):
            raise CannotCompact(
                f"{one.submission_id} has other columns in {place} than this version writes. Run "
                "`drlake ingest --again` and `drlake validate --again` for this facility."
            )
    rows = pa.concat_tables(one.rows for one in pieces).cast(schema).combine_chunks()
    buffer = io.BytesIO()
    pq.write_table(rows, buffer, row_group_size=ROWS_PER_GROUP, **PARQUET_OPTIONS)
    data = buffer.getvalue()
    back, start = table_of_bytes(data), 0
    for one in pieces:
        n_rows = one.rows.num_rows
        if not back.slice(start, n_rows).equals(one.rows):
            raise DrlakeError(f"The compacted {place} of {one.submission_id} differs. Run again.")
        start += n_rows
    return data


def _below(place: str, name: str) -> str:
    """Path of a submission's file below the lake."""
    return f"{place}/{PARTITION}{facility_of(name)}/{name}{PARQUET}"
