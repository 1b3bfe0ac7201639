"""Turns failed models and checks of a build into the error that a person reads."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.errors import DisclosureError, DrlakeError, LedgerError
from transforms.warehouse.checks import FailedCheck

LEDGER_PREFIX = "ledger_"
"""Checks whose names begin so verify received = accepted + held + quarantined + duplicate."""

PUBLIC_PREFIX = "public_"
"""Prefix of models of schema public, and part of the names of the checks of their columns."""

IN_PLACE = "The last warehouse is still in place."


def error_of(
    names: Sequence[str],
    rows: Sequence[str] = (),
    *,
    only_checks: bool = True,
    after: str = IN_PLACE,
) -> DrlakeError:
    """The error for failed checks, or for models too without `only_checks`.

    `names` are those of checks and models, `rows` the rows that checks of the ledger returned. No
    other row of the data is shown.
    """
    if only_checks and all(name.startswith(LEDGER_PREFIX) for name in names):
        return LedgerError(
            f"The ledger does not balance: {'; '.join(rows)}. Run `drlake validate`, then "
            f"`drlake build`; if it stays, ingest the submission again with --again. {after}"
        )
    if only_checks and all(_guards_disclosure(name) for name in names):
        return DisclosureError(
            f"Disclosure control blocks: {', '.join(names)} failed, so nothing may be published. "
            f"See which rule of sql/tests or sql/models/public it is. {after}"
        )
    return DrlakeError(
        f"The build failed at {', '.join(names)}. Correct what the test or model names, then run "
        f"`drlake build` again. {after}"
    )


def error_of_checks(failed: Sequence[FailedCheck]) -> DrlakeError:
    """The error for checks that returned rows."""
    return error_of([check.name for check in failed], [row for one in failed for row in _rows(one)])


def _rows(failed: FailedCheck) -> list[str]:
    return [row_text(failed.name, failed.columns, row) for row in failed.rows]


def row_text(name: str, columns: Sequence[str], row: Sequence[object]) -> str:
    """`ledger_days: facility_id F001, n 3`: ids that drlake assigned, and counts."""
    values = (f"{column} {value}" for column, value in zip(columns, row, strict=True))
    return f"{name}: {', '.join(values)}"


def _guards_disclosure(name: str) -> bool:
    """Whether this check is one of a public table or of the disclosure rules."""
    return name.startswith("disclosure_") or PUBLIC_PREFIX in name
