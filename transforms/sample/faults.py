"""Chooses which examinations get a fault or peculiarity: a set share of those that can have it.

Roles are assigned systematically (every 1/share-th eligible examination, from a random start), so
that a nation of ordinary size has every one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from transforms.sample.catalogue import ADULT, CHILD_BY_WEIGHT
from transforms.sample.examinations import Examination
from transforms.sample.facilities import PROTOCOL, Facility

NONE = ""
TRUNCATED, IDENTIFIED, NOT_FINITE, WRONG_UNIT = (
    "truncated",
    "identified",
    "not_finite",
    "wrong_unit",
)
DUPLICATED, CUMULATIVE, CONTINUED = "duplicated", "cumulative", "continued"
UNMAPPED, NO_GROUP, ABORTED, MIXED = "unmapped", "no_group", "aborted", "mixed"

REASON_BY_FAULT: Mapping[str, str] = {
    TRUNCATED: "structure_truncated",
    IDENTIFIED: "identity_present",
    NOT_FINITE: "number_not_finite",
    WRONG_UNIT: "unit_unknown",
}
"""Roles that make the report unusable, and the reason that drlake must give."""

REASON_BY_EXCLUSION: Mapping[str, str] = {
    UNMAPPED: "unmapped_procedure",
    NO_GROUP: "no_patient_group",
    ABORTED: "no_diagnostic_event",
    MIXED: "mixed_phantoms",
}
"""Roles whose report is accepted but whose examination is excluded, and the reason."""

ROLE_SHARES: Mapping[str, float] = {
    TRUNCATED: 0.006,
    IDENTIFIED: 0.006,
    NOT_FINITE: 0.004,
    WRONG_UNIT: 0.004,
    DUPLICATED: 0.008,
    CUMULATIVE: 0.015,
    CONTINUED: 0.010,
    UNMAPPED: 0.020,
    NO_GROUP: 0.040,
    ABORTED: 0.006,
    MIXED: 0.030,
}
"""Share of the eligible examinations. Only children's trunks can lack a patient group; only adults'
heads are combined with a body scan.
"""


OTHER_ROLE_SHARES: Mapping[str, float] = {
    TRUNCATED: 0.006,
    IDENTIFIED: 0.006,
    DUPLICATED: 0.008,
    UNMAPPED: 0.020,
}
"""Share of the eligible examinations without CT; only mammography is never unmapped."""


class Dealer:
    """Assigns roles, each to a set share of its occasions."""

    def __init__(self, shares: Mapping[str, float], rng: np.random.Generator) -> None:
        self._shares = shares
        self._due = {name: float(rng.random()) for name in shares}

    def is_due(self, name: str) -> bool:
        """Count one occasion; returns whether `name` is due or overdue."""
        self._due[name] = min(self._due[name] + self._shares[name], 2.0)
        return self._due[name] >= 1.0

    def use(self, name: str) -> None:
        """Record that the role that was due has been assigned."""
        self._due[name] -= 1.0


def role_of(dealer: Dealer, facility: Facility, examination: Examination) -> str:
    """Role of this examination, NONE for most. At most one, so that outcomes are certain."""
    eligible = [name for name in ROLE_SHARES if _can_have(name, facility, examination)]
    return next_fault(dealer, eligible)


def next_fault(dealer: Dealer, eligible: Iterable[str]) -> str:
    """First role that is due among those this examination can have, NONE for most."""
    due = [name for name in eligible if dealer.is_due(name)]
    if not due:
        return NONE
    dealer.use(due[0])
    return due[0]


def _can_have(role: str, facility: Facility, examination: Examination) -> bool:
    procedure = examination.procedure
    if role == NO_GROUP:
        return procedure.patient == CHILD_BY_WEIGHT
    if role == MIXED:
        is_head = procedure.procedure_id == "ct_head" and procedure.patient == ADULT
        return is_head and facility.place != PROTOCOL
    return role != ABORTED or facility.place != PROTOCOL
