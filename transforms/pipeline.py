"""One facility end to end: receive, decode, normalise, write. Called by DAG, CLI and tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa

from transforms.decode_chunk import DecodeJob, Done, Task
from transforms.errors import FacilityFailed
from transforms.lake import Lake, facility_of
from transforms.normalise.pseudonyms import Pseudonyms, load_pseudonyms
from transforms.parts import JoinJob, part_folder
from transforms.receive.fetch import facilities as submitting
from transforms.receive.submission import receive_facility
from transforms.registry import foreign_device_keys, load_registry, write_registry
from transforms.settings import Settings
from transforms.tables import OBJECT_OUTCOME, REPORT_TABLES, SUBMISSION
from transforms.work_pool import WorkPool, chunk_lengths


def facilities(settings: Settings) -> list[str]:
    """Facility ids that submit today; the lake is made ready and gets the registry."""
    found = submitting(settings)
    if settings.registry:
        lake = Lake(settings.lake)
        lake.prepare()
        write_registry(lake, load_registry(settings.registry))
    return found


def ingest_facility(
    settings: Settings,
    facility_id: str,
    again: bool = False,
    pool: WorkPool | None = None,
    options: Mapping[str, Any] | None = None,
) -> dict[str, int]:
    """Receive what is new from one facility and decode every submission not decoded yet.

    Returns the number of objects per outcome of this run. `again` decodes all submissions of
    the facility once more from the objects kept, as after a change of the decoder. Workers of a
    `pool` that has served other facilities know already what reports look like. `options` are
    what the facility's connection needs. FacilityFailed where it could not be visited, after
    what has arrived earlier is decoded.
    """
    failure: FacilityFailed | None = None
    with nullcontext(pool) if pool else WorkPool() as pool:
        try:
            receive(settings, facility_id, pool, options)
        except FacilityFailed as error:
            failure = error
        counts = decode_facility(settings, facility_id, again, pool)
    if failure is not None:
        raise failure
    return counts


def receive(
    settings: Settings,
    facility_id: str,
    pool: WorkPool | None,
    options: Mapping[str, Any] | None = None,
) -> str | None:
    """Receive what is new from one facility; without a `pool` one that is not on a local disk."""
    lake = Lake(settings.lake)
    lake.prepare()
    pseudonyms = load_pseudonyms(settings, lake)
    return receive_facility(settings, lake, facility_id, pseudonyms, pool, options)


def decode_facility(
    settings: Settings, facility_id: str, again: bool, pool: WorkPool
) -> dict[str, int]:
    """Decode every submission of a facility that is not decoded yet, or all of them `again`."""
    lake = Lake(settings.lake)
    lake.prepare()
    pseudonyms = load_pseudonyms(settings, lake)
    registered = load_registry(settings.registry) if settings.registry else ()
    foreign = foreign_device_keys(registered, facility_id, pseudonyms)
    counts: Counter[str] = Counter(received=0, decoded=0, quarantined=0, duplicate=0)
    done = set() if again else set(lake.submissions("decode", facility_id))
    for submission_id in lake.submissions("receive", facility_id):
        if submission_id not in done:
            counts.update(decode_submission(lake, submission_id, pseudonyms, pool, foreign))
    return dict(counts)


def decode_submission(
    lake: Lake,
    submission_id: str,
    pseudonyms: Pseudonyms,
    pool: WorkPool,
    foreign_devices: frozenset[str] = frozenset(),
) -> dict[str, int]:
    """Decode every received object of a submission; outcomes last, so a cut run is repeated."""
    received = lake.read_outcomes("receive", submission_id)
    outcomes = received.column("outcome").to_pylist()
    kept = received.filter(pa.array([outcome == "received" for outcome in outcomes], pa.bool_()))
    with part_folder(lake, submission_id) as folder:
        task = Task(lake, folder, pseudonyms, foreign_devices=foreign_devices)
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
