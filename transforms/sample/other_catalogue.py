"""Procedures of the synthetic nation other than CT, with frequency and dose.

As in `catalogue`, every number is invented and no reference value of any country.
"""

from __future__ import annotations

from dataclasses import dataclass

MG, DX, RF, NM = "MG", "DX", "RF", "NM"

BETWEEN_FACILITY_GSD = 1.35
WITHIN_FACILITY_GSD = 1.4
FEWEST_EXAMINATIONS_SHARE = 0.8
"""Minimum number of examinations, as a share of the mean number of CT examinations."""

MORE_EXAMINATIONS = 4


@dataclass(frozen=True, slots=True)
class View:
    """One irradiation event: what it shows (`other_codes`), and its share of the dose.

    The share of a mammography view is relative to the mean of the views.
    """

    kind: str
    share: float = 1.0
    laterality: str = ""


RADIOGRAPH, FLUOROSCOPY, ACQUISITION = "radiograph", "fluoroscopy", "acquisition"
CC, MLO = "cc", "mlo"

BREAST_VIEWS = (
    View(CC, 0.97, "right"),
    View(CC, 0.97, "left"),
    View(MLO, 1.03, "right"),
    View(MLO, 1.03, "left"),
)


@dataclass(frozen=True, slots=True)
class OtherProcedure:
    """One procedure; `use` is the kind of equipment it is done with.

    `dose_median` is in whole steps of its quantity: KAP in 0.0001 Gy.cm2, average glandular dose in
    0.01 mGy, activity in MBq. `field_cm2` is KAP divided by the air kerma at the reference point.
    `frequency` is relative to the other procedures: mammography needs more, as it is divided by
    view and thickness.
    """

    procedure_id: str
    modality: str
    use: str
    region: str
    dose_median: int
    views: tuple[View, ...] = ()
    kvp_kv: int = 0
    field_cm2: float = 0.0
    fluoro_time_median_s: int = 0
    frequency: int = 1


_ONE_RADIOGRAPH = (View(RADIOGRAPH),)

OTHER_PROCEDURES: tuple[OtherProcedure, ...] = (
    OtherProcedure(
        *("mg_mammography", MG, "mammography", "breast", 150, BREAST_VIEWS, 29), frequency=2
    ),
    OtherProcedure("dx_chest", DX, "radiography", "chest", 1_200, _ONE_RADIOGRAPH, 120),
    OtherProcedure("dx_abdomen", DX, "radiography", "abdomen", 18_000, _ONE_RADIOGRAPH, 80),
    OtherProcedure("dx_pelvis", DX, "radiography", "pelvis", 16_000, _ONE_RADIOGRAPH, 77),
    OtherProcedure(
        "dx_lumbar_spine",
        DX,
        "radiography",
        "lumbar",
        32_000,
        (View(RADIOGRAPH, 0.4), View(RADIOGRAPH, 0.6)),
        85,
    ),
    OtherProcedure(
        "rf_barium_swallow",
        RF,
        "fluoroscopy",
        "chest",
        60_000,
        (View(FLUOROSCOPY, 0.6), View(ACQUISITION, 0.4)),
        90,
        field_cm2=160,
        fluoro_time_median_s=110,
    ),
    OtherProcedure(
        "rf_coronary_angiography",
        RF,
        "angiography",
        "heart",
        220_000,
        (View(FLUOROSCOPY, 0.35), View(ACQUISITION, 0.65)),
        80,
        field_cm2=60,
        fluoro_time_median_s=240,
    ),
    OtherProcedure("nm_bone_scan", NM, "gamma_camera", "", 620),
    OtherProcedure("nm_pet_fdg", NM, "pet", "", 250),
)


def is_done(procedure: OtherProcedure, facility_number: int) -> bool:
    """Whether a facility does it: every second one; mammography all, as it has many subgroups."""
    is_its_turn = (facility_number + OTHER_PROCEDURES.index(procedure)) % 2 == 1
    return procedure.modality == MG or is_its_turn
