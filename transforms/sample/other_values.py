"""Values that are stamped into a report without CT, as text."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from transforms.sample.encoding.encode import PYTHON_CODEC
from transforms.sample.facilities import uid
from transforms.sample.other_catalogue import FLUOROSCOPY
from transforms.sample.other_devices import KAP_DECIMALS, KERMA_DECIMALS
from transforms.sample.other_examinations import OtherEvent, OtherExamination
from transforms.sample.stamping import SECONDS_PER_EVENT, clock, date_of, hundredths


def report_values(examination: OtherExamination, rng: np.random.Generator) -> dict[str, bytes]:
    """Values of the header and of the totals."""
    device, patient = examination.device, examination.patient
    values = {
        "sop_uid": uid(rng),
        "series_uid": uid(rng),
        "study_uid": examination.study_uid,
        "device_uid": device.uid,
        "serial": device.serial,
        "sex": patient.sex,
        "age": patient.age,
        "height_m": f"{patient.height_m:.2f}",
        "weight_kg": f"{patient.weight_kg}",
        "date": f"{date_of(examination.day):%Y%m%d}",
        "time": clock(examination.second),
        "study_description": examination.name,
    }
    values |= _totals(examination)
    codec = PYTHON_CODEC[device.model.charset]
    return {name: value.encode(codec) for name, value in values.items()}


def event_values(examination: OtherExamination, index: int) -> dict[str, bytes]:
    """Values of one event."""
    event, model = examination.events[index], examination.device.model
    values = {
        "event_uid": event.uid,
        "event_at": f"{date_of(examination.day):%Y%m%d}"
        + clock(examination.second + SECONDS_PER_EVENT * index),
        "kvp_kv": str(examination.procedure.kvp_kv),
        "agd_mgy": hundredths(event.dose),
        "entrance_mgy": hundredths(event.kerma),
        "thickness_mm": str(event.thickness_mm),
        "kap": decimal(event.dose, KAP_DECIMALS[model.kap_unit]),
        "kerma": decimal(event.kerma, KERMA_DECIMALS[model.kerma_unit]),
        "activity_mbq": str(event.dose),
    }
    return {name: value.encode("ascii") for name, value in values.items()}


def _totals(examination: OtherExamination) -> dict[str, str]:
    model, events = examination.device.model, examination.events
    fluoroscopy = [event for event in events if event.view.kind == FLUOROSCOPY]
    images = [event for event in events if event.view.kind != FLUOROSCOPY]
    kap, kerma = KAP_DECIMALS[model.kap_unit], KERMA_DECIMALS[model.kerma_unit]
    values = {
        f"agd_{side}": hundredths(_dose(e for e in events if e.view.laterality == side))
        for side in ("left", "right")
    }
    for name, counted in (("fluoro", fluoroscopy), ("image", images)):
        values[f"{name}_kap"] = decimal(_dose(counted), kap)
        values[f"{name}_kerma"] = decimal(_kerma(counted), kerma)
    return values | {
        "kap_total": decimal(_dose(events), kap),
        "kerma_total": decimal(_kerma(events), kerma),
        "fluoro_time_s": str(sum(event.fluoro_time_s for event in events)),
    }


def decimal(value: int, decimals: int) -> str:
    """A whole number of steps as a decimal string with this many decimal places."""
    whole, rest = divmod(value, 10**decimals)
    return f"{whole}.{rest:0{decimals}d}"


def _dose(events: Iterable[OtherEvent]) -> int:
    return sum(event.dose for event in events)


def _kerma(events: Iterable[OtherEvent]) -> int:
    return sum(event.kerma for event in events)
