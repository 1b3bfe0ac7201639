"""When disclosure control blocks a release (exit code 5).

It blocks when what would be published is not what the profile asked for lets out:

1. a test of schema public or of the disclosure rules fails (`transforms.dbt_build` raises then);
2. a public table has a column that names a facility, a device, a submission or an object;
3. a row of a public table follows another profile than the one asked for;
4. no national level is shown: every cell is withheld, or there is none. A release of nothing would
   be taken for the statement that there are no data;
5. what an earlier release published, or who contributed to it, is missing or was changed
   (`frozen.check_earlier`): the comparison with it is one of the guards.

A cell that is withheld beside others that are shown does not block: that is the rule at work.
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
"""Names of columns that lead to a facility or to something it sent."""


def check_columns(tables: Sequence[PublicTable]) -> None:
    """DisclosureError where a public table is declared with a key of a facility or below it."""
    found = [
        f"{table.model}.{column.name}"
        for table in tables
        for column in table.columns
        if KEY_OF_SOMEBODY.fullmatch(column.name)
    ]
    if found:
        raise DisclosureError(
            f"Disclosure control blocks: {', '.join(found)} would tell whose numbers they are. "
            "Take the column out of sql/models/public."
        )


def check_rows(profile: str, rows: Mapping[str, pa.Table]) -> None:
    """DisclosureError where a row follows another profile, or nothing at all is shown."""
    for name, table in rows.items():
        if PROFILE in table.column_names:
            others = sorted(set(table.column(PROFILE).to_pylist()) - {profile})
            if others:
                raise DisclosureError(
                    f"Disclosure control blocks: rows of public_{name} follow {', '.join(others)} "
                    f"and not the profile {profile} that was asked for. Build again with it."
                )
    shown = rows[NATIONAL].column(DISCLOSURE).to_pylist().count(SHOWN) if NATIONAL in rows else 0
    if not shown:
        raise DisclosureError(
            f"Disclosure control blocks: under the profile {profile} no national level may be "
            f"shown ({rows[NATIONAL].num_rows if NATIONAL in rows else 0} are withheld). "
            "marts.disclosure_decisions in the warehouse of `drlake build` names the rule for "
            "each; more facilities or examinations cure most of them."
        )
