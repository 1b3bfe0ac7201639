"""The phantom of each target region; unknown where there is any doubt."""

import pytest

from expectations.regions import region_of


@pytest.mark.parametrize(
    ("code", "meaning", "region"),
    [
        ("SCT:69536005", None, "head"),
        ("SRT:T-D1100", None, "head"),  # the retired code of the same concept
        ("SCT:816094009", None, "trunk"),
        ("SRT:T-D3000", "anything", "trunk"),
        ("SCT:51185008", None, "trunk"),  # the chest before its SCT code was replaced
        ("99GEMS:1", "THORAX", "trunk"),  # a private code: by its meaning
        ("99GEMS:Unknown", "Unknown", None),
        (None, "Head", "head"),
        (None, "Abdomen and Pelvis", "trunk"),
        (None, "Entire brain", "head"),
        (None, "Head and Neck", None),
        (None, "Neck", None),
        (None, "Cervical spine", None),
        (None, "Head and Chest", None),
        (None, "Knee", None),
        ("", "", None),
        (None, None, None),
    ],
)
def test_region_is_known_only_where_the_phantom_is(
    code: str | None, meaning: str | None, region: str | None
) -> None:
    assert region_of(code, meaning) == region
