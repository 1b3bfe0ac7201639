"""The folders of sql/models: each reads only folders before its own."""

from __future__ import annotations

import pytest

from tests.support.sql_layers import (
    Model,
    ancestors,
    level,
    nation_before_facility,
    sql_models,
    upward_refs,
    wrong_tags,
)

LONGEST_MODEL = 150
LEVELS = 31
ANCESTORS = 59
"""Maximum number of ancestors of `national_drls`; in November 2026 it had 35 and 69. One
reads the distinct names before they are joined with examinations, so that each is read once."""


VIEWS = {"report_outcomes"}
"""Marts that are views: a few rows are read at a time, by no build and no export."""


def model(folder: str, *refs: str, tags: tuple[str, ...] = ()) -> Model:
    return Model(folder, frozenset(refs), frozenset(tags or {folder.partition("/")[0]}))


SMALL = {
    "stg_reports": model("staging/facility", tags=("facility",)),
    "int_reports": model("facility/reports", "stg_reports"),
    "int_doses": model("facility/statistics", "int_reports", "stg_reports"),
    "levels": model("nation/levels", "int_doses"),
}
UPWARD = [
    ("int_reports", "levels", "(facility/reports) reads levels (nation/levels)"),
    ("int_reports", "int_doses", "(facility/reports) reads int_doses (facility/statistics)"),
    ("stg_reports", "int_reports", "(staging/facility) reads int_reports (facility/reports)"),
]


def test_no_model_reads_a_later_folder() -> None:
    assert upward_refs(sql_models()) == []


@pytest.mark.parametrize(("reader", "read", "said"), UPWARD)
def test_a_reference_upwards_is_found(reader: str, read: str, said: str) -> None:
    assert upward_refs(SMALL) == []
    changed = {**SMALL, reader: model(SMALL[reader].folder, *SMALL[reader].refs, read)}
    assert upward_refs(changed) == [f"{reader} {said}"]


def test_each_model_is_of_a_facility_or_of_the_nation() -> None:
    assert wrong_tags(sql_models()) == []
    assert nation_before_facility(sql_models()) == []


def test_a_model_without_its_tag_is_found() -> None:
    both = model("nation/levels", tags=("facility", "nation"))
    none = model("nation/levels", tags=("ledger",))
    reader = model("facility/reports", "levels")
    assert wrong_tags({**SMALL, "both": both, "none": none}) == ["both", "none"]
    assert nation_before_facility({**SMALL, "reader": reader}) == ["reader reads levels"]


def test_every_model_can_be_read_without_scrolling_far() -> None:
    long = {name: one.n_lines for name, one in sql_models().items() if one.n_lines > LONGEST_MODEL}
    assert long == {}


def test_the_way_to_a_national_level_is_short() -> None:
    assert level(SMALL, "levels") == 4
    assert ancestors(SMALL, "levels") == {"int_doses", "int_reports", "stg_reports"}
    assert level(sql_models(), "national_drls") <= LEVELS
    assert len(ancestors(sql_models(), "national_drls")) <= ANCESTORS


def test_marts_and_public_tables_hold_to_a_contract() -> None:
    for name, one in sql_models().items():
        settings = one.settings
        if settings["schema"] in ("marts", "public"):
            assert settings["contract"] == {"enforced": True}, name
            assert settings["materialized"] == "table" or name in VIEWS, name
