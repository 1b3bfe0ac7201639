"""`python -m expectations`: validate decoded submissions of a lake."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from expectations.validate import validate_new
from expectations.verdict import SubmissionVerdict
from transforms.errors import DrlakeError, UsageError, cure_of
from transforms.lake.lake import Lake
from transforms.settings import Settings

EXAMPLE = """\
example:
  python -m expectations --lake data/lake --facility F001
  F001.0123456789abcdef  accepted  412 objects  0 held  7 findings
  F024.fedcba9876543210  held      398 objects  398 held  99 findings  most_objects_could_be_read

A held submission is an outcome, not a failure: the exit code is 0. It is 2 when the command
is wrong and 1 when drlake fails.
"""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m expectations",
        description="Check decoded submissions and accept or hold each of them.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--lake", help="folder of the lake (default: DRLAKE_LAKE, else data/lake)")
    made.add_argument("--facility", metavar="ID", help="only submissions of this facility")
    made.add_argument(
        "--again", action="store_true", help="also submissions that already have a verdict"
    )
    made.add_argument(
        "--data-docs",
        action="store_true",
        help="write Great Expectations' HTML to <lake>/data_docs/<submission>/ "
        "(opened in a browser, it loads its styles from public CDNs)",
    )
    made.add_argument(
        "--as-of",
        metavar="DAY",
        help="hold reports with a later study date, such as 2026-11-30 (default: DRLAKE_AS_OF, "
        "else today)",
    )
    made.add_argument("--json", action="store_true", help="print the verdicts as one JSON list")
    return made


def line(verdict: SubmissionVerdict) -> str:
    """The verdict of a submission in one line: counts and the reason, without values of reports."""
    objects = verdict.n_accepted + verdict.n_held
    parts = [
        verdict.submission_id,
        f"{verdict.status:8}",
        f"{objects} objects",
        f"{verdict.n_held} held",
        f"{verdict.n_findings} findings",
        verdict.reason_code or "",
    ]
    return "  ".join(parts).rstrip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Validate submissions and print the verdicts; returns the exit code."""
    given = parser().parse_args(arguments)
    try:
        _run(given)
    except UsageError as error:
        return _fail(error, 2)
    except DrlakeError as error:
        return _fail(error, 1)
    except OSError as error:
        return _fail(cure_of(error), 1)
    return 0


def _run(given: argparse.Namespace) -> None:
    settings = Settings.from_environ(os.environ, lake=given.lake, as_of=given.as_of)
    verdicts = validate_new(
        _lake(settings),
        facility_id=given.facility,
        again=given.again,
        data_docs=given.data_docs,
        progress=None if given.json else _say,
        as_of=settings.last_day,
    )
    if given.json:
        sys.stdout.write(json.dumps([asdict(verdict) for verdict in verdicts], indent=2) + "\n")


def _lake(settings: Settings) -> Lake:
    if "://" not in settings.lake and not Path(settings.lake).is_dir():
        raise UsageError(f"There is no lake at {settings.lake}. Run `drlake ingest` first.")
    return Lake(settings.lake)


def _say(verdict: SubmissionVerdict) -> None:
    sys.stdout.write(line(verdict) + "\n")
    sys.stdout.flush()


def _fail(error: DrlakeError | str, code: int) -> int:
    sys.stderr.write(f"{error}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
