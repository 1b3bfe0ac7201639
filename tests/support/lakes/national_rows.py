"""Small nations for tests of what is national: typical values and methods in, numbers out.

    nation = Nation()
    nation.method("m", percentile=0.75)
    nation.typical_values([4, 6, 8, 12], procedure_id="ct_chest")
    nation.build()
    nation.one("select p75 from national_drls")

All values are made up. A facility has 20 examinations unless a test says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pyarrow as pa

from tests.support.sql_models import SqlModels

Row = dict[str, Any]
GIVEN = ("facility_typical_values", "methods", "published_drls")

METHOD: Row = {
    "method_id": "m",
    "method_version": 1,
    "unit_of_analysis": "facility",
    "site_statistic": "median",
    "percentile": 0.75,
    "achievable_percentile": 0.5,
    "weighting": "equal",
    "minimum_facilities": 10,
    "scope": "examination",
    "ctdivol_rule": "length_weighted",
    "quantile_definition": "linear",
    "rounding": None,
}
TYPICAL_VALUE: Row = {
    "method_id": "m",
    "method_version": 1,
    "period": 2025,
    "facility_id": None,
    "device_key": None,
    "procedure_id": "ct_chest",
    "procedure_label": "CT chest",
    "patient_group_id": "adult",
    "patient_group_label": "Adults",
    "drl_quantity": "ctdivol",
    "unit": "mGy",
    "n_facilities": 1,
    "n_examinations": 20,
    "p25": None,
    "p50": None,
    "p75": None,
    "p95": None,
    "typical_value": None,
    "p50_lower": None,
    "p50_upper": None,
    "is_sufficient": True,
    "value_in_levels": None,
    "n_examinations_in_levels": None,
    "is_in_levels": True,
}
PUBLISHED: Row = {
    "drl_id": "made_up",
    "jurisdiction": "XX",
    "procedure_id": "ct_chest",
    "patient_group_id": "adult",
    "drl_quantity": "ctdivol",
    "scope": "examination",
    "percentile": 0.75,
    "statistic": "median",
    "value_canonical": 10.0,
    "unit_canonical": "mGy",
    "phantom": "body_32cm",
    "evidence": "primary",
}
TYPES = {
    **dict.fromkeys(("method_version", "period", "minimum_facilities", "rounding"), pa.int32()),
    **dict.fromkeys(("n_facilities", "n_examinations"), pa.int64()),
    **dict.fromkeys(("percentile", "achievable_percentile", "value_canonical"), pa.float64()),
    **dict.fromkeys(("p25", "p50", "p75", "p95", "typical_value"), pa.float64()),
    **dict.fromkeys(("p50_lower", "p50_upper", "value_in_levels"), pa.float64()),
    "n_examinations_in_levels": pa.int64(),
    **dict.fromkeys(("is_sufficient", "is_in_levels"), pa.bool_()),
}
"""Types of columns that are not text."""


class Nation:
    """Rows of the three tables, and the models that are built from them."""

    def __init__(self, *wanted: str) -> None:
        self._wanted = wanted or ("national_drls",)
        self._models = _models(self._wanted)
        self._methods: list[Row] = []
        self._typical_values: list[Row] = []
        self._published: list[Row] = []

    def method(self, method_id: str = "m", **columns: Any) -> None:
        """One method: P75 of facility medians, each counted once, unless `columns` differ."""
        self._methods.append({**METHOD, "method_id": method_id, **columns})

    def typical_values(self, values: Sequence[float], **columns: Any) -> None:
        """One facility for each value: F01, F02, ..."""
        for number, value in enumerate(values, start=1):
            self.typical_value(value, **{"facility_id": f"F{number:02}", **columns})

    def typical_value(self, value: float | None, **columns: Any) -> None:
        """One row of facility_typical_values."""
        self._typical_values.append(
            with_levels({**TYPICAL_VALUE, "typical_value": value, **columns})
        )

    def published_level(self, value: float, **columns: Any) -> None:
        """One published level: examinations of adults, in mGy, unless `columns` say otherwise."""
        self._published.append({**PUBLISHED, "value_canonical": value, **columns})

    def build(self, seeds: Mapping[str, pa.Table] | None = None) -> None:
        """Run the models on all rows, with these rows instead of those of the named seeds."""
        if seeds:  # other nations use the models with the packaged seeds
            self._models = SqlModels(*self._wanted, given=GIVEN)
        for name, table in (seeds or {}).items():
            self._models.lay(name, table)
        self._models.lay("methods", table_of(self._methods or [METHOD], METHOD))
        self._models.lay("facility_typical_values", table_of(self._typical_values, TYPICAL_VALUE))
        self._models.lay("published_drls", table_of(self._published, PUBLISHED))
        self._models.run({})

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        return self._models.rows(query, *parameters)

    def one(self, query: str) -> tuple[Any, ...]:
        """The only row of a query."""
        (row,) = self.rows(query)
        return row


def with_levels(row: Row) -> Row:
    """The row of a facility none of whose devices is left out of the levels."""
    return {
        **row,
        "value_in_levels": row["typical_value"],
        "n_examinations_in_levels": row["n_examinations"],
        "is_in_levels": row["is_sufficient"],
    }


@cache
def _models(wanted: tuple[str, ...]) -> SqlModels:
    """Rendered once: every nation replaces the tables of the one before."""
    return SqlModels(*wanted, given=GIVEN)


def table_of(rows: Sequence[Row], columns: Row) -> pa.Table:
    """The rows with the columns of this example."""
    schema = pa.schema([(name, TYPES.get(name, pa.string())) for name in columns])
    return pa.Table.from_pylist(list(rows), schema=schema)
