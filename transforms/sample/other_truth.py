"""Quantities of an examination without CT, from the whole numbers that were stamped."""

from __future__ import annotations

import numpy as np

from transforms.sample.catalogue import ADULT
from transforms.sample.other_catalogue import DX, MG, NM
from transforms.sample.other_examinations import OtherExamination


def quantities(examination: OtherExamination) -> dict[str, float]:
    """Each DRL quantity in its unit: KAP in Gy.cm2, doses in mGy, time in s, activity in MBq."""
    events, modality = examination.events, examination.procedure.modality
    if modality == NM:
        return {"administered_activity": float(events[0].dose)}
    if modality == MG:
        return {"agd": float(np.mean([event.dose / 100 for event in events]))}
    kap = float(np.sum([event.dose for event in events])) / 10_000
    if modality == DX:
        return {"kap": kap}
    return {
        "kap": kap,
        "air_kerma_rp": float(np.sum([event.kerma for event in events])) / 1_000,
        "fluoro_time": float(np.sum([event.fluoro_time_s for event in events])),
    }


def patient_groups(examination: OtherExamination) -> list[str]:
    """Patient groups: all adults; a breast also by 10 mm bands and around 60 mm."""
    if examination.procedure.modality != MG:
        return [ADULT]
    mm = float(np.mean([event.thickness_mm for event in examination.events]))
    lower = int(mm // 10) * 10
    around_60 = ["mg_60mm"] if 55 <= mm < 65 else []
    return [ADULT, f"mg_{lower}_{lower + 10}mm", *around_60]
