"""Scanner settings of an examination: voltage, modulation, reconstruction, dose check.

All depend only on the device, the patient and the day, so no dose depends on them.
"""

from __future__ import annotations

from dataclasses import replace

from transforms.sample.catalogue import BODY
from transforms.sample.dose_check import SETTINGS
from transforms.sample.examinations import Event, Examination, Patient
from transforms.sample.facilities import Device
from transforms.sample.shapes import DIAGNOSTIC

KVP_BELOW_KG: tuple[tuple[float, int], ...] = ((35, 80), (70, 100), (95, 120))
LARGEST_KVP = 140
NO_MODULATION = "NONE"
UNMODULATED_DIGIT = "7"
"""A scan whose UID ends with this digit was made without modulation: one in ten."""

USUAL_WEIGHT_KG = 75.0
"""Weight assumed for the measured diameter where the patient's weight is not known."""


def with_scanner_settings(examination: Examination) -> Examination:
    """The examination with its scanner's settings in every event."""
    device, patient = examination.device, examination.patient
    events = (
        _with_settings(event, device, patient, examination.day) for event in examination.events
    )
    return replace(examination, events=tuple(events))


def _with_settings(event: Event, device: Device, patient: Patient, day: int) -> Event:
    model, is_diagnostic = device.model, event.shape.kind == DIAGNOSTIC
    by_size = is_diagnostic and model.kvp_by_size and patient.weight_kg is not None
    return replace(
        event,
        shape=replace(
            event.shape,
            reconstruction=_reconstruction(event, device, day) if is_diagnostic else "",
            dose_check=SETTINGS[device.setting % 3] if model.dose_check and is_diagnostic else "",
        ),
        kvp_kv=_kvp(patient.weight_kg or 0.0) if by_size else event.kvp_kv,
        modulation=_modulation(event, model.modulation) if is_diagnostic else NO_MODULATION,
        diameter_mm=_diameter_mm(patient) if event.shape.phantom == BODY else None,
    )


def _kvp(weight_kg: float) -> int:
    return next((kvp for below, kvp in KVP_BELOW_KG if weight_kg < below), LARGEST_KVP)


def _modulation(event: Event, name: str) -> str:
    return NO_MODULATION if event.uid.endswith(UNMODULATED_DIGIT) else name


def _diameter_mm(patient: Patient) -> int:
    """A rough water-equivalent diameter of the trunk in mm, a whole number."""
    return round(170 + 1.6 * (patient.weight_kg or USUAL_WEIGHT_KG))


def _reconstruction(event: Event, device: Device, day: int) -> str:
    """Reconstruction that the device states: none before its update; some models by body part."""
    named = device.model.reconstruction
    if device.software_on(day) != device.model.software:
        return ""
    if named == "filtered_head":
        return "iterative" if event.shape.phantom == BODY else "filtered"
    return named
