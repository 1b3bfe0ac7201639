"""Decode the objects of a submission on all cores; a poisoned object costs itself only.

Workers come from multiprocessing's forkserver: it has loaded the decoder once,
so a worker starts in milliseconds and inherits nothing of the command, the scheduler, their
threads and locks.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from types import ModuleType
from typing import Any

from transforms.decode_chunk import ChunkRows, Done, Job
from transforms.decode_worker import EXIT_OUT_OF_MEMORY, READY, Task, work
from transforms.errors import DrlakeError

OBJECTS_PER_CHUNK = 250
"""A chunk has from this number to twice as many objects: smaller ones pay more for their files."""

JOBS_AHEAD = 2
"""Jobs given to a worker at once: the next one waits in the pipe while the first is done."""

PRELOADED = ["transforms.decode_worker", "pandas"]
"""Loaded once for all workers; pyarrow would import pandas in each at its first array, for 1 s."""

REASON_BY_EXIT = {
    -signal.SIGALRM: "decoder_timed_out",
    EXIT_OUT_OF_MEMORY: "decoder_out_of_memory",
}
"""Why an object ended its worker; every other end is a crash."""


class WorkerError(DrlakeError):
    """A worker could not start, so nothing can be said about any object."""


def chunk_lengths(objects: int) -> list[int]:
    """Lengths of the chunks of so many objects: a function of their number and nothing else."""
    chunks = max(1, objects // OBJECTS_PER_CHUNK)
    short, longer = divmod(objects, chunks)
    return [short + (index < longer) for index in range(chunks)] if objects else []


def decode_jobs(task: Task, jobs: Iterable[Job], workers: int | None = None) -> Iterator[Done]:
    """Run jobs on a pool; yields what each job, or each object tried by itself, came to.

    OSError of a worker (the lake cannot be read or written) is raised here.
    """
    pool = _Pool(task, jobs, workers or os.cpu_count() or 1)
    try:
        yield from pool.run()
    finally:
        pool.stop()


def load_decoder() -> None:
    """Begin to load the decoder for the workers to come, while the caller does something else."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    forkserver.ensure_running()


class _Worker:
    """One worker process and the jobs it has not answered yet, oldest first."""

    def __init__(self, task: Task) -> None:
        context = multiprocessing.get_context("forkserver")
        load_decoder()
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, task), daemon=True)
        self.jobs: deque[Job] = deque()
        self.ready = False
        with _no_main_module():
            self.process.start()
        theirs.close()

    def give(self, job: Job) -> None:
        """Hand over a job; where the worker has just died, its end is seen at the next wait."""
        self.jobs.append(job)
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(job)

    def stop(self) -> None:
        """End the process, whatever it does."""
        self.connection.close()
        self.process.kill()
        self.process.join()


class _Pool:
    """Workers, jobs waiting, and what to do when a worker ends before its job."""

    def __init__(self, task: Task, jobs: Iterable[Job], workers: int) -> None:
        self._task = task
        self._size = workers
        self._jobs = iter(jobs)
        self._retries: deque[Job] = deque()
        self._workers: list[_Worker] = []

    def run(self) -> Iterator[Done]:
        """Hand out jobs until none is left and every one is answered."""
        self._hand_out()
        while busy := {worker.connection: worker for worker in self._workers if worker.jobs}:
            for connection in wait(list(busy)):
                if isinstance(connection, Connection):
                    yield from self._hear(busy[connection])
            self._hand_out()

    def stop(self) -> None:
        """End every worker."""
        for worker in self._workers:
            worker.stop()

    def _hand_out(self) -> None:
        """Every worker gets one job before any gets its next."""
        for ahead in range(1, JOBS_AHEAD + 1):
            for index in range(self._size):
                if index < len(self._workers) and len(self._workers[index].jobs) >= ahead:
                    continue
                job = self._next_job()
                if job is None:
                    return
                self._worker(index).give(job)

    def _next_job(self) -> Job | None:
        return self._retries.popleft() if self._retries else next(self._jobs, None)

    def _worker(self, index: int) -> _Worker:
        if index == len(self._workers):
            self._workers.append(_Worker(self._task))
        return self._workers[index]

    def _hear(self, worker: _Worker) -> Iterator[Done]:
        try:
            message: Any = worker.connection.recv()
        except (EOFError, ConnectionResetError):
            yield from self._bury(worker)
            return
        if isinstance(message, BaseException):
            raise message
        if message == READY:
            worker.ready = True
        else:
            worker.jobs.popleft()
            yield message

    def _bury(self, worker: _Worker) -> Iterator[Done]:
        """A worker has ended in its oldest job: try its objects one by one, in new workers."""
        worker.process.join()
        if not worker.ready:
            raise WorkerError("A decode worker did not start. See what it wrote to the log.")
        self._workers.remove(worker)
        worker.stop()
        suspect = worker.jobs.popleft()
        self._retries.extendleft(reversed(worker.jobs))
        if suspect.again:
            yield self._condemn(suspect, worker.process.exitcode)
        else:
            self._retries.extend(
                Job(suspect.chunk, position, (row,), again=True)
                for position, row in enumerate(suspect.rows)
            )

    def _condemn(self, job: Job, exit_code: int | None) -> Done:
        """The outcome of an object that ended two workers."""
        reason = REASON_BY_EXIT.get(exit_code or 0, "object_crashed_decoder")
        found = ChunkRows()
        lake = self._task.lake
        for row in job.rows:
            path = lake.object_path(row["facility_id"], row["object_sha256"])
            found.bytes_read += lake.size(path)
            found.refuse(row, reason, f"worker ended with {exit_code}")
        return found.write(self._task.folder, job.part)


@contextmanager
def _no_main_module() -> Iterator[None]:
    """Start a worker without importing the command's main module in it again.

    multiprocessing would import `airflow` or `drlake` in each worker, for seconds and nothing.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
