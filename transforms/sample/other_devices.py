"""Device models of the synthetic nation other than CT, and how each writes its dose reports."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.sample.other_catalogue import MG, NM

LATIN = "ISO_IR 100"
UNICODE = "ISO_IR 192"


@dataclass(frozen=True, slots=True)
class OtherModel:
    """Properties of one model's reports.

    `kap_unit` and `kerma_unit` are keys of `KAP_DECIMALS` and `KERMA_DECIMALS`. `tomosynthesis`
    says that its mammographies are tomosyntheses. `protocol` is the name of its events, empty for
    none; it names no procedure but mammography, so that other unmapped studies stay unmapped.
    """

    use: str
    modality: str
    manufacturer: str
    model_name: str
    software: str
    charset: str = LATIN
    scheme: str = "SRT"
    kap_unit: str = "Gy.m2"
    kerma_unit: str = "Gy"
    protocol: str = ""
    tomosynthesis: bool = False
    target: str = ""
    filter: str = ""
    implicit_vr: bool = False


KAP_DECIMALS = {"Gy.m2": 8, "Gy.cm2": 4, "dGy.cm2": 3, "mGy.cm2": 1, "uGy.m2": 2}
"""Decimal places that represent 0.0001 Gy.cm2 exactly."""

KERMA_DECIMALS = {"Gy": 6, "mGy": 3}
"""Decimal places that represent 0.001 mGy exactly."""


def _mammography(*names: str, **how: object) -> OtherModel:
    return OtherModel("mammography", MG, *names, **how)  # type: ignore[arg-type]


OTHER_MODELS: tuple[OtherModel, ...] = (
    _mammography(
        *("HOLOGIC, Inc.", "Selenia Dimensions", "AWS:1.8.3.63"),
        target="tungsten",
        filter="rhodium",
    ),
    _mammography(
        *("GE HEALTHCARE", "Senographe Pristina", "7.70.51.1"),
        protocol="3D_ROUTINE",
        tomosynthesis=True,
        target="rhodium",
        filter="silver",
    ),
    _mammography(
        *("Siemens Healthineers", "MAMMOMAT Revelation", "VC20A"),
        charset=UNICODE,
        scheme="SCT",
        target="tungsten",
        filter="rhodium",
    ),
    _mammography(
        *("FUJIFILM Corporation", "AMULET Innovality", "V9.0"),
        target="tungsten",
        filter="aluminium",
    ),
    OtherModel(
        *("radiography", "DX", "Canon Inc.", "CXDI Control Software NE", "2.12.0.20"),
        protocol="NE AP",
    ),
    OtherModel(
        *("radiography", "DX", "Siemens Healthineers", "Ysio Max", "VF11D"),
        charset=UNICODE,
        scheme="SCT",
        kap_unit="uGy.m2",
        protocol="Standard",
    ),
    OtherModel(
        *("radiography", "DX", "Philips Medical Systems", "DigitalDiagnost", "4.2.0"),
        kap_unit="mGy.cm2",
        implicit_vr=True,
    ),
    OtherModel(
        *("fluoroscopy", "RF", "TOSHIBA_MEC", "Ultimax-i", "V3.50"),
        kap_unit="dGy.cm2",
        kerma_unit="mGy",
        protocol="Series 2 fps",
    ),
    OtherModel(
        *("fluoroscopy", "RF", "SIEMENS", "AXIOM Luminos dRF", "VB10J"),
        protocol="Series B",
    ),
    OtherModel(*("fluoroscopy", "RF", "Philips Medical Systems", "CombiDiagnost R90", "1.1")),
    OtherModel(
        *("angiography", "RF", "Philips Medical Systems", "Allura Xper", "8.1.17"),
        protocol="Normal 15 fps",
    ),
    OtherModel(
        *("angiography", "RF", "SIEMENS", "AXIOM-Artis", "VC14J"),
        protocol="FL Low",
    ),
    OtherModel(
        *("angiography", "RF", "GE Healthcare", "Innova IGS 520", "2.6"),
        kap_unit="Gy.cm2",
        kerma_unit="mGy",
    ),
    OtherModel(*("gamma_camera", NM, "SIEMENS", "Symbia Intevo 16", "VB22A")),
    OtherModel(
        *("gamma_camera", NM, "GE MEDICAL SYSTEMS", "Discovery NM/CT 670", "2.1"),
        implicit_vr=True,
    ),
    OtherModel(*("gamma_camera", NM, "Mediso", "AnyScan SC", "3.04"), charset=UNICODE),
    OtherModel(*("pet", NM, "SIEMENS", "Biograph64_Vision 600", "VG80B")),
    OtherModel(*("pet", NM, "GE MEDICAL SYSTEMS", "Discovery MI", "47.02"), charset=UNICODE),
    OtherModel(*("pet", NM, "Philips", "Vereos PET/CT", "2.0.2")),
)


def model_of(use: str, facility_number: int) -> OtherModel:
    """Model of a facility for a use: the models alternate over the facilities."""
    models = [model for model in OTHER_MODELS if model.use == use]
    return models[facility_number // 2 % len(models)]
