"""Changes an examination according to its role, and divides it into reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from transforms.sample.catalogue import PROCEDURES, Procedure
from transforms.sample.examinations import Event, Examination, diagnostic_event, localizer
from transforms.sample.facilities import Facility
from transforms.sample.faults import (
    ABORTED,
    CONTINUED,
    CUMULATIVE,
    MIXED,
    NO_GROUP,
    UNMAPPED,
    WRONG_UNIT,
)
from transforms.sample.names import SCAN_NAMES
from transforms.sample.shapes import DIAGNOSTIC, LOCALIZER

WRONG_DLP_UNIT = "mGy"
"""The unit of CTDIvol: nothing converts it to a DLP."""
CUMULATIVE_REPORTS = 3
SECOND_SCAN = next(one for one in PROCEDURES if one.procedure_id == "ct_cervical_spine")
"""Body scan in a study combined with a head."""


def apply_role(
    role: str, facility: Facility, examination: Examination, rng: np.random.Generator
) -> Examination:
    """Return the examination as changed by its role."""
    if role in _CHANGE_BY_ROLE:
        return _CHANGE_BY_ROLE[role](facility, examination)
    if role == MIXED:
        return _with_events_of(SECOND_SCAN, examination, rng)
    if role == CONTINUED:
        return _with_events_of(examination.procedure, examination, rng)
    return examination


def events_by_report(role: str, examination: Examination) -> list[tuple[Event, ...]]:
    """Events of each report that the examination is sent in."""
    events = examination.events
    if role == CUMULATIVE:
        first = max(1, len(events) - CUMULATIVE_REPORTS + 1)
        return [events[:count] for count in range(first, len(events) + 1)]
    if role == CONTINUED:
        return [events[:-2], events[-2:]]
    return [events]


def _with_unmapped_name(facility: Facility, examination: Examination) -> Examination:
    name = facility.unmapped_name
    events = tuple(
        replace(event, protocol=name) if event.shape.kind == DIAGNOSTIC else event
        for event in examination.events
    )
    return replace(examination, name=name, events=events)


def _without_weight(_: Facility, examination: Examination) -> Examination:
    return replace(examination, patient=replace(examination.patient, weight_kg=None))


def _localizers_only(_: Facility, examination: Examination) -> Examination:
    localizers = [event for event in examination.events if event.shape.kind == LOCALIZER]
    return replace(examination, events=tuple(localizers))


def _wrong_unit(_: Facility, examination: Examination) -> Examination:
    events = tuple(
        replace(event, shape=replace(event.shape, dlp_unit=WRONG_DLP_UNIT))
        if event.shape.kind == DIAGNOSTIC
        else event
        for event in examination.events
    )
    return replace(examination, events=events)


def _with_events_of(
    procedure: Procedure, examination: Examination, rng: np.random.Generator
) -> Examination:
    """The examination followed by another localizer and scan."""
    model, last = examination.device.model, examination.events[-1]
    same = procedure == examination.procedure
    protocol = last.protocol if same else SCAN_NAMES[procedure.procedure_id]
    dose = (last.ctdivol or 1) / 100 if same else procedure.ctdivol_median_mgy
    more = (
        localizer(model, procedure, rng),
        diagnostic_event(model, procedure, protocol, dose, rng),
    )
    return replace(examination, events=(*examination.events, *more))


_CHANGE_BY_ROLE: Mapping[str, Callable[[Facility, Examination], Examination]] = {
    UNMAPPED: _with_unmapped_name,
    NO_GROUP: _without_weight,
    ABORTED: _localizers_only,
    WRONG_UNIT: _wrong_unit,
}
