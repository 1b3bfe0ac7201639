"""Writes the form of summaries: one line per procedure and DRL quantity, numbers left empty.

Lines without a number are ignored when the form is loaded, so none need be deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from transforms.forms.summaries.form import HEADER, summary_form
from transforms.forms.summaries.lists import Lists, read_lists, scopes_of
from transforms.forms.template import Line, line_rows, write_form
from transforms.lake.lake import check_facility_id
from transforms.sheets.write import csv_bytes


def write_template(path: Path, facility_id: str | None = None) -> int:
    """Write the form as CSV or XLSX; returns the number of its lines."""
    if facility_id is not None:
        check_facility_id(facility_id)
    lists = read_lists()
    lines = list(_lines(lists, facility_id))
    write_form(summary_form(lists), path, lines)
    return len(lines)


def form_csv(lines: Iterable[Line]) -> bytes:
    """Lines of the form as CSV in UTF-8; numbers keep every digit, text is never a formula."""
    return csv_bytes(line_rows(HEADER, lines))


def _lines(lists: Lists, facility_id: str | None) -> Iterator[Line]:
    for procedure in lists.procedures.values():
        for quantity in lists.quantities_of(procedure):
            yield {
                "facility_id": facility_id,
                "scope": scopes_of(procedure, quantity)[0],
                "procedure_id": procedure.procedure_id,
                "drl_quantity": quantity.drl_quantity,
                "unit": quantity.unit,
            }
