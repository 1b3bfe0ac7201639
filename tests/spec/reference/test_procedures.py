"""The catalogue of procedures: complete, sourced, named in two languages, with all levels read."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from transforms.reference.coverage import (
    COUNTRIES,
    NOT_READ,
    PAGE,
    candidate_levels,
    coverage_page,
)
from transforms.reference.files import reference_rows
from transforms.settings import REPOSITORY

Row = dict[str, str]

NAMES = Path(__file__).parent / "procedure_names.csv"
OF_NOVEMBER_2026 = (
    *("ct_head", "ct_sinuses", "ct_neck", "ct_cervical_spine", "ct_chest"),
    *("ct_pulmonary_angiography", "ct_abdomen_pelvis", "ct_chest_abdomen_pelvis"),
    *("ct_kidneys_ureters_bladder", "ct_lumbar_spine", "ct_coronary_angiography"),
    *("ct_liver_multiphase", "mg_mammography", "dx_chest", "dx_abdomen", "dx_pelvis"),
    *("dx_lumbar_spine", "rf_barium_swallow", "rf_coronary_angiography", "nm_bone_scan"),
    "nm_pet_fdg",
)
AT_LEAST = {"CT": 60, "DX": 30, "MG": 5, "DENTAL": 2, "CBCT": 1, "RF": 42, "NM": 32}
PREFIXES = {"DENTAL": "dental_", "CBCT": "cbct_", "DXA": "dxa_"}


@pytest.fixture(scope="module")
def procedures() -> list[Row]:
    return reference_rows("procedures")


def test_the_ids_of_the_first_list_are_kept(procedures: list[Row]) -> None:
    assert set(OF_NOVEMBER_2026) <= {row["procedure_id"] for row in procedures}


def test_the_catalogue_has_the_examinations_of_a_nation(procedures: list[Row]) -> None:
    counts = Counter(row["modality"] for row in procedures)
    assert {name: counts[name] for name, least in AT_LEAST.items() if counts[name] < least} == {}
    assert sum(counts.values()) >= 110


def test_every_procedure_is_complete(procedures: list[Row]) -> None:
    for row in procedures:
        prefix = PREFIXES.get(row["modality"], f"{row['modality'].lower()}_")
        assert row["procedure_id"].startswith(prefix), row
        for column in ("label", "body_region", "purpose", "default_scopes", "source"):
            assert row[column], (row["procedure_id"], column)


def test_labels_are_unique(procedures: list[Row]) -> None:
    assert len({row["label"].casefold() for row in procedures}) == len(procedures)


def test_scopes_are_those_that_a_quantity_can_have(procedures: list[Row]) -> None:
    quantities = {row["drl_quantity"]: row for row in reference_rows("drl_quantities")}
    for row in procedures:
        for stated in row["default_scopes"].split(";"):
            quantity, scope = stated.split(":")
            assert row["modality"] in quantities[quantity]["modalities"].split(";"), row
            assert scope in quantities[quantity]["scopes"].split(";"), (row["procedure_id"], stated)


def test_a_view_has_its_dose_per_view(procedures: list[Row]) -> None:
    for row in procedures:
        if row["view"]:
            assert {one.partition(":")[2] for one in row["default_scopes"].split(";")} == {"view"}


def test_phantoms_follow_the_region(procedures: list[Row]) -> None:
    """The head alone has the phantom of 16 cm; head and trunk together have none."""
    for row in procedures:
        areas = set(filter(None, row["areas"].split(";")))
        if row["modality"] != "CT":
            assert not row["drl_phantom"], row
        elif areas == {"head"}:
            assert row["drl_phantom"] == "head_16cm", row
        elif "head" not in areas and areas:
            assert row["drl_phantom"] == "body_32cm", row
        else:
            assert row["drl_phantom"] in ("", "body_32cm"), row


def test_air_kerma_has_a_reference_point_where_it_has_levels(procedures: list[Row]) -> None:
    for row in procedures:
        assert bool(row["drl_reference_point"]) == ("air_kerma_rp" in row["default_scopes"]), row


def test_a_broader_procedure_exists_in_the_same_modality(procedures: list[Row]) -> None:
    modalities = {row["procedure_id"]: row["modality"] for row in procedures}
    for row in procedures:
        if row["broader_id"]:
            assert modalities.get(row["broader_id"]) == row["modality"], row


def test_no_procedure_is_broader_than_itself(procedures: list[Row]) -> None:
    graph = {row["procedure_id"]: {row["broader_id"]} - {""} for row in procedures}
    assert set(TopologicalSorter(graph).static_order()) == set(graph)


def test_the_first_list_has_no_broader_procedures(procedures: list[Row]) -> None:
    broader = {row["procedure_id"]: row["broader_id"] for row in procedures}
    assert {name: broader[name] for name in OF_NOVEMBER_2026 if broader[name]} == {}


def test_public_tables_always_list_the_first_list_only(procedures: list[Row]) -> None:
    listed = {row["procedure_id"] for row in procedures if row["is_always_listed"] == "true"}
    assert listed == set(OF_NOVEMBER_2026)


def test_every_procedure_has_names_in_two_languages(procedures: list[Row]) -> None:
    languages = defaultdict(set)
    for row in names():
        assert row["name"].strip() == row["name"] and row["name"], row
        assert row["source"], row
        languages[row["procedure_id"]].add(row["language"])
    assert set(languages) == {row["procedure_id"] for row in procedures}
    assert {name: found for name, found in languages.items() if len(found) < 2} == {}


def test_a_name_belongs_to_one_procedure_of_a_modality(procedures: list[Row]) -> None:
    modalities = {row["procedure_id"]: row["modality"] for row in procedures}
    owners = defaultdict(set)
    for row in names():
        owners[modalities[row["procedure_id"]], row["name"].casefold()].add(row["procedure_id"])
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def names() -> list[Row]:
    with NAMES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- levels -----------------------------------------------------------------------------------


def test_published_levels_have_a_procedure_of_their_quantity(procedures: list[Row]) -> None:
    rows = reference_rows("published_drls")
    assert [row["drl_id"] for row in rows if not row["procedure_id"]] == []
    modalities = {row["procedure_id"]: row["modality"] for row in procedures}
    quantities = {
        row["drl_quantity"]: row["modalities"] for row in reference_rows("drl_quantities")
    }
    for row in [*rows, *candidate_levels()]:
        if row["drl_quantity"]:
            assert modalities[row["procedure_id"]] in quantities[row["drl_quantity"]].split(";"), (
                row
            )


def test_levels_that_were_read_have_a_procedure(procedures: list[Row]) -> None:
    rows = candidate_levels()
    known = {row["procedure_id"] for row in procedures}
    assert len(rows) == 222
    assert len({row["drl_id"] for row in rows}) == len(rows)
    assert sum(row["procedure_id"] in known for row in rows) >= 0.95 * len(rows)
    assert {row["procedure_id"] for row in rows} <= known | {""}


def test_a_level_of_one_view_has_a_procedure_of_one_view(procedures: list[Row]) -> None:
    views = {row["procedure_id"]: row["view"] for row in procedures}
    for row in [*reference_rows("published_drls"), *candidate_levels()]:
        if row["scope"] == "view" and row["procedure_id"].startswith("dx_"):
            assert views[row["procedure_id"]], row


def test_the_page_of_levels_is_up_to_date() -> None:
    written = (REPOSITORY / PAGE).read_text(encoding="utf-8")
    assert written == coverage_page(), "run `python -m transforms.reference.coverage`"


def test_the_page_says_of_each_country_what_was_not_read() -> None:
    assert set(NOT_READ) == set(COUNTRIES)
