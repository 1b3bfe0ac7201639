"""The views of public.duckdb: their result for invented rows, and a comment on every column."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.lakes.report_lake import ADULT, CHEST, CTDIVOL, DLP, HEAD, METHOD, lay_lake
from transforms.lake.lake import Lake
from transforms.public.database import differing_tables
from transforms.public.declaration import public_tables
from transforms.public.of_the_lake import write_public_database
from transforms.public.views import read_views
from transforms.warehouse.sql_project import SQL

RULES = {"disclosure": "shown", "disclosure_profile": "strict"}
WITHHELD = RULES | {"disclosure": "suppressed"}
CELL = METHOD | ADULT | DLP | {"modality": "CT"}
LEVELS = [
    CELL | HEAD | RULES | {"national_drl": 800.0, "national_drl_lower": 700.0},
    CELL | HEAD | RULES | {"period": 2024, "national_drl": 900.0},
    CELL | HEAD | RULES | {"method_id": "icrp_135", "national_drl": 1.0},
    CELL | CHEST | RULES | {"national_drl": 250.0, "national_drl_lower": 240.0},
    CELL | CHEST | CTDIVOL | WITHHELD,
]
PUBLISHED = {"published_drl_id": "made_up_head_dlp", "jurisdiction": "XX", "published_drl": 640.0}
COMPARED = [
    METHOD | ADULT | DLP | HEAD | PUBLISHED | {"ratio": 1.25, "verdict": "higher"},
    METHOD | ADULT | DLP | HEAD | PUBLISHED | {"period": 2024, "verdict": "higher"},
    METHOD | ADULT | DLP | CHEST | PUBLISHED | {"verdict": "not_distinguishable"},
]
INDICATOR = {"indicator_id": "modulation_use", "commitment_number": 2, "dimension": "all"} | RULES
AGE = {"period": 2025, "country": "all", "modality": "CT"} | RULES
WORLD: dict[str, list[dict[str, Any]]] = {
    "public.public_national_drls": LEVELS,
    "public.public_published_drl_comparisons": COMPARED,
    "public.public_commitment_indicators": [
        INDICATOR | {"period": 2024, "stratum": "all", "value": 0.4},
        INDICATOR | {"period": 2025, "stratum": "all", "value": 0.5, "numerator": 50},
        INDICATOR | {"period": 2025, "dimension": "age_band", "stratum": "up_to_5", "value": 0.9},
    ],
    "public.public_indicator_definitions": [
        {"indicator_id": "modulation_use", "numerator": "Scans with it", "basis": "measured"}
    ],
    "public.public_age_profile": [
        AGE | {"age_band_id": "over_10", "share": 0.1},
        AGE | {"age_band_id": "up_to_5", "share": 0.6},
        AGE | {"age_band_id": "from_6_to_10", "share": 0.3},
        AGE | {"age_band_id": "up_to_5", "country": "SE", "share": 0.7},
        AGE | {"age_band_id": "up_to_5", "modality": "MG"} | WITHHELD,
    ],
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = lay_lake(tmp_path_factory.mktemp("views"), WORLD)
    return write_public_database(Lake(str(lake)))


@pytest.fixture(scope="module")
def database(written: Path) -> Iterator[Any]:
    with duckdb.connect(str(written), read_only=True) as connection:
        yield connection


def test_every_view_is_written_and_each_of_its_columns_has_a_comment(database: Any) -> None:
    views = dict(
        database.execute(
            "select view_name, comment from duckdb_views() where not internal"
        ).fetchall()
    )
    assert set(views) == {path.stem for path in (SQL / "views").glob("*.sql")}
    assert all(comment.endswith(".") for comment in views.values())
    said = database.execute(
        "select table_name, column_name, comment from duckdb_columns() where not internal"
    ).fetchall()
    of_views = [(name, column, text) for name, column, text in said if name in views]
    assert [one for one in of_views if "Unit: " not in one[2] or "Source: " not in one[2]] == []
    assert {name for name, *_ in of_views} == set(views)


def test_reference_levels_are_those_shown_of_the_newest_period_and_first_line(
    database: Any,
) -> None:
    found = database.execute("select procedure_id, national_drl from reference_levels").fetchall()
    assert found == [("ct_chest", 250.0), ("ct_head", 800.0)]


def test_the_trend_has_what_has_two_periods(database: Any) -> None:
    found = database.execute(
        "select procedure_id, period, national_drl, n_periods from reference_level_trend"
    )
    assert found.fetchall() == [("ct_head", 2024, 900.0, 2), ("ct_head", 2025, 800.0, 2)]


def test_above_published_has_only_what_lies_above_and_is_of_the_newest_period(
    database: Any,
) -> None:
    found = database.execute(
        "select procedure_id, period, published_drl, ratio from above_published"
    )
    assert found.fetchall() == [("ct_head", 2025, 640.0, 1.25)]


def test_the_commitments_of_the_nation_have_their_words_beside_them(database: Any) -> None:
    found = database.execute(
        "select period, value, numerator, numerator_definition from commitment_overview"
    )
    assert found.fetchall() == [(2025, 0.5, 50, "Scans with it")]


def test_the_age_profile_is_in_the_order_of_the_bands(database: Any) -> None:
    found = database.execute(
        "select modality, age_band_id, share from age_profile_overview"
    ).fetchall()
    bands = [("up_to_5", 0.6), ("from_6_to_10", 0.3), ("over_10", 0.1)]
    assert found == [("CT", *band) for band in bands]


def test_clients_of_duckdb_1_can_open_the_file(database: Any) -> None:
    (tags,) = database.execute("select tags from duckdb_databases() where not internal").fetchone()
    assert tags["storage_version"] == "v1.0.0+"


def test_views_can_be_read_where_the_file_is_attached_under_another_name(written: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{written}' as of_2025 (read_only)")
        assert connection.execute("select count(*) from of_2025.reference_levels").fetchone() == (
            2,
        )


def test_a_view_that_was_changed_is_a_difference(written: Path, tmp_path: Path) -> None:
    copied = tmp_path / "public.duckdb"
    shutil.copyfile(written, copied)
    assert differing_tables(written, copied) == []
    with duckdb.connect(str(copied)) as connection:
        connection.execute("create or replace view above_published as select 1 as ratio")
    assert differing_tables(written, copied) == [
        "different tables or views, or different comments on them"
    ]


def test_a_view_of_a_table_that_is_not_there_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = lay_lake(tmp_path, WORLD)
    others = [table for table in public_tables() if table.name != "age_profile"]
    monkeypatch.setattr("transforms.public.of_the_lake.public_tables", lambda: others)
    with duckdb.connect(str(write_public_database(Lake(str(lake)))), read_only=True) as connection:
        found = connection.execute("select view_name from duckdb_views() where not internal")
        names = {name for (name,) in found.fetchall()}
    assert names == {view.name for view in read_views(SQL)} - {"age_profile_overview"}
