"""Releases of made-up nations: typical values in, the public and restricted tables out.

world = World(minimum_facilities=1)             # the strict profile, but for this rule
world.values("ct_chest", [4, 6, 8, 12])         # facilities F01 to F04
first = world.release()
world.value("ct_chest", "F05", 30)
second = world.release()                        # knows what the first one published
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.support.lakes.national_rows import METHOD, TYPICAL_VALUE, table_of, with_levels
from tests.support.sql_models import SqlModels
from transforms.reference.files import REFERENCE

Row = dict[str, Any]
Key = tuple[Any, ...]

GIVEN = (
    *("facility_typical_values", "methods", "int_pooled_contributions", "int_possible_cells"),
    "stg_releases__contributors",
    "stg_releases__national_drls",
)
WANTED = ("public_national_drls", "release_contributors")
KEY = (
    *("method_id", "method_version", "period"),
    *("procedure_id", "patient_group_id", "drl_quantity"),
)
KEY_TYPES = [
    *(("method_id", pa.string()), ("method_version", pa.int32()), ("period", pa.int32())),
    *(("procedure_id", pa.string()), ("patient_group_id", pa.string())),
    ("drl_quantity", pa.string()),
]
POOLED = pa.schema(
    [
        *KEY_TYPES,
        *(("facility_id", pa.string()), ("n_examinations", pa.int64()), ("p50", pa.float64())),
    ]
)
CELLS = pa.schema(
    [
        *KEY_TYPES,
        *((f"{name}_label", pa.string()) for name in ("procedure", "patient_group")),
        ("unit", pa.string()),
    ]
)
CONTRIBUTORS = pa.schema(
    [
        ("release_id", pa.string()),
        *KEY_TYPES,
        *(("facility_id", pa.string()), ("n_examinations", pa.int64())),
        ("typical_values", pa.list_(pa.float64())),
    ]
)
PUBLISHED = pa.schema(
    [
        ("release_id", pa.string()),
        *KEY_TYPES,
        *((name, pa.int64()) for name in ("n_facilities", "n_examinations")),
        *((name, pa.float64()) for name in ("p25", "p50", "p75", "national_drl")),
        *((name, pa.float64()) for name in ("national_drl_lower", "national_drl_upper")),
        *((name, pa.float64()) for name in ("achievable_dose", "minimum", "maximum")),
        *(("previous_period", pa.int32()), ("n_matched_facilities", pa.int64())),
        *(("matched_ratio", pa.float64()), ("change_verdict", pa.string())),
        *((name, pa.string()) for name in ("status", "disclosure", "first_published_in")),
    ]
)


def profile(profile_id: str) -> Row:
    """A profile from the seed."""
    path = REFERENCE / "disclosure_profiles.csv"
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = (row for row in csv.DictReader(file) if row["profile_id"] == profile_id)
    return {name: _parse_value(name, value) for name, value in row.items()}


class World:
    """One nation, release after release, under one profile."""

    def __init__(self, profile_id: str = "strict", **rules: Any) -> None:
        """`rules` replace those of the profile; None switches one off."""
        self._models = self.models()
        self._profile = {**profile(profile_id), "profile_id": "strict", **rules}
        self._methods: dict[str, Row] = {"m": METHOD}
        self._typical: dict[Key, Row] = {}
        self._keys: set[Key] = set()
        self._contributors = CONTRIBUTORS.empty_table()
        self._published = PUBLISHED.empty_table()
        self._n_releases = 0

    def models(self) -> SqlModels:
        """Models that are built at each release."""
        return _models()

    def method(self, method_id: str, **columns: Any) -> None:
        """Add a method to `m`, the P75 of facility medians."""
        self._methods[method_id] = {**METHOD, "method_id": method_id, **columns}

    def values(self, procedure_id: str, values: Sequence[float], **columns: Any) -> None:
        """One facility for each value: F01, F02, ..."""
        for number, value in enumerate(values, start=1):
            self.value(procedure_id, f"F{number:02}", value, **columns)

    def value(self, procedure_id: str, facility_id: str, value: float, **columns: Any) -> None:
        """Set the value of one facility, replacing an earlier one."""
        row = {**TYPICAL_VALUE, "typical_value": value, "facility_id": facility_id, **columns}
        row["procedure_id"] = procedure_id
        self.list_cell(*(row[name] for name in KEY))
        place = (*(row[name] for name in KEY), facility_id, row["device_key"])
        self._typical[place] = with_levels(row)

    def leave(self, procedure_id: str, facility_id: str) -> None:
        """Remove the data of a facility."""
        kept = {
            key: row
            for key, row in self._typical.items()
            if (row["procedure_id"], row["facility_id"]) != (procedure_id, facility_id)
        }
        self._typical = kept

    def list_cell(self, *key: Any) -> None:
        """A cell that the lists of methods, groups and procedures allow."""
        self._keys.add(key)

    def truth(self) -> list[Row]:
        """Values of the facilities now, which an attacker may not read."""
        return list(self._typical.values())

    def release(self) -> dict[Key, Row]:
        """Publish: rows of the public table by key."""
        self._n_releases += 1
        self._lay()
        self._models.run(self.staging_tables())
        release_id = f"2026-r{self._n_releases}"
        rows = self._table("public_national_drls").to_pylist()
        self._published = _with_rows(self._published, release_id, rows)
        contributors = self._table("release_contributors").to_pylist()
        self._contributors = _with_rows(self._contributors, release_id, contributors)
        return {tuple(row[name] for name in KEY): row for row in rows}

    def contributors(self) -> pa.Table:
        """The restricted table of the last release."""
        return self._table("release_contributors")

    def rows_of_template(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of a query that uses the project's macros."""
        return self._models.rows_of_template(query, *parameters)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the last release."""
        return self._models.rows(query)

    def staging_tables(self) -> dict[str, pa.Table]:
        """Tables of the lake that the models read besides those given."""
        return {}

    def _lay(self) -> None:
        models = self._models
        models.lay("methods", table_of(list(self._methods.values()), METHOD))
        models.lay("facility_typical_values", table_of(list(self._typical.values()), TYPICAL_VALUE))
        models.lay("int_pooled_contributions", POOLED.empty_table())
        cells = [_cell(key) for key in sorted(self._keys)]
        models.lay("int_possible_cells", pa.Table.from_pylist(cells, schema=CELLS))
        models.lay_seed_row("disclosure_profiles", self._profile)
        models.lay("stg_releases__contributors", self._contributors)
        models.lay("stg_releases__national_drls", self._published)

    def _table(self, name: str) -> pa.Table:
        return self._models.table(name)


def write_release(world: World, folder: Path) -> None:
    """Release, and write the files that the next release is compared with."""
    rows = list(world.release().values())
    tables = {"public/national_drls": pa.Table.from_pylist(rows)}
    tables["restricted/contributors"] = world.contributors()
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        path.parent.mkdir(parents=True)
        pq.write_table(table, path)


@cache
def _models() -> SqlModels:
    return SqlModels(*WANTED, given=GIVEN)


def _cell(key: Key) -> Row:
    labels = {"procedure_label": key[3], "patient_group_label": key[4], "unit": "mGy"}
    return dict(zip(KEY, key, strict=True)) | labels


def _with_rows(table: pa.Table, release_id: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    known = [{name: row.get(name) for name in table.schema.names} for row in rows]
    named = [{**row, "release_id": release_id} for row in known]
    return pa.concat_tables([table, pa.Table.from_pylist(named, schema=table.schema)])


def _parse_value(name: str, text: str) -> Any:
    if text == "":
        return None
    if name in ("show_extremes", "secondary_suppression"):
        return text == "true"
    if name in ("largest_share", "two_largest_share", "minimum_relative_step"):
        return float(text)
    return int(text) if text.isdigit() else text
