"""Real reports are accepted, and unusual values in them are flagged with their numbers."""

from pathlib import Path

import pytest

from expectations.validate import validate_new
from tests.support.expectation_rows import findings
from tests.support.reports.real_reports import EXPORTS, require_real_reports
from transforms.lake.lake import Lake
from transforms.pipeline.facility import facilities, ingest_facility
from transforms.settings import Settings

pytestmark = pytest.mark.slow

EXPECTED = {
    "F001": ["dlp_is_ctdivol_times_length", "body_ctdivol_plausible", "pitch_plausible"],
    "F002": ["patient_age_present", "items_have_values", "scanning_length_plausible"],
    "F003": [
        *("patient_age_present", "report_complete", "items_have_values"),
        "dlp_is_ctdivol_times_length",
    ],
    "F004": ["patient_age_present", "report_complete"],
}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    require_real_reports()
    settings = Settings(lake=str(tmp_path_factory.mktemp("lake")), exports=str(EXPORTS))
    for facility_id in facilities(settings):
        ingest_facility(settings, facility_id)
    return Lake(settings.lake)


def test_real_submissions_of_all_modalities_are_accepted(lake: Lake) -> None:
    verdicts = {verdict.facility_id: verdict for verdict in validate_new(lake)}
    assert {name: verdict.status for name, verdict in verdicts.items()} == dict.fromkeys(
        EXPECTED, "accepted"
    )
    assert sum(verdict.n_accepted for verdict in verdicts.values()) == 21
    for name, verdict in verdicts.items():
        found = [row["expectation"] for row in findings(lake, verdict.submission_id)]
        assert list(dict.fromkeys(found)) == EXPECTED[name]
    assert not (Path(lake.url) / "data_docs").exists()
