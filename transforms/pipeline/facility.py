"""One facility end to end: receive, decode, normalise, write. Called by DAG, CLI and tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from transforms.errors import FacilityFailed
from transforms.lake import commit_points
from transforms.lake.commit_points import CommitPoint
from transforms.lake.compaction import reopened
from transforms.lake.lake import Lake
from transforms.lake.parts import JoinJob, joined_path
from transforms.lake.pseudonyms import Pseudonyms
from transforms.lake.received import local_pack
from transforms.lake.stored_tables import facility_of
from transforms.pipeline.decode_job import (
    DEFAULT_TERMS,
    ChunkResult,
    DecodeJob,
    DecodeTask,
    FacilityTerms,
)
from transforms.pipeline.report_workers import report_workers
from transforms.pipeline.run import Run
from transforms.receive.exports.location import Place
from transforms.receive.submission import receive_facility
from transforms.receive.visit import place_of
from transforms.settings import Settings
from transforms.tables import OBJECT_OUTCOME, REPORT_TABLES, SUBMISSION
from transforms.workers.pool import WorkPool, chunk_lengths


def facilities(settings: Settings) -> list[str]:
    """Ids of facilities that submit today; prepares the lake with the registry."""
    return Run(settings).submitting


def ingest_facility(
    settings: Settings,
    facility_id: str,
    again: bool = False,
    pool: WorkPool | None = None,
    options: Mapping[str, Any] | None = None,
) -> dict[str, int]:
    """Receive new objects of one facility and decode all submissions not decoded yet.

    Returns the number of objects per outcome of this run. `again` decodes all submissions of the
    facility again from the stored objects, for example after a change of the decoder. A `pool` that
    has served other facilities has warm caches. `options` are connection options of the facility.
    FacilityFailed if the visit failed, after objects that had arrived earlier are decoded.
    """
    failure: FacilityFailed | None = None
    run = Run(settings)
    place = place_of(settings, run.registry, facility_id, options)
    with nullcontext(pool) if pool else report_workers() as pool:
        try:
            receive(run, place, pool)
        except FacilityFailed as error:
            failure = error
        counts = decode_facility(run, facility_id, pool, again)
    if failure is not None:
        raise failure
    return counts


def receive(run: Run, place: Place, pool: WorkPool | None) -> list[str]:
    """Receive new objects of one facility; a local facility needs a `pool`."""
    pseudonyms = run.pseudonyms
    with run.lake.lock(place.facility_id):  # if two runs overlap, the second finds nothing new
        return receive_facility(run.settings, run.lake, place, pseudonyms, pool)


def decode_facility(
    run: Run, facility_id: str, pool: WorkPool, again: bool = False
) -> dict[str, int]:
    """Decode the submissions of a facility not decoded yet; with `again`, all of them."""
    lake = run.lake
    terms = run.facility_terms(facility_id)
    counts: Counter[str] = Counter(received=0, decoded=0, quarantined=0, duplicate=0)
    with reopened(lake, [facility_id] if again else []):
        for name in lake.submissions_to_do("decode", facility_id, again=again):
            counts.update(decode_submission(lake, name, run.pseudonyms, pool, again, terms))
    return dict(counts)


def decode_submission(
    lake: Lake,
    submission_id: str,
    pseudonyms: Pseudonyms,
    pool: WorkPool,
    again: bool = True,
    terms: FacilityTerms = DEFAULT_TERMS,
) -> dict[str, int]:
    """Decode every received object of a submission; outcomes are written last.

    So a run that was interrupted is repeated. Unless `again`, a submission that another run has
    just decoded is skipped.
    """
    received = lake.read_outcomes("receive", submission_id)
    outcomes = received.column("outcome").to_pylist()
    kept = received.filter(pa.array([outcome == "received" for outcome in outcomes], pa.bool_()))
    with lake.lock(submission_id):
        if not again and lake.has_outcomes("decode", submission_id):
            return {}
        with lake.temporary_folder(submission_id) as folder:
            with lake.flush_at_end():
                # A submission without received objects has no pack, and no job reads one.
                pack = local_pack(lake, submission_id, folder) if kept.num_rows else folder
                task = DecodeTask(pack, folder, pseudonyms, terms=terms)
                done = _decode(task, kept, pool)
                _publish_tables(lake, submission_id, folder, _row(received, done))
            commit_points.announce(CommitPoint.TABLES_FLUSHED)
            outcomes_path = lake.outcomes_path("decode", submission_id)
            lake.put_file(joined_path(folder, OBJECT_OUTCOME), outcomes_path)
            commit_points.announce(CommitPoint.DECODED)
        commit_points.announce(CommitPoint.PARTS_REMOVED)
    return _counts(Counter(outcomes), done)


def _decode(task: DecodeTask, kept: pa.Table, pool: WorkPool) -> list[ChunkResult]:
    """Decode the objects and join their parts into one file per table."""
    done = sorted(pool.run(_jobs(task, kept)), key=lambda one: one.part)
    join = partial(JoinJob, task.folder, _parts_by_chunk(done))
    pool.run(join(table) for table in (*REPORT_TABLES, OBJECT_OUTCOME))
    return done


def _publish_tables(
    lake: Lake, submission_id: str, folder: Path, row: Mapping[str, object]
) -> None:
    """Move the tables into the lake, after removing the outcomes of an earlier decoding."""
    lake.withdraw_outcomes("decode", submission_id)
    for table in REPORT_TABLES:
        source = joined_path(folder, table)
        lake.put_file(source, lake.table_path("decoded", table, submission_id))
        commit_points.announce(CommitPoint.TABLE_PUBLISHED)
    lake.write_table("decoded", SUBMISSION, submission_id, [row], flush=False)


def _jobs(task: DecodeTask, kept: pa.Table) -> Iterator[DecodeJob]:
    """Yield jobs for chunks of the stored objects, created when a worker is free."""
    start = 0
    for chunk, length in enumerate(chunk_lengths(kept.num_rows)):
        yield DecodeJob(task, chunk, 0, tuple(kept.slice(start, length).to_pylist()))
        start += length


def _parts_by_chunk(done: Sequence[ChunkResult]) -> tuple[tuple[tuple[int, int], ...], ...]:
    by_chunk = groupby((one.part for one in done), key=itemgetter(0))
    return tuple(tuple(parts) for _, parts in by_chunk)


def _row(received: pa.Table, done: Sequence[ChunkResult]) -> dict[str, object]:
    """The submission's row of table `submission`."""
    submission_id = received.column("submission_id")[0].as_py()
    return {
        "facility_id": facility_of(submission_id),
        "submission_id": submission_id,
        "objects_received": received.num_rows,
        "bytes_received": sum(one.bytes_read for one in done),
        "objects_decoded": sum(one.decoded for one in done),
        "first_study_date": min(
            (o.first_study_date for o in done if o.first_study_date), default=None
        ),
        "last_study_date": max(
            (o.last_study_date for o in done if o.last_study_date), default=None
        ),
    }


def _counts(received: Counter[str], done: Sequence[ChunkResult]) -> dict[str, int]:
    ended = Counter(received)
    del ended["received"]
    ended["decoded"] += sum(one.decoded for one in done)
    ended["quarantined"] += sum(one.quarantined for one in done)
    return {"received": received.total(), **ended}
