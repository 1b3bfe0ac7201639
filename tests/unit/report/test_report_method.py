"""What a report says about the scope of its method."""

from __future__ import annotations

import pytest

from transforms.report.frame.catalogue import Catalogue
from transforms.report.frame.reference import read_reference
from transforms.report.regulator.method import scope_text


@pytest.mark.parametrize(
    ("method_id", "language", "text"),
    [
        (
            "drlake_first_line",
            "en",
            "examination. view: AGD; AGD, tomosynthesis; AGD, image and tomosynthesis; Radiographs "
            "of one view, KAP",
        ),
        ("france", "en", "acquisition"),
        ("uk_survey", "en", "examination. acquisition: CTDIvol"),
        (
            "austria",
            "en",
            "examination. acquisition: CT head, DLP; CT chest, DLP; CT abdomen and pelvis, DLP; "
            "CT chest, abdomen and pelvis, DLP; CT upper abdomen, DLP; CT pelvis, DLP",
        ),
        ("uk_survey", "de", "Untersuchung. Aufnahme: CTDIvol"),
    ],
)
def test_the_scope_of_single_procedures_and_quantities_is_named(
    method_id: str, language: str, text: str
) -> None:
    reference = read_reference()
    method = reference.method({reference.newest(method_id)})
    assert scope_text(Catalogue(language), method) == text
