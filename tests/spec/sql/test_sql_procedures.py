"""Names to procedures: every name of the synthetic hospitals, and difficult names."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.lake_rows import LakeRows, event, report
from transforms.sample.hostile_texts import TEXTS
from transforms.sample.names import (
    NAMES,
    SCAN_NAMES,
    UNMAPPED_NAMES,
    VAGUE_STUDY_DESCRIPTION,
    all_names,
)

MAPPED = {name: procedure for procedure in NAMES for name in all_names(procedure)}
HOSTILE = {f"{name} {text}": procedure for name, procedure in MAPPED.items() for text in TEXTS}
UNDERSTOOD = TEXTS[2]
"""A hostile text without a word."""

CAREFUL = {
    # name                              procedure, or None: better unmapped than wrong
    "CT Kopf + HWS": "ct_head_cervical_spine",
    "Head^HeadNeckCTA": "ct_head_neck_angiography",
    "CT Hals-Thorax-Abdomen": "ct_neck_chest_abdomen_pelvis",
    "HWS/LWS": None,
    "BWS nativ": "ct_thoracic_spine",
    "CT thoracic spine": "ct_thoracic_spine",
    "CT Sinusvenenthrombose": "ct_head_venography",
    "CT guided lung biopsy": "ct_guided_biopsy",
    "PET-CT Thorax": None,
    "Polytrauma Thorax Abdomen": "ct_trauma",
    "CT Aorta Angio": "ct_aorta_angiography",
    "CT Perfusion Head": "ct_head_perfusion",
    "Calcium score coronary": "ct_calcium_score",
    "CT Oberbauch": "ct_upper_abdomen",
    "Radiotherapy planning chest": "ct_planning_chest",
    "Abdomen Thorax": "ct_chest_abdomen_pelvis",
    "THORAX_ABDOMEN__BECKEN": "ct_chest_abdomen_pelvis",
    "SCANNER DU CRÂNE": "ct_head",
    "Scha\u0308del": "ct_head",  # ä written as a and a combining mark
}


def put_rows(lake_rows: LakeRows) -> None:
    """Examinations without dose: they are mapped, and are in no statistic of other tests."""
    nothing = event(ctdivol=None, dlp=None)
    described = [
        report(f"name:{name}", [nothing], study_description=name)
        for name in (*MAPPED, *HOSTILE, *UNMAPPED_NAMES, *TEXTS, *CAREFUL)
    ]
    requested = [
        report(
            f"requested:{name}",
            [nothing],
            study_description=VAGUE_STUDY_DESCRIPTION,
            requested_procedure=name,
        )
        for name in MAPPED
    ]
    scanned = [
        report(
            f"scanned:{procedure}",
            [event(ctdivol=None, dlp=None, protocol=name)],
            study_description=VAGUE_STUDY_DESCRIPTION,
        )
        for procedure, name in SCAN_NAMES.items()
    ]
    two_helices = [event(ctdivol=None, dlp=None, protocol=name) for name in ("Thorax", "Abdomen")]
    lake_rows.submission(
        "NAMES1", [*described, *requested, *scanned, report("two-helices", two_helices)]
    )


@pytest.fixture(scope="module")
def mapped(warehouse: Any) -> dict[str, tuple[str | None, str | None]]:
    """Study → procedure and rule."""
    rows = warehouse.rows(
        "select distinct study_key, procedure_id, rule_id from core.fct_examination_doses "
        "where facility_id = 'NAMES1'"
    )
    return {study: (procedure, rule) for study, procedure, rule in rows}


@pytest.mark.parametrize("prefix", ["name", "requested"])
def test_every_name_of_the_synthetic_nation_is_mapped(mapped: Any, prefix: str) -> None:
    found = {name: mapped[f"{prefix}:{name}"][0] for name in MAPPED}
    assert found == MAPPED


def test_acquisition_protocols_are_mapped_where_nothing_else_is_said(mapped: Any) -> None:
    assert {each: mapped[f"scanned:{each}"][0] for each in SCAN_NAMES} == {
        each: each for each in SCAN_NAMES
    }


def test_a_hostile_text_behind_a_name_is_not_understood_and_decides_nothing(mapped: Any) -> None:
    expected = {
        name: procedure if name.endswith(UNDERSTOOD) else None
        for name, procedure in HOSTILE.items()
    }
    assert {name: mapped[f"name:{name}"][0] for name in HOSTILE} == expected


@pytest.mark.parametrize("name", [*UNMAPPED_NAMES, *TEXTS])
def test_names_without_a_procedure_stay_unmapped(mapped: Any, name: str) -> None:
    assert mapped[f"name:{name}"] == (None, None)


@pytest.mark.parametrize("name", CAREFUL)
def test_names_that_need_care(mapped: Any, name: str) -> None:
    assert mapped[f"name:{name}"][0] == CAREFUL[name]


def test_helices_of_chest_and_abdomen_are_one_examination_of_both(mapped: Any) -> None:
    assert mapped["two-helices"][0] == "ct_chest_abdomen_pelvis"


def test_the_deciding_row_is_stored(mapped: Any) -> None:
    assert mapped["name:CT KUB"][1] == "CT kub"
    assert mapped["name:BWS nativ"][1] == "CT thoracic_spine"


def test_the_reading_of_every_examination_is_stored(warehouse: Any) -> None:
    query = (
        "select concepts, unread_words, rule_id from core.fct_examination_readings "
        "where facility_id = 'NAMES1' and study_key = ?"
    )
    found = {
        name: warehouse.rows(query.replace("?", f"'name:{name}'"))
        for name in ("CT Brain plain", "Research protocol 7", "HWS/LWS")
    }
    assert found == {
        "CT Brain plain": [("head", "", "CT head")],
        "Research protocol 7": [("", "research", None)],
        "HWS/LWS": [("cervical_spine lumbar_spine", "", None)],
    }
