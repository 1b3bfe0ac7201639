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

CAREFUL = {
    # name                              procedure, or None: better unmapped than wrong
    "CT Kopf + HWS": None,
    "Head^HeadNeckCTA": None,
    "CT Hals-Thorax-Abdomen": None,
    "HWS/LWS": None,
    "BWS nativ": None,
    "CT thoracic spine": None,
    "CT Sinusvenenthrombose": None,
    "CT guided lung biopsy": None,
    "PET-CT Thorax": None,
    "Polytrauma Thorax Abdomen": None,
    "CT Aorta Angio": None,
    "CT Perfusion Head": None,
    "Calcium score coronary": None,
    "CT Oberbauch": None,
    "Radiotherapy planning chest": None,
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


def test_a_hostile_text_behind_a_name_changes_nothing(mapped: Any) -> None:
    assert {name: mapped[f"name:{name}"][0] for name in HOSTILE} == HOSTILE


@pytest.mark.parametrize("name", [*UNMAPPED_NAMES, *TEXTS])
def test_names_without_a_procedure_stay_unmapped(mapped: Any, name: str) -> None:
    assert mapped[f"name:{name}"] == (None, None)


@pytest.mark.parametrize("name", CAREFUL)
def test_names_that_need_care(mapped: Any, name: str) -> None:
    assert mapped[f"name:{name}"][0] == CAREFUL[name]


def test_helices_of_chest_and_abdomen_are_one_examination_of_both(mapped: Any) -> None:
    assert mapped["two-helices"][0] == "ct_chest_abdomen_pelvis"


def test_the_deciding_rule_is_stored(mapped: Any) -> None:
    assert mapped["name:CT KUB"][1] == "study_description.ct_kidneys_ureters_bladder"
    assert mapped["name:BWS nativ"][1] == "study_description.none_thoracic_spine"
