"""Maps coded values to the words allowed in the tables."""

from __future__ import annotations

from collections.abc import Mapping

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

from transforms.dicom.codes import Code, canonical, normalised_meaning
from transforms.errors import ObjectRefused

DCM, SCT = codes.DCM, codes.SCT


class Words:
    """A vocabulary: words, and the codes that each word represents."""

    def __init__(self, words: Mapping[str, tuple[PydicomCode, ...]]) -> None:
        pairs = [(name, code) for name, known in words.items() for code in known]
        self.by_code = {canonical(c.scheme_designator, c.value): name for name, c in pairs}
        self.by_meaning = {normalised_meaning(code.meaning): name for name, code in pairs}


CT_ACQUISITION_TYPE = Words(
    {
        "constant_angle": (DCM.ConstantAngleAcquisition,),
        "spiral": (SCT.SpiralAcquisition,),
        "sequenced": (DCM.SequencedAcquisition,),
        "stationary": (DCM.StationaryAcquisitionCT,),
        "free": (DCM.FreeAcquisition,),
        "cone_beam": (SCT.ConeBeamAcquisition,),
    }
)
"""CID 10013."""

CTDIW_PHANTOM = Words(
    {
        "head_16cm": (DCM.IECHeadDosimetryPhantom,),
        "body_32cm": (DCM.IECBodyDosimetryPhantom,),
        "small_10cm": (DCM._10cmDosimetryPhantom,),
    }
)
"""CID 4052, without phantoms that no CTDIw refers to: they are NULL and noted."""

SCOPE_OF_ACCUMULATION = Words(
    {
        "study": (DCM.Study,),
        "series": (DCM.Series,),
        "performed_procedure_step": (DCM.PerformedProcedureStep,),
        "procedure_step_to_this_point": (DCM.ProcedureStepToThisPoint,),
        "irradiation_event": (DCM.IrradiationEvent,),
    }
)
"""CID 10000."""

YES_NO = Words({"yes": (SCT.Yes,), "no": (SCT.No,)})
"""CID 230."""

ACQUISITION_PLANE = Words(
    {
        "single_plane": (DCM.SinglePlane,),
        "plane_a": (DCM.PlaneA,),
        "plane_b": (DCM.PlaneB,),
        "all_planes": (DCM.AllPlanes,),
    }
)
"""CID 10003."""

IRRADIATION_EVENT_TYPE = Words(
    {
        "fluoroscopy": (SCT.Fluoroscopy,),
        "stationary": (DCM.StationaryAcquisition,),
        "stepping": (DCM.SteppingAcquisition,),
        "rotational": (DCM.RotationalAcquisition,),
    }
)
"""CID 10002."""

LATERALITY = Words(
    {
        "left": (SCT.Left, SCT.LeftBreast),
        "right": (SCT.Right, SCT.RightBreast),
        "both": (SCT.Bilateral, SCT.RightAndLeft, SCT.BothBreasts),
        "unilateral": (SCT.Unilateral,),
    }
)
"""CID 244 (events) and CID 6022 (breasts)."""

IMAGE_VIEW = Words(
    {
        "cranio_caudal": (SCT.CranioCaudal,),
        "medio_lateral_oblique": (SCT.MedioLateralObliqueProjection,),
        "medio_lateral": (SCT.MedioLateralProjection,),
        "latero_medial": (SCT.LateroMedial, SCT.LateralMedial),
    }
)
"""Views of CID 4014 for which mammography DRLs exist; the CID has others."""


def _material(name: str, *known: PydicomCode) -> tuple[PydicomCode, ...]:
    """Codes of a material and of its compounds, with the older code meaning."""
    return (*known, PydicomCode(name, "", f"{name} or {name} compound"))


MATERIAL = Words(
    {
        "aluminium": (
            *_material("Aluminum", SCT.Aluminum, SCT.AluminumANDORAluminumCompound),
            *_material("Aluminium"),
        ),
        "copper": _material("Copper", SCT.Copper, PydicomCode("C-127F9", "SRT", "Copper")),
        "europium": _material("Europium", SCT.Europium, DCM.EuropiumOrEuropiumCompound),
        "lead": _material("Lead", SCT.Lead),
        "molybdenum": _material("Molybdenum", SCT.Molybdenum),
        "niobium": _material("Niobium", SCT.Niobium, DCM.NiobiumOrNiobiumCompound),
        "rhodium": _material("Rhodium", SCT.Rhodium, PydicomCode("C-167F9", "SRT", "Rhodium")),
        "silver": _material("Silver", SCT.Silver, PydicomCode("C-137F9", "SRT", "Silver")),
        "tantalum": _material("Tantalum", SCT.Tantalum),
        "tin": _material("Tin", SCT.Tin),
        "tungsten": _material("Tungsten", SCT.Tungsten, PydicomCode("C-164F9", "SRT", "Tungsten")),
    }
)
"""CID 10006 (filters) and CID 10016 (targets)."""


RECONSTRUCTION_ALGORITHM = Words(
    {
        "Filtered Back Projection": (DCM.FilteredBackProjection,),
        "Iterative Reconstruction": (DCM.IterativeReconstruction,),
    }
)
"""CID 10033. Makers add codes of their own, which keep their meaning."""


def word(code: Code, words: Words, where: str) -> str:
    """The word for a code, by scheme and value or else by meaning; refuses an unknown code."""
    found = word_or_none(code, words)
    if found is None:
        raise ObjectRefused("code_unknown", where)
    return found


def word_or_none(code: Code, words: Words) -> str | None:
    """The word for a code; None if there is none, for columns that also accept text."""
    found = words.by_code.get(canonical(code.scheme, code.value))
    return found or words.by_meaning.get(normalised_meaning(code.meaning))


def is_named_by_code(code: Code, words: Words) -> bool:
    """Whether the code has a word by scheme and value, not only by meaning."""
    return canonical(code.scheme, code.value) in words.by_code
