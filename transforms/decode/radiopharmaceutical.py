"""Radiopharmaceutical dose: TID 10021 (report) and 10022 (administration).

PS3.16, edition 2024e. The CT part of a PET-CT or SPECT-CT examination is a separate report (TID
10011) of the same study.
"""

from __future__ import annotations

from pydicom.sr.codedict import codes

from transforms.decode.departures import siemens_effective_dose
from transforms.decode.values import Finder, Remarks, Values, coded_columns
from transforms.dicom.content_tree import ContentItem
from transforms.tables import RADIOPHARMACEUTICAL_ADMINISTRATION
from transforms.tables.radiopharmaceutical_administration import AGENT

_ADMINISTRATION = codes.DCM.RadiopharmaceuticalAdministration
_IN_ADMINISTRATION = Finder(coded_columns(RADIOPHARMACEUTICAL_ADMINISTRATION))


def is_radiopharmaceutical(root: ContentItem) -> bool:
    """Whether the tree contains an administration of a radiopharmaceutical."""
    return bool(root.all_children_named(_ADMINISTRATION))


def administrations(root: ContentItem, remarks: Remarks) -> list[Values]:
    """The administrations in document order (TID 10022).

    Radionuclide and half-life are children of the agent.
    """
    found = root.all_children_named(_ADMINISTRATION)
    remarks.note_rows_named_by_meaning(RADIOPHARMACEUTICAL_ADMINISTRATION, found, _ADMINISTRATION)
    return [_administration(item) for item in found]


def _administration(item: ContentItem) -> Values:
    return _IN_ADMINISTRATION.find(item, *item.children_named(AGENT), *siemens_effective_dose(item))
