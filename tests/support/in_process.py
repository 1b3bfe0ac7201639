"""Runs the `drlake` command in the process of the test: saves 3 seconds of imports each time.

done = drlake("ingest", "--exports", exports, "--lake", lake) assert done.returncode == 0,
done.stderr

It calls `main`, the entry point of the console script, so errors end as a sentence and an exit
code. Commands that it starts as processes (dbt, Great Expectations, Airflow) stay processes, and
their output is not captured. Where a test is about the process (the entry point itself, signals,
memory, file descriptors), start a real one.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from transforms.cli.__main__ import main


def drlake(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Return the output of the command and its exit code."""
    given = ["drlake", *map(str, arguments)]
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    code: object = 0
    with _command_line(given), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code
    returncode = code if isinstance(code, int) else int(code is not None)
    return subprocess.CompletedProcess(given, returncode, _text_of(out), _text_of(err))


def _text_of(written: io.TextIOWrapper) -> str:
    """All that was written, as text or as bytes."""
    written.seek(0)
    return written.read()


@contextmanager
def _command_line(given: list[str]) -> Iterator[None]:
    before, sys.argv = sys.argv, given
    try:
        yield
    finally:
        sys.argv = before
