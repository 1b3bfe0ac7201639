"""The verdict on a submission, accepted or held, and the files in the lake after it."""

from dataclasses import replace
from pathlib import Path

import pytest

from expectations import validate
from expectations.validate import validate_new, validate_submission
from expectations.validator import Validator
from tests.support.expectation_rows import (
    EVENT,
    SUBMISSION_ID,
    Row,
    findings,
    report,
    sha256,
    write,
)
from transforms.errors import DrlakeError
from transforms.lake.lake import ZONES, Lake
from transforms.tables import CT_IRRADIATION_EVENT, DOSE_REPORT, SUBMISSION
from transforms.tables.schema import Table

pytestmark = pytest.mark.slow

GOOD = report()
TEN_TIMES_TOO_SMALL = report(total=30.0)


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator()


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


def files(lake: Lake) -> dict[str, bytes]:
    root = Path(lake.url)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def accepted_files(lake: Lake) -> list[str]:
    return [path for path in files(lake) if "accepted/" in path and "_empty" not in path]


def outcomes(lake: Lake) -> list[tuple[object, ...]]:
    rows = lake.read_outcomes("validate", SUBMISSION_ID).to_pylist()
    names = ("object_index", "stage", "outcome", "reason_code", "detail")
    return [tuple(row[name] for name in names) for row in rows]


def test_an_accepted_submission_is_a_byte_copy_of_what_was_decoded(
    lake: Lake, validator: Validator
) -> None:
    write(lake, [GOOD, GOOD], quarantined=["identity_present"])
    verdict = validate_submission(lake, SUBMISSION_ID, validator=validator)
    assert (verdict.status, verdict.reason_code, verdict.detail) == ("accepted", None, None)
    assert (verdict.n_accepted, verdict.n_held, verdict.n_findings) == (2, 0, 1)
    assert verdict.facility_id == "F001"
    stored = files(lake)
    for table in ZONES["accepted"]:
        path = f"{table.name}/facility=F001/{SUBMISSION_ID}.parquet"
        assert stored[f"accepted/{path}"] == stored[f"decoded/{path}"]
    assert outcomes(lake) == [
        (1, "validate", "accepted", None, None),
        (2, "validate", "accepted", None, None),
    ]


@pytest.mark.parametrize(("doubtful", "status"), [(5, "accepted"), (6, "held")])
def test_more_than_a_fifth_of_reports_with_wrong_totals_holds(
    lake: Lake, validator: Validator, doubtful: int, status: str
) -> None:
    write(lake, [TEN_TIMES_TOO_SMALL] * doubtful + [GOOD] * (25 - doubtful))
    verdict = validate_submission(lake, SUBMISSION_ID, validator=validator)
    assert verdict.status == status
    flags = [row for row in findings(lake) if row["severity"] == "flag"]
    assert [row["object_sha256"] for row in flags] == [sha256(i + 1) for i in range(doubtful)]


def test_a_held_submission_leaves_nothing_in_accepted_and_says_why(
    lake: Lake, validator: Validator
) -> None:
    write(lake, [TEN_TIMES_TOO_SMALL] * 20)
    verdict = validate_submission(lake, SUBMISSION_ID, validator=validator)
    rule = "dlp_total_equals_sum_of_events"
    assert (verdict.status, verdict.reason_code) == ("held", rule)
    assert verdict.detail is not None
    assert verdict.detail.endswith("Seen: 20 of 20 rows (100.0%).")
    assert (verdict.n_accepted, verdict.n_held, verdict.n_findings) == (0, 20, 21)
    assert accepted_files(lake) == []
    assert set(outcomes(lake)) == {
        (index, "validate", "held", "submission_held", rule) for index in range(1, 21)
    }
    first = findings(lake)[0]
    assert (first["severity"], first["expectation"], first["object_sha256"]) == ("hold", rule, None)


def test_a_submission_that_is_held_later_is_taken_back(lake: Lake, validator: Validator) -> None:
    write(lake, [GOOD] * 20)
    validate_submission(lake, SUBMISSION_ID, validator=validator)
    assert len(accepted_files(lake)) == len(ZONES["accepted"])
    write(lake, [TEN_TIMES_TOO_SMALL] * 20)
    validate_submission(lake, SUBMISSION_ID, validator=validator)
    assert accepted_files(lake) == []


def test_a_small_submission_is_not_held_by_a_share(lake: Lake, validator: Validator) -> None:
    write(lake, [TEN_TIMES_TOO_SMALL] * 19)
    verdict = validate_submission(lake, SUBMISSION_ID, validator=validator)
    assert (verdict.status, verdict.n_findings) == ("accepted", 19)


@pytest.mark.parametrize("doubtful", [[GOOD], [TEN_TIMES_TOO_SMALL] * 20])
def test_running_again_writes_the_same_bytes(
    lake: Lake, validator: Validator, doubtful: list[Row]
) -> None:
    write(lake, doubtful)
    validate_submission(lake, SUBMISSION_ID, validator=validator)
    first = files(lake)
    validate_submission(lake, SUBMISSION_ID, validator=Validator())
    assert files(lake) == first


def test_a_submission_without_decoded_reports_is_accepted_with_no_rows(
    lake: Lake, validator: Validator
) -> None:
    write(lake, [], quarantined=["identity_present"] * 30)
    verdict = validate_submission(lake, SUBMISSION_ID, validator=validator)
    assert (verdict.status, verdict.n_accepted, verdict.n_held) == ("accepted", 0, 0)
    assert outcomes(lake) == []
    assert [(row["expectation"], row["observed"]) for row in findings(lake)] == [
        ("few_objects_refused", "30 objects refused, 30 meant as dose reports")
    ]


@pytest.mark.parametrize(
    ("reason", "decoded", "refused", "status", "rules"),
    [
        ("identity_present", 9, 10, "accepted", ["few_objects_refused"]),  # small
        ("identity_present", 10, 10, "accepted", ["few_objects_refused"]),  # exactly half
        (
            "identity_present",
            10,
            11,
            "held",
            ["most_objects_could_be_read", "few_objects_refused"],
        ),
        ("modality_not_supported", 10, 90, "accepted", []),
        ("not_dose_report", 10, 90, "accepted", []),
    ],
)
def test_most_dose_reports_refused_holds_but_other_objects_do_not_count(
    lake: Lake,
    validator: Validator,
    reason: str,
    decoded: int,
    refused: int,
    status: str,
    rules: list[str],
) -> None:
    write(lake, [GOOD] * decoded, quarantined=[reason] * refused)
    verdict = validate_submission(lake, SUBMISSION_ID, validator=validator)
    assert verdict.status == status
    found = [row["expectation"] for row in findings(lake)]
    assert list(dict.fromkeys(found)) == rules


@pytest.mark.parametrize(("impossible", "status"), [(1, "accepted"), (2, "held")])
def test_more_than_one_in_twenty_impossible_values_holds(
    lake: Lake, validator: Validator, impossible: int, status: str
) -> None:
    wrong = report({**EVENT, "kvp_kv": 120_000.0})
    write(lake, [wrong] * impossible + [GOOD] * (20 - impossible))
    verdict = validate_submission(lake, SUBMISSION_ID, validator=validator)
    assert verdict.status == status
    rule = "ct_irradiation_event_kvp_kv_within_limits"
    flags = [row for row in findings(lake) if row["expectation"] == rule and row["event_index"]]
    assert [row["observed"] for row in flags] == ["120000 kV"] * impossible


@pytest.mark.parametrize("impossible", [-1.0, float("inf"), float("nan")])
def test_one_dose_that_is_negative_or_not_finite_holds_any_submission(
    lake: Lake, validator: Validator, impossible: float
) -> None:
    write(lake, [GOOD] * 39 + [report({**EVENT, "dlp_mgy_cm": impossible})])
    verdict = validate_submission(lake, SUBMISSION_ID, validator=validator)
    rule = "ct_irradiation_event_numbers_possible"
    assert (verdict.status, verdict.reason_code) == ("held", rule)
    of_rule = [row for row in findings(lake) if row["expectation"] == rule]
    assert [(row["severity"], row["object_sha256"], row["observed"]) for row in of_rule] == [
        ("hold", None, "1 of 40 rows (2.5%): dlp_mgy_cm in 1"),
        ("flag", sha256(40), "dlp_mgy_cm"),
    ]


def test_a_negative_number_that_is_no_dose_is_for_the_limits(
    lake: Lake, validator: Validator
) -> None:
    write(lake, [GOOD] * 39 + [report({**EVENT, "kvp_kv": -1.0})])
    assert validate_submission(lake, SUBMISSION_ID, validator=validator).status == "accepted"
    rules = [row["expectation"] for row in findings(lake)]
    assert rules == ["ct_irradiation_event_kvp_kv_within_limits", "kvp_offered_by_ct"]


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("modality", "XX", "dose_report_modality_in_vocabulary"),
        ("object_sha256", sha256(2), "dose_report_key_unique"),
        ("object_sha256", sha256(99), "decoded_objects_are_dose_reports"),
    ],
)
def test_one_row_against_the_declaration_holds_even_a_small_submission(
    lake: Lake, validator: Validator, column: str, value: str, rule: str
) -> None:
    write(lake, [GOOD, GOOD])
    rows = lake.read_table("decoded", DOSE_REPORT, SUBMISSION_ID).to_pylist()
    rows[0][column] = value
    lake.write_table("decoded", DOSE_REPORT, SUBMISSION_ID, rows)
    verdict = validate_submission(lake, SUBMISSION_ID, validator=validator)
    assert verdict.status == "held"
    held_by = [row["expectation"] for row in findings(lake) if row["severity"] == "hold"]
    assert rule in held_by


def test_a_missing_value_that_is_declared_as_never_missing_holds(
    lake: Lake, validator: Validator
) -> None:
    write(lake, [GOOD, GOOD])
    lenient = without_nullability(DOSE_REPORT)
    rows = lake.read_table("decoded", DOSE_REPORT, SUBMISSION_ID).to_pylist()
    rows[1]["device_key"] = None
    lake.write_table("decoded", lenient, SUBMISSION_ID, rows)
    verdict = validate_submission(lake, SUBMISSION_ID, validator=validator)
    assert verdict.reason_code == "dose_report_device_key_not_null"
    assert [(row["severity"], row["object_sha256"]) for row in findings(lake)] == [
        ("hold", None),
        ("flag", sha256(2)),
    ]


def without_nullability(table: Table) -> Table:
    columns = tuple(replace(column, nullable=True) for column in table.columns)
    return replace(table, columns=columns)


def test_other_columns_than_declared_hold_and_nothing_else_is_looked_at(
    lake: Lake, validator: Validator
) -> None:
    write(lake, [GOOD] * 2)
    shorter = replace(SUBMISSION, columns=SUBMISSION.columns[:-1])
    rows = lake.read_table("decoded", SUBMISSION, SUBMISSION_ID).to_pylist()
    lake.write_table("decoded", shorter, SUBMISSION_ID, rows)
    verdict = validate_submission(lake, SUBMISSION_ID, data_docs=True, validator=validator)
    assert verdict.reason_code == "submission_columns_as_declared"
    assert [row["expectation"] for row in findings(lake)] == ["submission_columns_as_declared"]
    assert accepted_files(lake) == []


def test_an_event_without_its_report_holds(lake: Lake, validator: Validator) -> None:
    write(lake, [GOOD, GOOD])
    rows = lake.read_table("decoded", CT_IRRADIATION_EVENT, SUBMISSION_ID).to_pylist()
    rows[0]["object_sha256"] = sha256(99)
    lake.write_table("decoded", CT_IRRADIATION_EVENT, SUBMISSION_ID, rows)
    verdict = validate_submission(lake, SUBMISSION_ID, validator=validator)
    assert verdict.reason_code == "rows_belong_to_dose_reports"


def test_a_crash_before_the_outcomes_is_repaired_by_the_next_run(
    lake: Lake, validator: Validator, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(lake, [GOOD])
    validate_submission(lake, SUBMISSION_ID, validator=validator)
    whole = files(lake)

    def crash(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(Lake, "write_outcomes", crash)
        with pytest.raises(OSError, match="no space"):
            validate_submission(lake, SUBMISSION_ID, validator=validator)
    assert lake.submissions("validate") == []
    assert [verdict.status for verdict in validate_new(lake)] == ["accepted"]
    assert files(lake) == whole


def test_only_what_has_no_verdict_is_validated_unless_again(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, validator: Validator
) -> None:
    monkeypatch.setattr(validate, "Validator", lambda: validator)
    other = "F002.0123456789abcdef"
    write(lake, [GOOD])
    write(lake, [GOOD], submission_id=other)
    assert [v.submission_id for v in validate_new(lake, facility_id="F002")] == [other]
    assert [v.submission_id for v in validate_new(lake)] == [SUBMISSION_ID]
    assert validate_new(lake) == []
    seen: list[str] = []
    verdicts = validate_new(lake, again=True, progress=lambda v: seen.append(v.submission_id))
    assert seen == [v.submission_id for v in verdicts] == [SUBMISSION_ID, other]


def test_a_submission_that_was_not_decoded_is_an_error_with_its_cure(lake: Lake) -> None:
    lake.prepare()
    with pytest.raises(DrlakeError, match="Run `drlake ingest`"):
        validate_submission(lake, "F001.ffffffffffffffff")
