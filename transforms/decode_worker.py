"""The worker process of the decode pool: limits, then one job after another until told to stop.

An object that hangs, crashes or eats the memory ends its worker, never the line: the kernel's
timer stops a hang even inside C code, and the pool reads from the exit what happened.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from transforms.decode.reader import ReportReader
from transforms.decode_chunk import Job, ObjectDecoder, decode_job, decode_object
from transforms.lake import Lake
from transforms.normalise.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys, Row

READY = "ready"
EXIT_OUT_OF_MEMORY = 77
"""Exit status of a worker that could not get the memory an object needs."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one object may cost.

    `seconds` is real time for one object: the largest report that is accepted (64 MB) needs a few
    seconds, so 30 is a hang. `address_space_bytes` bounds the whole worker (RLIMIT_AS).
    """

    seconds: float = 30.0
    address_space_bytes: int = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class Task:
    """What every job of a submission shares."""

    lake: Lake
    folder: Path
    pseudonyms: Pseudonyms
    limits: Limits = Limits()
    decode_one: ObjectDecoder = decode_object


def work(connection: Connection, task: Task) -> None:
    """Answer each job with its numbers, or with the error that stops the line (OSError)."""
    _set_limits(task.limits)
    decode_one = partial(_timed, task, ReportReader())
    connection.send(READY)
    while (job := _next(connection)) is not None:
        try:
            done = decode_job(task.lake, task.folder, job, decode_one)
        except MemoryError:
            os._exit(EXIT_OUT_OF_MEMORY)
        except Exception as error:
            connection.send(error)
            return
        connection.send(done)
        gc.collect()


def _next(connection: Connection) -> Job | None:
    """The next job; None when the pool is done or gone."""
    try:
        job: Job | None = connection.recv()
    except EOFError:
        return None
    return job


def _set_limits(limits: Limits) -> None:
    """Limits of this process; garbage is collected between jobs, twice as fast as during them."""
    _lower(resource.RLIMIT_AS, limits.address_space_bytes)
    _lower(resource.RLIMIT_CORE, 0)  # a core file would hold the object
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the pool decides when to stop
    gc.freeze()
    gc.disable()


def _lower(which: int, value: int) -> None:
    """Lower a limit; one that is lower already stays."""
    hard = resource.getrlimit(which)[1]
    wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (wanted, hard))


def _timed(
    task: Task, reader: ReportReader, data: bytes, keys: ObjectKeys
) -> Mapping[str, Sequence[Row]]:
    """Decode one object; past its seconds the kernel ends the process with SIGALRM."""
    signal.setitimer(signal.ITIMER_REAL, task.limits.seconds)
    try:
        return task.decode_one(data, keys, task.pseudonyms, reader)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
