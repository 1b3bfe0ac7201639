"""The words of the tables compared with the context groups of DICOM, as pydicom has them."""

from __future__ import annotations

import pytest
from pydicom.sr._cid_dict import cid_concepts
from pydicom.sr.codedict import codes

from transforms.dicom.codes import canonical
from transforms.normalise import vocabulary
from transforms.normalise.values import WORDS, WORDS_OR_TEXT

GROUPS = [
    (230, vocabulary.YES_NO, ["Undetermined"]),
    (244, vocabulary.LATERALITY, []),
    (
        4014,
        vocabulary.IMAGE_VIEW,
        [
            *("superolateral to inferomedial oblique", "tissue specimen from breast"),
            *("cranio-caudal exaggerated laterally", "latero-medial oblique"),
            *("inferomedial to superolateral oblique", "caudo-cranial"),
            "cranio-caudal exaggerated medially",
        ],
    ),
    (
        4052,
        vocabulary.CTDIW_PHANTOM,
        [
            *("NEMA XR21-2000 Phantom", "ACR Accreditation Phantom - CT"),
            *("ACR Accreditation Phantom - MR", "ACR Accreditation Phantom - Mammography"),
            "ACR Accreditation Phantom - Stereotactic Breast Biopsy",
            *("ACR Accreditation Phantom - ECT", "ACR Accreditation Phantom - PET"),
            *("ACR Accreditation Phantom - ECT/PET", "ACR Accreditation Phantom - PET Faceplate"),
            "Phantom",
        ],
    ),
    (6022, vocabulary.LATERALITY, []),
    (10002, vocabulary.IRRADIATION_EVENT_TYPE, []),
    (10003, vocabulary.ACQUISITION_PLANE, []),
    (10006, vocabulary.MATERIAL, []),
    (10013, vocabulary.CT_ACQUISITION_TYPE, []),
    (10016, vocabulary.MATERIAL, []),
    (10033, vocabulary.RECONSTRUCTION_ALGORITHM, []),
]
"""A context group, the words of its columns, and the members without a word."""


@pytest.mark.parametrize(("group", "words", "left_out"), GROUPS, ids=[str(g) for g, *_ in GROUPS])
def test_every_member_of_a_context_group_has_a_word_or_is_named_here(
    group: int, words: vocabulary.Words, left_out: list[str]
) -> None:
    members = [
        getattr(getattr(codes, scheme), name)
        for scheme, names in cid_concepts[group].items()
        for name in names
    ]
    without = [
        one.meaning
        for one in members
        if canonical(one.scheme_designator, one.value) not in words.by_code
    ]
    assert sorted(without) == sorted(left_out)


def test_every_vocabulary_is_compared_with_a_context_group() -> None:
    compared = [words for _, words, _ in GROUPS]
    assert all(words in compared for words in (*WORDS.values(), *WORDS_OR_TEXT.values()))
