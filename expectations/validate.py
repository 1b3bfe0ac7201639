"""Validates decoded submissions: writes findings, a verdict and the accepted tables.

Everything written depends only on the decoded tables, the outcomes and the day given as `as_of`, so
running again writes the same bytes. The outcomes of stage validate are removed first and written
last, after all other files are on the disk: if a run is interrupted in between, the next run
validates the submission again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any

import pyarrow as pa

from expectations.data_docs import write_data_docs
from expectations.findings import Finding, finding_rows
from expectations.later_days import (
    findings_of_later,
    later_objects,
    submission_rows,
    submissions_to_repeat,
    without_objects,
)
from expectations.validator import Validator
from expectations.verdict import SubmissionVerdict, judge
from expectations.views import SubmissionTables
from expectations.views.submissions import decoded_objects
from transforms.errors import DrlakeError
from transforms.lake import commit_points
from transforms.lake.commit_points import CommitPoint
from transforms.lake.compaction import reopened
from transforms.lake.lake import ZONES, Lake, table_bytes
from transforms.lake.stored_tables import facility_of
from transforms.reasons.objects import STUDY_DATE_IN_FUTURE, SUBMISSION_HELD
from transforms.settings import today
from transforms.tables import (
    CT_ACCUMULATED_DOSE,
    CT_IRRADIATION_EVENT,
    DOSE_REPORT,
    FINDING,
    MAMMOGRAPHY_ACCUMULATED_DOSE,
    OBJECT_OUTCOME,
    RADIOPHARMACEUTICAL_ADMINISTRATION,
    REPORT_TABLES,
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
    as_of: dt.date | None = None,
) -> SubmissionVerdict:
    """Check one submission and write its findings, outcomes and accepted tables.

    `data_docs` also writes Great Expectations' HTML to `<lake>/data_docs/<submission_id>/`.
    Reuse one `validator` for many submissions. Reports with a study date after `as_of` (by default
    today) are held. DrlakeError if the submission has not been decoded.
    """
    with lake.lock(submission_id):
        day = as_of or today()
        return _validate(lake, submission_id, data_docs, validator or Validator(), day)


def _validate(
    lake: Lake, submission_id: str, data_docs: bool, validator: Validator, as_of: dt.date
) -> SubmissionVerdict:
    tables = read_tables(lake, submission_id)
    facility_id = facility_of(submission_id)
    check = validator.check(tables)
    decoded = decoded_objects(tables.decoded)
    later = later_objects(tables.reports, as_of)
    found = [*check.findings, *findings_of_later(later)]
    findings = finding_rows(found, facility_id, submission_id)
    verdict = judge(submission_id, facility_id, findings, len(decoded), len(later))
    _write(lake, verdict, findings, tables, later)
    if data_docs:
        write_data_docs(lake, submission_id, check.rules, check.frames)
    return verdict


def validate_new(
    lake: Lake,
    facility_id: str | None = None,
    again: bool = False,
    data_docs: bool = False,
    progress: Callable[[SubmissionVerdict], None] | None = None,
    as_of: dt.date | None = None,
    make_validator: Callable[[], Validator] = Validator,
) -> list[SubmissionVerdict]:
    """Validate every decoded submission without a verdict, or all of them `again`.

    `as_of` is the day of the validation, by default today. Submissions with reports that an earlier
    validation has held for their study date are validated again once that day has come. `progress`
    is called with each verdict as soon as it is written. A submission that another run has
    validated meanwhile is skipped. `make_validator` is called when there is something to validate.
    """
    make_validator = cache(make_validator)
    lake.remove_abandoned()
    day = as_of or today()
    if again and facility_id is None:
        return [
            verdict
            for one in lake.facilities("outcomes", "decode")
            for verdict in validate_new(lake, one, again, data_docs, progress, day, make_validator)
        ]
    with reopened(lake, [facility_id] if again and facility_id else []):
        names = _submissions_to_judge(lake, facility_id, day, again=again)
        verdicts = []
        for submission_id, is_repeated in sorted(names.items()):
            with lake.lock(submission_id):
                if lake.has_outcomes("validate", submission_id) and not is_repeated:
                    continue
                verdict = _validate(lake, submission_id, data_docs, make_validator(), day)
            verdicts.append(verdict)
            if progress is not None:
                progress(verdict)
    return verdicts


def _submissions_to_judge(
    lake: Lake, facility_id: str | None, day: dt.date, *, again: bool
) -> dict[str, bool]:
    """Submissions that wait, and those to judge again, each with whether it has been judged."""
    repeated = (
        lake.submissions("decode", facility_id)
        if again
        else submissions_to_repeat(lake, facility_id, day)
    )
    waiting = lake.waiting_submissions("validate", facility_id)
    return dict.fromkeys(waiting, False) | dict.fromkeys(repeated, True)


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
    lake: Lake,
    verdict: SubmissionVerdict,
    findings: Sequence[Finding],
    tables: SubmissionTables,
    later: Collection[str],
) -> None:
    submission_id = verdict.submission_id
    rows = submission_rows(tables.submission, without_objects(tables.reports, later))
    lake.withdraw_outcomes("validate", submission_id)
    with lake.flush_at_end():
        lake.write_table("validated", FINDING, submission_id, findings, flush=False)
        lake.write_table("validated", SUBMISSION, submission_id, rows, flush=False)
        commit_points.announce(CommitPoint.FINDINGS_WRITTEN)
        for table in ZONES["decoded"]:
            _accept(lake, table, verdict, later)
            commit_points.announce(CommitPoint.TABLE_ACCEPTED)
    commit_points.announce(CommitPoint.ACCEPTED_FLUSHED)
    lake.write_outcomes("validate", submission_id, _outcomes(verdict, tables.decoded, later))
    commit_points.announce(CommitPoint.VALIDATED)


def _accept(lake: Lake, table: Table, verdict: SubmissionVerdict, later: Collection[str]) -> None:
    """Copy a decoded table to the accepted zone without the rows of objects with a later day.

    The table is removed from there if the submission is held now.
    """
    accepted = lake.table_path("accepted", table, verdict.submission_id)
    if verdict.is_held:
        lake.remove(accepted)
        return
    data = lake.read_bytes(lake.table_path("decoded", table, verdict.submission_id))
    if later and table in REPORT_TABLES:
        rows = lake.read_table("decoded", table, verdict.submission_id)
        data = table_bytes(without_objects(rows, later))
    lake.write_bytes(accepted, data, flush=False)


def _outcomes(
    verdict: SubmissionVerdict, decoded: pa.Table, later: Collection[str]
) -> list[dict[str, Any]]:
    """One outcome row per decoded object, in the order of decoding."""
    rows = decoded.select(list(OBJECT_OUTCOME.column_names)).to_pylist()
    return [
        {**row, **_ending(verdict, row["object_sha256"] in later)}
        for row in rows
        if row["outcome"] == "decoded"
    ]


def _ending(verdict: SubmissionVerdict, is_later: bool) -> dict[str, Any]:
    """Outcome and reason of one object."""
    ended: dict[str, Any] = {"stage": "validate", "outcome": "accepted", "reason_code": None}
    if is_later:
        ended |= {"outcome": "held", "reason_code": STUDY_DATE_IN_FUTURE}
    elif verdict.is_held:
        ended |= {"outcome": "held", "reason_code": SUBMISSION_HELD}
    return {**ended, "detail": None if is_later else verdict.reason_code}
