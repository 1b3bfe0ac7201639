"""The empty form, as CSV or XLSX: one line per procedure and DRL quantity, numbers left open.

Lines without a number are passed over when the form is loaded, so nobody has to delete any. A
workbook holds text as text: nothing in it is a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from transforms.errors import UsageError
from transforms.lake import check_facility_id
from transforms.report.csv_file import cell_text
from transforms.summaries.lists import Lists, read_lists
from transforms.tables.facility_summary import FORM_COLUMNS, SCOPES

FORM_SHEET = "summaries"
HEADER = tuple(column.name for column in FORM_COLUMNS)
Line = Mapping[str, Any]


def write_template(path: Path, facility_id: str | None = None) -> int:
    """Write the form to a file of either kind; returns the number of its lines."""
    if facility_id is not None:
        check_facility_id(facility_id)
    write = _writer_of(path)
    lists = read_lists()
    lines = list(_lines(lists, facility_id))
    path.write_bytes(write(lines, lists))
    return len(lines)


def form_csv(lines: Iterable[Line]) -> bytes:
    """Lines of the form in UTF-8; numbers keep every digit, text is never a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows([cell_text(line.get(name)) for name in HEADER] for line in lines)
    return text.getvalue().encode()


def form_xlsx(lines: Iterable[Line], lists: Lists) -> bytes:
    """Lines of the form as a workbook, with a sheet about the columns and one of the lists."""
    from openpyxl import Workbook

    book = Workbook()
    _fill(book.active, FORM_SHEET, [HEADER, *([line.get(n) for n in HEADER] for line in lines)])
    _fill(book.create_sheet(), "columns", [("column", "unit", "meaning"), *_meanings()])
    _fill(book.create_sheet(), "lists", [("column", "may be", "meaning"), *_choices(lists)])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _writer_of(path: Path) -> Callable[[Sequence[Line], Lists], bytes]:
    if path.suffix.lower() == ".csv":
        return lambda lines, lists: form_csv(lines)
    if path.suffix.lower() == ".xlsx":
        return form_xlsx
    raise UsageError("The form is a CSV or an XLSX file. Let its name end in .csv or .xlsx.")


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


def _meanings() -> Iterable[Sequence[str]]:
    return [(column.name, column.unit or "", column.description) for column in FORM_COLUMNS]


def _choices(lists: Lists) -> Iterable[Sequence[str]]:
    yield from (("scope", scope, "") for scope in SCOPES)
    yield from (("procedure_id", one.procedure_id, one.label) for one in lists.procedures.values())
    yield from (("patient_group_id", g.group_id, g.label) for g in lists.patient_groups.values())
    yield from (("drl_quantity", q.drl_quantity, q.unit) for q in lists.quantities.values())


def _fill(sheet: Any, title: str, rows: Iterable[Sequence[Any]]) -> None:
    """Put rows into a sheet; text is marked as text, so that "=1+1" stays what it says."""
    sheet.title = title
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            if value is None:
                continue
            cell = sheet.cell(number, place, value)
            if isinstance(value, str):
                cell.data_type = "s"
