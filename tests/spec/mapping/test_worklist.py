"""The work-list of a nation: one row for each meaning, the most examinations first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from transforms.errors import UsageError
from transforms.mapping.filled_worklist import load_worklist, need_signature
from transforms.mapping.name_groups import (
    FacilityName,
    NameGroup,
    undecided_groups,
    weighted_median,
)
from transforms.mapping.similar_texts import EarlierDecision, SimilarTexts
from transforms.mapping.undecided import Nation
from transforms.mapping.worklist import COLUMNS, PAGE, worklist
from transforms.sheets.write import sheet_bytes

pytestmark = pytest.mark.slow

DESCRIBED, PROTOCOL = "study_description", "acquisition_protocol"
LONG = [f"thorax oversized {'0' * 983}{number:02}" for number in range(30)]


def name(text: str, n: int, facility_id: str = "F1", **others: Any) -> FacilityName:
    told = {"modality": "CT", "field": DESCRIBED, "decision": "undecided", **others}
    return FacilityName(facility_id=facility_id, compared_text=text, n_examinations=n, **told)


MEASURED = {"ctdiw_phantom": "head_16cm", "target_region_code": "SCT:1"}
NAMES = [
    name("xyzzy", 50, median_dose=100.0, median_length_mm=80.0, device_model="A|1"),
    name(
        *("xyzzy", 150, "F2"),
        **{"median_dose": 900.04, "median_length_mm": 160.0, "device_model": "B|2", **MEASURED},
    ),
    name("xyzzy", 400, "F3"),
    name("xyzzy", 3, field=PROTOCOL),
    name("xyzzy", 2, modality="DX"),
    name("ct throax quux", 1),
    name("ct thorax quux", 3),
    name("quux chest", 2, "F2"),
    name("ct abdomen quux", 5),
    name("throax nativ", 1),
    name("throax mit km", 1),
    name("ct spien", 2),
    name("ct schulter", 4, decision="contradicted"),
    name("ct", 20),
    name("ct mit km", 10),
    name("sonder 8 plugh", 6),
    name("sonder plugh 8", 1),
    name("sonder 9 plugh", 6),
    name("L:1", 5, field="procedure_code"),
    name("L:2", 5, field="procedure_code"),
    *(name(text, 1) for text in LONG),
]
EARLIER = SimilarTexts((EarlierDecision("CT", "sonder 7 plugh", "ct_neck"),))
N_DECIDED = 10_000
NATION = Nation(
    names=NAMES,
    frequencies={},
    earlier=EARLIER,
    regions={"SCT:1": "Head"},
    n_examinations=N_DECIDED + sum(one.n_examinations for one in NAMES),
    n_decided=N_DECIDED,
)


@pytest.fixture(scope="module")
def groups() -> Sequence[NameGroup]:
    return undecided_groups(NAMES)


@pytest.fixture(scope="module")
def rows() -> Sequence[Mapping[str, str]]:
    header, *rows = worklist(NATION, {"ct_chest": "CT"})[PAGE]
    return [dict(zip(map(str, header), map(str, row), strict=True)) for row in rows]


def found_with(groups: Sequence[NameGroup], text: str) -> list[NameGroup]:
    """The groups that have this spelling."""
    return [group for group in groups if text in group.spellings]


def test_a_text_of_several_facilities_is_one_row_and_the_most_examinations_come_first(
    groups: Sequence[NameGroup],
) -> None:
    first = groups[0]
    assert (first.spellings, first.n_examinations) == (["xyzzy"], 600)
    assert first.facility_ids == {"F1", "F2", "F3"}
    counts = [group.n_examinations for group in groups]
    assert counts == sorted(counts, reverse=True)


def test_spellings_of_one_meaning_are_one_row(groups: Sequence[NameGroup]) -> None:
    (found,) = found_with(groups, "ct throax quux")
    assert found.spellings == ["ct thorax quux", "quux chest", "ct throax quux"]
    (other,) = found_with(groups, "ct abdomen quux")
    assert other.spellings == ["ct abdomen quux"]


def test_contrast_and_phase_make_no_row_of_their_own(groups: Sequence[NameGroup]) -> None:
    (found,) = found_with(groups, "throax nativ")
    assert found.spellings == ["throax mit km", "throax nativ"]


def test_a_word_near_known_words_of_different_meaning_is_not_corrected(
    groups: Sequence[NameGroup],
) -> None:
    (found,) = found_with(groups, "ct spien")
    assert (found.reading.corrected, found.reading.reading.unread_words) == ("ct spien", "spien")


def test_fields_and_modalities_are_rows_of_their_own(groups: Sequence[NameGroup]) -> None:
    assert {(one.modality, one.field) for one in found_with(groups, "xyzzy")} == {
        ("CT", DESCRIBED),
        ("CT", PROTOCOL),
        ("DX", DESCRIBED),
    }


def test_texts_that_say_nothing_are_not_put_together(groups: Sequence[NameGroup]) -> None:
    assert [one.spellings for one in found_with(groups, "ct")] == [["ct"]]
    assert [one.spellings for one in found_with(groups, "ct mit km")] == [["ct mit km"]]


def test_names_without_a_concept_are_together_only_with_the_same_words_and_numbers(
    groups: Sequence[NameGroup],
) -> None:
    (found,) = found_with(groups, "sonder 8 plugh")
    assert found.spellings == ["sonder 8 plugh", "sonder plugh 8"]


def test_codes_are_rows_of_their_own(groups: Sequence[NameGroup]) -> None:
    assert [one.spellings for one in found_with(groups, "L:1")] == [["L:1"]]


def test_a_row_whose_spellings_would_not_fit_into_a_cell_is_divided(
    groups: Sequence[NameGroup],
) -> None:
    parts = [one for one in groups if set(one.spellings) & set(LONG)]
    assert [len(one.spellings) for one in parts] == [19, 11]
    assert sorted(text for one in parts for text in one.spellings) == sorted(LONG)


def row_of(rows: Sequence[Mapping[str, str]], text: str) -> Mapping[str, str]:
    """The first row whose text this is."""
    return next(row for row in rows if row["text"] == text)


def test_coverage_is_the_share_of_all_examinations_decided_up_to_the_row(
    rows: Sequence[Mapping[str, str]],
) -> None:
    assert rows[0]["coverage"] == f"{(N_DECIDED + 600) / NATION.n_examinations:.4f}"
    assert rows[-1]["coverage"] == "1.0000"


def test_a_row_has_the_medians_of_facilities_weighted_by_examinations(
    rows: Sequence[Mapping[str, str]],
) -> None:
    row = rows[0]
    assert (row["median_dose"], row["median_length_mm"]) == ("900 mGy.cm", "160")
    assert (row["phantom"], row["target_region"], row["device_model"]) == (
        *("head_16cm", "Head"),
        "B|2",
    )


def test_a_row_says_what_was_read_corrected_and_not_understood(
    rows: Sequence[Mapping[str, str]],
) -> None:
    row = row_of(rows, "throax mit km")
    assert row["reading"] == "chest; corrected: thorax mit km"
    assert row["suggestion_1"] == "ct_chest: read as chest"
    row = row_of(rows, "ct thorax quux")
    assert row["reading"] == "chest; not understood: quux"
    assert row["suggestion_1"] == "ct_chest: read as chest, without quux"


def test_a_row_shows_earlier_decisions_on_similar_texts(rows: Sequence[Mapping[str, str]]) -> None:
    row = row_of(rows, "sonder 8 plugh")
    assert row["earlier_decisions"] == "sonder 7 plugh: ct_neck"
    assert row["suggestion_1"] == "ct_neck: as 'sonder 7 plugh' was decided"


def test_a_contradicted_name_says_so(rows: Sequence[Mapping[str, str]]) -> None:
    assert row_of(rows, "ct schulter")["reading"] == "shoulder; a lower field contradicts it"


def test_only_the_first_rows_are_written_on_request() -> None:
    pages = worklist(NATION, {}, top=1)
    assert [row[2] for row in pages[PAGE]] == ["text", "xyzzy"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], None), ([(1.0, 1)], 1.0), ([(3.0, 1), (1.0, 1)], 1.0), ([(1.0, 1), (3.0, 2)], 3.0)],
)
def test_the_weighted_median_is_the_first_value_with_half_of_the_weight(
    values: list[tuple[float, int]], expected: float | None
) -> None:
    assert weighted_median(values) == expected


FILLED = {"modality": "CT", "field": DESCRIBED, "procedure_id": "ct_chest"}


def load(folder: Path, *rows: Mapping[str, str]) -> tuple[Any, ...]:
    path = folder / "names.csv"
    lines = [[row.get(column, "") for column in COLUMNS] for row in rows]
    path.write_bytes(sheet_bytes(path, {PAGE: [COLUMNS, *lines]}))
    return load_worklist(path, (), need_signature("A. Physicist", None, "2000-01-01")).rules


@pytest.mark.parametrize("scope", ["", "F1", "model:Maker|One"])
def test_a_filled_row_decides_all_its_spellings_for_its_scope(tmp_path: Path, scope: str) -> None:
    told = {"text": "throax", "spellings": "thorx | thrax 2", "scope": scope, "note": "by hand"}
    rules = load(tmp_path, {**FILLED, **told})
    assert [(rule.scope, rule.pattern, rule.procedure_id, rule.note) for rule in rules] == [
        (scope or "national", text, "ct_chest", "by hand")
        for text in ("throax", "thorx", "thrax 2")
    ]
    assert len({rule.rule_id for rule in rules}) == 3


def test_a_spelling_that_no_study_can_have_and_one_decided_twice_are_named(tmp_path: Path) -> None:
    first = {**FILLED, "text": "thorx", "spellings": "throax | Thorx 2"}
    second = {**FILLED, "text": "thrax", "spellings": "throax"}
    with pytest.raises(UsageError) as caught:
        load(tmp_path, first, second)
    told = str(caught.value).splitlines()[1:]
    assert [line.partition(":")[0] for line in told] == [
        "row 2, column 'spellings'",
        "row 3, column 'spellings'",
    ]
    assert "decides it too" in told[1]
