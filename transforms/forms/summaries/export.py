"""Writes a hospital's own form from its warehouse, to send instead of dose reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from transforms.errors import DrlakeError, UsageError
from transforms.forms.summaries.form import HEADER, KEY
from transforms.forms.summaries.template import form_csv
from transforms.lake.lake import Lake
from transforms.tables.facility_summary import COVERED_DEVICE
from transforms.warehouse.reading import Warehouse, open_warehouse

SELECTED = tuple(
    f"cast(null as varchar) as {name}" if name == COVERED_DEVICE.name else name for name in HEADER
)
"""The columns of the form. The covered device stays empty: a warehouse holds no serial number."""

STATISTICS = f"""
select {", ".join(SELECTED)}
from core.fct_facility_statistics
where
    source = 'rdsr'
    and unit_of_analysis in ('facility', 'device')
    and (? is null or facility_id = ?)
    and (? is null or period = ?)
order by {", ".join(f"{name} nulls first" for name in KEY)}
"""  # noqa: S608 - names of the declaration


def write_export(
    lake: Lake, path: Path, facility_id: str | None = None, period: int | None = None
) -> int:
    """Write the form as CSV; returns the number of its rows, DrlakeError where there are none.

    Not XLSX: a workbook keeps 16 digits of a number, but 17 are needed to tell two doubles apart.
    """
    if path.suffix.lower() != ".csv":
        raise UsageError("The export is a CSV file. Give a name that ends in .csv.")
    with open_warehouse(lake) as built:
        if built is None:
            raise DrlakeError("No warehouse has been built. Run `drlake build` first.")
        rows = export_rows(built, facility_id, period)
    if not rows:
        raise DrlakeError(
            "The warehouse has no statistic from dose reports for this facility and period. See "
            "`drlake receipts` for what became of its reports."
        )
    path.write_bytes(form_csv(rows))
    return len(rows)


def export_rows(
    built: Warehouse, facility_id: str | None = None, period: int | None = None
) -> list[dict[str, Any]]:
    """Return the statistics of the warehouse as lines of the form."""
    return built.rows(STATISTICS, facility_id, facility_id, period, period)
