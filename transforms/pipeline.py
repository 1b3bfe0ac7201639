"""One facility end to end: receive, decode, normalise, write. Called by DAG, CLI and tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import groupby
from operator import itemgetter

import pyarrow as pa

from transforms.decode_chunk import DecodeJob, Done, Task
from transforms.lake import Lake, facility_of
from transforms.normalise.pseudonyms import Pseudonyms, load_pseudonyms
from transforms.parts import JoinJob, part_folder
from transforms.receive.fetch import facilities
from transforms.receive.identity_policy import DEFAULT_POLICY, IdentityPolicy, identity_policy
from transforms.receive.submission import receive_facility
from transforms.settings import Settings
from transforms.tables import OBJECT_OUTCOME, REPORT_TABLES, SUBMISSION
from transforms.work_pool import WorkPool, chunk_lengths

__all__ = ["decode_submission", "facilities", "ingest_facility"]


def ingest_facility(
    settings: Settings, facility_id: str, again: bool = False, pool: WorkPool | None = None
) -> dict[str, int]:
    """Receive what is new from one facility and decode every submission not decoded yet.

    Returns the number of objects per outcome of this run. `again` decodes all submissions of
    the facility once more from the objects kept, as after a change of the decoder. Workers of a
    `pool` that has served other facilities know already what reports look like.
    """
    lake = Lake(settings.lake)
    counts: Counter[str] = Counter(received=0, decoded=0, quarantined=0, duplicate=0)
    with nullcontext(pool) if pool else WorkPool() as pool:
        lake.prepare()
        pseudonyms = load_pseudonyms(settings, lake)
        receive_facility(settings, lake, facility_id, pseudonyms, pool)
        identity = identity_policy(settings.identity_policy)
        done = set() if again else set(lake.submissions("decode", facility_id))
        for submission_id in lake.submissions("receive", facility_id):
            if submission_id not in done:
                counts.update(decode_submission(lake, submission_id, pseudonyms, pool, identity))
    return dict(counts)


def decode_submission(
    lake: Lake,
    submission_id: str,
    pseudonyms: Pseudonyms,
    pool: WorkPool,
    identity: IdentityPolicy = DEFAULT_POLICY,
) -> dict[str, int]:
    """Decode every received object of a submission; outcomes last, so a cut run is repeated."""
    received = lake.read_outcomes("receive", submission_id)
    outcomes = received.column("outcome").to_pylist()
    kept = received.filter(pa.array([outcome == "received" for outcome in outcomes], pa.bool_()))
    with part_folder(lake, submission_id) as folder:
        task = Task(lake, folder, pseudonyms, identity=identity)
        done = sorted(pool.run(_jobs(task, kept)), key=lambda one: one.part)
        join = partial(JoinJob, lake, folder, _parts_by_chunk(done))
        pool.run(join(t, lake.table_path("decoded", t, submission_id)) for t in REPORT_TABLES)
        lake.write_table("decoded", SUBMISSION, submission_id, [_row(received, done)])
        lake.flush()
        pool.run([join(OBJECT_OUTCOME, lake.outcomes_path("decode", submission_id), flush=True)])
    return _counts(Counter(outcomes), done)


def _jobs(task: Task, kept: pa.Table) -> Iterator[DecodeJob]:
    """Chunks of the objects kept, made when a worker is free to take one."""
    start = 0
    for chunk, length in enumerate(chunk_lengths(kept.num_rows)):
        yield DecodeJob(task, chunk, 0, tuple(kept.slice(start, length).to_pylist()))
        start += length


def _parts_by_chunk(done: Sequence[Done]) -> tuple[tuple[tuple[int, int], ...], ...]:
    by_chunk = groupby((one.part for one in done), key=itemgetter(0))
    return tuple(tuple(parts) for _, parts in by_chunk)


def _row(received: pa.Table, done: Sequence[Done]) -> dict[str, object]:
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


def _counts(received: Counter[str], done: Sequence[Done]) -> dict[str, int]:
    ended = Counter(received)
    del ended["received"]
    ended["decoded"] += sum(one.decoded for one in done)
    ended["quarantined"] += sum(one.quarantined for one in done)
    return {"received": received.total(), **ended}
