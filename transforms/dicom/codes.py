"""Coded values, and when two of them mean the same concept.

Scheme and value decide first. Retired schemes (SRT, SNM3 and 99SDM became SCT) and the UMLS and
DICOM codes of the same concept are translated. The normalised code meaning decides only if the code
is unknown, since vendors translate and misspell meanings and, more rarely, use wrong codes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from pydicom.sr._concepts_dict import concepts as concepts_by_scheme
from pydicom.sr._snomed_dict import mapping as snomed_mapping
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

_SCHEMES = {
    "SNOMED-CT": "SCT",
    "SNOMED CT": "SCT",
    "2.16.840.1.113883.6.96": "SCT",
    "1.2.840.10008.2.16.4": "DCM",
}
"""Other names and OIDs of coding schemes (PS3.16 section 8), in upper case."""

RETIRED_SCHEMES = frozenset({"SRT", "SNM3", "99SDM"})
_SCT_BY_SRT: dict[str, str] = {
    **snomed_mapping["SRT"],
    "F-61FDB": "349358000",  # Radiopharmaceutical agent (TID 10022), absent from pydicom's table
}
_SUCCESSORS: dict[tuple[str, str], tuple[str, str]] = {
    (old.scheme_designator, old.value): (new.scheme_designator, new.value)
    for old, new in (
        (codes.DCM.ExposureTime_Retired, codes.DCM.ExposureTime),
        (codes.DCM.IrradiationEventUID_Retired, codes.DCM.IrradiationEventUID),
        (PydicomCode("C0860888", "UMLS", "Spiral Acquisition"), codes.SCT.SpiralAcquisition),
        (PydicomCode("C0222600", "UMLS", "Right breast"), codes.SCT.RightBreast),
        (PydicomCode("C0222601", "UMLS", "Left breast"), codes.SCT.LeftBreast),
        (PydicomCode("C0222605", "UMLS", "Both breasts"), codes.SCT.BothBreasts),
    )
}
"""Codes of other schemes, or retired codes, and their current codes."""


class Code(NamedTuple):
    """A coded value as written in the report."""

    scheme: str
    value: str
    meaning: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


def scheme_name(scheme: str) -> str:
    """The coding scheme designator (PS3.16 section 8) of a name or OID; others as written."""
    return _SCHEMES.get(scheme.upper(), scheme)


@lru_cache(maxsize=4096)
def canonical(scheme: str, value: str) -> tuple[str, str]:
    """Current scheme and value: schemes have no case and may have other names; retired SNOMED
    schemes, UMLS and retired DICOM codes are replaced if a successor is known."""
    scheme = scheme_name(scheme).upper()
    if scheme in RETIRED_SCHEMES and value in _SCT_BY_SRT:
        return "SCT", _SCT_BY_SRT[value]
    return _SUCCESSORS.get((scheme, value), (scheme, value))


@lru_cache(maxsize=4096)
def normalised_meaning(meaning: str) -> str:
    """Lower-case letters and digits only: "CT X-ray Source" and "CT X-Ray source" are equal."""
    return "".join(character for character in meaning.casefold() if character.isalnum())


def is_standard(code: Code) -> bool:
    """Whether DICOM's dictionaries list the code, whatever meaning the report gives."""
    return standard_meaning(code) is not None


def standard_meaning(code: Code) -> str | None:
    """The code meaning in DICOM's dictionaries; None if they do not list the code."""
    return _standard_meanings().get(canonical(code.scheme, code.value))


@lru_cache(maxsize=1)
def _standard_meanings() -> dict[tuple[str, str], str]:
    """Meanings of all codes in pydicom's dictionaries."""
    return {
        canonical(scheme, value): meaning
        for scheme, names in concepts_by_scheme.items()
        for known in names.values()
        for value, (meaning, _) in known.items()
    }


def same_code(code: Code, concept: PydicomCode) -> bool:
    """Whether scheme and value are those of the concept."""
    wanted = canonical(concept.scheme_designator, concept.value)
    return canonical(code.scheme, code.value) == wanted


def same_meaning(code: Code, concept: PydicomCode) -> bool:
    """Whether the normalised meaning is that of the concept."""
    return normalised_meaning(code.meaning) == normalised_meaning(concept.meaning)
