"""Codes and units as the scanners of the synthetic nation write them.

Older scanners write SNOMED concepts in the retired scheme SRT, newer ones in SCT; the meaning
stays the same. Pairs of codes come from pydicom's table (PS3.16 Annex O).
"""

from __future__ import annotations

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr._snomed_dict import mapping as snomed_mapping
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

DCM = codes.DCM

CT_IMAGING = Code("P5-08000", "SRT", "Computed Tomography X-Ray")
HAS_INTENT = Code("G-C0E8", "SRT", "Has Intent")
DIAGNOSTIC_INTENT = Code("R-408C3", "SRT", "Diagnostic Intent")
SPIRAL = Code("P5-08001", "SRT", "Spiral Acquisition")
YES = Code("R-0038D", "SRT", "Yes")
NO = Code("R-00339", "SRT", "No")

REGIONS: dict[str, Code] = {
    "head": Code("T-D1100", "SRT", "Head"),
    "neck": Code("T-D1600", "SRT", "Neck"),
    "chest": Code("T-D3000", "SRT", "Chest"),
    "abdomen": Code("T-D4000", "SRT", "Abdomen"),
    "trunk": Code("R-FAB56", "SRT", "Chest, Abdomen and Pelvis"),
    "lumbar": Code("T-11503", "SRT", "Lumbar spine"),
    "heart": Code("T-32000", "SRT", "Heart"),
}
REGION_UNKNOWN = Code("00001", "99GEMS", "Unknown")
"""What GE's Enhanced SR dose reports write for every region."""

PHANTOMS: dict[str, Code] = {
    "head": DCM.IECHeadDosimetryPhantom,
    "body": DCM.IECBodyDosimetryPhantom,
}


def in_scheme(code: Code, scheme: str) -> Code:
    """The same concept as an older (SRT) or newer (SCT) scanner writes it."""
    if code.scheme_designator != "SRT" or scheme == "SRT":
        return code
    return Code(snomed_mapping["SRT"][code.value], "SCT", code.meaning)


def code_sequence(value: str, scheme: str, meaning: str) -> Sequence:
    """A code sequence with one item."""
    item = Dataset()
    item.CodeValue = value
    item.CodingSchemeDesignator = scheme
    item.CodeMeaning = meaning
    return Sequence([item])


def concept(code: Code) -> Sequence:
    """A code sequence of one of pydicom's codes."""
    return code_sequence(code.value, code.scheme_designator, code.meaning)


def unit(ucum: str) -> Sequence:
    """A measurement unit code sequence, the unit spelled as given."""
    return code_sequence(ucum, "UCUM", ucum)
