"""`python -m expectations`: one line per submission, JSON, Data Docs, exit codes."""

import json
import re
from pathlib import Path

import pytest

from expectations.__main__ import main
from tests.support.expectation_rows import EVENT, SUBMISSION_ID, report, write
from transforms.lake.lake import Lake

pytestmark = pytest.mark.slow

FREE_TEXT = "MUELLER HEAD PROTOCOL"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(str(tmp_path / "lake"))
    doubtful = report({**EVENT, "acquisition_protocol": FREE_TEXT}, total=30.0)
    write(lake, [doubtful] * 20)
    return lake


def test_one_line_a_submission_and_exit_code_zero_though_held(
    lake: Lake, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lake", lake.url]) == 0
    assert capfd.readouterr() == (
        f"{SUBMISSION_ID}  held      20 objects  20 held  21 findings  "
        "dlp_total_equals_sum_of_events\n",
        "",  # no progress bars and no warnings of Great Expectations
    )
    assert main(["--lake", lake.url]) == 0
    assert capfd.readouterr() == ("", "")


def test_json_lists_the_verdicts(lake: Lake, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--lake", lake.url, "--json", "--facility", "F001"]) == 0
    (verdict,) = json.loads(capfd.readouterr().out)["verdicts"]
    assert verdict["submission_id"] == SUBMISSION_ID
    assert (verdict["status"], verdict["n_held"]) == ("held", 20)
    several = ["--facility", "F002", "--facility", "F003", "--again"]
    assert main(["--lake", lake.url, "--json", *several]) == 0
    nothing = {"command": "validate", "verdicts": [], "failed": []}
    assert json.loads(capfd.readouterr().out) == nothing


def test_a_facility_that_fails_does_not_stop_the_others(
    lake: Lake, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = Path(lake.outcomes_path("decode", "F000.0123456789abcdef"))
    broken.parent.mkdir()
    broken.write_bytes(b"not a Parquet file that a patient is named in: DOE^JOHN")
    given = ["--facility", "F000", "--facility", "F001"]
    assert main(["--lake", lake.url, "--json", *given]) == 1
    printed = capfd.readouterr()
    found = json.loads(printed.out)
    assert [one["facility_id"] for one in found["verdicts"]] == ["F001"]
    (failed,) = found["failed"]
    assert failed["facility_id"] == "F000"
    assert printed.err == failed["message"] + "\n"
    assert "DOE" not in printed.err


def test_data_docs_are_written_under_the_lake_and_replaced(
    lake: Lake, capfd: pytest.CaptureFixture[str]
) -> None:
    site = Path(lake.url) / "data_docs" / SUBMISSION_ID
    assert main(["--lake", lake.url, "--data-docs"]) == 0
    assert main(["--lake", lake.url, "--data-docs", "--again"]) == 0
    assert capfd.readouterr().err == ""
    assert (site / "index.html").is_file()
    pages = [path.name for path in (site / "validations").rglob("*.html")]
    assert sorted(pages) == [
        "decoded-ct_accumulated_dose.html",
        "decoded-ct_irradiation_event.html",
        "decoded-device_dose.html",
        "decoded-dose_report.html",
        "decoded-submission.html",
    ]
    result = next(site.rglob("decoded-ct_accumulated_dose.html")).read_text(encoding="utf-8")
    assert "at least 80 % of the time" in re.sub(r"<[^>]+>", "", result)
    suite = (site / "expectations" / "ct_accumulated_dose.html").read_text(encoding="utf-8")
    assert "The total DLP that a report states and the sum of its events differ" in suite


def test_text_of_a_report_reaches_neither_findings_nor_data_docs(lake: Lake) -> None:
    assert main(["--lake", lake.url, "--data-docs"]) == 0
    root = Path(lake.url)
    for folder in ("validated", "outcomes", "data_docs"):
        for path in filter(Path.is_file, (root / folder).rglob("*")):
            assert FREE_TEXT.encode() not in path.read_bytes(), path


def test_a_lake_that_is_not_there_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lake", str(tmp_path / "none")]) == 2
    assert "Run `drlake ingest` first" in capsys.readouterr().err


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    assert "python -m expectations --lake data/lake" in capsys.readouterr().out
