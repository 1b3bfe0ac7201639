"""The ledger: every object received is accepted, quarantined or a duplicate, per submission."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from transforms.errors import LedgerError
from transforms.lake import Lake, facility_of


@dataclass(frozen=True, slots=True)
class Entry:
    """Objects of one submission by how they ended; `pending` ones wait for validation."""

    submission_id: str
    received: int
    accepted: int
    quarantined: int
    duplicate: int
    pending: int

    @property
    def facility_id(self) -> str:
        """Who submitted."""
        return facility_of(self.submission_id)

    @property
    def balances(self) -> bool:
        """Whether received = accepted + quarantined + duplicate (+ pending)."""
        ended = self.accepted + self.quarantined + self.duplicate
        return self.received == ended + self.pending


def entries(lake: Lake) -> list[Entry]:
    """One entry per submission, from the outcomes of all stages."""
    decoded = set(lake.submissions("decode"))
    validated = set(lake.submissions("validate"))
    return [
        _entry(lake, submission_id, submission_id in decoded, submission_id in validated)
        for submission_id in lake.submissions("receive")
    ]


def _entry(lake: Lake, submission_id: str, decoded: bool, validated: bool) -> Entry:
    received = _outcomes(lake, "receive", submission_id)
    decode = _outcomes(lake, "decode", submission_id) if decoded else Counter[str]()
    validate = _outcomes(lake, "validate", submission_id) if validated else Counter[str]()
    quarantined = received["quarantined"] + decode["quarantined"] + validate["quarantined"]
    waiting = decode["decoded"] if decoded else received["received"]
    return Entry(
        submission_id=submission_id,
        received=received.total(),
        accepted=validate["accepted"],
        quarantined=quarantined,
        duplicate=received["duplicate"],
        pending=0 if validated else waiting,
    )


def _outcomes(lake: Lake, stage: str, submission_id: str) -> Counter[str]:
    return Counter(lake.read_outcomes(stage, submission_id).column("outcome").to_pylist())


def check_balance(found: Iterable[Entry]) -> None:
    """Raise LedgerError naming the submissions whose objects are not all accounted for."""
    wrong = [entry.submission_id for entry in found if not entry.balances]
    if wrong:
        raise LedgerError(
            f"The ledger does not balance for {', '.join(wrong)}: received is not accepted + "
            "quarantined + duplicate. Run `drlake ingest --again` and `drlake validate --again`; "
            "if it stays so, the outcomes of this lake were changed by hand."
        )


def quarantined_share(found: Iterable[Entry]) -> float:
    """Share of all received objects that is quarantined; 0 for an empty lake."""
    listed = list(found)
    received = sum(entry.received for entry in listed)
    return sum(entry.quarantined for entry in listed) / received if received else 0.0
