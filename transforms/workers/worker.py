"""The worker process of the pool: limits, then one job after another until told to stop.

An object that hangs, crashes or eats the memory ends its worker, never the line: the kernel's
timer stops a hang even inside C code, and the pool reads from the exit what happened.
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
"""Of <linux/prctl.h>: which signal the end of the parent sends."""

EXIT_OUT_OF_MEMORY = 77
"""Exit status of a worker that could not get the memory an object needs."""

ADDRESS_SPACE_BYTES = 4 * 1024**3
"""What a worker may reserve (RLIMIT_AS); the largest report accepted needs a quarter of it."""


class Job(Protocol):
    """Work on some objects of a facility, which can be split down to single objects."""

    def work(self, state: Any) -> Any:
        """Do it with what the worker keeps between jobs; the answer goes back to the pool.

        OSError stops the line.
        """

    def split(self) -> Sequence[Job]:
        """A job for each object; none where the job is one of these already."""

    def outcome_of_crash(self, exit_code: int) -> Any:
        """The answer for an object that ended a worker twice."""


def serve(connection: Connection, make_state: Callable[[], Any], address_space_bytes: int) -> None:
    """Answer each job, or end with the error that stops the line."""
    _set_limits(address_space_bytes)
    state = make_state()
    with suppress(BrokenPipeError, ConnectionResetError):  # the pool is gone
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
            gc.collect(1)  # what this job made; what the state remembers is not looked at again


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Past so many seconds the kernel ends the process with SIGALRM."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _next(connection: Connection) -> Job | None:
    """The next job; None when the pool is done or gone."""
    try:
        job: Job | None = connection.recv()
    except (EOFError, ConnectionResetError):
        return None
    return job


def _set_limits(address_space_bytes: int) -> None:
    """Limits of this process; garbage is collected between jobs, twice as fast as during them."""
    _end_with_the_command()
    _lower_limit(resource.RLIMIT_AS, address_space_bytes)
    _lower_limit(resource.RLIMIT_CORE, 0)  # a core file would hold the object
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    gc.freeze()
    gc.disable()


def _end_with_the_command() -> None:
    """Have the kernel kill this process when the forkserver ends.

    The forkserver ends with the command, however that ends: no worker goes on writing when the
    next run has begun.
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _lower_limit(which: int, value: int) -> None:
    """Lower a limit; one that is lower already stays."""
    hard = resource.getrlimit(which)[1]
    wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (wanted, hard))
