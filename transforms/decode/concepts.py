"""Codes and when two of them mean the same concept.

Scheme and value decide first, retired schemes included (SRT, SNM3 and 99SDM became SCT); the
normalised meaning decides only where the code does not, since vendors translate and misspell
meanings and, more rarely, miscode.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from pydicom.sr._snomed_dict import mapping as snomed_mapping
from pydicom.sr.coding import Code as PydicomCode

RETIRED_SCHEMES = frozenset({"SRT", "SNM3", "99SDM"})
_SCT_BY_SRT: dict[str, str] = snomed_mapping["SRT"]


class Code(NamedTuple):
    """A coded value as the report writes it."""

    scheme: str
    value: str
    meaning: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


@lru_cache(maxsize=4096)
def canonical(scheme: str, value: str) -> tuple[str, str]:
    """Scheme and value with retired SNOMED schemes replaced by SCT where a successor is known."""
    if scheme in RETIRED_SCHEMES and value in _SCT_BY_SRT:
        return "SCT", _SCT_BY_SRT[value]
    return scheme, value


@lru_cache(maxsize=4096)
def normalised_meaning(meaning: str) -> str:
    """Letters and digits only, without case: "CT X-ray Source" and "CT X-Ray source" agree."""
    return "".join(character for character in meaning.casefold() if character.isalnum())


def same_code(code: Code, concept: PydicomCode) -> bool:
    """Whether scheme and value name the concept."""
    wanted = canonical(concept.scheme_designator, concept.value)
    return canonical(code.scheme, code.value) == wanted


def same_meaning(code: Code, concept: PydicomCode) -> bool:
    """Whether the meaning names the concept."""
    return normalised_meaning(code.meaning) == normalised_meaning(concept.meaning)
