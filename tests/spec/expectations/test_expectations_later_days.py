"""Reports with a study day after the day of validation are held until that day has come."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from expectations import validate
from expectations.__main__ import main
from expectations.validate import validate_new
from expectations.validator import Validator
from expectations.verdict import SubmissionVerdict
from tests.support.expectation_rows import SUBMISSION_ID, findings, report, sha256, write
from transforms import settings
from transforms.lake.lake import ZONES, Lake
from transforms.ledger.entries import Entry, check_balance, entries
from transforms.settings import Settings
from transforms.tables import CT_IRRADIATION_EVENT, DOSE_REPORT, SUBMISSION

pytestmark = pytest.mark.slow

VISIT = dt.date(2025, 6, 30)
DAYS = (dt.date(2025, 3, 4), VISIT, dt.date(2025, 7, 1), dt.date(2035, 1, 1), None)
"""Study days of the objects 1 to 5: two have come, one comes tomorrow, one in ten years."""


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator()


@pytest.fixture(autouse=True)
def one_validator(validator: Validator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Making the suites takes seconds, and validate_new makes its own."""
    monkeypatch.setattr(validate, "Validator", lambda: validator)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(str(tmp_path / "lake"))
    write(lake, [report(study_date=day) for day in DAYS])
    return lake


def outcomes(lake: Lake) -> list[tuple[str, str | None]]:
    rows = lake.read_outcomes("validate", SUBMISSION_ID).to_pylist()
    return [(row["outcome"], row["reason_code"]) for row in rows]


def accepted(lake: Lake, zone: str = "accepted") -> list[str]:
    table = lake.read_table(zone, DOSE_REPORT, SUBMISSION_ID)
    assert lake.read_table(zone, CT_IRRADIATION_EVENT, SUBMISSION_ID).column(
        "object_sha256"
    ) == table.column("object_sha256")
    found: list[str] = table.column("object_sha256").to_pylist()
    return found


def validated(lake: Lake, as_of: dt.date) -> list[SubmissionVerdict]:
    return validate_new(lake, as_of=as_of)


OK, LATER = ("accepted", None), ("held", "study_date_in_future")


def test_a_later_study_day_is_held_and_looked_at_again_by_each_later_validation(lake: Lake) -> None:
    (verdict,) = validated(lake, VISIT)
    assert (verdict.status, verdict.n_accepted, verdict.n_held) == ("accepted", 3, 2)
    assert outcomes(lake) == [OK, OK, LATER, LATER, OK]
    assert accepted(lake) == [sha256(1), sha256(2), sha256(5)]
    held = [(row["object_sha256"], row["expectation"]) for row in findings(lake)]
    assert held[-2:] == [(sha256(n), "study_date_not_in_future") for n in (3, 4)]
    assert validated(lake, VISIT) == [], "the same day again changes nothing"
    (verdict,) = validated(lake, VISIT + dt.timedelta(days=1))
    assert (verdict.n_accepted, verdict.n_held) == (4, 1)
    assert outcomes(lake) == [OK, OK, OK, LATER, OK]
    (verdict,) = validated(lake, dt.date(2035, 1, 1))
    assert accepted(lake) == accepted(lake, "decoded")
    assert validated(lake, dt.date(2040, 1, 1)) == []


def test_no_study_day_of_the_submission_is_later_than_the_validation(lake: Lake) -> None:
    for as_of, last in ((VISIT, VISIT), (dt.date(2040, 1, 1), dt.date(2035, 1, 1))):
        validated(lake, as_of)
        (row,) = lake.read_table("validated", SUBMISSION, SUBMISSION_ID).to_pylist()
        assert (row["first_study_date"], row["last_study_date"]) == (DAYS[0], last)


def test_the_tables_depend_on_the_day_only_by_what_it_holds(lake: Lake) -> None:
    validated(lake, VISIT)
    first = {path: path.read_bytes() for path in Path(lake.url).rglob("*.parquet")}
    validate_new(lake, again=True, as_of=VISIT)
    assert {path: path.read_bytes() for path in Path(lake.url).rglob("*.parquet")} == first
    validate_new(lake, again=True, as_of=dt.date(2100, 1, 1))
    for table in ZONES["decoded"]:
        path = lake.table_path("accepted", table, SUBMISSION_ID)
        assert lake.read_bytes(path) == lake.read_bytes(path.replace("/accepted/", "/decoded/"))


def test_a_submission_of_later_days_only_is_held_as_a_whole(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    write(lake, [report(study_date=DAYS[3])] * 2)
    (verdict,) = validated(lake, VISIT)
    assert (verdict.status, verdict.n_held) == ("held", 2)
    assert verdict.reason_code == "study_date_not_in_future"
    assert outcomes(lake) == [LATER, LATER]


def test_the_ledger_counts_held_objects_apart_from_quarantined_ones(lake: Lake) -> None:
    validated(lake, VISIT)
    found = entries(lake)
    check_balance(found)
    assert found == [
        Entry(SUBMISSION_ID, 5, accepted=3, quarantined=0, held=2, duplicate=0, pending=0)
    ]


def test_the_command_takes_the_day_as_an_argument(
    lake: Lake, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lake", lake.url, "--as-of", "2025-06-30"]) == 0
    assert f"{SUBMISSION_ID}  accepted  5 objects  2 held" in capfd.readouterr().out
    assert main(["--lake", lake.url, "--as-of", "tomorrow"]) == 2
    assert "Give one such as 2026-11-30." in capfd.readouterr().err


def test_the_default_is_today_and_the_environment_may_state_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = Settings.from_environ({"DRLAKE_AS_OF": "2025-06-30"})
    assert given.last_day == VISIT
    assert Settings.from_environ({}, as_of="2020-01-01").last_day == dt.date(2020, 1, 1)
    monkeypatch.setattr(settings, "today", lambda: dt.date(2024, 2, 29))
    assert Settings(lake="").last_day == dt.date(2024, 2, 29)
