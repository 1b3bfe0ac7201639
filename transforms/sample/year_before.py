"""Examinations of the year before: some facilities and procedures, with higher doses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from transforms.sample.catalogue import ADULT, WITHIN_FACILITY_GSD, Procedure
from transforms.sample.examinations import Examination, draw_examination
from transforms.sample.facilities import Facility

DOSE_BEFORE: Mapping[str, float] = {"ct_head": 1.12, "ct_chest": 1.3, "ct_abdomen_pelvis": 1.18}
"""Adult procedures in the year before, and their dose relative to this year's."""

DAYS_OF_YEAR_BEFORE = 366


def past_examinations(
    place: Facility, levels: Mapping[Procedure, float], mean: int, rng: np.random.Generator
) -> Iterator[Examination]:
    """The facility's examinations of the year before; `levels` are its dose levels of this year."""
    for procedure, level in levels.items():
        before = DOSE_BEFORE.get(procedure.procedure_id)
        if before is None or procedure.patient != ADULT or not place.sent_before:
            continue
        number = int(rng.poisson(mean * place.volume))
        for dose in before * level * rng.lognormal(0.0, np.log(WITHIN_FACILITY_GSD), number):
            examination = draw_examination(place, procedure, float(dose), rng)
            yield replace(examination, day=examination.day - DAYS_OF_YEAR_BEFORE)
