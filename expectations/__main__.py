"""`python -m expectations`: validate decoded submissions of a lake."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from expectations.validate import Validation, validate_facilities
from expectations.verdict import SubmissionVerdict
from transforms.errors import DrlakeError, UsageError, cure_of
from transforms.lake.lake import Lake
from transforms.lake.lake_format import check_number
from transforms.settings import Settings

EXAMPLE = """\
example:
  python -m expectations --lake data/lake --facility F001
  F001.0123456789abcdef  accepted  412 objects  0 held  7 findings
  F024.fedcba9876543210  held      398 objects  398 held  99 findings  most_objects_could_be_read

A held submission is an outcome, not a failure: the exit code is 0. It is 2 when the command
is wrong and 1 when drlake fails. A facility that fails does not stop the others.
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
    made.add_argument(
        "--facility",
        metavar="ID",
        action="append",
        help="only submissions of this facility; may be given again",
    )
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
    made.add_argument("--json", action="store_true", help="print one JSON document")
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
        failed = _run(given)
    except UsageError as error:
        return _fail(given, str(error), 2)
    except DrlakeError as error:
        return _fail(given, str(error), 1)
    except OSError as error:
        return _fail(given, cure_of(error), 1)
    return 1 if failed else 0


def _run(given: argparse.Namespace) -> list[dict[str, Any]]:
    """Validate and print the verdicts; returns the facilities that failed."""
    settings = Settings.from_environ(os.environ, lake=given.lake, as_of=given.as_of)
    lake = _lake(settings)
    progress = None if given.json else _say
    done = validate_facilities(
        lake,
        given.facility or lake.facilities("outcomes", "decode"),
        Validation(settings.last_day, given.data_docs, progress),
        again=given.again,
    )
    failed = [_failure(facility_id, error) for facility_id, error in done.failed.items()]
    for one in failed:
        sys.stderr.write(f"{one['message']}\n")
    if given.json:
        document = {"verdicts": [asdict(verdict) for verdict in done.verdicts], "failed": failed}
        sys.stdout.write(json.dumps({"command": "validate", **document}, indent=2) + "\n")
    return failed


def _failure(facility_id: str, error: Exception) -> dict[str, Any]:
    """A facility that failed; an error that is not drlake's own is named by its type only.

    Its message may quote a report.
    """
    why = str(error) if isinstance(error, DrlakeError) else type(error).__name__
    why = cure_of(error) if isinstance(error, OSError) else why
    message = f"{facility_id}: validation failed: {why}"
    return {
        "facility_id": facility_id,
        "message": message,
        "try_again": isinstance(error, OSError),
    }


def _lake(settings: Settings) -> Lake:
    if "://" not in settings.lake and not Path(settings.lake).is_dir():
        raise UsageError(f"There is no lake at {settings.lake}. Run `drlake ingest` first.")
    lake = Lake(settings.lake)
    check_number(lake)  # `drlake upgrade` validates a lake that is being upgraded
    return lake


def _say(verdict: SubmissionVerdict) -> None:
    sys.stdout.write(line(verdict) + "\n")
    sys.stdout.flush()


def _fail(given: argparse.Namespace, sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    if given.json:
        sys.stdout.write(json.dumps({"error": sentence, "try_again": False}) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
