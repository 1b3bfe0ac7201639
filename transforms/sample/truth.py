"""Expected results: every object's outcome and every statistic, from the values as written.

drlake is checked against them, so this shares no code with the decoder or the SQL: it is computed
with numpy from the numbers that were stamped into the files.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np

from transforms.sample.examinations import Examination
from transforms.sample.other_examinations import OtherExamination
from transforms.sample.other_truth import doses
from transforms.sample.shapes import DIAGNOSTIC
from transforms.sample.stamping import date_of, ssde_hundredths

MINIMUM_EXAMINATIONS = 10
MINIMUM_FACILITIES = 10
HELD = ("held", "submission_held")
ACCEPTED: tuple[str, str | None] = ("accepted", None)

Cell = tuple[str, int, str, str, str]
"""Facility, period, procedure, patient group, quantity."""

National = tuple[int, str, str, str]
"""Period, procedure, patient group, quantity."""


class Truth:
    """Counts outcomes and collects doses while the nation is written."""

    def __init__(self, seed: int, facilities: list[str], silent: list[str]) -> None:
        self._seed = seed
        self._facilities = facilities
        self._silent = silent
        self._outcomes: Counter[tuple[str, str, str | None]] = Counter()
        self._excluded: Counter[tuple[str, str]] = Counter()
        self._doses: defaultdict[Cell, list[float]] = defaultdict(list)
        self._examinations: Counter[Cell] = Counter()

    @property
    def objects_received(self) -> int:
        """How many files were counted."""
        return self._outcomes.total()

    def count(self, facility_id: str, outcome: str, reason_code: str | None) -> None:
        """Count one file with this outcome."""
        self._outcomes[facility_id, outcome, reason_code] += 1

    def exclude(self, facility_id: str, reason_code: str) -> None:
        """Count one examination that is excluded, although its reports are accepted."""
        self._excluded[facility_id, reason_code] += 1

    def use(self, facility_id: str, examination: Examination) -> None:
        """Use one examination: CTDIvol and SSDE of its scans by length, sum of all DLP."""
        procedure = examination.procedure
        period = date_of(examination.day).year
        key = facility_id, period, procedure.procedure_id, procedure.patient
        events = [event for event in examination.events if event.ctdivol is not None]
        diagnostic = [event for event in events if event.shape.kind == DIAGNOSTIC]
        ctdivol = [(event.ctdivol or 0) / 100 for event in diagnostic]
        lengths = [event.dlp / 100 / dose for event, dose in zip(diagnostic, ctdivol, strict=True)]
        self._add((*key, "ctdivol"), float(np.average(ctdivol, weights=lengths)))
        self._add((*key, "dlp"), float(np.sum([event.dlp / 100 for event in events])))
        if examination.device.model.ssde:
            ssde = [ssde_hundredths(event) / 100 for event in diagnostic]
            self._add((*key, "ssde"), float(np.average(ssde, weights=lengths)))

    def use_other(self, facility_id: str, examination: OtherExamination) -> None:
        """Use one examination without CT, which has a value for each view of a breast."""
        period, procedure = date_of(examination.day).year, examination.procedure.procedure_id
        for (group, quantity), values in doses(examination).items():
            self._add((facility_id, period, procedure, group, quantity), *values)

    def _add(self, cell: Cell, *values: float) -> None:
        """Add the values of one examination to a cell."""
        self._doses[cell] += values
        self._examinations[cell] += 1

    def as_json(self) -> dict[str, Any]:
        """Expected results in the format of `truth.json`."""
        return {
            "seed": self._seed,
            "facilities": self._facilities,
            "silent_facilities": self._silent,
            "objects_received": self.objects_received,
            "outcomes": self._outcome_rows(),
            "examinations_excluded": [
                {"facility_id": facility, "reason_code": reason, "examinations": number}
                for (facility, reason), number in sorted(self._excluded.items())
            ],
            "facility_typical_values": self._typical_rows(),
            "national": self._national_rows(),
        }

    def _outcome_rows(self) -> list[dict[str, Any]]:
        ordered = sorted(self._outcomes.items(), key=lambda item: tuple(map(str, item[0])))
        return [
            {
                "facility_id": facility,
                "outcome": outcome,
                "reason_code": reason,
                "objects": number,
            }
            for (facility, outcome, reason), number in ordered
        ]

    def _typical_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "facility_id": facility,
                "period": period,
                "procedure_id": procedure,
                "patient_group_id": group,
                "drl_quantity": quantity,
                "n_examinations": self._examinations[cell],
                "typical_value": float(np.median(values)),
            }
            for cell, values in sorted(self._doses.items())
            for facility, period, procedure, group, quantity in (cell,)
        ]

    def _national_rows(self) -> list[dict[str, Any]]:
        """One row per period, procedure, group and quantity with a contributing facility."""
        typical: defaultdict[National, list[float]] = defaultdict(list)
        examinations: Counter[National] = Counter()
        for cell, values in sorted(self._doses.items()):
            if self._examinations[cell] >= MINIMUM_EXAMINATIONS:
                key = cell[1:]
                typical[key].append(float(np.median(values)))
                examinations[key] += self._examinations[cell]
        return [
            _national_row(key, values, examinations[key]) for key, values in sorted(typical.items())
        ]


def _national_row(key: National, values: list[float], examinations: int) -> dict[str, Any]:
    p25, p50, p75 = np.quantile(values, [0.25, 0.5, 0.75], method="linear")
    return {
        "period": key[0],
        "procedure_id": key[1],
        "patient_group_id": key[2],
        "drl_quantity": key[3],
        "n_facilities": len(values),
        "n_examinations": examinations,
        "p25": float(p25),
        "p50": float(p50),
        "p75": float(p75),
        "status": "ndrl" if len(values) >= MINIMUM_FACILITIES else "typical_value",
    }
