"""Decoding on all cores gives the same bytes, and a harmful object costs only itself."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing import forkserver
from pathlib import Path

import pytest

from tests.support.faults import crashing_decoder
from tests.support.faults.forked_command import Birth, Nursery, points
from tests.support.lakes.small_exports import content
from tests.support.reports.real_reports import real_exports, require_real_reports
from transforms.dicom.reader import ReportReader
from transforms.errors import DrlakeError, WorkerError
from transforms.lake.lake import Lake, arrow_table
from transforms.lake.parts import JoinJob, part_path, read_part
from transforms.lake.pseudonyms import Pseudonyms
from transforms.lake.received import local_pack, pack_path
from transforms.ledger.entries import check_balance, entries
from transforms.pipeline import decode_job
from transforms.pipeline.decode_job import ChunkResult, DecodeJob, DecodeTask
from transforms.pipeline.facility import decode_submission, ingest_facility
from transforms.pipeline.report_workers import PRELOADED, report_workers
from transforms.receive.fetch_job import FetchJob
from transforms.receive.submission import receive_facility
from transforms.receive.visit import place_of
from transforms.settings import Settings
from transforms.tables import OBJECT_OUTCOME, REPORT_TABLES
from transforms.workers.pool import OBJECTS_PER_CHUNK, WorkPool, chunk_lengths
from transforms.workers.worker import Job

pytestmark = pytest.mark.kills

SECONDS = 2.0
KEYS = Pseudonyms(b"a key of the tests")


def export(folder: Path, objects: list[bytes]) -> Settings:
    facility = folder / "exports" / "H1"
    facility.mkdir(parents=True)
    for index, data in enumerate(objects):
        (facility / f"{index:05d}.dcm").write_bytes(data)
    return Settings(lake=str(folder / "lake"), exports=str(folder / "exports"))


def receive(settings: Settings) -> tuple[Lake, str]:
    lake = Lake(settings.lake)
    lake.prepare()
    with report_workers() as pool:
        place = place_of(settings, None, "H1")
        (submission_id,) = receive_facility(settings, lake, place, KEYS, pool)
    return lake, submission_id


def reports() -> list[bytes]:
    require_real_reports()
    return [path.read_bytes() for path in real_exports() if "CT-" in path.name]


def decode_with(lake: Lake, submission_id: str, folder: Path, workers: int) -> list[ChunkResult]:
    """Run the pool with the decoder that dies, on one chunk of all objects."""
    rows = lake.read_outcomes("receive", submission_id).to_pylist()
    pack = local_pack(lake, submission_id, folder)
    task = DecodeTask(pack, folder, KEYS, SECONDS, crashing_decoder.decode_or_die)
    with report_workers(workers, address_space_bytes=2 * 1024**3) as pool:
        done = pool.run([DecodeJob(task, 0, 0, tuple(rows))])
    return sorted(done, key=lambda one: one.part)


def outcomes(folder: Path, done: list[ChunkResult]) -> list[tuple[str, str | None]]:
    found = []
    for one in done:
        table = read_part(part_path(folder, OBJECT_OUTCOME, one.part))
        found += [(row["outcome"], row["reason_code"]) for row in table.to_pylist()]
    return found


@pytest.mark.parametrize(
    ("death", "reason"),
    [
        (crashing_decoder.EXIT, "object_crashed_decoder"),
        (crashing_decoder.SEGFAULT, "object_crashed_decoder"),
        (crashing_decoder.SLEEP, "decoder_timed_out"),
        (crashing_decoder.LOOP, "decoder_timed_out"),
        (crashing_decoder.MEMORY, "decoder_out_of_memory"),
    ],
)
def test_a_poisoned_object_costs_itself_only(tmp_path: Path, death: bytes, reason: str) -> None:
    good = reports()
    lake, submission_id = receive(export(tmp_path, [*good[:3], death, *good[3:]]))
    with lake.temporary_folder(submission_id) as folder:
        done = decode_with(lake, submission_id, folder, 2)
        said = outcomes(folder, done)
    decoded = ("decoded", None)
    assert said == [*[decoded] * 3, ("quarantined", reason), *[decoded] * len(good[3:])]


def test_a_submission_of_poison_only_ends_with_an_outcome_for_each(tmp_path: Path) -> None:
    lake, submission_id = receive(
        export(tmp_path, [crashing_decoder.EXIT, crashing_decoder.EXIT + b"2"])
    )
    with lake.temporary_folder(submission_id) as folder:
        done = decode_with(lake, submission_id, folder, 1)
    assert sum(one.quarantined for one in done) == 2
    assert not sum(one.decoded for one in done)


def test_the_number_of_workers_changes_no_byte(tmp_path: Path) -> None:
    made = [data + b"" for data in reports()]
    others = [b"no dicom %d" % index for index in range(2 * OBJECTS_PER_CHUNK)]
    lake, submission_id = receive(export(tmp_path, [*made, *others]))
    seen = []
    for workers in (1, 3):
        with report_workers(workers) as pool:
            counts = decode_submission(lake, submission_id, KEYS, pool)
        assert counts["decoded"] == len(made)
        files = [lake.table_path("decoded", table, submission_id) for table in REPORT_TABLES]
        files.append(lake.outcomes_path("decode", submission_id))
        seen.append([Path(file).read_bytes() for file in files])
    assert seen[0] == seen[1]
    order = lake.read_outcomes("decode", submission_id).column("object_index").to_pylist()
    assert order == list(range(1, len(made) + len(others) + 1))


def test_no_part_is_left_behind(tmp_path: Path) -> None:
    settings = export(tmp_path, reports())
    ingest_facility(settings, "H1")
    assert list((tmp_path / "lake" / "temporary").iterdir()) == []
    check_balance(entries(Lake(settings.lake)))


def test_an_object_lost_from_the_lake_stops_the_line_and_is_no_outcome(tmp_path: Path) -> None:
    lake, submission_id = receive(export(tmp_path, reports()))
    Path(pack_path(lake, submission_id)).unlink()
    with report_workers() as pool, pytest.raises(DrlakeError, match="is lost"):
        decode_submission(lake, submission_id, KEYS, pool)
    assert lake.submissions("decode") == []


@pytest.mark.parametrize("objects", [0, 1, 249, 250, 499, 500, 501, 999, 10_000, 100_001])
def test_chunks_are_even_and_cover_every_object(objects: int) -> None:
    lengths = chunk_lengths(objects)
    assert sum(lengths) == objects
    assert all(0 < length < 2 * OBJECTS_PER_CHUNK for length in lengths)
    if objects:
        assert max(lengths) - min(lengths) <= 1


def test_columns_are_null_where_a_row_lacks_them() -> None:
    table = arrow_table(OBJECT_OUTCOME, [{"facility_id": "H1", "object_index": 2}])
    (row,) = table.to_pylist()
    assert (row.pop("facility_id"), row.pop("object_index")) == ("H1", 2)
    assert set(row.values()) == {None}


@dataclass(frozen=True)
class KilledOnce:
    """Another job, whose worker is killed from outside on its first attempt."""

    job: Job
    flag: Path

    def work(self, reader: ReportReader) -> object:
        if not self.flag.exists():
            self.flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.job.work(reader)

    def split(self) -> Sequence[Job]:
        return self.job.split()

    def outcome_of_crash(self, exit_code: int) -> object:
        return self.job.outcome_of_crash(exit_code)


class KillingPool(WorkPool):
    """A pool that loses the worker of the first job of a kind, as to the OOM killer."""

    def __init__(self, kind: type, flag: Path) -> None:
        super().__init__(ReportReader, PRELOADED, 2)
        self._kind, self._flag = kind, flag

    def run(self, jobs: Iterable[Job]) -> list[object]:
        return super().run(
            KilledOnce(job, self._flag) if isinstance(job, self._kind) else job for job in jobs
        )


@pytest.mark.parametrize("kind", [FetchJob, DecodeJob, JoinJob])
def test_a_worker_that_is_killed_from_outside_costs_nothing(tmp_path: Path, kind: type) -> None:
    settings = export(tmp_path, reports())
    key = tmp_path / "key"
    key.write_text("0" * 64, encoding="ascii")
    settings = replace(settings, uid_key_file=str(key))
    undisturbed = replace(settings, lake=str(tmp_path / "undisturbed"))
    expected = ingest_facility(undisturbed, "H1")
    with KillingPool(kind, tmp_path / "killed") as pool:
        assert ingest_facility(settings, "H1", pool=pool) == expected
    assert (tmp_path / "killed").exists()
    zones = ("decoded", "outcomes", "received")
    assert content(tmp_path / "lake", *zones) == content(tmp_path / "undisturbed", *zones)


def test_the_pool_serves_on_after_its_forkserver_was_killed(tmp_path: Path) -> None:
    settings = export(tmp_path, reports())
    with report_workers(2) as pool:
        ingest_facility(settings, "H1", pool=pool)
        os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)  # type: ignore[attr-defined]
        assert ingest_facility(settings, "H1", again=True, pool=pool)["decoded"] == len(reports())


def printed_by(script: str) -> tuple[str, str]:
    """Output and standard error of a separate process."""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout, done.stderr


@pytest.mark.parametrize("name", PRELOADED)
def test_every_module_that_workers_preload_can_be_imported(name: str) -> None:
    assert importlib.import_module(name).__name__ == name


MAKES_ARRAYS = """
import sys
from transforms.pipeline.report_workers import new_reader
from transforms.lake.lake import Lake, parquet_bytes
from transforms.tables import OBJECT_OUTCOME
new_reader()
parquet_bytes(OBJECT_OUTCOME, [])
print("pandas" in sys.modules)
import pyarrow as pa
print(len(pa.table({"a": [1, 2]}).to_pandas()))
"""


def test_a_worker_does_not_load_pandas_and_another_program_still_can() -> None:
    assert printed_by(MAKES_ARRAYS)[0].split() == ["False", "2"]


STARTS_TWO_SERVERS = """
import os, signal
from multiprocessing import forkserver
from transforms.pipeline.report_workers import PRELOADED
from transforms.workers.pool import load_workers
for _ in range(2):
    load_workers(PRELOADED)
    server = forkserver._forkserver._forkserver_pid
    with open(f"/proc/{server}/status") as status:
        print(next(line.split()[1] for line in status if line.startswith("SigBlk")))
    os.kill(server, signal.SIGKILL)
    os.waitid(os.P_PID, server, os.WEXITED | os.WNOWAIT)
"""


def test_workers_never_hear_ctrl_c_not_even_while_they_start() -> None:
    """Signals that the server blocks at its start are blocked in its workers from the beginning."""
    masks, _ = printed_by(STARTS_TWO_SERVERS)
    blocked = [int(mask, 16) >> (signal.SIGINT - 1) & 1 for mask in masks.split()]
    assert blocked == [1, 1]


IS_STOPPED_WHILE_A_WORKER_STARTS = """
import os, signal, threading, time
from multiprocessing import forkserver
from transforms.pipeline.report_workers import report_workers
connect = forkserver.connect_to_new_process
def connect_and_stop(descriptors):
    connected = connect(descriptors)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.2)
    return connected
forkserver.connect_to_new_process = connect_and_stop
signal.signal(signal.SIGINT, signal.default_int_handler)
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
try:
    with report_workers(1) as pool:
        pool.run(["no job comes so far"])
except KeyboardInterrupt:
    print("stopped")
"""


def test_a_worker_that_starts_at_ctrl_c_complains_of_nothing() -> None:
    """The command stops after it has initialised the worker, also if a thread gets the signal."""
    assert printed_by(IS_STOPPED_WHILE_A_WORKER_STARTS) == ("stopped\n", "")


def test_after_an_error_no_answer_of_before_reaches_the_next_run(tmp_path: Path) -> None:
    good = reports()
    lake, submission_id = receive(export(tmp_path, good))
    rows = lake.read_outcomes("receive", submission_id).to_pylist()
    with lake.temporary_folder(submission_id) as folder, report_workers(2) as pool:
        task = DecodeTask(local_pack(lake, submission_id, folder), folder, KEYS)
        lost = {**rows[0], "object_sha256": "0" * 64}
        with pytest.raises(DrlakeError, match="lacks an object"):
            pool.run([DecodeJob(task, n, 0, (lost, *rows)) for n in range(6)])
        assert multiprocessing.active_children() == []
        done = pool.run([DecodeJob(task, 9, 0, tuple(rows))])
    assert [(one.part, one.decoded) for one in done] == [((9, 0), len(good))]


def test_a_lake_that_does_not_answer_is_not_blamed_on_the_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe instead of a pack: opening it waits for ever."""
    monkeypatch.setattr(decode_job, "SECONDS_PER_READ", 1.0)
    lake, submission_id = receive(export(tmp_path, reports()))
    rows = lake.read_outcomes("receive", submission_id).to_pylist()
    path = Path(pack_path(lake, submission_id))
    path.unlink()
    os.mkfifo(path)
    with lake.temporary_folder(submission_id) as folder, report_workers(2) as pool:
        jobs = [DecodeJob(DecodeTask(path, folder, KEYS, 1.0), 0, 0, tuple(rows))]
        with pytest.raises(WorkerError, match="does not answer"):
            pool.run(jobs)


@pytest.mark.parametrize("moment", ["LOCKED", "FILES_FETCHED", "PART_WRITTEN", "TABLE_PUBLISHED"])
def test_ctrl_c_ends_an_ingest_and_the_next_one_goes_on(
    tmp_path: Path, interrupted: Nursery, moment: str
) -> None:
    settings, log = export(tmp_path, reports()), tmp_path / "log"
    command = ["drlake", "ingest", "--exports", settings.exports, "--lake", settings.lake]
    group = interrupted.bear(Birth(command, str(log)))
    deadline = time.monotonic() + 60
    while not log.exists() or moment not in points(log):
        assert time.monotonic() < deadline, Path(f"{log}.err").read_text(encoding="utf-8")
        time.sleep(0.001)
    os.killpg(group, signal.SIGINT)
    code, said = interrupted.wait(), Path(f"{log}.err").read_text(encoding="utf-8")
    assert code in (1, 130)
    assert "Traceback" not in said
    assert ingest_facility(settings, "H1") is not None
    assert content(tmp_path / "lake", "temporary", "locks") == {}
    check_balance(entries(Lake(settings.lake)))
    assert len(Lake(settings.lake).submissions("decode")) == 1


@pytest.fixture(scope="module")
def interrupted() -> Iterator[Nursery]:
    with Nursery() as nursery:
        yield nursery
