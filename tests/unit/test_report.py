"""The report from small hand-made marts: what it says, escapes, refuses and repeats."""

import base64
import csv
import datetime
import hashlib
import io
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transforms.errors import DrlakeError, LedgerError
from transforms.report import write_report
from transforms.settings import Settings

METHOD = {"method_id": "drlake_first_line", "method_version": 2, "period": 2025}
HEAD = {"procedure_id": "ct_head", "procedure_label": "CT head"}
CHEST = {"procedure_id": "ct_chest", "procedure_label": "CT chest"}
ADULT = {"patient_group_id": "adult", "patient_group_label": "Adults"}
CTDIVOL = {"drl_quantity": "ctdivol", "unit": "mGy"}
DLP = {"drl_quantity": "dlp", "unit": "mGy.cm"}
TEXT, COUNT, DOSE = pa.string(), pa.int64(), pa.float64()

MART_COLUMNS = {
    "facility_typical_values": "period facility_id procedure_id procedure_label patient_group_id "
    "patient_group_label drl_quantity unit method_id method_version n_examinations p25 "
    "typical_value p75 minimum maximum mean is_sufficient",
    "national_drls": "period procedure_id procedure_label patient_group_id patient_group_label "
    "drl_quantity unit method_id method_version n_facilities n_examinations p25 p50 p75 "
    "national_drl achievable_dose status",
    "facility_drl_comparisons": "period facility_id procedure_id patient_group_id drl_quantity "
    "unit method_id method_version n_examinations typical_value national_drl ratio_to_national_drl "
    "position",
    "submission_quality": "facility_id submission_id first_study_date last_study_date n_received "
    "n_accepted n_quarantined n_duplicate status hold_reason n_findings n_events n_examinations "
    "n_unmapped_examinations",
    "facility_attendance": "facility_id facility_name region cadence is_registered n_received "
    "last_visit reason_code n_files_incomplete n_days_behind attendance",
    "attrition": "facility_id counted step_number step reason_code n",
}
DOSES = "p25 p50 p75 typical_value minimum maximum mean national_drl achievable_dose ratio"
STEPS = [
    ("F001", "object", 1, "received", None, 40),
    ("F001", "object", 3, "quarantined", "identity_present", 4),
    ("F001", "object", 4, "accepted", None, 36),
]
VALUES = [
    ("F001", HEAD | CTDIVOL, 44.0, "at_or_below"),
    ("F002", HEAD | CTDIVOL, 66.6, "above"),
    ("F003", HEAD | CTDIVOL, 71.5, "too_few_examinations"),
    ("F001", HEAD | DLP, 900.0, "at_or_below"),
    ("F001", CHEST | CTDIVOL, 7.77, "no_ndrl"),
]

Rows = list[dict[str, Any]]


def column_type(name: str) -> pa.DataType:
    if name.startswith("n_") or name in ("n", "step_number", "method_version", "period"):
        return COUNT
    if name.endswith("_date"):
        return pa.date32()
    if name in ("is_sufficient", "is_registered"):
        return pa.bool_()
    return DOSE if name.startswith(tuple(DOSES.split())) else TEXT


def national(labels: dict[str, str], n: int, p50: float, p75: float) -> dict[str, Any]:
    stated = n >= 10
    return {
        **{**HEAD, **ADULT, **CTDIVOL, **METHOD, **labels},
        **{"n_facilities": n, "n_examinations": 12 * n, "p25": 1.0, "p50": p50, "p75": p75},
        "national_drl": p75 if stated else None,
        "achievable_dose": p50 if stated else None,
        "status": "ndrl" if stated else "typical_value",
    }


def compared(facility_id: str, labels: dict[str, str], value: float, position: str) -> Rows:
    """A facility's row of `facility_typical_values` and of `facility_drl_comparisons`."""
    row = {**HEAD, **ADULT, **CTDIVOL, **METHOD, **labels}
    row |= {"facility_id": facility_id, "n_examinations": 12, "typical_value": value}
    return [
        {**row, "is_sufficient": position != "too_few_examinations"},
        {**row, "national_drl": 60.0, "ratio_to_national_drl": value / 60, "position": position},
    ]


def small_marts() -> dict[str, Rows]:
    """CT head has an NDRL for CTDIvol and DLP; CT chest has too few facilities."""
    pairs = [compared(*values) for values in VALUES]
    return {
        "national_drls": [
            national(CHEST | CTDIVOL, 9, 7.77, 8.88),
            national(HEAD | DLP, 12, 812.3456789, 1049.9),
            national(HEAD | CTDIVOL, 12, 48.123456789012345, 60.0),
        ],
        "facility_typical_values": [pair[0] for pair in pairs],
        "facility_drl_comparisons": [pair[1] for pair in pairs],
        "submission_quality": [submission("F001", "accepted"), submission("F002", "held")],
        "facility_attendance": [
            attendance("F001", "present"),
            attendance("F004", "late", n_days_behind=120),
            attendance("F005", "visit_failed", reason_code="host_key_mismatch"),
        ],
        "attrition": [
            dict(zip(MART_COLUMNS["attrition"].split(), step, strict=True)) for step in STEPS
        ],
    }


def attendance(facility_id: str, state: str, **told: Any) -> dict[str, Any]:
    row = {"facility_name": f"Clinic <{facility_id}>", "cadence": "monthly", "attendance": state}
    return {**row, "facility_id": facility_id, "is_registered": True, **told}


def submission(facility_id: str, status: str) -> dict[str, Any]:
    counts = [name for name in MART_COLUMNS["submission_quality"].split() if name[:2] == "n_"]
    return {
        **dict.fromkeys(counts, 1),
        "facility_id": facility_id,
        "submission_id": f"{facility_id}.0123456789abcdef",
        "first_study_date": datetime.date(2026, 1, 5),
        "last_study_date": datetime.date(2026, 3, 27),
        "status": status,
        "hold_reason": "Totals ten times too small." if status == "held" else None,
    }


def written(lake: Path, marts: dict[str, Rows]) -> tuple[str, str]:
    """Write the marts with the contract's columns, make the report, return page and CSV."""
    (lake / "marts").mkdir(parents=True, exist_ok=True)
    for name, columns in MART_COLUMNS.items():
        schema = pa.schema([(column, column_type(column)) for column in columns.split()])
        table = pa.Table.from_pylist(marts[name], schema=schema)
        pq.write_table(table, lake / "marts" / f"{name}.parquet")
    page, table_file = write_report(Settings(lake=str(lake)))
    assert page.endswith("report/index.html") and table_file.endswith("report/national_drls.csv")
    return Path(page).read_text(encoding="utf-8"), Path(table_file).read_bytes().decode("utf-8")


def summary_rows(page: str) -> list[str]:
    """Text of each body row of the summary table, tags taken out."""
    body = page.split('<table class="summary">')[1].split("<tbody>")[1].split("</tbody>")[0]
    return [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in body.split("</tr>")[:-1]]


def test_summary_states_ndrl_and_achievable_dose_in_reading_order(tmp_path: Path) -> None:
    rows = summary_rows(written(tmp_path, small_marts())[0])
    assert rows[0] == "CT head Adults Adults 60.0 48.1 1050 812 12 144"
    assert len(rows) == 2


def test_too_few_facilities_are_a_typical_value_and_never_an_ndrl(tmp_path: Path) -> None:
    page, _ = written(tmp_path, small_marts())
    assert summary_rows(page)[1] == "CT chest Adults Adults typical value 7.77 no values 9 108"
    chest = page.split('id="examination-2"')[1].split("</article>")[0]
    assert "ndrl_marks" not in chest and "typical_marks" in chest
    assert "8.88" not in page  # the third quartile of nine facilities


def test_facilities_are_listed_with_their_position(tmp_path: Path) -> None:
    page, _ = written(tmp_path, small_marts())
    table = page.split('<table class="comparison">')[1].split("</table>")[0]
    rows = [re.sub(r"<[^>]+>|\s+", " ", row).split() for row in table.split("<tr>")[3:]]
    assert rows[1][:6] == ["F002", "12", "66.6", "1.11", "above", "no"]
    assert rows[2][4:7] == ["too", "few", "examinations"]
    assert page.count('<g class="mark-symbol role-mark above_marks"') == 1
    assert "Restricted" in page


def test_the_paragraph_says_how_the_numbers_were_made(tmp_path: Path) -> None:
    page = " ".join(written(tmp_path, small_marts())[0].split())
    assert "drlake_first_line</code>, version 2" in page
    assert "75th percentile" in page and "Hyndman and Fan type&nbsp;7" in page
    assert "at least 10 examinations" in page and "at least 10 facilities" in page


def test_held_submissions_and_reasons_are_shown(tmp_path: Path) -> None:
    page, _ = written(tmp_path, small_marts())
    held = page.split('id="held"')[1].split("</section>")[0]
    assert "F002.0123456789abcdef" in held and "Totals ten times too small." in held
    assert "F001" not in held
    assert "De-identify again; &#39;Patient Identity Removed = YES&#39;" in page


def test_all_text_of_the_data_is_escaped(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>"
    marts = small_marts()
    for row in [row for rows in marts.values() for row in rows]:
        for key in ("procedure_label", "patient_group_label", "facility_id", "unit", "step"):
            if key in row:
                row[key] = hostile
        if row.get("status") == "held":
            row |= {"hold_reason": hostile, "submission_id": hostile}
    page, _ = written(tmp_path, marts)
    assert "<script" not in page.lower()
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 20


def test_the_page_fetches_nothing_and_allows_only_its_own_style(tmp_path: Path) -> None:
    page, _ = written(tmp_path, small_marts())
    style = page.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page
    links = re.findall(r'(?:href|src)="([^"]*)"', page)
    assert {link for link in links if not link.startswith("#")} == {"national_drls.csv"}
    assert "url(" not in style and "@import" not in style and " style=" not in page


def test_same_marts_give_the_same_bytes(tmp_path: Path) -> None:
    first = written(tmp_path / "one", small_marts())
    assert written(tmp_path / "two", small_marts()) == first
    assert written(tmp_path / "one", small_marts()) == first


def test_csv_has_the_columns_of_the_mart_and_every_digit(tmp_path: Path) -> None:
    marts = small_marts()
    _, text = written(tmp_path, marts)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == MART_COLUMNS["national_drls"].split()
    assert float(rows[2]["p50"]) == 48.123456789012345
    assert [row["national_drl"] for row in rows] == ["", "1049.9", "60.0"]
    assert rows[1]["unit"] == "mGy.cm"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", " ="])
def test_csv_text_is_never_a_formula(tmp_path: Path, start: str) -> None:
    marts = small_marts()
    marts["national_drls"][0]["procedure_label"] = f"{start}cmd"
    _, text = written(tmp_path, marts)
    row = next(csv.DictReader(io.StringIO(text)))
    assert row["procedure_label"] == f"'{start}cmd"


def test_a_lake_without_statistics_still_has_a_page(tmp_path: Path) -> None:
    page, text = written(tmp_path, {name: [] for name in MART_COLUMNS})
    assert "no reference level can be stated" in page and '<svg class="chart"' not in page
    assert text.strip().split(",") == MART_COLUMNS["national_drls"].split()


def test_examinations_that_no_facility_has_enough_of_are_named(tmp_path: Path) -> None:
    marts = small_marts()
    marts["facility_typical_values"] += compared(
        "F001", {"procedure_id": "ct_neck", "procedure_label": "CT neck"}, 9, "too_few_examinations"
    )[:1]
    assert "CT neck · Adults" in written(tmp_path, marts)[0]


def test_a_missing_mart_or_column_says_what_to_run(tmp_path: Path) -> None:
    written(tmp_path, small_marts())
    path = tmp_path / "marts" / "attrition.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["n"]), path)
    with pytest.raises(DrlakeError, match="attrition lacks n"):
        write_report(Settings(lake=str(tmp_path)))
    path.unlink()
    with pytest.raises(DrlakeError, match="Run `drlake build`"):
        write_report(Settings(lake=str(tmp_path)))


def test_an_attrition_that_does_not_add_up_is_not_published(tmp_path: Path) -> None:
    marts = small_marts()
    marts["attrition"][0]["n"] = 41
    with pytest.raises(LedgerError, match="does not add up"):
        written(tmp_path, marts)
    assert not (tmp_path / "report").exists()


def test_the_page_shows_the_first_line_in_its_newest_year(tmp_path: Path) -> None:
    """Other methods and years stand in the CSV, each number with its method and its year."""
    marts = small_marts()
    for change in ({"method_id": "austria"}, {"period": 2024}):
        labels = {"procedure_label": f"CT {next(iter(change.values()))}", "procedure_id": "other"}
        marts["national_drls"].append({**national(labels, 12, 1.0, 2.0), **change})
        pair = compared("F009", labels, 1.0, "at_or_below")
        marts["facility_typical_values"].append({**pair[0], **change})
        marts["facility_drl_comparisons"].append({**pair[1], **change})
    page, table = written(tmp_path, marts)
    assert "examinations of 2025" in " ".join(page.split())
    assert "CT austria" not in page and "CT 2024" not in page and "F009" not in page
    assert "CT austria" in table and "CT 2024" in table


@pytest.mark.parametrize(("version", "said"), [(3, "2 methods"), (None, "version 7")])
def test_numbers_of_another_method_are_refused(
    tmp_path: Path, version: int | None, said: str
) -> None:
    marts = small_marts()
    rows = marts["national_drls"] + marts["facility_typical_values"]
    for row in rows[:1] if version else rows:
        row["method_version"] = version or 7
    with pytest.raises(DrlakeError, match=said):
        written(tmp_path, marts)


def test_missing_late_and_unvisited_facilities_are_named_and_present_ones_are_not(
    tmp_path: Path,
) -> None:
    page, _ = written(tmp_path, small_marts())
    section = page.split('<section id="attendance">')[1].split("</section>")[0]
    assert "Clinic &lt;F004&gt;" in section and "120" in section
    assert "last visit failed" in section and "host_key_mismatch" in section
    assert "F001" not in section


def test_the_page_says_so_where_every_facility_is_present(tmp_path: Path) -> None:
    marts = small_marts()
    marts["facility_attendance"] = [attendance("F001", "present")]
    page, _ = written(tmp_path, marts)
    assert "No facility is missing or late" in page
