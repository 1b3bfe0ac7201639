"""The ledger: every object received is accepted, held, quarantined or a duplicate.

An object that was decoded again (`<facility>.<digest>.r<N>`) counts once as received, with the
outcome of its last attempt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import takewhile
from typing import Any, Protocol

import pyarrow as pa

from transforms.errors import LedgerError
from transforms.lake.lake import Lake
from transforms.lake.stored_tables import arrival_of, facility_of
from transforms.tables.object_outcome import STAGES

Outcomes = list[tuple[int, str]]
"""Index and outcome of objects in one stage."""

MISSING = "missing"
"""Outcome of an object without an outcome in the next stage; the ledger does not balance."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Objects of one submission by outcome; `pending` ones wait for decoding or validation.

    `held` ones wait until they are validated again.
    `unexplained` counts outcomes without a received object, and repeated outcomes.
    """

    submission_id: str
    received: int
    accepted: int
    held: int
    quarantined: int
    duplicate: int
    pending: int
    unexplained: int = 0

    @property
    def facility_id(self) -> str:
        """The facility that submitted."""
        return facility_of(self.submission_id)

    @property
    def missing(self) -> int:
        """Received objects that have no outcome and are not pending."""
        ended = self.accepted + self.held + self.quarantined + self.duplicate
        return self.received - ended - self.pending

    @property
    def balances(self) -> bool:
        """Whether received = accepted + held + quarantined + duplicate (+ pending)."""
        return self.missing == 0 and self.unexplained == 0


@dataclass(frozen=True, slots=True)
class Ending:
    """The final outcome of one received object, or pending: the last stage of its last attempt."""

    facility_id: str
    submission_id: str
    attempt_id: str
    object_index: int
    object_sha256: str | None
    name_key: str
    stage: str
    outcome: str
    reason_code: str | None
    detail: str | None


def attempt_number(submission_id: str) -> int:
    """How often the objects had been decoded before: 2 for `F001.<digest>.r2`."""
    return int(submission_id.split(".")[2][1:]) if submission_id.count(".") > 1 else 0


def arrivals(lake: Lake, facility_id: str | None = None) -> list[str]:
    """Submissions that brought objects, in order, without later attempts to decode them."""
    return [name for name in lake.submissions("receive", facility_id) if not attempt_number(name)]


def attempts(lake: Lake, facility_id: str | None = None) -> dict[str, list[str]]:
    """The attempts to decode each submission of one facility or of all, in order."""
    found: dict[str, list[str]] = {}
    for name in sorted(lake.submissions("receive", facility_id), key=attempt_number):
        found.setdefault(arrival_of(name), []).append(name)
    return found


def not_validated(lake: Lake) -> list[str]:
    """Submissions with an attempt that has not passed validation (from file names only)."""
    validated = set(lake.submissions("validate"))
    return sorted({arrival_of(one) for one in lake.submissions("receive") if one not in validated})


def entries(lake: Lake) -> list[Entry]:
    """One ledger entry per submission, from the outcomes of all stages."""
    reached = {stage: frozenset(lake.submissions(stage)) for stage in STAGES}
    by_arrival, names = attempts(lake), arrivals(lake)
    said = _outcomes(lake, [one for name in names for one in by_arrival[name]], reached)
    return [_entry(name, by_arrival[name], said) for name in names]


def _entry(arrival: str, tried: Iterable[str], said: Iterator[list[Outcomes]]) -> Entry:
    """The entry of one arrival; `said` has the outcomes of its attempts next."""
    ends: dict[int, str] = {}
    unexplained = 0
    for attempt in tried:
        found, strange = _ends(next(said))
        if attempt_number(attempt):
            strange += len(found.keys() - ends.keys())
        ends |= found
        unexplained += strange
    counts = Counter(ends.values())
    return Entry(
        submission_id=arrival,
        received=len(ends),
        accepted=counts["accepted"],
        held=counts["held"],
        quarantined=counts["quarantined"],
        duplicate=counts["duplicate"],
        pending=counts["received"] + counts["decoded"],
        unexplained=unexplained,
    )


def _ends(said: Sequence[Outcomes]) -> tuple[dict[int, str], int]:
    """Outcomes of an attempt by object index, and the number of outcomes without an object.

    `said` are the outcomes of the stages that the attempt has passed.
    """
    ends = dict(said[0])
    strange = len(said[0]) - len(ends)
    for found, waiting in zip(said[1:], ("received", "decoded"), strict=False):
        expected = {index for index, outcome in ends.items() if outcome == waiting}
        ends |= dict.fromkeys(expected, MISSING)
        ends |= {index: outcome for index, outcome in found if index in expected}
        strange += len(found) - len(expected & {index for index, _ in found})
    return ends, strange


def _outcomes(
    lake: Lake, names: Iterable[str], reached: Mapping[str, frozenset[str]]
) -> Iterator[list[Outcomes]]:
    """Outcomes of each attempt in the stages that it has passed; many files are read at once."""
    passed = [[(stage, name) for stage in _passed_stages(name, reached)] for name in names]
    tables = lake.read_outcomes_of(one for own in passed for one in own)
    for own in passed:
        yield [_indexed_outcomes(next(tables)) for _ in own]


def _passed_stages(name: str, reached: Mapping[str, frozenset[str]]) -> Iterator[str]:
    return takewhile(lambda stage: name in reached[stage], STAGES)


def _indexed_outcomes(table: pa.Table) -> Outcomes:
    indexes, outcomes = table.column("object_index"), table.column("outcome")
    return list(zip(indexes.to_pylist(), outcomes.to_pylist(), strict=True))


def endings(lake: Lake, arrival: str, tried: Iterable[str] | None = None) -> list[Ending]:
    """Final outcome of each object of a submission, in order of arrival.

    `tried` are its attempts, if the caller has already looked them up.
    """
    ends: dict[int, Ending] = {}
    if tried is None:
        tried = attempts(lake, facility_of(arrival))[arrival]
    for table in lake.read_found_outcomes(STAGES, tried):
        ends |= {row["object_index"]: _ending(arrival, row) for row in table.to_pylist()}
    return [ends[index] for index in sorted(ends)]


def _ending(arrival: str, row: Mapping[str, Any]) -> Ending:
    known = {field.name for field in fields(Ending)} - {"attempt_id"}
    said = {name: value for name, value in row.items() if name in known}
    return Ending(**{**said, "submission_id": arrival, "attempt_id": row["submission_id"]})


def check_balance(found: Iterable[Entry]) -> None:
    """Raise LedgerError naming the submissions whose objects are not all accounted for."""
    wrong = [entry.submission_id for entry in found if not entry.balances]
    if wrong:
        raise LedgerError(
            f"The ledger does not balance for {', '.join(wrong)}: received is not accepted + "
            "held + quarantined + duplicate. Run `drlake ingest --again` and "
            "`drlake validate --again`. If it still does not balance, outcome files of this "
            "lake were changed by hand."
        )


class Counted(Protocol):
    """Numbers of received and of quarantined objects."""

    @property
    def received(self) -> int:
        """Objects received."""

    @property
    def quarantined(self) -> int:
        """Those of them that cannot be used."""


def quarantined_share(found: Iterable[Counted]) -> float:
    """Share of received objects that are quarantined; 0 for an empty lake."""
    listed = list(found)
    received = sum(entry.received for entry in listed)
    return sum(entry.quarantined for entry in listed) / received if received else 0.0
