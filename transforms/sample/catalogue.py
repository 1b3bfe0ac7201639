"""CT procedures of the synthetic nation, with frequency and dose.

Every number here is invented: of a plausible size, so that the plausibility rules have something to
check, but no reference value of any country, and not to be quoted as one.
"""

from __future__ import annotations

from dataclasses import dataclass

BETWEEN_FACILITY_GSD = 1.28
"""Geometric standard deviation of a facility's dose level around the national level."""

WITHIN_FACILITY_GSD = 1.35
"""Geometric standard deviation of one patient's dose around the facility's level."""

LENGTH_RELATIVE_SD = 0.10
"""Relative standard deviation of the scanned length between patients."""

PHASE_GSD = 1.05
"""Geometric standard deviation of one phase's dose around the patient's."""

ADULT_WITHOUT_WEIGHT = 0.15
"""Share of adults whose report has no weight (children need theirs and have it)."""

HEAD, BODY = "head", "body"


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure for one kind of patient.

    `region` is a name in `codes.REGIONS`; `phantom` is the phantom of CTDIvol and DLP. `phases` are
    the diagnostic scans, each as a multiple of the patient's CTDIvol. `bolus` says whether a
    contrast bolus is tracked before the first phase. `availability` is the share of facilities that
    do the procedure, `frequency` its number of examinations relative to the mean.
    """

    procedure_id: str
    patient: str
    region: str
    phantom: str
    ctdivol_median_mgy: float
    length_mean_mm: float
    phases: tuple[float, ...] = (1.0,)
    bolus: bool = False
    sequenced: bool = False
    availability: float = 0.92
    frequency: float = 1.0


ADULT, CHILD_BY_AGE, CHILD_BY_WEIGHT = "adult", "head_1y_6y", "body_15_30kg"
"""Kinds of patient, named after their patient group."""

PROCEDURES: tuple[Procedure, ...] = (
    Procedure("ct_head", ADULT, "head", HEAD, 47.0, 165, sequenced=True, frequency=1.2),
    Procedure("ct_sinuses", ADULT, "head", HEAD, 12.0, 120),
    Procedure("ct_neck", ADULT, "neck", BODY, 11.5, 250),
    Procedure("ct_cervical_spine", ADULT, "neck", BODY, 14.5, 210),
    Procedure("ct_chest", ADULT, "chest", BODY, 6.6, 340, frequency=1.2),
    Procedure("ct_pulmonary_angiography", ADULT, "chest", BODY, 7.6, 300, bolus=True),
    Procedure("ct_abdomen_pelvis", ADULT, "abdomen", BODY, 9.2, 460, bolus=True, frequency=1.2),
    Procedure("ct_chest_abdomen_pelvis", ADULT, "trunk", BODY, 8.8, 650, bolus=True),
    Procedure("ct_kidneys_ureters_bladder", ADULT, "abdomen", BODY, 5.2, 440),
    Procedure("ct_lumbar_spine", ADULT, "lumbar", BODY, 17.0, 240, frequency=0.9),
    Procedure(
        "ct_coronary_angiography",
        ADULT,
        "heart",
        BODY,
        19.0,
        140,
        bolus=True,
        sequenced=True,
        availability=0.34,
    ),
    Procedure(
        "ct_liver_multiphase", ADULT, "abdomen", BODY, 9.8, 290, phases=(0.9, 1.0, 1.05), bolus=True
    ),
    Procedure("ct_head", CHILD_BY_AGE, "head", HEAD, 24.0, 140, availability=0.8),
    Procedure("ct_abdomen_pelvis", CHILD_BY_WEIGHT, "abdomen", BODY, 3.1, 280, availability=0.75),
)
