"""`drlake describe FILE`: outcome, rows and content tree of a file, without identifying values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from transforms.decode.report import decode
from transforms.describe.tree import MASKED, tree_lines
from transforms.dicom.content_tree import content_tree
from transforms.dicom.lenient import read_leniently
from transforms.dicom.text import TextDecoder
from transforms.errors import ObjectRefused, UsageError
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys, Row, report_rows
from transforms.reasons.objects import REASON_BY_CODE
from transforms.settings import MAXIMUM_OBJECT_BYTES

KEYS = ObjectKeys("this facility", "this submission", "this object")
PSEUDONYMS = Pseudonyms(b"drlake describe: equal keys show equal identifiers, here only")
MASKED_COLUMNS = frozenset({"study_date", "irradiation_started_at", "irradiation_ended_at"})
"""Columns of the lake that are masked: dates of an examination."""


def describe_file(path: str) -> str:
    """Describe a file; UsageError where it cannot be read or is too large for a dose report."""
    try:
        if Path(path).stat().st_size > MAXIMUM_OBJECT_BYTES:
            raise UsageError(f"{path} is larger than any dose report. Name a dose report.")
        data = Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}). Name a file.") from None
    return describe(data)


def describe(data: bytes) -> str:
    """Describe one file as text: outcome, rows and content tree."""
    outcome, rows = _outcome_and_rows(data)
    return "\n".join([*outcome, "", *_row_lines(rows), *_tree_lines(data)])


def _outcome_and_rows(data: bytes) -> tuple[list[str], Mapping[str, Sequence[Row]]]:
    try:
        return ["outcome: decoded"], _rows(data)
    except ObjectRefused as refusal:
        reason, detail = refusal.reason, refusal.detail
    except Exception as fault:
        reason, detail = REASON_BY_CODE["decoder_failed"], type(fault).__name__
    lines = [f"outcome: quarantined, {reason.code}", f"where: {detail}", f"fix: {reason.mend}"]
    return lines, {}


def _rows(data: bytes) -> Mapping[str, Sequence[Row]]:
    return report_rows(decode(data), KEYS, PSEUDONYMS)


def _row_lines(rows: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    for table, found in rows.items():
        for number, row in enumerate(found, start=1):
            yield f"row {number} of {table}"
            yield from (
                f"  {name} = {_value_text(name, value)}" for name, value in _filled_columns(row)
            )
            yield ""


def _filled_columns(row: Row) -> Iterator[tuple[str, Any]]:
    """Columns that are not NULL, without the keys of the object."""
    keys = KEYS.columns()
    return ((name, value) for name, value in row.items() if value is not None and name not in keys)


def _value_text(name: str, value: object) -> str:
    return (
        MASKED if name in MASKED_COLUMNS else repr(value) if isinstance(value, str) else f"{value}"
    )


def _tree_lines(data: bytes) -> Iterator[str]:
    dataset, refusal = read_leniently(data)
    if not dataset:
        yield "content tree: nothing can be read"
        return
    yield "content tree" if refusal is None else f"content tree up to the fault ({refusal.detail})"
    try:
        yield from tree_lines(content_tree(dataset, TextDecoder(dataset)))
    except ObjectRefused as wrong:
        yield f"(cannot be shown: {wrong.detail})"
