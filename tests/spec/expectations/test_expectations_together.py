"""Submissions that are checked together have the findings that each has alone."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from expectations.tables import read_tables
from expectations.validate import Validation, validate_facilities
from expectations.validator import Validator
from expectations.views import SubmissionTables
from tests.support.expectation_rows import EVENT, Row, other_report, report, write
from transforms.lake.lake import Lake
from transforms.tables import SUBMISSION

pytestmark = pytest.mark.slow

VISIT = dt.date(2026, 1, 31)
DAY = "0123456789abcdef"
GOOD = report()
TOTAL_IS_WRONG = report(total=30.0)
OTHER_MODALITIES = [
    other_report({"kvp_kv": 80.0}, modality="DX"),
    other_report(administrations=[{"administered_activity_mbq": 250.0}], modality="NM"),
]
CASES: dict[str, list[Row]] = {
    "good": [GOOD] * 3,
    "one row fails": [GOOD, report({**EVENT, "kvp_kv": 120_000.0}), GOOD],
    "a share is tolerated": [GOOD] * 39 + [TOTAL_IS_WRONG],
    "a share is not tolerated": [GOOD] * 10 + [TOTAL_IS_WRONG] * 10,
    "small, and all rows fail": [TOTAL_IS_WRONG] * 3,
    "a number is impossible": [GOOD, report({**EVENT, "dlp_mgy_cm": -1.0})],
    "other tables": [GOOD, *OTHER_MODALITIES],
}


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator()


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A facility for each case; their objects have the same keys."""
    lake = Lake(str(tmp_path / "lake"))
    for number, reports in enumerate(CASES.values(), start=1):
        write(lake, reports, submission_id=f"F{number:03}.{DAY}")
    return lake


def all_tables(lake: Lake) -> list[SubmissionTables]:
    return [read_tables(lake, name) for name in lake.submissions("decode")]


def test_findings_do_not_depend_on_the_other_submissions(lake: Lake, validator: Validator) -> None:
    submissions = all_tables(lake)
    alone = [validator.check(tables).findings for tables in submissions]
    together = [result.findings for result in validator.check_many(submissions)]
    assert dict(zip(CASES, together, strict=True)) == dict(zip(CASES, alone, strict=True))
    assert [bool(found) for found in alone] == [name != "good" for name in CASES]


def test_a_table_with_other_columns_does_not_touch_the_other_submissions(
    lake: Lake, validator: Validator
) -> None:
    name = f"F001.{DAY}"
    shorter = replace(SUBMISSION, columns=SUBMISSION.columns[:-1])
    rows = lake.read_table("decoded", SUBMISSION, name).to_pylist()
    lake.write_table("decoded", shorter, name, rows)
    submissions = all_tables(lake)
    alone = [validator.check(tables).findings for tables in submissions[1:]]
    first, *others = validator.check_many(submissions)
    assert [one["expectation"] for one in first.findings] == ["submission_columns_as_declared"]
    assert [result.findings for result in others] == alone


def test_a_submission_that_cannot_be_checked_does_not_stop_the_others(
    lake: Lake, validator: Validator, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = validator.check_many

    def fail(submissions: list[SubmissionTables]) -> Any:
        if any(len(tables.reports) == len(CASES["good"]) for tables in submissions):
            raise ZeroDivisionError
        return check(submissions)

    monkeypatch.setattr(validator, "check_many", fail)
    chosen = Validation(VISIT, make_validator=lambda: validator)
    done = validate_facilities(lake, lake.facilities("outcomes", "decode"), chosen)
    failing = {f"F{n:03}" for n, rows in enumerate(CASES.values(), 1) if len(rows) == 3}
    assert set(done.failed) == failing
    assert {one.facility_id for one in done.verdicts} | failing == set(facilities())


def test_the_files_are_those_of_one_submission_after_another(
    lake: Lake, validator: Validator, tmp_path: Path
) -> None:
    chosen = Validation(VISIT, make_validator=lambda: validator)
    one_by_one = Lake(str(tmp_path / "one_by_one"))
    for number, reports in enumerate(CASES.values(), start=1):
        write(one_by_one, reports, submission_id=f"F{number:03}.{DAY}")
        validate_facilities(one_by_one, [f"F{number:03}"], chosen)
    validate_facilities(lake, facilities(), chosen)
    assert files(lake) == files(one_by_one)


def facilities() -> list[str]:
    return [f"F{number:03}" for number in range(1, len(CASES) + 1)]


def files(lake: Lake) -> dict[str, bytes]:
    root = Path(lake.url)
    found = [path for path in root.rglob("*") if path.is_file() and path.parent.name != "locks"]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}
