"""Brings a lake that an earlier version of drlake wrote to the format of this version.

Each step can be repeated, and `lake.json` is written last: after an interruption, run it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.errors import DrlakeError
from transforms.lake.lake import ZONES, Lake
from transforms.lake.lake_format import check_not_newer, flat_files, write_format
from transforms.lake.stored_tables import facility_of
from transforms.pipeline.facility import decode_facility
from transforms.pipeline.report_workers import report_workers
from transforms.pipeline.run import Run
from transforms.pipeline.upgrade_objects import Packed, pack_loose_objects
from transforms.settings import Settings
from transforms.tables import REPORT_TABLES
from transforms.tables.object_outcome import STAGES

Validate = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Upgraded:
    """Files moved to the folders of facilities, objects put into packs, and facilities whose
    objects were decoded again.
    """

    n_moved: int
    packed: Packed
    n_decoded: int


def upgrade(settings: Settings, validate: Validate) -> Upgraded:
    """Move the files, pack the objects, decode again where tables have other columns now.

    `validate` validates all submissions again. DrlakeError if the lake does not exist, or if other
    objects are accounted for than before; UsageError if a newer drlake wrote it.
    """
    run = Run(settings)
    lake = run.lake
    if check_not_newer(lake) is None:
        raise DrlakeError(f"There is no lake at {settings.lake}. Check --lake.")
    n_moved = sum(_move_files(lake, *folder) for folder in _folders())
    write_format(lake, upgrading=True)
    packed = pack_loose_objects(lake)
    before = _received(lake)
    decoded = _facilities_to_decode(lake)
    if decoded:
        _decode_again(run, decoded)
        validate()
    if _received(lake) != before:
        raise DrlakeError("The upgraded lake accounts for other objects. Restore it from a copy.")
    write_format(lake)
    return Upgraded(n_moved, packed, len(decoded))


def _folders() -> Iterator[tuple[str, ...]]:
    """Folders of tables in which format 1 has the files of all facilities."""
    yield from ((zone, table.name) for zone, tables in ZONES.items() for table in tables)
    yield from (("outcomes", stage) for stage in STAGES)
    yield from (("statements",), ("summaries",))


def _move_files(lake: Lake, *folder: str) -> int:
    """Move the files of facilities into their folders; returns their number."""
    paths = flat_files(lake, *folder)
    for path in paths:
        lake.move(path, lake.parquet_path(*folder, name=PurePosixPath(path).stem))
    return len(paths)


def _received(lake: Lake) -> Counter[str]:
    """Number of objects received, by facility."""
    found: Counter[str] = Counter()
    for submission_id in lake.submissions("receive"):
        found[facility_of(submission_id)] += lake.read_outcomes("receive", submission_id).num_rows
    return found


def _facilities_to_decode(lake: Lake) -> list[str]:
    """Facilities with a decoded table that has other columns than this version writes."""
    found = set()
    for table in REPORT_TABLES:
        wanted = table.arrow_schema()
        for path in lake.parquet_files("decoded", table.name):
            buffer = pa.BufferReader(lake.read_bytes(path))
            if not pq.read_schema(buffer).equals(wanted):
                found.add(facility_of(PurePosixPath(path).stem))
    return sorted(found)


def _decode_again(run: Run, facility_ids: Sequence[str]) -> None:
    run.lake.prepare()
    with report_workers() as pool:
        for facility_id in facility_ids:
            decode_facility(run, facility_id, pool, again=True)
