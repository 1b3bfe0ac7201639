"""Radiopharmaceutical dose: TID 10021 (report) and 10022 (administration).

PS3.16, edition 2024e. The CT part of a PET-CT or SPECT-CT examination is a report of its own
(TID 10011); the two meet in the study.
"""

from __future__ import annotations

from pydicom.sr.codedict import codes

from transforms.decode.content import ContentItem
from transforms.decode.values import Finder, Values, coded_columns
from transforms.tables import RADIOPHARMACEUTICAL_ADMINISTRATION

_ADMINISTRATION = codes.DCM.RadiopharmaceuticalAdministration
_IN_ADMINISTRATION = Finder(coded_columns(RADIOPHARMACEUTICAL_ADMINISTRATION))


def is_radiopharmaceutical(root: ContentItem) -> bool:
    """Whether the tree holds an administration of a radiopharmaceutical."""
    return bool(root.all(_ADMINISTRATION))


def administrations(root: ContentItem) -> list[Values]:
    """The administrations in document order (TID 10022)."""
    return [_IN_ADMINISTRATION.find(item) for item in root.all(_ADMINISTRATION)]
