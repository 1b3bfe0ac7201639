"""A lake whose warehouse holds invented rows in the declared columns, for reports to read.

lay_lake(folder, {"marts.national_drls": [...], "public.public_national_drls": [...]})
write_report(Settings(lake=str(folder)))

Tables have the columns and types of their YAML; values that a row does not give are NULL. Seeds are
those of data/reference. No model and no dbt is run: the manifest is made from the same YAML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
import yaml

from tests.support.sql_layers import sql_models
from transforms.reference.files import REFERENCE
from transforms.report import write
from transforms.warehouse.sql_project import SQL, seed_query, seed_types

Row = Mapping[str, Any]
World = dict[str, list[dict[str, Any]]]
SEEDS = (
    *("procedures", "patient_groups", "reasons", "exclusion_reasons"),
    *("manufacturers", "indicators", "disclosure_profiles"),
)

METHOD = {"method_id": "drlake_first_line", "method_version": 3, "period": 2025}
HEAD = {"procedure_id": "ct_head", "procedure_label": "CT head"}
CHEST = {"procedure_id": "ct_chest", "procedure_label": "CT chest"}
ADULT = {"patient_group_id": "adult", "patient_group_label": "Adults (18 years and over)"}
CTDIVOL = {"drl_quantity": "ctdivol", "unit": "mGy"}
DLP = {"drl_quantity": "dlp", "unit": "mGy.cm"}


def lay_lake(lake: Path, world: Mapping[str, Sequence[Row]]) -> Path:
    """Write warehouse and the exported mart; returns the lake's folder."""
    folder = lake / "warehouse"
    folder.mkdir(parents=True, exist_ok=True)
    (lake / "marts").mkdir(exist_ok=True)
    database = folder / "drl.duckdb"
    database.unlink(missing_ok=True)
    with duckdb.connect(str(database), config={"threads": 1}) as connection:
        connection.begin()
        for schema in ("marts", "public", "reference"):
            connection.execute(f"create schema {schema}")
        types = seed_types()
        for name in SEEDS:
            connection.execute(
                seed_query(f"reference.{name}", REFERENCE / f"{name}.csv", types[name])
            )
        for schema in ("marts", "public"):
            for model in models(schema):
                rows = world.get(f"{schema}.{model['name']}", [])
                _lay(connection, schema, model, rows)
        connection.commit()
        exported = connection.table("marts.national_drls").to_arrow_table()
    pq.write_table(exported, lake / "marts" / "national_drls.parquet")
    return lake


@cache
def models(schema: str) -> list[dict[str, Any]]:
    """The declared models of a schema."""
    of_schema = {name for name, one in sql_models().items() if one.settings["schema"] == schema}
    files = sorted((SQL / "models").rglob("_*.yml"))
    read = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]
    listed = [model for one in read for model in one.get("models", ()) if model.get("columns")]
    return [model for model in listed if model["name"] in of_schema]


def _lay(connection: Any, schema: str, model: Mapping[str, Any], rows: Sequence[Row]) -> None:
    columns = {column["name"]: column["data_type"] for column in model["columns"]}
    listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    connection.execute(f"create table {schema}.{model['name']} ({listed})")
    for name in columns if schema == "public" else ():
        connection.execute(f"comment on column {schema}.{model['name']}.\"{name}\" is 'Told.'")
    if rows:
        places = ", ".join("?" for _ in columns)
        insert = f"insert into {schema}.{model['name']} values ({places})"  # noqa: S608
        connection.executemany(insert, [[row.get(name) for name in columns] for row in rows])


def national(labels: Row, n: int, p50: float, p75: float, **more: Any) -> dict[str, Any]:
    """A row of national_drls: an NDRL with ten facilities or more, else a typical value."""
    stated = n >= 10
    level = {
        "national_drl": p75,
        "national_drl_lower": p50,
        "national_drl_upper": 1.1 * p75,
        "achievable_dose": p50,
        "change_verdict": "no_previous",
    }
    return {
        **{**HEAD, **ADULT, **CTDIVOL, **METHOD, **labels},
        **{"n_facilities": n, "n_examinations": 12 * n, "p25": 1.0, "p50": p50, "p75": p75},
        **(level if stated else {}),
        "status": "ndrl" if stated else "typical_value",
        **more,
    }


def public(row: Row, shown: bool = True, **more: Any) -> dict[str, Any]:
    """A row of public_national_drls from one of national_drls, shown or withheld."""
    key = {
        *("method_id", "method_version", "period", "procedure_id", "procedure_label"),
        *("patient_group_id", "patient_group_label", "drl_quantity", "unit"),
    }
    said = dict(row) if shown else {name: row[name] for name in row if name in key}
    state = "shown" if shown else "suppressed"
    return {
        **said,
        **{"modality": "CT", "disclosure": state, "disclosure_profile": "strict"},
        **more,
    }


def comparison_rows(
    facility_id: str, labels: Row, value: float, position: str, ndrl: float | None = 60.0
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A facility's row of `facility_typical_values` and of `facility_drl_comparisons`."""
    row = {**HEAD, **ADULT, **CTDIVOL, **METHOD, **labels, "facility_id": facility_id}
    row |= {"n_examinations": 12, "typical_value": value}
    stated = {}
    if ndrl is not None and position not in ("no_ndrl", "too_few_examinations"):
        stated = {"national_drl": ndrl, "ratio_to_national_drl": value / ndrl}
    limits = {"typical_value_lower": 0.9 * value, "typical_value_upper": 1.1 * value}
    return (
        {**row, "is_sufficient": position != "too_few_examinations"},
        {**row, **stated, **limits, "position": position},
    )


@contextmanager
def html_only() -> Iterator[None]:
    """Write reports without their PDF, which takes most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write, "PUBLIC_FORMATS", {"html": write.PUBLIC_FORMATS["html"]})
        yield
