"""Reads the decoded tables of a submission."""

from __future__ import annotations

from expectations.views import SubmissionTables
from transforms.errors import DrlakeError
from transforms.lake.lake import Lake
from transforms.tables import (
    CT_ACCUMULATED_DOSE,
    CT_IRRADIATION_EVENT,
    DOSE_REPORT,
    MAMMOGRAPHY_ACCUMULATED_DOSE,
    RADIOPHARMACEUTICAL_ADMINISTRATION,
    SUBMISSION,
    XRAY_ACCUMULATED_DOSE,
    XRAY_IRRADIATION_EVENT,
)


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
