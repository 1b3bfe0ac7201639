"""Processes a facility's objects on all cores; an object that crashes a worker affects no other.

Workers come from multiprocessing's forkserver: it has loaded the decoder once, so a worker starts
in milliseconds and inherits nothing from the command or scheduler, such as threads and locks.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection, wait
from threading import current_thread, main_thread
from types import ModuleType, TracebackType
from typing import Any

from transforms.errors import WorkerError
from transforms.workers.worker import ADDRESS_SPACE_BYTES, READY, Job, serve

OBJECTS_PER_CHUNK = 250
"""A chunk has between this number and twice as many objects; smaller chunks have more file
overhead."""

JOBS_AHEAD = 2
"""Jobs given to a worker at once: the next one waits in the pipe while the first is running."""

START_ATTEMPTS = 20
"""Attempts, 0.1 s apart: a forkserver that was killed may look alive for this long."""


def chunk_lengths(objects: int) -> list[int]:
    """Lengths of the chunks for this number of objects; they depend only on the number."""
    chunks = max(1, objects // OBJECTS_PER_CHUNK)
    short, longer = divmod(objects, chunks)
    return [short + (index < longer) for index in range(chunks)] if objects else []


def load_workers(preloaded: Sequence[str] = ()) -> None:
    """Start loading the modules that workers need, in the background."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(preloaded))
    # The resource tracker is started first, since its start unblocks Ctrl-C; otherwise the
    # forkserver would start it.
    resource_tracker.ensure_running()
    with _ctrl_c_waits():
        forkserver.ensure_running()


@contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    """Defer Ctrl-C until a process has been started.

    Ctrl-C is handled by the command. The forkserver and its workers inherit the blocked signal;
    otherwise they would end with a traceback, as would a worker that is interrupted while starting.
    Threads of libraries do not block the signal and would receive it for the command, so its
    handler only remembers the signal here.
    """
    received: list[int] = []
    handler = signal.getsignal(signal.SIGINT)
    is_handled_here = handler is not None and current_thread() is main_thread()
    if is_handled_here:
        signal.signal(signal.SIGINT, lambda number, _: received.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if is_handled_here:
            signal.signal(signal.SIGINT, handler)
        if received:
            signal.raise_signal(signal.SIGINT)


class WorkPool:
    """A pool of worker processes that handles workers which end before finishing a job.

    Use it as a context manager; workers start when first needed. Each worker creates one `state`
    and passes it to all its jobs. `preloaded` are names of modules that the forkserver imports once
    for all workers. `workers` is their number, by default one per core.
    """

    def __init__(
        self,
        state: Callable[[], Any],
        preloaded: Sequence[str] = (),
        workers: int | None = None,
        address_space_bytes: int = ADDRESS_SPACE_BYTES,
    ) -> None:
        self._preloaded = preloaded
        self._size = workers or os.cpu_count() or 1
        self._start = partial(_Worker, state, address_space_bytes)
        self._workers: list[_Worker] = []
        self._jobs: Iterator[Job] = iter(())
        self._retries: deque[Job] = deque()

    def __enter__(self) -> WorkPool:
        load_workers(self._preloaded)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self.stop()

    def run(self, jobs: Iterable[Job]) -> list[Any]:
        """Run all jobs; returns the answers in order of arrival.

        A worker's OSError (the lake or the exports cannot be read or written) is raised here.
        """
        self._jobs, self._retries = iter(jobs), deque()
        answers: list[Any] = []
        try:
            self._hand_out()
            while busy := {worker.connection: worker for worker in self._workers if worker.jobs}:
                for connection in wait(list(busy)):
                    if isinstance(connection, Connection):
                        answers.extend(self._on_message(busy[connection]))
                self._hand_out()
        except BaseException:
            self.stop()  # unfinished jobs would answer the next run
            raise
        return answers

    def stop(self) -> None:
        """Stop all workers."""
        while self._workers:
            self._workers.pop().stop()

    def _hand_out(self) -> None:
        """Give every worker one job before any gets its next."""
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
            self._workers.append(self._start())
        return self._workers[index]

    def _on_message(self, worker: _Worker) -> Iterator[Any]:
        try:
            message: Any = worker.connection.recv()
        except (EOFError, OSError):  # OSError: it was killed in the middle of an answer
            yield from self._on_worker_exit(worker)
            return
        if isinstance(message, BaseException):
            raise message
        if message == READY:
            worker.ready = True
        else:
            worker.jobs.popleft()
            worker.answers += 1
            yield message

    def _on_worker_exit(self, worker: _Worker) -> Iterator[Any]:
        """Handle a worker that ended in its oldest job: try its objects one by one.

        An object is given up only if it was its worker's first: a worker that had done other jobs
        may have been ended with all others, by the kernel or with the forkserver.
        """
        worker.process.join()
        if not worker.ready:
            raise WorkerError(
                "A worker process did not start. Check the log for its messages, then run again."
            )
        self._workers.remove(worker)
        worker.stop()
        suspect = worker.jobs.popleft()
        self._retries.extendleft(reversed(worker.jobs))
        singles = suspect.split()
        if singles:
            self._retries.extend(singles)
        elif worker.answers:
            self._workers.append(self._start())
            self._workers[-1].give(suspect)
        else:
            yield suspect.outcome_of_crash(worker.process.exitcode or 0)


class _Worker:
    """One worker process and its unanswered jobs, oldest first."""

    def __init__(self, state: Callable[[], Any], address_space_bytes: int) -> None:
        context = multiprocessing.get_context("forkserver")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(
            target=serve, args=(theirs, state, address_space_bytes), daemon=True
        )
        self.jobs: deque[Job] = deque()
        self.ready = False
        self.answers = 0
        self._start()
        theirs.close()

    def _start(self) -> None:
        """Start the process; retries, since a forkserver just killed may still look alive."""
        for left in range(START_ATTEMPTS, 0, -1):
            try:
                with _no_main_module(), _ctrl_c_waits():
                    self.process.start()
                return
            except ConnectionRefusedError:
                if left == 1:
                    raise
                time.sleep(0.1)

    def give(self, job: Job) -> None:
        """Send a job; if the worker has just ended, that is noticed at the next wait."""
        self.jobs.append(job)
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(job)

    def stop(self) -> None:
        """Kill the process."""
        self.connection.close()
        self.process.kill()
        self.process.join()


@contextmanager
def _no_main_module() -> Iterator[None]:
    """Start a worker without importing the command's main module in it again.

    multiprocessing would import `airflow` or `drlake` in each worker, which takes seconds and is
    not needed.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
