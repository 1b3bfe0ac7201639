"""What a facility's feedback may read: its own rows, and what is public. Nothing else is there.

with facility_source(warehouse, "F001") as source:
    source.rows("feedback/facts.sql", facility_id="F001")

The database is made anew for each facility, in memory, out of the warehouse: the tables of PUBLIC
and REFERENCE as they are, those of OWN with the rows of the facility and the columns listed. Then
it is cut off from the warehouse and from every file. So a query of sql/reports/feedback that forgot
`facility_id = $facility_id` would answer the same, and one that reads a table or column that is
not listed fails; run against the warehouse, each gives the same rows.

Left out of the columns is what others have a part in though it stands in the facility's own row:

* `national_drl`, `ratio_to_national_drl` and `position` of facility_drl_comparisons, which are made
  with the exact level. A position tells on which side of the exact level a facility's exact value
  lies. Facilities that join have many such answers, for many values; one that sends and takes back
  reports can choose its value, and ask again. Either bisects the level to any digit, and past the
  rounding that protects the two facilities it lies between. The queries compare with the level as
  it is published, so that a position follows from the facility's own data and what everybody may
  have: it adds nothing, however many are put together, in however many periods.
* `attendance` and `n_days_behind` of facility_attendance, which depend on the newest study of all.

Peers are read from public.public_peer_doses for the same reason: quartiles without the reader would
differ from reader to reader by its own value alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from transforms.errors import DrlakeError
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
        *("n_quarantined", "n_duplicate", "n_examinations", "n_unmapped_examinations"),
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
}
"""Tables of which a facility gets its own rows, with the columns beside facility_id."""


class FacilitySource(Source):
    """A database that holds nothing of any other facility but what is public."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, queries: Path = QUERIES) -> None:
        self._connection = connection
        self._queries = queries


def facilities_of(warehouse: Path) -> tuple[str, ...]:
    """Every facility that has sent anything."""
    query = "select distinct facility_id from marts.submission_quality order by facility_id"
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return tuple(facility_id for (facility_id,) in _run(connection, query).fetchall())


def facility_source(warehouse: Path, facility_id: str) -> FacilitySource:
    """The facility's own database; DrlakeError where the warehouse does not fit."""
    connection = duckdb.connect(config={"threads": 1})
    _run(connection, f"attach '{_escape_quotes(warehouse)}' as warehouse (read_only)")
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


def _escape_quotes(path: Path) -> str:
    return str(path).replace("'", "''")
