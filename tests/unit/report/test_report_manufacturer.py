"""A manufacturer's own commitment report: all of its own data, none of another."""

from __future__ import annotations

import datetime
import stat
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from tests.support.lakes.commitment_lake import HOSTILE, commitment_world
from tests.support.lakes.report_lake import World, lay_lake
from tests.support.reports.report_pages import block, compare
from transforms.cli.__main__ import app
from transforms.errors import UsageError
from transforms.report.commitment.manufacturer import write_manufacturer_report
from transforms.report.frame.catalogue import languages
from transforms.settings import Settings


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_lake(tmp_path_factory.mktemp("manufacturer"), maker_world())


def own(manufacturer: str, **more: Any) -> dict[str, Any]:
    return {
        **{"period": 2025, "dimension": "manufacturer", "stratum": manufacturer},
        **{"indicator_id": "modulation_use", "commitment_number": 2, "numerator": 41},
        **{"denominator": 61, "value": 41 / 61, "value_lower": 0.5, "value_upper": 0.8},
        **{"n_unknown": 7, "share_unknown": 7 / 68, "n_facilities": 12},
        **{"n_facilities_unknown": 10, **more},
    }


def device(manufacturer_id: str, manufacturer: str, model: str, facility: int) -> dict[str, Any]:
    return {
        **{"period": 2025, "manufacturer_id": manufacturer_id, "manufacturer": manufacturer},
        **{"model_name": model, "facility_id": f"F{facility:03d}", "modality": "CT"},
        "age_band_id": "up_to_5",
    }


def maker_world() -> World:
    """Two manufacturers; data of the second have numbers that the first must not see."""
    world = commitment_world()
    world["marts.commitment_indicators"] = [
        own("siemens"),
        own("ge", numerator=5151, denominator=6161),
        own("siemens", indicator_id="iterative_use", numerator=3131, n_facilities=9),
        own("siemens", indicator_id="voltage_below_120", n_unknown=777, n_facilities_unknown=2),
        own("x", dimension="model", stratum="Siemens Healthineers Alpha", numerator=21),
        own("x", dimension="software", stratum="Siemens Healthineers Alpha | V1", numerator=22),
        own("x", dimension="software", stratum="Siemens Healthineers Alpha | V2", n_facilities=3),
        own("x", dimension="model", stratum="GE HealthCare Beta", numerator=5252),
    ]
    world["marts.installed_base"] = [
        *(device("siemens", "Siemens Healthineers", "Alpha", n) for n in range(12)),
        *(device("ge", "GE HealthCare", "Beta", n) for n in range(30)),
    ]
    answers = dict.fromkeys(
        ("xr_25", "xr_26", "xr_28", "xr_29", "can_add_modulation", "can_add_iterative"), "unknown"
    )
    world["marts.model_declarations"] = [
        {"manufacturer_id": name, "model_name": model, "modality": "CT", **answers}
        for name, model in (("siemens", "Alpha"), ("ge", "Beta"))
    ]
    world["marts.training_records"] = [
        {
            **{"year": 2025, "provider": "P", "manufacturer_id": name, "course": course},
            **{"audience": "physicist", "country": "AT", "evidence_uri": HOSTILE},
        }
        for name, course in (("siemens", HOSTILE), ("ge", "Course of Beta"), (None, "Free course"))
    ]
    world["marts.benchmark_measurements"] = [
        {
            **{"manufacturer_id": "siemens", "model_name": "Alpha", "body_region": "head"},
            **{"observer": "model", "figure_of_merit": "AUC", "figure_of_merit_value": 0.9},
            **{"ctdivol_mgy": 40.0, "measured_on": datetime.date(2025, 5, 6)},
        }
    ]
    return world


def test_a_manufacturer_gets_its_own_line_and_nothing_of_another(lake: Path) -> None:
    paths = write_manufacturer_report(Settings(lake=str(lake)), "siemens")
    folder = lake / "report" / "restricted" / "manufacturers" / "siemens" / "en"
    assert paths == [
        str(folder.parent / language / f"commitments.{suffix}")
        for language in languages()
        for suffix in ("html", "pdf")
    ]
    assert stat.S_IMODE((lake / "report" / "restricted").stat().st_mode) == 0o700
    page = (folder / "commitments.html").read_text(encoding="utf-8")
    rows = {row[0]: row for row in block(page, "own-indicators-measured-2").rows}
    assert rows["Body scans with tube current modulation"][1:] == (
        *("41", "61", "67.2\u202f% (50.0\u202f% to 80.0\u202f%)", "7", "10.3\u202f%", "shown"),
        *("75.0\u202f% (70.0\u202f% to 81.0\u202f%)", "20.0\u202f%"),
    )
    assert rows["Scans with iterative reconstruction"][1:7] == (*["–"] * 5, "withheld")
    assert rows["Body scans below 120 kV"][4:7] == ("–", "–", "shown")
    models = block(page, "own-models-measured-2").rows
    assert [(row[0].removeprefix("Siemens Healthineers "), row[2], row[7]) for row in models] == [
        *(
            ("Alpha", "21", "shown"),
            ("Alpha | V1", "–", "withheld"),
            ("Alpha | V2", "–", "withheld"),
        ),
    ]  # one software version alone would be the total minus the other
    assert block(page, "own-ages").rows[0][2:4] == ("12", "100.0\u202f%")
    assert block(page, "own-benchmarks").rows[0][14] == "6 May 2025"
    for language in languages():
        told = (folder.parent / language / "commitments.html").read_text(encoding="utf-8")
        n_cells, _ = compare(told, lake / "warehouse" / "drl.duckdb", language)
        assert n_cells > 100
    for secret in ("Beta", "GE Health", "5151", "5 151", "5\u202f151", "5\u202f252", "3\u202f131"):
        assert secret not in page, secret
    assert "Free course" not in page and "<script" not in page.lower()
    assert "Restricted: for this manufacturer" in page
    letters = "".join(one.extract_text() for one in PdfReader(folder / "commitments.pdf").pages)
    assert "Alpha" in letters and "Beta" not in letters
    assert not (lake / "report" / "en").exists()


@pytest.mark.parametrize("name", ["other", "unknown", "../ge", "siemens,ge", "", "SIEMENS"])
def test_only_one_manufacturer_of_the_reference_data_can_be_asked_for(
    lake: Path, name: str
) -> None:
    with pytest.raises(UsageError, match=r"manufacturers\.csv"):
        write_manufacturer_report(Settings(lake=str(lake)), name)
    made = {path.relative_to(lake).as_posix() for path in lake.rglob("commitments.*")}
    assert all(path.startswith("report/restricted/manufacturers/siemens/") for path in made)


def test_the_command_writes_the_line_of_one_manufacturer_alone(lake: Path) -> None:
    asked = ["report", "--lake", str(lake), "--language", "en", "--manufacturer"]
    done = CliRunner().invoke(app, [*asked, "ge"])
    assert done.exit_code == 0, done.output
    page = lake / "report" / "restricted" / "manufacturers" / "ge" / "en" / "commitments.html"
    text = page.read_text(encoding="utf-8")
    assert "Beta" in text and "Alpha" not in text and "5\u202f151" in text
    assert isinstance(CliRunner().invoke(app, [*asked, "siemens,ge"]).exception, UsageError)
