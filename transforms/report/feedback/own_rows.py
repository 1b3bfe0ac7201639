"""A database for one facility's feedback: its own rows and public tables, nothing else.

with facility_source(warehouse, "F001") as source:
    source.rows("feedback/facts.sql", facility_id="F001")

The database is created in memory for each facility from the warehouse: the PUBLIC and REFERENCE
tables are copied whole, the OWN tables with the rows of the facility and the listed columns. It is
then disconnected from the warehouse and from all files. A query in sql/reports/feedback without
`facility_id = $facility_id` therefore returns the same rows, and a query that reads a table or
column not listed fails. Run on the warehouse, each query returns the same rows.

These columns of the facility's own rows are left out because they depend on other facilities:

* `national_drl`, `ratio_to_national_drl` and `position` of facility_drl_comparisons, which are
  computed with the exact level. A position reveals on which side of the exact level the exact value
  of a facility is. Facilities that cooperate have many such positions for many values; a facility
  that sends and withdraws reports can choose its value and ask again. Both can bisect the level to
  any digit, beyond the rounding that protects the two facilities next to it. The queries therefore
  compare with the published level: such a position follows from the facility's own data and public
  data and reveals nothing more, however many positions and periods are combined.
* `attendance` and `n_days_behind` of facility_attendance, which depend on the newest study of all
  facilities.

Peers are read from public.public_peer_doses for the same reason: quartiles that leave out the
reader's own value would differ between readers by that value.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from transforms.errors import DrlakeError
from transforms.lake.duckdb_reader import quoted
from transforms.report.frame.blocks import QUERIES, Source

PUBLIC = ("public.public_national_drls", "public.public_peer_doses")
REFERENCE = (
    *("reference.procedures", "reference.patient_groups"),
    *("reference.reasons", "reference.exclusion_reasons"),
)
CELL = (
    *("method_id", "method_version", "period", "procedure_id", "patient_group_id"),
    *("drl_quantity", "device_key"),
)
OWN: Mapping[str, tuple[str, ...]] = {
    "marts.facility_attendance": ("facility_name", "facility_type", "cadence", "is_registered"),
    "marts.facility_typical_values": (
        *CELL,
        *("procedure_label", "patient_group_label", "unit", "n_examinations", "is_sufficient"),
    ),
    "marts.facility_drl_comparisons": (
        *CELL,
        *("unit", "n_examinations"),
        *("typical_value", "typical_value_lower", "typical_value_upper"),
    ),
    "marts.submission_quality": (
        *("submission_id", "status", "hold_reason", "n_received", "n_accepted"),
        *("n_held", "n_quarantined", "n_duplicate", "n_examinations", "n_unmapped_examinations"),
    ),
    "marts.unmapped_names": ("modality", "field", "compared_text", "n_examinations"),
    "marts.mapping_coverage": (
        *("modality", "n_examinations", "n_mapped", "n_without_procedure", "n_undecided"),
        "mapped_share",
    ),
    "marts.device_completeness": (
        *("device_key", "modality", "manufacturer", "model_name", "n_reports", "n_events"),
        *("study_date_share", "age_share", "weight_share", "examination_name_share"),
        *("dose_share", "protocol_share", "kvp_share"),
    ),
    "marts.attrition": ("counted", "step_number", "step", "reason_code", "n"),
    "core.fct_acquisition_doses": (
        *("period", "procedure_id", "patient_group_id", "drl_quantity", "unit", "value"),
        *("acquisition_protocol", "exclusion_reason"),
    ),
    "marts.object_outcomes": ("submission_id", "outcome", "reason_code"),
    "marts.facility_summaries": (
        *("device_key", "period", "scope", "procedure_id", "patient_group_id", "drl_quantity"),
        *("unit", "n_examinations", "p50", "exclusion_reason"),
    ),
}
"""Tables of which a facility gets its own rows → the columns copied besides facility_id."""


class FacilitySource(Source):
    """A database without data of other facilities, except public data."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, queries: Path = QUERIES) -> None:
        self._connection = connection
        self._queries = queries


def facilities_of(warehouse: Path) -> tuple[str, ...]:
    """Ids of all facilities that have sent data: dose reports, or forms of their own audits."""
    query = (
        "select facility_id from marts.submission_quality union "
        "select facility_id from marts.facility_summaries order by facility_id"
    )
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return tuple(facility_id for (facility_id,) in _run(connection, query).fetchall())


def facility_source(warehouse: Path, facility_id: str) -> FacilitySource:
    """Create the database of one facility; DrlakeError if the warehouse does not fit."""
    connection = duckdb.connect(config={"threads": 1})
    _run(connection, f"attach {quoted(str(warehouse))} as warehouse (read_only)")
    copied = dict.fromkeys((*PUBLIC, *REFERENCE), "*")
    copied |= {table: ", ".join(("facility_id", *columns)) for table, columns in OWN.items()}
    for schema in sorted({table.partition(".")[0] for table in copied}):
        connection.execute(f"create schema {schema}")
    for table, columns in copied.items():
        mine = " where facility_id = $facility_id" if table in OWN else ""
        text = f"create table {table} as select {columns} from warehouse.{table}{mine}"  # noqa: S608
        _run(connection, text, {"facility_id": facility_id} if mine else {})
    for setting in ("detach warehouse", "set enable_external_access = false"):
        connection.execute(setting)
    return FacilitySource(connection)


def _run(
    connection: duckdb.DuckDBPyConnection, query: str, given: Mapping[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    try:
        return connection.execute(query, given or {})
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise DrlakeError(
            f"The warehouse does not fit ({error}). Run `drlake build` with this version."
        ) from None
