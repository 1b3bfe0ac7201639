"""Decides when disclosure control blocks a release (exit code 5).

It blocks when the release would publish what the profile does not allow:

1. a test of schema public or of the disclosure rules fails (`transforms.dbt_build` raises then);
2. a public table has a column that names a facility, a device, a submission or an object;
3. a row of a public table follows another profile than the one asked for;
4. no national level is shown: every cell is withheld, or there is none. An empty release would
   be read as a statement that there are no data;
5. what an earlier release published, or who contributed to it, is missing or was changed
   (`frozen.check_earlier`): the comparison with earlier releases is one of the guards.

A cell that is withheld beside cells that are shown does not block: the rules work as intended.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pyarrow as pa

from transforms.errors import DisclosureError
from transforms.public.declaration import PublicTable

NATIONAL = "national_drls"
PROFILE, DISCLOSURE, SHOWN = "disclosure_profile", "disclosure", "shown"
KEY_OF_SOMEBODY = re.compile(
    r"(facility|device|submission|object|report|study|patient|event|examination)"
    r"_(id|key|sha256|name|uid)"
)
"""Names of columns that identify a facility or something it sent."""


def check_columns(tables: Sequence[PublicTable]) -> None:
    """Raise DisclosureError where a public table declares a key of a facility or below it."""
    found = [
        f"{table.model}.{column.name}"
        for table in tables
        for column in table.columns
        if KEY_OF_SOMEBODY.fullmatch(column.name)
    ]
    if found:
        raise DisclosureError(
            f"Disclosure control blocks: {', '.join(found)} would identify a facility. "
            "Remove the column from sql/models/public."
        )


def check_rows(profile: str, rows: Mapping[str, pa.Table]) -> None:
    """Raise DisclosureError where a row follows another profile, or no level is shown."""
    for name, table in rows.items():
        if PROFILE in table.column_names:
            others = sorted(set(table.column(PROFILE).to_pylist()) - {profile})
            if others:
                raise DisclosureError(
                    f"Disclosure control blocks: rows of public_{name} follow the profile "
                    f"{', '.join(others)}, not {profile} as requested. Build again with it."
                )
    shown = rows[NATIONAL].column(DISCLOSURE).to_pylist().count(SHOWN) if NATIONAL in rows else 0
    if not shown:
        raise DisclosureError(
            f"Disclosure control blocks: under the profile {profile} no national level may be "
            f"shown ({rows[NATIONAL].num_rows if NATIONAL in rows else 0} are withheld). "
            "marts.disclosure_decisions in the warehouse of `drlake build` gives the rule for "
            "each; with more facilities or examinations most can be shown."
        )
