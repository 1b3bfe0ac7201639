"""Runs real `drlake` processes in 0.3 s instead of 3, forked from one with all imports loaded.

A child is a session of its own with the command, a forkserver and workers, as on any machine; but
the forkserver is forked too, instead of loading pyarrow and pandas again. The child writes the name
of each commit point it reaches to a file, and can kill itself with all its processes at one of
them.

`python -m tests.support.faults.forked_command` reads and writes lines of JSON: a `Birth` comes in,
the process id goes out, then the exit code (of `waitpid`: negative for a signal). If the names of
two pipes come in, a fork of the process reads and writes these: a second nursery without imports.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
OBJECTS_PER_CHUNK, CHUNKS_PER_ROW_GROUP = 3, 2
"""So small that a dozen objects make several chunks and row groups."""


@dataclass(frozen=True)
class Birth:
    """One command: its arguments, the file for commit points, and where it kills itself.

    `kill_at` is the name of a commit point, `kill_nth` the arrival at it. One worker makes the same
    calls in the same order each time.
    """

    arguments: Sequence[str]
    log: str
    kill_at: str | None = None
    kill_nth: int = 1
    workers: int = 2


class Nursery:
    """The process with all imports loaded, as a context manager."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = {**os.environ, **(environment or {})}

    def __enter__(self) -> Nursery:
        command = [sys.executable, "-m", "tests.support.faults.forked_command"]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._commands, self._answers = self._process.stdin, self._process.stdout
        return self

    def __exit__(self, *error: object) -> None:
        self._commands.close()
        self._process.wait()

    @contextmanager
    def twin(self, folder: Path) -> Iterator[Nursery]:
        """A second nursery, forked from this one; `folder` is a new folder for its pipes."""
        commands, answers = folder / "commands", folder / "answers"
        folder.mkdir()
        os.mkfifo(commands)
        os.mkfifo(answers)
        self._send([str(commands), str(answers)])
        made = Nursery()
        with commands.open("w") as made._commands, answers.open() as made._answers:
            yield made

    def bear(self, birth: Birth) -> int:
        """Start a command; returns its process id, which is also its group id."""
        self._send(asdict(birth))
        return int(self._answer())

    def _send(self, message: object) -> None:
        self._commands.write(json.dumps(message) + "\n")
        self._commands.flush()

    def wait(self) -> int:
        """Wait until all processes of the command have ended; returns its exit code."""
        return int(self._answer())

    def _answer(self) -> str:
        line = self._answers.readline()
        assert line, "the nursery has ended"
        return line

    def run(self, birth: Birth) -> int:
        """Start a command and wait for it."""
        self.bear(birth)
        return self.wait()

    def run_and_kill(self, birth: Birth, seconds: float) -> int:
        """Kill a command with all its processes this long after the first commit point."""
        group = self.bear(birth)
        while not Path(birth.log).exists():
            time.sleep(0.001)
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        return self.wait()


def points(log: Path) -> list[str]:
    """Names of the commit points in the order in which they were reached."""
    return log.read_text(encoding="utf-8").split()


def main() -> None:
    """Load all imports, then fork for each line that comes in."""
    _become_subreaper()
    _load()
    for line in iter(sys.stdin.readline, ""):
        message = json.loads(line)
        if isinstance(message, list):
            _fork_twin(*message)
            continue
        birth = Birth(**message)
        child = os.fork()
        if child == 0:
            _live(birth)
        _say(child)
        _say(_end_of(child))


def _fork_twin(commands: str, answers: str) -> None:
    """In the child, read from and write to these pipes instead."""
    if os.fork() == 0:
        _become_subreaper()
        _bind(sys.stdin, commands, os.O_RDONLY)
        _bind(sys.stdout, answers, os.O_WRONLY)


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _become_subreaper() -> None:
    """Make orphans of a killed command our children, so that their end is seen."""
    import ctypes

    pr_set_child_subreaper = 36
    ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1)


def _load() -> None:
    import importlib

    for name in (
        *("pandas", "typer", "rich.progress", "transforms.cli.__main__"),
        *("transforms.ledger.entries", "transforms.pipeline.facility"),
        *("transforms.pipeline.decode_job", "transforms.receive.fetch_job"),
    ):
        importlib.import_module(name)
    if os.environ.get("NURSERY_VALIDATES"):
        importlib.import_module("expectations.__main__")
        importlib.import_module("great_expectations")


def _end_of(child: int) -> int:
    """Exit code of the command, once no process of its group is left."""
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    while True:
        try:
            os.killpg(child, 0)
        except ProcessLookupError:
            return code
        with suppress(ChildProcessError):
            os.waitpid(-child, os.WNOHANG)
        time.sleep(0.002)


def _live(birth: Birth) -> None:
    """Run the command, in a session of its own; never returns."""
    code = 70
    try:
        os.setsid()
        # A shell that starts tests in the background ignores Ctrl-C, and children inherit that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _bind(sys.stdin, os.devnull, os.O_RDONLY)
        _bind(sys.stdout, f"{birth.log}.out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        _bind(sys.stderr, f"{birth.log}.err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        _make_small_and_mortal(birth)
        code = _command(birth.arguments)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _bind(stream: Any, path: str, flags: int) -> None:
    descriptor = os.open(path, flags, 0o600)
    os.dup2(descriptor, stream.fileno())
    os.close(descriptor)


def _command(arguments: Sequence[str]) -> int:
    """The entry point of `drlake`, or of `python -m expectations`; its exit code."""
    sys.argv = list(arguments)
    if arguments[0] == "expectations":
        from expectations.__main__ import main as validate

        return validate(arguments[1:])
    from transforms.cli.__main__ import main as drlake

    try:
        drlake()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    return 0


def _make_small_and_mortal(birth: Birth) -> None:
    from multiprocessing import forkserver

    from transforms.lake import commit_points, parts
    from transforms.workers import pool

    def reached(point: commit_points.CommitPoint) -> None:
        with Path(birth.log).open("a", encoding="utf-8") as file:
            file.write(f"{point.name}\n")
        if point.name != birth.kill_at:
            return
        if points(Path(birth.log)).count(point.name) >= birth.kill_nth:
            os.killpg(0, signal.SIGKILL)

    commit_points.announce = reached
    pool.OBJECTS_PER_CHUNK = OBJECTS_PER_CHUNK
    parts.CHUNKS_PER_ROW_GROUP = CHUNKS_PER_ROW_GROUP
    os.cpu_count = lambda: birth.workers
    forkserver.ensure_running = _ensure_running_by_fork(forkserver)


def _ensure_running_by_fork(forkserver: Any) -> Any:
    """`ForkServer.ensure_running` with a fork instead of a new interpreter."""

    def ensure_running() -> None:
        server = forkserver._forkserver
        if server._forkserver_pid is not None:
            return
        import socket
        from multiprocessing import resource_tracker, util

        resource_tracker.ensure_running()
        listener = socket.socket(socket.AF_UNIX)
        address = str(Path(util.get_temp_dir()) / f"forkserver-{os.getpid()}")
        listener.bind(address)
        listener.listen()
        alive_read, alive_write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(alive_write)
            forkserver.main(listener.fileno(), alive_read, None)
            os._exit(0)
        listener.close()
        os.close(alive_read)
        server._forkserver_address = address
        server._forkserver_alive_fd = alive_write
        server._forkserver_pid = child

    forkserver._forkserver.ensure_running = ensure_running
    return ensure_running


if __name__ == "__main__":
    main()
