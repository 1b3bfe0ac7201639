"""The empty form, as CSV or XLSX: one line per procedure and DRL quantity, numbers left open.

Lines without a number are passed over when the form is loaded, so nobody has to delete any. A
workbook holds text as text: nothing in it is a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from transforms.forms.pages import meanings
from transforms.forms.summaries.lists import Lists, read_lists
from transforms.lake.lake import check_facility_id
from transforms.sheets.write import Pages, csv_bytes, sheet_bytes
from transforms.tables.facility_summary import FORM_COLUMNS, SCOPES

FORM_SHEET = "summaries"
HEADER = tuple(column.name for column in FORM_COLUMNS)
Line = Mapping[str, Any]


def write_template(path: Path, facility_id: str | None = None) -> int:
    """Write the form to a file of either kind; returns the number of its lines."""
    if facility_id is not None:
        check_facility_id(facility_id)
    lists = read_lists()
    lines = list(_lines(lists, facility_id))
    pages: Pages = {
        FORM_SHEET: [HEADER, *([line.get(name) for name in HEADER] for line in lines)],
        "columns": meanings(FORM_COLUMNS),
        "lists": [("column", "may be", "meaning"), *_choices(lists)],
    }
    path.write_bytes(sheet_bytes(path, pages))
    return len(lines)


def form_csv(lines: Iterable[Line]) -> bytes:
    """Lines of the form in UTF-8; numbers keep every digit, text is never a formula."""
    return csv_bytes([HEADER, *([line.get(name) for name in HEADER] for line in lines)])


def _lines(lists: Lists, facility_id: str | None) -> Iterable[Line]:
    for procedure in lists.procedures.values():
        for quantity in lists.quantities_of(procedure):
            yield {
                "facility_id": facility_id,
                "scope": SCOPES[0],
                "procedure_id": procedure.procedure_id,
                "drl_quantity": quantity.drl_quantity,
                "unit": quantity.unit,
            }


def _choices(lists: Lists) -> Iterable[Sequence[str]]:
    yield from (("scope", scope, "") for scope in SCOPES)
    yield from (("procedure_id", one.procedure_id, one.label) for one in lists.procedures.values())
    yield from (("patient_group_id", g.group_id, g.label) for g in lists.patient_groups.values())
    yield from (("drl_quantity", q.drl_quantity, q.unit) for q in lists.quantities.values())
