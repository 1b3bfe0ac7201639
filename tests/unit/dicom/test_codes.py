"""Coding schemes: names and OIDs of one scheme are one, and have no case."""

from __future__ import annotations

import pytest
from pydicom.sr.coding import Code as PydicomCode

from transforms.dicom.codes import Code, canonical, same_code, scheme_name

CHEST = PydicomCode("51185008", "SCT", "Chest")


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("SCT", "51185008"),
        ("sct", "51185008"),
        ("SNOMED-CT", "51185008"),
        ("2.16.840.1.113883.6.96", "51185008"),
        ("SRT", "T-D3000"),
        ("SNM3", "T-D3000"),
        ("99SDM", "T-D3000"),
    ],
)
def test_the_chest_is_one_concept_in_every_scheme_of_snomed(scheme: str, value: str) -> None:
    assert same_code(Code(scheme, value, ""), CHEST)


@pytest.mark.parametrize("scheme", ["DCM", "dcm", "1.2.840.10008.2.16.4"])
def test_a_code_of_dicom_is_known_by_the_oid_of_its_scheme(scheme: str) -> None:
    assert canonical(scheme, "113830") == ("DCM", "113830")


def test_other_schemes_keep_their_name_and_are_none_of_these() -> None:
    assert (scheme_name("99Acme"), scheme_name("SNOMED-CT")) == ("99Acme", "SCT")
    assert not same_code(Code("99ACME", "51185008", ""), CHEST)
