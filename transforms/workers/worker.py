"""The worker process of the pool: sets limits, then runs jobs until the pool ends.

An object that hangs, crashes or uses too much memory ends only its worker: the kernel's timer stops
a hang even inside C code, and the pool reads the cause from the exit status.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any, Protocol

READY = "ready"
PR_SET_PDEATHSIG = 1
"""From <linux/prctl.h>: sets the signal that is sent when the parent ends."""

EXIT_OUT_OF_MEMORY = 77
"""Exit status of a worker that ran out of memory."""

ADDRESS_SPACE_BYTES = 4 * 1024**3
"""Address space limit of a worker (RLIMIT_AS); the largest accepted report needs a quarter of
it."""


class Job(Protocol):
    """Work on objects of a facility; can be split into single objects."""

    def work(self, state: Any) -> Any:
        """Do the job with the state that the worker keeps between jobs; returns the answer.

        OSError stops the run.
        """

    def split(self) -> Sequence[Job]:
        """One job per object; none if the job has a single object already."""

    def outcome_of_crash(self, exit_code: int) -> Any:
        """The answer for an object that has ended two workers."""


def serve(connection: Connection, make_state: Callable[[], Any], address_space_bytes: int) -> None:
    """Run each job and send its answer; an exception is sent too and stops the run."""
    _set_limits(address_space_bytes)
    state = make_state()
    with suppress(BrokenPipeError, ConnectionResetError):  # the pool has ended
        connection.send(READY)
        while (job := _next(connection)) is not None:
            try:
                answer = job.work(state)
            except MemoryError:
                os._exit(EXIT_OUT_OF_MEMORY)
            except Exception as error:
                connection.send(error)
                return
            connection.send(answer)
            gc.collect(1)  # frees this job's objects; those in the state are not scanned again


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """After this many seconds the kernel ends the process with SIGALRM."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _next(connection: Connection) -> Job | None:
    """The next job; None if the pool is done or has ended."""
    try:
        job: Job | None = connection.recv()
    except (EOFError, ConnectionResetError):
        return None
    return job


def _set_limits(address_space_bytes: int) -> None:
    """Set limits of this process, and collect garbage between jobs only, which is twice as fast."""
    end_with_parent()
    _lower_limit(resource.RLIMIT_AS, address_space_bytes)
    _lower_limit(resource.RLIMIT_CORE, 0)  # a core file would contain the object
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    gc.freeze()
    gc.disable()


def end_with_parent() -> None:
    """Have the kernel kill this process when its parent ends.

    A worker's parent is the forkserver, which ends with the command in every case, so no worker
    still writes when the next run starts.
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _lower_limit(which: int, value: int) -> None:
    """Lower a limit; a limit that is already lower is kept."""
    hard = resource.getrlimit(which)[1]
    wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (wanted, hard))
