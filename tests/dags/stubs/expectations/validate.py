"""Stub: every decoded submission is accepted."""

import datetime as dt
from dataclasses import dataclass

from transforms.lake.lake import Lake


@dataclass(frozen=True)
class SubmissionVerdict:
    submission_id: str
    is_held: bool


def validate_new(
    lake: Lake, facility_id: str | None = None, as_of: dt.date | None = None
) -> list[SubmissionVerdict]:
    submissions = lake.submissions("decode", facility_id)
    return [SubmissionVerdict(submission_id, False) for submission_id in submissions]
