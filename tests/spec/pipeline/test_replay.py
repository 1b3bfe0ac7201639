"""Quarantined objects decoded again: a new outcome beside the old one, and no second arrival."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from expectations.validate import validate_new
from tests.support.reports.real_reports import EXPORTS, require_real_reports
from tests.support.sql_models import SqlModels
from transforms.dicom.reader import ReportReader
from transforms.errors import DrlakeError, ObjectRefused, UsageError
from transforms.lake.lake import Lake
from transforms.lake.pseudonyms import Pseudonyms
from transforms.ledger.entries import check_balance, endings, entries
from transforms.normalise.rows import ObjectKeys, Row
from transforms.pipeline import decode_job
from transforms.pipeline.facility import ingest_facility
from transforms.pipeline.retry_quarantined import quarantine_counts, retry
from transforms.settings import Settings

pytestmark = pytest.mark.slow

CT_REPORT = EXPORTS / "F001" / "CT-RDSR-Siemens-Multi-1.dcm"
Rows = Mapping[str, Sequence[Row]]


def refuse_by_an_old_rule(
    data: bytes, keys: ObjectKeys, pseudonyms: Pseudonyms, reader: ReportReader
) -> Rows:
    """Simulate the decoder before its vocabulary was extended."""
    if data.startswith(b"no dicom"):
        raise ObjectRefused("not_dicom")
    raise ObjectRefused("code_unknown", "an old rule")


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """H1 has sent a good report twice and a file that is not a report; an old rule refused them."""
    require_real_reports()
    folder = tmp_path / "exports" / "H1"
    folder.mkdir(parents=True)
    for name in ("a.dcm", "b.dcm"):
        shutil.copy(CT_REPORT, folder / name)
    (folder / "c.dcm").write_bytes(b"no dicom")
    lake = Lake(str(tmp_path / "lake"))
    with monkeypatch.context() as patched:
        patched.setattr("transforms.pipeline.facility.DecodeTask", _old_task(decode_job.DecodeTask))
        ingest_facility(Settings(lake=lake.url, exports=str(tmp_path / "exports")), "H1")
    return lake


def _old_task(task: Callable[..., decode_job.DecodeTask]) -> Callable[..., decode_job.DecodeTask]:
    return lambda *given, **named: task(*given, **named, decode_one=refuse_by_an_old_rule)


def last_endings(lake: Lake) -> list[tuple[int, str, str | None]]:
    (arrival,) = [entry.submission_id for entry in entries(lake)]
    return [(end.object_index, end.outcome, end.reason_code) for end in endings(lake, arrival)]


def outcome_files(lake: Lake) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in Path(lake.url, "outcomes").rglob("*.parquet")}


REFUSED = [
    (1, "quarantined", "code_unknown"),
    (2, "duplicate", "duplicate_in_submission"),
    (3, "quarantined", "not_dicom"),
]
ACCEPTED = [(1, "accepted", None), *REFUSED[1:]]


def test_the_quarantine_is_listed_by_reason(lake: Lake) -> None:
    found = [
        (one.facility_id, one.reason_code, one.objects, one.kept) for one in quarantine_counts(lake)
    ]
    assert found == [("H1", "code_unknown", 1, 1), ("H1", "not_dicom", 1, 1)]


def test_objects_are_retried_after_validation_only(lake: Lake) -> None:
    with pytest.raises(DrlakeError, match="drlake validate"):
        retry(Settings(lake=lake.url), "code_unknown")


def test_an_unknown_reason_is_a_usage_error(lake: Lake) -> None:
    with pytest.raises(UsageError, match=r"reasons\.md"):
        retry(Settings(lake=lake.url), "code_unkown")


def test_a_retry_is_a_new_outcome_beside_the_old_one(lake: Lake) -> None:
    validate_new(lake)
    assert last_endings(lake) == REFUSED
    before = outcome_files(lake)
    ((name, counts),) = retry(Settings(lake=lake.url), "code_unknown").items()
    assert name.endswith(".r1")
    assert counts["decoded"] == 1
    assert before.items() <= outcome_files(lake).items()
    (entry,) = entries(lake)
    assert (entry.received, entry.pending, entry.quarantined) == (3, 1, 1)
    validate_new(lake)
    assert last_endings(lake) == ACCEPTED
    (entry,) = entries(lake)
    assert (entry.received, entry.accepted, entry.quarantined, entry.duplicate) == (3, 1, 1, 1)
    check_balance([entry])


def test_a_retry_without_change_gives_the_same_outcome_again(lake: Lake) -> None:
    validate_new(lake)
    for attempt in (1, 2):
        (name,) = retry(Settings(lake=lake.url), "not_dicom")
        assert name.endswith(f".r{attempt}")
        validate_new(lake)
        assert last_endings(lake) == REFUSED
    first, second = (lake.read_outcomes("decode", f"{name[:-1]}{n}").to_pylist() for n in (1, 2))
    assert [{**row, "submission_id": name} for row in first] == second


def test_a_retry_that_was_cut_off_is_resumed_by_the_next_ingest(lake: Lake, tmp_path: Path) -> None:
    validate_new(lake)
    (name,) = retry(Settings(lake=lake.url), "code_unknown")
    lake.remove(lake.outcomes_path("decode", name))
    assert entries(lake)[0].balances
    counts = ingest_facility(Settings(lake=lake.url, exports=str(tmp_path / "exports")), "H1")
    assert counts["decoded"] == 1
    validate_new(lake)
    assert last_endings(lake) == ACCEPTED


@pytest.mark.parametrize("again", [False, True])
def test_the_warehouse_counts_an_object_decoded_again_once(
    lake: Lake, tmp_path: Path, again: bool
) -> None:
    validate_new(lake)
    retry(Settings(lake=lake.url), "code_unknown")
    if again:  # the new decoder now accepts the object under its first attempt as well
        settings = Settings(lake=lake.url, exports=str(tmp_path / "exports"))
        ingest_facility(settings, "H1", again=True)
    validate_new(lake, again=True)
    models = SqlModels.of_lake(Path(lake.url), "attrition", "submission_quality")
    steps = models.rows(
        "select counted, step, n from attrition where counted in ('object', 'report') "
        "order by counted, step_number"
    )
    quality = models.rows(
        "select n_received, n_accepted, n_quarantined, n_duplicate from submission_quality"
    )
    assert steps == [
        ("object", "received", 3),
        ("object", "duplicate", 1),
        ("object", "quarantined", 1),
        ("object", "accepted", 1),
        ("report", "accepted", 1),
        ("report", "standing", 1),
    ]
    assert quality == [(3, 1, 1, 1)]
