"""The verdict on one submission: accepted or held, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from expectations.findings import Finding


@dataclass(frozen=True, slots=True)
class SubmissionVerdict:
    """The decision about one submission.

    `reason_code` is the name of the expectation that holds it, and `detail` the reason with the
    observed numbers; both are None if it is accepted. `n_accepted` and `n_held` count the objects
    of stage validate: those of a held submission, and in any other the reports with a later day.
    """

    submission_id: str
    facility_id: str
    status: Literal["accepted", "held"]
    reason_code: str | None
    detail: str | None
    n_findings: int
    n_accepted: int
    n_held: int

    @property
    def is_held(self) -> bool:
        """Whether the submission is held as a whole."""
        return self.status == "held"


def judge(
    submission_id: str,
    facility_id: str,
    findings: Sequence[Finding],
    n_decoded: int,
    n_later: int = 0,
) -> SubmissionVerdict:
    """Hold the submission if a finding about it has severity hold; the first is the reason.

    `n_later` of its reports have a later study day and are held in any case.
    """
    of_objects = [one for one in findings if one["severity"] == "hold"]
    of_submission = [one for one in of_objects if one["object_sha256"] is None]
    holds = of_submission or (of_objects if n_later == n_decoded else [])
    n_held = n_decoded if holds else n_later
    return SubmissionVerdict(
        submission_id=submission_id,
        facility_id=facility_id,
        status="held" if holds else "accepted",
        reason_code=holds[0]["expectation"] if holds else None,
        detail=_detail(holds[0]) if holds else None,
        n_findings=len(findings),
        n_accepted=n_decoded - n_held,
        n_held=n_held,
    )


def _detail(finding: Finding) -> str:
    numbers = finding["observed"]
    return f"{finding['reason']} Seen: {numbers}." if numbers else str(finding["reason"])
