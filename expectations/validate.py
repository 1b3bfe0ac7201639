"""Validates decoded submissions: writes findings, a verdict and the accepted tables.

Everything written depends only on the decoded tables and outcomes, so running again writes the same
bytes. The outcomes of stage validate are removed first and written last, after all other files are
on the disk: if a run is interrupted in between, the next run validates the submission again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from expectations.data_docs import write_data_docs
from expectations.findings import Finding, finding_rows
from expectations.validator import Validator
from expectations.verdict import SubmissionVerdict, judge
from expectations.views import SubmissionTables
from expectations.views.submissions import decoded_objects
from transforms.errors import DrlakeError
from transforms.lake import commit_points
from transforms.lake.commit_points import CommitPoint
from transforms.lake.lake import ZONES, Lake, facility_of
from transforms.tables import (
    CT_ACCUMULATED_DOSE,
    CT_IRRADIATION_EVENT,
    DOSE_REPORT,
    FINDING,
    MAMMOGRAPHY_ACCUMULATED_DOSE,
    OBJECT_OUTCOME,
    RADIOPHARMACEUTICAL_ADMINISTRATION,
    SUBMISSION,
    XRAY_ACCUMULATED_DOSE,
    XRAY_IRRADIATION_EVENT,
)
from transforms.tables.schema import Table


def validate_submission(
    lake: Lake,
    submission_id: str,
    data_docs: bool = False,
    validator: Validator | None = None,
) -> SubmissionVerdict:
    """Check one submission and write its findings, outcomes and accepted tables.

    `data_docs` also writes Great Expectations' HTML to `<lake>/data_docs/<submission_id>/`.
    Reuse one `validator` for many submissions. DrlakeError if the submission has not been decoded.
    """
    with lake.lock(submission_id):
        return _validate(lake, submission_id, data_docs, validator or Validator())


def _validate(
    lake: Lake, submission_id: str, data_docs: bool, validator: Validator
) -> SubmissionVerdict:
    tables = read_tables(lake, submission_id)
    facility_id = facility_of(submission_id)
    check = validator.check(tables)
    findings = finding_rows(check.findings, facility_id, submission_id)
    decoded = decoded_objects(tables.decoded)
    verdict = judge(submission_id, facility_id, findings, len(decoded))
    _write(lake, verdict, findings, tables.decoded)
    if data_docs:
        write_data_docs(lake, submission_id, check.rules, check.frames)
    return verdict


def validate_new(
    lake: Lake,
    facility_id: str | None = None,
    again: bool = False,
    data_docs: bool = False,
    progress: Callable[[SubmissionVerdict], None] | None = None,
) -> list[SubmissionVerdict]:
    """Validate every decoded submission without a verdict, or all of them `again`.

    `progress` is called with each verdict as soon as it is written. A submission that another run
    has validated meanwhile is skipped.
    """
    lake.remove_abandoned()
    waiting = (
        lake.submissions("decode", facility_id)
        if again
        else lake.waiting_submissions("validate", facility_id)
    )
    if not waiting:
        return []
    validator, verdicts = Validator(), []
    for submission_id in waiting:
        with lake.lock(submission_id):
            if not again and lake.exists(lake.outcomes_path("validate", submission_id)):
                continue
            verdict = _validate(lake, submission_id, data_docs, validator)
        verdicts.append(verdict)
        if progress is not None:
            progress(verdict)
    return verdicts


def read_tables(lake: Lake, submission_id: str) -> SubmissionTables:
    """The decoded tables of a submission; DrlakeError if a table is missing."""
    try:
        return SubmissionTables(
            reports=lake.read_table("decoded", DOSE_REPORT, submission_id),
            events=lake.read_table("decoded", CT_IRRADIATION_EVENT, submission_id),
            accumulated=lake.read_table("decoded", CT_ACCUMULATED_DOSE, submission_id),
            xray_events=lake.read_table("decoded", XRAY_IRRADIATION_EVENT, submission_id),
            xray_accumulated=lake.read_table("decoded", XRAY_ACCUMULATED_DOSE, submission_id),
            breast_accumulated=lake.read_table(
                "decoded", MAMMOGRAPHY_ACCUMULATED_DOSE, submission_id
            ),
            administrations=lake.read_table(
                "decoded", RADIOPHARMACEUTICAL_ADMINISTRATION, submission_id
            ),
            submission=lake.read_table("decoded", SUBMISSION, submission_id),
            received=lake.read_outcomes("receive", submission_id),
            decoded=lake.read_outcomes("decode", submission_id),
        )
    except FileNotFoundError as error:
        raise DrlakeError(
            f"Submission {submission_id} is not completely decoded. Run `drlake ingest` again."
        ) from error


def _write(
    lake: Lake, verdict: SubmissionVerdict, findings: Sequence[Finding], decoded: pa.Table
) -> None:
    submission_id = verdict.submission_id
    lake.withdraw_outcomes("validate", submission_id)
    with lake.flush_at_end():
        lake.write_table("validated", FINDING, submission_id, findings, flush=False)
        commit_points.announce(CommitPoint.FINDINGS_WRITTEN)
        for table in ZONES["decoded"]:
            _accept(lake, table, verdict)
            commit_points.announce(CommitPoint.TABLE_ACCEPTED)
    commit_points.announce(CommitPoint.ACCEPTED_FLUSHED)
    lake.write_outcomes("validate", submission_id, _outcomes(verdict, decoded))
    commit_points.announce(CommitPoint.VALIDATED)


def _accept(lake: Lake, table: Table, verdict: SubmissionVerdict) -> None:
    """Copy a decoded table to the accepted zone, or remove it from there if it is held now."""
    accepted = lake.table_path("accepted", table, verdict.submission_id)
    if verdict.is_held:
        lake.remove(accepted)
        return
    decoded = lake.table_path("decoded", table, verdict.submission_id)
    lake.write_bytes(accepted, lake.read_bytes(decoded), flush=False)


def _outcomes(verdict: SubmissionVerdict, decoded: pa.Table) -> list[dict[str, Any]]:
    """One outcome row per decoded object, in the order of decoding."""
    changed = {
        "stage": "validate",
        "outcome": "quarantined" if verdict.is_held else "accepted",
        "reason_code": "submission_held" if verdict.is_held else None,
        "detail": verdict.reason_code,
    }
    rows = decoded.select(list(OBJECT_OUTCOME.column_names)).to_pylist()
    return [{**row, **changed} for row in rows if row["outcome"] == "decoded"]
