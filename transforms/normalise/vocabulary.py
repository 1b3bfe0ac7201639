"""Coded values to the words the tables allow."""

from __future__ import annotations

from collections.abc import Mapping

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

from transforms.decode.concepts import Code, canonical, normalised_meaning
from transforms.errors import ObjectRefused

Words = Mapping[str, tuple[PydicomCode, ...]]

CT_ACQUISITION_TYPE: Words = {
    "constant_angle": (codes.DCM.ConstantAngleAcquisition,),
    "spiral": (
        codes.SCT.SpiralAcquisition,
        PydicomCode("C0860888", "UMLS", "Spiral Acquisition"),
    ),
    "sequenced": (codes.DCM.SequencedAcquisition,),
    "stationary": (codes.DCM.StationaryAcquisitionCT,),
    "free": (codes.DCM.FreeAcquisition,),
}
"""CID 10013."""

CTDIW_PHANTOM: Words = {
    "head_16cm": (codes.DCM.IECHeadDosimetryPhantom,),
    "body_32cm": (codes.DCM.IECBodyDosimetryPhantom,),
}
"""CID 4052."""

YES_NO: Words = {"yes": (codes.SCT.Yes,), "no": (codes.SCT.No,)}
"""CID 230."""


def word(code: Code, words: Words, where: str) -> str:
    """The word for a code: by scheme and value, else by meaning; refuses an unknown code."""
    wanted = canonical(code.scheme, code.value)
    for name, known in words.items():
        if any(canonical(one.scheme_designator, one.value) == wanted for one in known):
            return name
    meaning = normalised_meaning(code.meaning)
    for name, known in words.items():
        if any(normalised_meaning(one.meaning) == meaning for one in known):
            return name
    raise ObjectRefused("code_unknown", where)
