"""What each facility sent and where it stands, one line per facility."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transforms.report.marts import FacilityComparison, Marts, SubmissionQuality
from transforms.report.sections import ABOVE, COMPARED


@dataclass(frozen=True, slots=True)
class FacilityLine:
    """One facility: sums over its submissions, and its comparisons with NDRLs."""

    facility_id: str
    first_quarter: str | None
    last_quarter: str | None
    n_submissions: int
    n_held: int
    n_received: int
    n_accepted: int
    n_quarantined: int
    n_duplicate: int
    n_examinations: int
    n_unmapped: int
    n_compared: int
    n_above: int


def facility_lines(marts: Marts) -> tuple[FacilityLine, ...]:
    """Every facility that sent something, in order of id."""
    sent: dict[str, list[SubmissionQuality]] = defaultdict(list)
    compared: dict[str, list[FacilityComparison]] = defaultdict(list)
    for submission in marts.submissions:
        sent[submission.facility_id].append(submission)
    for comparison in marts.comparisons:
        if comparison.position in COMPARED:
            compared[comparison.facility_id].append(comparison)
    return tuple(_line(name, sent[name], compared[name]) for name in sorted(sent))


def period(
    submissions: Iterable[SubmissionQuality],
) -> tuple[str | None, str | None]:
    """First and last quarter of the studies; None where no day is known.

    A page is published, and nothing published is finer than a quarter.
    """
    listed = list(submissions)
    first = [item.first_study_date for item in listed if item.first_study_date is not None]
    last = [item.last_study_date for item in listed if item.last_study_date is not None]
    return quarter_text(min(first, default=None)), quarter_text(max(last, default=None))


def quarter_text(day: datetime.date | None) -> str | None:
    """The quarter that a day lies in: 2025 Q1."""
    return None if day is None else f"{day.year} Q{(day.month + 2) // 3}"


def _line(
    facility_id: str, sent: Sequence[SubmissionQuality], compared: Sequence[FacilityComparison]
) -> FacilityLine:
    first, last = period(sent)
    return FacilityLine(
        facility_id=facility_id,
        first_quarter=first,
        last_quarter=last,
        n_submissions=len(sent),
        n_held=sum(item.status == "held" for item in sent),
        n_received=sum(item.n_received for item in sent),
        n_accepted=sum(item.n_accepted for item in sent),
        n_quarantined=sum(item.n_quarantined for item in sent),
        n_duplicate=sum(item.n_duplicate for item in sent),
        n_examinations=sum(item.n_examinations for item in sent),
        n_unmapped=sum(item.n_unmapped_examinations for item in sent),
        n_compared=len(compared),
        n_above=sum(item.position in ABOVE for item in compared),
    )
