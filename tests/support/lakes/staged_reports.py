"""Reports as the tables of a lake that staging reads: small tables in, for `SqlModels`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import pyarrow as pa

from tests.support.lakes.lake_rows import Report, Row
from transforms.lake.lake import arrow_table
from transforms.tables import TABLES

OUTCOMES = (("receive", "received"), ("decode", "decoded"), ("validate", "accepted"))


def staging_tables(reports: Mapping[str, Sequence[Report]]) -> dict[str, pa.Table]:
    """The reports of each facility, all accepted.

    A report's device is `<facility>-CT1` if it names none, and no two have the same time.
    """
    rows: dict[str, list[Row]] = {table.name: [] for table in TABLES}
    numbered = [(name, each) for name, sent in reports.items() for each in sent]
    for number, (facility_id, each) in enumerate(numbered):
        moment = datetime.datetime(2025, 3, 1) + datetime.timedelta(seconds=number)
        own = {
            "facility_id": facility_id,
            "submission_id": f"{facility_id}.0123456789abcdef",
            "object_sha256": f"{number:064x}",
            "device_key": f"{facility_id}-CT1",
            "irradiation_started_at": moment.isoformat(),
            **each.row,
        }
        rows["dose_report"].append(own)
        rows["object_outcome"] += [
            {**own, "object_index": number + 1, "stage": stage, "outcome": outcome}
            for stage, outcome in OUTCOMES
        ]
        for name, children in each.tables.items():
            rows[name] += [
                {**own, **values, "event_index": index} for index, values in enumerate(children, 1)
            ]
    return {
        table.name: arrow_table(table, rows[table.name]) for table in TABLES if rows[table.name]
    }
