"""Writes the synthetic nation: one facility after another, with its expected results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from transforms.errors import UsageError
from transforms.sample.catalogue import (
    BETWEEN_FACILITY_GSD,
    PROCEDURES,
    WITHIN_FACILITY_GSD,
    Procedure,
)
from transforms.sample.ct_features import with_scanner_settings
from transforms.sample.declared import FOLDER, declared_forms
from transforms.sample.departments import all_other_examinations, other_devices
from transforms.sample.encoding.encode import PYTHON_CODEC
from transforms.sample.examinations import Examination, draw_examination
from transforms.sample.facilities import DOUBTFUL_FROM, Facility, facility, generator
from transforms.sample.faults import (
    DUPLICATED,
    OTHER_ROLE_SHARES,
    REASON_BY_EXCLUSION,
    REASON_BY_FAULT,
    ROLE_SHARES,
    UNMAPPED,
    Dealer,
    next_fault,
    role_of,
)
from transforms.sample.folder import NationFolder
from transforms.sample.hostile_texts import fits
from transforms.sample.inventory import InstalledDevice, inventory
from transforms.sample.names import UNMAPPED_NAMES
from transforms.sample.not_dose_reports import EMPTY_FILE, NOT_DOSE_REPORT_SHARES, not_a_dose_report
from transforms.sample.other_catalogue import MG
from transforms.sample.other_examinations import OtherExamination
from transforms.sample.other_templates import OtherReportTemplates
from transforms.sample.peculiarities import apply_role, events_by_report
from transforms.sample.registry import REGISTRY_NAME, registry_rows
from transforms.sample.stamping import report_bytes
from transforms.sample.templates import ReportTemplates
from transforms.sample.truth import ACCEPTED, HELD, Truth
from transforms.sample.year_before import past_examinations
from transforms.settings import SAMPLE_FACILITIES

NATION = 0
"""Number of the random stream that belongs to no facility."""

PAST = 1
"""A facility's random stream for the year before."""

OTHERS = 2
"""A facility's random stream for all modalities but CT."""

MAXIMUM_FACILITIES = 9999


def write_nation(
    directory: Path,
    *,
    facilities: int = SAMPLE_FACILITIES,
    seed: int = 1,
    examinations: int = 14,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Write the exports of a synthetic nation and return its expected results (truth).

    `directory` receives `F001/000001.dcm` ..., `truth.json`, the registry `facilities.csv` and the
    forms `declared/<kind>.csv`. `examinations` is the mean number of examinations per facility,
    procedure and patient group; `progress` is called with the number of facilities written and
    their total. Equal arguments give equal bytes. Raises UsageError for impossible numbers, and
    where `directory` holds anything but an earlier sample.
    """
    _check(facilities, seed, examinations)
    directory = Path(directory)
    names = [f"F{number:03d}" for number in range(1, facilities + 1)]
    silent = [f"F{facilities + 1:03d}"] if facilities >= DOUBTFUL_FROM else []
    folder, truth = NationFolder(directory, names, silent), Truth(seed, names, silent)
    folder.prepare()
    writer = _Writer(folder, truth, generator(seed, NATION))
    installed: list[InstalledDevice] = []
    for number in range(1, facilities + 1):
        rng = generator(seed, number)
        place = facility(number, facilities, rng)
        levels = writer.write(place, examinations, rng)
        rng = generator(seed, number, PAST)
        writer.write_past(past_examinations(place, levels, examinations, rng), place, rng)
        rng = generator(seed, number, OTHERS)
        devices = other_devices(place, rng)
        writer.write_others(all_other_examinations(place, devices, examinations, rng), place, rng)
        installed += inventory(place, devices.values())
        if progress:
            progress(number, facilities)
    folder.write_sheet(REGISTRY_NAME, registry_rows(directory, names, silent, installed))
    for kind, rows in declared_forms(installed, names, writer.reported).items():
        folder.write_sheet(
            f"{FOLDER}/{kind}.csv", [list(rows[0]), *(list(row.values()) for row in rows)]
        )
    answer = truth.as_json()
    folder.write_truth(answer)
    return answer


def _check(facilities: int, seed: int, examinations: int) -> None:
    if not 1 <= facilities <= MAXIMUM_FACILITIES:
        raise UsageError(f"facilities must be from 1 to {MAXIMUM_FACILITIES}.")
    if examinations < 1:
        raise UsageError("examinations must be 1 or more.")
    if seed < 0:
        raise UsageError("seed must be 0 or more.")


class _Writer:
    """Writes one facility after another."""

    def __init__(self, folder: NationFolder, truth: Truth, rng: np.random.Generator) -> None:
        self._folder = folder
        self._truth = truth
        self._templates = ReportTemplates()
        self._roles = Dealer(ROLE_SHARES, rng)
        self._not_dose_reports = Dealer(NOT_DOSE_REPORT_SHARES, rng)
        self._past_roles = Dealer(ROLE_SHARES, rng)
        self._other_templates = OtherReportTemplates()
        self._other_roles = Dealer(OTHER_ROLE_SHARES, rng)
        self.reported: Counter[tuple[str, str]] = Counter()
        """Examinations of this year by facility and modality."""

    def write(self, place: Facility, mean: int, rng: np.random.Generator) -> dict[Procedure, float]:
        """Write this year's CT examinations; returns the facility's dose levels."""
        levels: dict[Procedure, float] = {}
        drawn = _sorted_by_time(_examinations(place, mean, levels, rng))
        may_be_empty = True
        self.reported[place.facility_id, "CT"] += len(drawn)
        for examination in drawn:
            self._write_examination(place, examination, self._roles, rng)
            for kind in NOT_DOSE_REPORT_SHARES:
                if self._not_dose_reports.is_due(kind) and (kind != EMPTY_FILE or may_be_empty):
                    self._not_dose_reports.use(kind)
                    may_be_empty = may_be_empty and kind != EMPTY_FILE
                    self._folder.write(
                        place.facility_id, not_a_dose_report(kind, place.facility_id, rng)
                    )
                    self._truth.count(place.facility_id, "quarantined", kind)

        return levels

    def write_past(
        self, drawn: Iterable[Examination], place: Facility, rng: np.random.Generator
    ) -> None:
        """Write the CT examinations of the year before."""
        for examination in _sorted_by_time(drawn):
            self._write_examination(place, examination, self._past_roles, rng)

    def write_others(
        self, drawn: Iterable[OtherExamination], place: Facility, rng: np.random.Generator
    ) -> None:
        """Write the examinations without CT."""
        for examination in sorted(drawn, key=lambda one: (one.day, one.second)):
            self.reported[place.facility_id, examination.procedure.modality] += 1
            self._write_other(place, examination, rng)

    def _write_other(
        self, place: Facility, ordinary: OtherExamination, rng: np.random.Generator
    ) -> None:
        role = next_fault(self._other_roles, _other_roles(ordinary))
        is_unmapped = role == UNMAPPED
        examination = ordinary
        if is_unmapped:
            is_written = fits(place.unmapped_name, PYTHON_CODEC[ordinary.device.model.charset])
            name = place.unmapped_name if is_written else UNMAPPED_NAMES[0]
            examination = replace(ordinary, name=name)
        data = self._other_templates.report_bytes(examination, role, rng)
        self._send(place, role, data)
        if place.doubtful or role in REASON_BY_FAULT:
            return
        if is_unmapped:
            self._truth.exclude(place.facility_id, REASON_BY_EXCLUSION[role])
        else:
            self._truth.use_other(place.facility_id, examination)

    def _write_examination(
        self, place: Facility, ordinary: Examination, roles: Dealer, rng: np.random.Generator
    ) -> None:
        role = role_of(roles, place, ordinary)
        examination = with_scanner_settings(apply_role(role, place, ordinary, rng))
        for events in events_by_report(role, examination):
            data = report_bytes(self._templates, place, examination, events, role, rng)
            self._send(place, role, data)
        self._count_examination(place, role, examination)

    def _send(self, place: Facility, role: str, data: bytes) -> None:
        """Write one report, twice where its role says so."""
        self._folder.write(place.facility_id, data)
        self._truth.count(place.facility_id, *_outcome(place, role))
        if role == DUPLICATED:
            self._folder.write(place.facility_id, data)
            self._truth.count(place.facility_id, "duplicate", "duplicate_in_submission")

    def _count_examination(self, place: Facility, role: str, examination: Examination) -> None:
        if place.doubtful or role in REASON_BY_FAULT:
            return
        if role in REASON_BY_EXCLUSION:
            self._truth.exclude(place.facility_id, REASON_BY_EXCLUSION[role])
        else:
            self._truth.use(place.facility_id, examination)


def _outcome(place: Facility, role: str) -> tuple[str, str | None]:
    """Expected outcome of a report with this role; a bad report ends before validation."""
    if role in REASON_BY_FAULT:
        return "quarantined", REASON_BY_FAULT[role]
    return HELD if place.doubtful else ACCEPTED


def _other_roles(examination: OtherExamination) -> list[str]:
    """Roles that it can have; a mammography is recognised by its protocol, whatever its name."""
    is_known = examination.procedure.modality == MG
    return [role for role in OTHER_ROLE_SHARES if role != UNMAPPED or not is_known]


def _sorted_by_time(drawn: Iterable[Examination]) -> list[Examination]:
    return sorted(drawn, key=lambda one: (one.day, one.second))


def _examinations(
    place: Facility, mean: int, levels: dict[Procedure, float], rng: np.random.Generator
) -> Iterator[Examination]:
    """This year's examinations; the dose level of each procedure is added to `levels`."""
    for procedure in PROCEDURES:
        number = int(rng.poisson(mean * procedure.frequency * place.volume))
        level = procedure.ctdivol_median_mgy * rng.lognormal(0.0, np.log(BETWEEN_FACILITY_GSD))
        if rng.random() < procedure.availability:
            levels[procedure] = level
            yield from _procedure_examinations(place, procedure, number, level, rng)


def _procedure_examinations(
    place: Facility, procedure: Procedure, number: int, level: float, rng: np.random.Generator
) -> Iterator[Examination]:
    doses = level * rng.lognormal(0.0, np.log(WITHIN_FACILITY_GSD), number)
    for dose in doses:
        yield draw_examination(place, procedure, float(dose), rng)
