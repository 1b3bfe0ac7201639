"""Reference data of the commitment report: consistent, and every row has a source."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.support.sql_models import SqlModels
from transforms.reference.files import REFERENCE

SEEDS = ("manufacturers", "features", "commitments", "age_bands", "curricula", "indicators")


@pytest.fixture(scope="module")
def seeds() -> SqlModels:
    return SqlModels()


def test_manufacturers_are_told_apart(seeds: SqlModels) -> None:
    assert seeds.test("manufacturers_are_told_apart") == []


def test_two_manufacturers_of_one_pattern_are_found() -> None:
    seeds = SqlModels()
    seeds.rows("update manufacturers set pattern = '.' where manufacturer_id = 'agfa'")
    assert seeds.test("manufacturers_are_told_apart")


def test_age_bands_are_sound(seeds: SqlModels) -> None:
    assert seeds.test("age_bands_are_sound") == []


@pytest.mark.parametrize(
    "change", ["upper_years = 4", "lower_years = null", "upper_years = null", "share = 1.1"]
)
def test_a_gap_between_age_bands_is_found(change: str) -> None:
    seeds = SqlModels()
    seeds.rows("update age_bands set " + change + " where age_band_id = 'from_6_to_10'")  # noqa: S608
    assert seeds.test("age_bands_are_sound")


OPTIONAL = {
    *("note", "title", "standard", "rdsr_columns", "lower_years", "upper_years"),
}


@pytest.mark.parametrize("name", SEEDS)
def test_every_row_says_all_that_it_has_to_and_where_it_comes_from(name: str) -> None:
    with Path(REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    empty = [(row, column) for row in rows for column, text in row.items() if not text]
    assert [one for one in empty if one[1] not in OPTIONAL] == []
    words = {"primary", "secondary", "drlake", "title not read"}
    assert {row["evidence"] for row in rows if "evidence" in row} <= words


def test_a_title_stands_only_where_it_was_read(seeds: SqlModels) -> None:
    assert seeds.rows("select count(*) from curricula where programme = 'EUTEMPE-RX'") == [(12,)]
    query = "from curricula where (title is null) <> (evidence = 'title not read')"
    assert seeds.rows(query) == []


def test_the_first_commitment_has_two_wordings_and_the_others_one(seeds: SqlModels) -> None:
    query = "select commitment_number, count(*) from commitments group by 1 order by 1"
    assert seeds.rows(query) == [(1, 2), (2, 1), (3, 1), (4, 1)]


def test_features_seen_in_dose_reports_name_their_columns(seeds: SqlModels) -> None:
    query = "from features where (seen_in_rdsr = 'yes') <> (rdsr_columns is not null)"
    assert seeds.rows(query) == []
