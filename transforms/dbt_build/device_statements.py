"""Gives the statements about the values of devices to the models, as a seed.

Their only home is the lake (`drlake device state`). Models of facilities read them like reference
data, so each build writes them into its copy of the seed; the packaged seed has no row.
"""

from __future__ import annotations

import csv
import io

from transforms.lake.lake import Lake
from transforms.ledger.device_statements import statements_about_values

SEED = "device_statements.csv"
COLUMNS = {
    **{name: name for name in ("statement_id", "facility_id", "device_key", "drl_quantity")},
    "statement": "statement",
    "from_day": "first_day",
    "to_day": "last_day",
    "because": "reason",
}
"""Columns of the seed, and the columns of table `device_statement` with their values."""


def device_statements_seed(lake: Lake) -> dict[str, bytes]:
    """The seed with the statements in force, by its name; nothing where there is none."""
    rows = statements_about_values(lake)
    if not rows:
        return {}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([row[name] for name in COLUMNS.values()] for row in rows)
    return {SEED: text.getvalue().encode("utf-8")}
