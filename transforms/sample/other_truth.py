"""Quantities of an examination without CT, from the whole numbers that were stamped.

An examination of breasts has a value for each view, and other examinations one for each quantity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from transforms.sample.catalogue import ADULT
from transforms.sample.other_catalogue import DX, MG, NM
from transforms.sample.other_examinations import OtherExamination


def doses(examination: OtherExamination) -> Mapping[tuple[str, str], list[float]]:
    """The values of an examination by patient group and DRL quantity."""
    if examination.procedure.modality == MG:
        return _doses_of_views(examination)
    return {(ADULT, name): [value] for name, value in _quantities(examination).items()}


def _doses_of_views(examination: OtherExamination) -> Mapping[tuple[str, str], list[float]]:
    """AGD of each view in mGy, in the groups of its own thickness."""
    name = "agd_tomosynthesis" if examination.device.model.tomosynthesis else "agd"
    found: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for event in examination.events:
        for group in _breast_groups(event.thickness_mm):
            found[group, name].append(event.dose / 100)
    return found


def _quantities(examination: OtherExamination) -> dict[str, float]:
    """Each DRL quantity in its unit.

    KAP in Gy.cm2, kerma in mGy, time in s, activity in MBq and in MBq/kg.
    """
    events, modality = examination.events, examination.procedure.modality
    if modality == NM:
        activity = float(events[0].dose)
        stated = {"administered_activity": activity}
        weight = examination.patient.weight_kg
        return stated | ({"administered_activity_per_kg": activity / weight} if weight else {})
    kap = float(np.sum([event.dose for event in events])) / 10_000
    if modality == DX:
        return {"kap": kap}
    return {
        "kap": kap,
        "air_kerma_rp": float(np.sum([event.kerma for event in events])) / 1_000,
        "fluoro_time": float(np.sum([event.fluoro_time_s for event in events])),
    }


def _breast_groups(thickness_mm: int) -> list[str]:
    """Patient groups of a breast: all adults, bands of 10 mm, and around 60 mm."""
    lower = thickness_mm // 10 * 10
    around_60 = ["mg_60mm"] if 55 <= thickness_mm < 65 else []
    return [ADULT, f"mg_{lower}_{lower + 10}mm", *around_60]
