"""Ledger commands: balance, the outcome of a file, the receipt of a hospital."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from expectations.validate import validate_new
from tests.support.lakes.lake_rows import LakeRows
from tests.support.reports.real_reports import EXPORTS, require_real_reports
from transforms.cli import __main__ as cli
from transforms.errors import DrlakeError
from transforms.lake.lake import Lake
from transforms.ledger.balance import balance
from transforms.ledger.explain import explain
from transforms.ledger.statements import read_statements
from transforms.pipeline.facility import ingest_facility
from transforms.settings import Settings
from transforms.tables import DOSE_REPORT

CT_REPORT = EXPORTS / "F001" / "CT-RDSR-Siemens-Multi-1.dcm"
FACILITIES = ("H1", "H2", "H3")
NAMES = ("=cmd.dcm", "a.dcm", "b.dcm")


def put_rows(lake_rows: LakeRows) -> None:
    """H1 has sent a file that is no DICOM and a good report twice; H3 has retracted the good one;
    what H2 sent came last and waits to be validated."""
    if not EXPORTS.is_dir():
        return  # the tests skip; the rows of other modules are asked for all the same
    exports = Path(lake_rows.lake.url).parent / "exports"
    for facility_id in FACILITIES:
        (exports / facility_id).mkdir(parents=True)
        shutil.copy(CT_REPORT, exports / facility_id / "a.dcm")
    (exports / "H1" / NAMES[0]).write_bytes(b"no dicom")
    shutil.copy(CT_REPORT, exports / "H1" / "b.dcm")
    settings = Settings(lake=lake_rows.lake.url, exports=str(exports))
    for facility_id in ("H1", "H3"):
        ingest_facility(settings, facility_id)
    validate_new(lake_rows.lake)
    ingest_facility(settings, "H2")
    drlake("retract", "H3", sha256(CT_REPORT.read_bytes()), "--lake", settings.lake)


@pytest.fixture
def lake(warehouse: Any, tmp_path: Path) -> Lake:
    """A lake of one's own: links to the files, which are replaced and never written into."""
    require_real_reports()
    not_asked = shutil.ignore_patterns("dbt")  # what dbt wrote besides the DuckDB file
    shutil.copytree(warehouse.lake, tmp_path / "lake", ignore=not_asked, copy_function=os.link)
    return Lake(str(tmp_path / "lake"))


def drlake(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, arguments)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_the_balance_tells_files_as_they_are_and_doses_as_they_were_built(lake: Lake) -> None:
    done = drlake("ledger", "balance", "--lake", lake.url, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["unbalanced"] == []
    files = [line for line in told["files"] if line["facility_id"] in FACILITIES]
    by_facility = {line.pop("facility_id"): line for line in files}
    names = (
        "received",
        "accepted",
        "held",
        "quarantined",
        "duplicate",
        "pending",
        "missing",
        "unexplained",
    )
    assert by_facility == {
        "H1": dict(zip(names, (3, 1, 0, 1, 1, 0, 0, 0), strict=True)),
        "H2": dict(zip(names, (1, 0, 0, 0, 0, 1, 0, 0), strict=True)),
        "H3": dict(zip(names, (1, 1, 0, 0, 0, 0, 0, 0), strict=True)),
    }
    days = [line for line in told["days"] if line["facility_id"] in FACILITIES]
    counted = {line["counted"] for line in days}
    assert counted == {"object", "report", "event", "dlp_mgy_cm"}
    assert all(line["arrived"] > 0 for line in days)


def test_the_balance_is_a_table_for_a_person(lake: Lake) -> None:
    done = drlake("ledger", "balance", "--lake", lake.url)
    assert done.exit_code == 0
    assert re.search(r"H1 +│ +3 +│ +1 +│ +0 +│ +1 +│ +1", done.stdout)
    assert "dlp_mgy_cm" in done.stdout


def test_a_lost_file_is_named_by_its_submission(lake: Lake) -> None:
    (submission_id,) = lake.submissions("validate", "H1")
    lake.write_outcomes("validate", submission_id, [])
    assert balance(lake).problem_lines() == [f"files of submission {submission_id}"]
    done = drlake("ledger", "balance", "--lake", lake.url)
    assert "does not balance" in str(done.exception)
    assert cli._exit_code(done.exception) == 4  # type: ignore[arg-type]


def test_an_outcome_of_nobody_unbalances_the_ledger(lake: Lake) -> None:
    (submission_id,) = lake.submissions("validate", "H1")
    rows = lake.read_outcomes("validate", submission_id).to_pylist()
    lake.write_outcomes("validate", submission_id, [*rows, {**rows[0], "object_index": 99}])
    assert balance(lake).problem_lines() == [f"files of submission {submission_id}"]


def test_a_file_is_explained_from_its_arrivals_to_its_statistic(lake: Lake) -> None:
    told = explain(lake, str(CT_REPORT))
    assert told == explain(lake, sha256(CT_REPORT.read_bytes()).upper())
    (submission_id,) = lake.submissions("validate", "H1")
    assert f"Received from H1 as object 2 of 3 of submission {submission_id}, " in told
    assert "Decoded: a supported dose report" in told
    assert "Validated: accepted." in told
    assert re.search(r"\d+ of its events are used", told)
    assert "It belongs to an examination (CT," in told
    assert "Received from H1 as object 3 of 3" in told
    assert "Ended as duplicate when it was received: duplicate_in_submission." in told
    assert "Received from H2 as object 1 of 1" in told
    assert "It is waiting to be validated: run `drlake validate`." in told


def test_a_refused_file_is_explained_with_what_to_mend(lake: Lake) -> None:
    told = explain(lake, sha256(b"no dicom"))
    assert "Ended as quarantined when it was decoded: not_dicom" in told
    assert "Export the SR objects as DICOM files." in told


def test_what_never_came_has_a_cure(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "unsent.dcm").write_bytes(b"unsent")
    with pytest.raises(DrlakeError, match="drlake ingest"):
        explain(lake, str(tmp_path / "unsent.dcm"))
    done = drlake("explain", "0" * 64, "--lake", lake.url)
    assert cli._exit_code(done.exception) == 1  # type: ignore[arg-type]


def test_an_explanation_names_neither_name_nor_day(lake: Lake) -> None:
    told = explain(lake, str(CT_REPORT)).replace(str(CT_REPORT), "")
    days = {
        row["study_date"]
        for facility_id in FACILITIES
        for name in lake.submissions("decode", facility_id)
        for row in lake.read_table("decoded", DOSE_REPORT, name).to_pylist()
    }
    assert days
    for day in days:
        assert f"{day}" not in told
        assert f"{day:%Y%m%d}" not in told
    assert not any(name in told for name in NAMES)


def test_a_receipt_tells_every_object_and_what_to_mend(lake: Lake, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("\n".join([*NAMES, "never-sent.dcm"]))
    out = tmp_path / "out"
    done = drlake("receipts", "H1", "--lake", lake.url, "--out", str(out), "--names", str(names))
    assert done.exit_code == 0, done.output
    text = (out / "H1.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert [(r["name"], r["outcome"], r["reason_code"]) for r in rows] == [
        ("'=cmd.dcm", "quarantined", "not_dicom"),
        ("a.dcm", "accepted", ""),
        ("b.dcm", "duplicate", "duplicate_in_submission"),
    ]
    assert rows[0]["what_to_mend"].endswith("DICOM files.")
    assert rows[0]["object_sha256"] == sha256(b"no dicom")
    document = json.loads((out / "H1.json").read_text(encoding="utf-8"))
    assert document["objects"][0]["name"] == "=cmd.dcm"
    assert (out / "H1.csv").stat().st_mode & 0o777 == 0o600


def test_without_the_hospitals_list_a_receipt_has_no_names(lake: Lake) -> None:
    done = drlake("receipts", "H1", "--lake", lake.url, "--json")
    paths = json.loads(done.stdout)["paths"]
    texts = [Path(path).read_text(encoding="utf-8") for path in paths]
    assert not any(name in text for name in NAMES for text in texts)


def test_a_receipt_of_nobody_has_a_cure(lake: Lake) -> None:
    done = drlake("receipts", "H9", "--lake", lake.url)
    assert cli._exit_code(done.exception) == 1  # type: ignore[arg-type]
    assert "has not sent anything" in str(done.exception)


def test_a_submission_that_waits_for_validation_stops_nobody(warehouse: Any, lake: Lake) -> None:
    (waiting,) = lake.submissions("decode", "H2")
    assert waiting in warehouse.said[-1]
    counted = warehouse.rows("select distinct facility_id from marts.attrition")
    assert {facility_id for (facility_id,) in counted} & {*FACILITIES} == {"H1", "H3"}


def test_a_retraction_is_explained_before_the_next_build(lake: Lake) -> None:
    sha = sha256(CT_REPORT.read_bytes())
    for _ in range(2):
        assert (
            drlake("retract", "H1", sha, "--reason", "phantom", "--lake", lake.url).exit_code == 0
        )
    (said,) = read_statements(lake, "H1")
    assert (said["statement"], said["object_sha256"], said["reason"]) == (
        "retracted",
        sha,
        "phantom",
    )
    told = explain(lake, sha)
    assert "Stated by H1: retracted." in told
    assert told.count("The report is not used in statistics") == 1  # in H3 alone


def test_a_retraction_counts_from_the_next_build_on(lake: Lake) -> None:
    told = explain(lake, sha256(CT_REPORT.read_bytes()))
    assert "Stated by H3: retracted." in told
    assert "The report is not used in statistics: retracted." in told
    done = drlake("receipts", "H3", "--lake", lake.url, "--json")
    objects = json.loads(Path(json.loads(done.stdout)["paths"][1]).read_text())["objects"]
    assert [(one["outcome"], one["reason_code"]) for one in objects] == [("excluded", "retracted")]
    assert balance(lake).problem_lines() == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("retract", "H1", "0" * 64), 1, "has not sent an object"),
        (("retract", "H1", "abc"), 2, "64 hexadecimal digits"),
        (("supersede", "H1", "0" * 64, "0" * 64), 2, "cannot replace itself"),
        (("confirm", "H1", "0" * 64, "maybe"), 2, "same or other"),
        (("retract", "../H1", "0" * 64), 2, "facility id"),
        (("withdraw", "H1", "0" * 16), 1, "drlake ledger statements --facility H1"),
        (("withdraw", "H1", "0" * 64), 2, "16 hexadecimal digits"),
        (("withdraw", "../H1", "0" * 16), 2, "facility id"),
    ],
)
def test_a_statement_about_nothing_is_refused(
    lake: Lake, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = drlake(*arguments, "--lake", lake.url)
    assert cli._exit_code(done.exception) == code  # type: ignore[arg-type]
    assert said in str(done.exception)
    assert read_statements(lake, "H1") == []


def statements(lake: Lake, facility_id: str = "H1") -> list[dict[str, object]]:
    """Statements of a facility by `drlake ledger statements --json`."""
    asked = ("--facility", facility_id, "--json")
    done = drlake("ledger", "statements", "--lake", lake.url, *asked)
    assert done.exit_code == 0, done.output
    told: list[dict[str, object]] = json.loads(done.stdout)["statements"]
    return told


def test_a_statement_is_listed_with_the_id_by_which_it_is_taken_back(lake: Lake) -> None:
    sha = sha256(CT_REPORT.read_bytes())
    said = drlake("retract", "H1", sha, "--reason", "phantom", "--lake", lake.url)
    (row,) = statements(lake)
    assert f"Statement {row['statement_id']}: " in said.stdout
    assert row == {
        "facility_id": "H1",
        "statement_id": row["statement_id"],
        "statement": "retracted",
        "object_sha256": sha,
        "other_object_sha256": None,
        "withdrawn_statement_id": None,
        "repetition": 0,
        "reason": "phantom",
        "withdrawn_by": None,
    }
    assert statements(lake, "H2") == []
    plain = drlake("ledger", "statements", "--lake", lake.url).stdout
    assert f"{row['statement_id']}  H1: retracted, object {sha} (phantom)" in plain


def test_a_statement_is_taken_back_by_another_and_both_are_kept(lake: Lake) -> None:
    sha = sha256(CT_REPORT.read_bytes())
    drlake("retract", "H1", sha, "--lake", lake.url)
    (made,) = statements(lake)
    path = Path(lake.statement_files("H1")[0])
    before = path.read_bytes()
    for reason in ("the wrong file", "said twice"):
        again = ("--reason", reason, "--lake", lake.url)
        done = drlake("withdraw", "H1", str(made["statement_id"]), *again)
        assert done.exit_code == 0, done.output
    assert path.read_bytes() == before
    (back,) = [row for row in statements(lake) if row["statement"] == "withdrawn"]
    assert (back["withdrawn_statement_id"], back["object_sha256"], back["reason"]) == (
        made["statement_id"],
        sha,
        "the wrong file",
    )
    assert {row["withdrawn_by"] for row in statements(lake)} == {None, back["statement_id"]}
    by = f"withdrawn by statement {back['statement_id']}"
    assert f"Stated by H1: retracted. Statement {made['statement_id']}, {by}" in explain(lake, sha)
    assert f"object {sha}, {by}" in drlake("ledger", "statements", "--lake", lake.url).stdout


def test_what_was_taken_back_can_be_stated_again_as_a_statement_of_its_own(lake: Lake) -> None:
    sha = sha256(CT_REPORT.read_bytes())
    for _ in range(2):
        drlake("retract", "H1", sha, "--lake", lake.url)
        in_force = [row for row in statements(lake) if row["withdrawn_by"] is None]
        (made,) = [row for row in in_force if row["statement"] == "retracted"]
        drlake("withdraw", "H1", str(made["statement_id"]), "--lake", lake.url)
    made_now = statements(lake)
    assert (
        sorted(str(row["statement"]) for row in made_now) == ["retracted"] * 2 + ["withdrawn"] * 2
    )
    assert len({row["statement_id"] for row in made_now}) == 4
    assert sorted(row["repetition"] for row in made_now) == [0, 0, 0, 1]  # type: ignore[type-var]


def test_a_withdrawal_is_not_taken_back_and_the_cure_is_named(lake: Lake) -> None:
    sha = sha256(CT_REPORT.read_bytes())
    drlake("confirm", "H1", sha, "other", "--lake", lake.url)
    (made,) = statements(lake)
    drlake("withdraw", "H1", str(made["statement_id"]), "--lake", lake.url)
    (back,) = [row for row in statements(lake) if row["statement"] == "withdrawn"]
    done = drlake("withdraw", "H1", str(back["statement_id"]), "--lake", lake.url)
    assert cli._exit_code(done.exception) == 2  # type: ignore[arg-type]
    assert f"Make the withdrawn statement again: `drlake confirm H1 {sha} other`" in str(
        done.exception
    )
    assert len(statements(lake)) == 2


def test_withdraw_shows_how_it_is_used() -> None:
    assert "Example: drlake withdraw F001" in drlake("withdraw", "--help").stdout
