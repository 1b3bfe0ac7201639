"""Draws facilities of a large synthetic nation and their examinations, a thousand at a time.

Facilities, devices, procedures and names are those of `transforms.sample`, which writes DICOM files
one by one; here the rows that drlake would make of such files are drawn with numpy. Equal seeds
give equal rows. All doses are invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.sample.catalogue import (
    ADULT,
    ADULT_WITHOUT_WEIGHT,
    BETWEEN_FACILITY_GSD,
    CHILD_BY_AGE,
    LENGTH_RELATIVE_SD,
    PHASE_GSD,
    PROCEDURES,
    WITHIN_FACILITY_GSD,
    Procedure,
)
from transforms.sample.examinations import BOLUS_LENGTH_MM
from transforms.sample.facilities import (
    DAYS_IN_YEAR,
    PROTOCOL,
    Device,
    Facility,
    facility,
    generator,
)
from transforms.sample.names import SCAN_NAMES
from transforms.sample.shapes import (
    BOLUS,
    CONSTANT_ANGLE,
    DIAGNOSTIC,
    LOCALIZER,
    SEQUENCED,
    SPIRAL,
    STATIONARY,
)

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

DAYS_PER_YEAR_OF_AGE = 365.25
UNMAPPED_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Site:
    """One facility with its mean CTDIvol (mGy) for each procedure that it does."""

    place: Facility
    levels: dict[Procedure, float]

    def events_per_year(self) -> float:
        """Events in a year, if a procedure has one examination on average."""
        devices = self.place.devices
        scans = [(one, len(scans_of(device, one))) for one in self.levels for device in devices]
        return self.place.volume * sum(one.frequency * n for one, n in scans) / len(devices)


@dataclass(frozen=True, slots=True)
class Scan:
    """One acquisition of every examination of a device and procedure; the dose may be NULL."""

    kind: str
    acquisition: str
    protocol: str | None
    has_dose: bool
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Examinations:
    """All examinations of one procedure on one device of a facility in a year, by their day.

    `ctdivol` (0.01 mGy) and `length_mm` have a row per examination and a column per scan, whole
    numbers, so that DLP = CTDIvol x length holds to the last digit.
    """

    site: Site
    device: Device
    procedure: Procedure
    year: int
    scans: tuple[Scan, ...]
    day: Whole
    second: Whole
    is_unmapped: Truth
    is_female: Truth
    age_days: Whole
    weight_kg: Real
    ctdivol: Whole
    length_mm: Whole

    def __len__(self) -> int:
        return len(self.day)

    @property
    def dlp(self) -> Whole:
        """DLP in 0.01 mGy.cm, rounded half up."""
        return (self.ctdivol * self.length_mm + 5) // 10


def site(number: int, facilities: int, seed: int) -> Site:
    """Facility `number` (from 1) with its dose levels, lognormal around the national level."""
    rng = generator(seed, number)
    place = facility(number, facilities, rng)
    drawn = [
        (one, one.ctdivol_median_mgy * rng.lognormal(0.0, np.log(BETWEEN_FACILITY_GSD)))
        for one in PROCEDURES
        if rng.random() < one.availability
    ]
    return Site(place, dict(drawn))


def scans_of(device: Device, procedure: Procedure) -> tuple[Scan, ...]:
    """Localizer, bolus tracking and the phases, as the device calls them."""
    model = device.model
    bolus = SEQUENCED if model.bolus_sequenced else STATIONARY
    diagnostic = SEQUENCED if procedure.sequenced and model.head_sequenced else SPIRAL
    return (
        Scan(LOCALIZER, CONSTANT_ANGLE, model.localizer or None, model.localizer_has_dose),
        *(
            Scan(BOLUS, bolus, name or None, has_dose=True)
            for name in (model.bolus if procedure.bolus else ())
        ),
        *(Scan(DIAGNOSTIC, diagnostic, None, True, share) for share in procedure.phases),
    )


def examinations_of_year(
    one: Site, year: int, mean: float, seed: int, number: int
) -> Iterator[Examinations]:
    """Draw the examinations of a facility in a year, by device and procedure."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, number, year])))
    for device in one.place.devices:
        for procedure in one.levels:
            share = one.place.volume / len(one.place.devices)
            examinations = int(rng.poisson(mean * procedure.frequency * share))
            if examinations:
                yield _draw(one, device, procedure, year, examinations, rng)


def diagnostic_protocol(one: Examinations) -> tuple[str | None, str | None]:
    """Protocol of the diagnostic scans of a mapped study, and of an unmapped one."""
    place = one.site.place
    if not one.device.model.writes_protocol:
        return None, None
    name = place.name_by_procedure[one.procedure]
    scan = SCAN_NAMES[one.procedure.procedure_id]
    return (name if place.place == PROTOCOL else scan), place.unmapped_name


def _draw(
    one: Site,
    device: Device,
    procedure: Procedure,
    year: int,
    number: int,
    rng: np.random.Generator,
) -> Examinations:
    scans = scans_of(device, procedure)
    age_days, weight_kg = _patients(procedure, number, rng)
    level = one.levels[procedure] * rng.lognormal(0.0, np.log(WITHIN_FACILITY_GSD), number)
    return Examinations(
        site=one,
        device=device,
        procedure=procedure,
        year=year,
        scans=scans,
        day=np.sort(rng.integers(0, DAYS_IN_YEAR, number)),
        second=rng.integers(7 * 3600, 20 * 3600, number),
        is_unmapped=rng.random(number) < UNMAPPED_SHARE,
        is_female=rng.random(number) < 0.5,
        age_days=age_days,
        weight_kg=weight_kg,
        ctdivol=np.column_stack([_ctdivol(scan, level, rng) for scan in scans]),
        length_mm=np.column_stack([_length(scan, procedure, number, rng) for scan in scans]),
    )


def _ctdivol(scan: Scan, level: Real, rng: np.random.Generator) -> Whole:
    """CTDIvol in 0.01 mGy of one scan of every examination."""
    if scan.kind == LOCALIZER:
        return rng.integers(8, 20, len(level))
    if scan.kind == BOLUS:
        return rng.integers(100, 600, len(level))
    doses = level * scan.share * rng.lognormal(0.0, np.log(PHASE_GSD), len(level))
    return np.maximum(1, np.rint(100 * doses)).astype(np.int64)


def _length(scan: Scan, procedure: Procedure, number: int, rng: np.random.Generator) -> Whole:
    mean = procedure.length_mean_mm
    if scan.kind == LOCALIZER:
        return np.full(number, round(mean) + 60)
    if scan.kind == BOLUS:
        return np.full(number, BOLUS_LENGTH_MM)
    drawn = rng.normal(mean, LENGTH_RELATIVE_SD * mean, number)
    return np.maximum(40, np.rint(drawn)).astype(np.int64)


def _patients(procedure: Procedure, number: int, rng: np.random.Generator) -> tuple[Whole, Real]:
    """Age in days and weight in kg; NaN is an unknown weight."""
    if procedure.patient == ADULT:
        years = np.clip(rng.normal(61, 17, number), 18, 90).astype(np.int64)
        weight = np.round(np.clip(rng.normal(78, 16, number), 40, 160), 1)
        weight[rng.random(number) < ADULT_WITHOUT_WEIGHT] = np.nan
        return np.floor(years * DAYS_PER_YEAR_OF_AGE).astype(np.int64), weight
    if procedure.patient == CHILD_BY_AGE:
        months = rng.integers(13, 71, number)
        return (months * DAYS_PER_YEAR_OF_AGE / 12).astype(np.int64), np.round(8 + 0.2 * months, 1)
    weight = np.round(rng.uniform(15.5, 29.5, number), 1)
    return np.floor((weight / 3.4).astype(np.int64) * DAYS_PER_YEAR_OF_AGE).astype(np.int64), weight


def doses_of(blocks: Sequence[Examinations]) -> dict[str, Real]:
    """Both quantities of the examinations used: mean CTDIvol (mGy) and DLP (mGy.cm)."""
    return {
        "ctdivol": np.concatenate([_mean_ctdivol(one)[~one.is_unmapped] for one in blocks]),
        "dlp": np.concatenate([_dlp(one)[~one.is_unmapped] for one in blocks]),
    }


def _mean_ctdivol(one: Examinations) -> Real:
    wanted = [index for index, scan in enumerate(one.scans) if scan.kind == DIAGNOSTIC]
    ctdivol, dlp = one.ctdivol[:, wanted] / 100, one.dlp[:, wanted] / 100
    return np.average(ctdivol, axis=1, weights=dlp / ctdivol)


def _dlp(one: Examinations) -> Real:
    wanted = [index for index, scan in enumerate(one.scans) if scan.has_dose]
    return np.sum(one.dlp[:, wanted] / 100, axis=1)
