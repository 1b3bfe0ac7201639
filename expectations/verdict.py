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
    observed numbers; both are None if it is accepted. `n_accepted` and `n_quarantined` count the
    objects of stage validate: all decoded objects of a submission are accepted or held together.
    """

    submission_id: str
    facility_id: str
    status: Literal["accepted", "held"]
    reason_code: str | None
    detail: str | None
    n_findings: int
    n_accepted: int
    n_quarantined: int

    @property
    def is_held(self) -> bool:
        """Whether the submission is held for review by a person."""
        return self.status == "held"


def judge(
    submission_id: str, facility_id: str, findings: Sequence[Finding], n_decoded: int
) -> SubmissionVerdict:
    """Hold the submission if a finding has severity hold; the first one is the reason."""
    holds = [finding for finding in findings if finding["severity"] == "hold"]
    return SubmissionVerdict(
        submission_id=submission_id,
        facility_id=facility_id,
        status="held" if holds else "accepted",
        reason_code=holds[0]["expectation"] if holds else None,
        detail=_detail(holds[0]) if holds else None,
        n_findings=len(findings),
        n_accepted=0 if holds else n_decoded,
        n_quarantined=n_decoded if holds else 0,
    )


def _detail(finding: Finding) -> str:
    numbers = finding["observed"]
    return f"{finding['reason']} Seen: {numbers}." if numbers else str(finding["reason"])
