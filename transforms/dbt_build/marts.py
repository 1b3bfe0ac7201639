"""Exports the marts as Parquet, each sorted by its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from transforms.lake.lake import Lake, table_bytes

FACILITY = ("facility_id", "device_key")
CELL = ("period", "procedure_id", "patient_group_id", "drl_quantity")
METHOD = ("method_id", "method_version")

MART_KEYS: Mapping[str, tuple[str, ...]] = {
    "facility_typical_values": (*FACILITY, *CELL, *METHOD),
    "national_drls": (*CELL, *METHOD),
    "devices_left_out": (*FACILITY, *CELL, *METHOD),
    "facility_drl_comparisons": (*FACILITY, *CELL, *METHOD),
    "published_drl_comparisons": (*CELL, *METHOD, "published_drl_id"),
    "disclosure_decisions": (*CELL, *METHOD),
    "release_contributors": (*CELL, *METHOD, "facility_id"),
    "submission_quality": ("facility_id", "submission_id"),
    "facility_attendance": ("facility_id",),
    "shared_devices": ("shared_device_key", "period", "facility_id"),
    "facility_summaries": (
        *("facility_id", "device_key", "period", "scope", "procedure_id", "patient_group_id"),
        *("drl_quantity", "sequence_number"),
    ),
    "mapping_coverage": ("facility_id", "modality"),
    "unmapped_names": ("facility_id", "modality", "field", "compared_text"),
    "doubtful_names": (
        *("facility_id", "modality", "field", "compared_text", "decision", "evidence"),
    ),
    "device_completeness": ("facility_id", "modality", "device_key"),
    "data_quality_by_device_model": (
        "manufacturer",
        "model_name",
        "software_versions",
        "modality",
    ),
    "breast_doses": ("period", "technique", "view", "thickness_band_id", "detector_technology"),
    "attrition": ("facility_id", "counted", "step_number", "reason_code"),
    "installed_base": ("period", *FACILITY),
    "commitment_indicators": ("period", "indicator_id", "dimension", "stratum"),
    "age_profile": ("period", "country", "modality", "age_band_id"),
    "age_band_doses": (*CELL, "age_band_id"),
    "generation_doses": ("period", "modality", "drl_quantity", "generation"),
    "feature_diffusion": ("period", "feature_id", "age_band_id"),
    "feature_availability": ("manufacturer_id", "model_name", "software_from", "feature_id"),
    "model_declarations": ("manufacturer_id", "model_name"),
    "benchmark_measurements": (
        *("manufacturer_id", "model_name", "body_region", "phantom", "insert_name"),
        *("insert_diameter_mm", "insert_contrast_hu", "protocol", "kvp_kv", "ctdivol_mgy"),
        *("reconstruction", "observer", "figure_of_merit", "laboratory", "measured_on"),
    ),
    "training_records": (
        *("year", "provider", "manufacturer_id", "curriculum_id", "course", "audience"),
        "country",
    ),
    "commitment_deliverables": ("commitment_number", "wording_version", "deliverable_id"),
}
"""Every exported mart with its key; the Parquet file is sorted by it.

`object_outcomes` and `report_outcomes` are marts too but are not exported: they have a row per
object or report, and only receipts, `drlake explain` and feedback read them.
"""


def export_marts(lake: Lake, building: Path) -> dict[str, int]:
    """Write each mart beside the warehouse, and leave the DuckDB file without a journal."""
    counts = {}
    config = {"threads": 2}
    with duckdb.connect(str(building), config=config) as connection, lake.writing_many() as write:
        for mart, key in MART_KEYS.items():
            table = sorted_table(connection, "marts", mart, key)
            write(lake.path("marts", f"{mart}.parquet"), table_bytes(table))
            counts[mart] = table.num_rows
        connection.execute("checkpoint")
    return counts


def sorted_table(connection: Any, schema: str, name: str, key: Sequence[str]) -> pa.Table:
    """Return a table in the order of its key, with column comments as Parquet field metadata."""
    order = ", ".join(f"{column} nulls first" for column in key)
    query = f"select * from {schema}.{name} order by {order}"  # noqa: S608 - the project's names
    table = connection.sql(query).to_arrow_table()
    comments = dict(
        connection.execute(
            "select column_name, comment from duckdb_columns() "
            "where schema_name = ? and table_name = ?",
            [schema, name],
        ).fetchall()
    )
    fields = [field.with_metadata({"description": comments[field.name]}) for field in table.schema]
    return table.cast(pa.schema(fields))
