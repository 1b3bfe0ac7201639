"""Receipts for hospitals: the outcome of every object, and what to fix."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from transforms.errors import DrlakeError
from transforms.lake.lake import Lake
from transforms.lake.pseudonyms import Pseudonyms
from transforms.ledger.entries import Ending, arrivals, attempts, endings
from transforms.reasons.exclusions import EXCLUSION_BY_CODE
from transforms.reasons.objects import REASON_BY_CODE
from transforms.sheets.write import csv_bytes
from transforms.warehouse.reading import open_warehouse

STANDINGS = """
select distinct object_sha256, exclusion_reason
from marts.report_outcomes
where facility_id = ? and exclusion_reason is not null
"""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One object of a receipt.

    `outcome` is accepted, held, quarantined, duplicate or pending, or excluded if an accepted
    report is not used in statistics. `name` is the file name from the hospital's list, if given,
    since the lake stores only keyed hashes. `detail` says where in the object the reason was found.
    """

    submission_id: str
    object_index: int
    name: str | None
    object_sha256: str | None
    outcome: str
    reason_code: str | None
    detail: str | None
    what_to_mend: str | None


def receipt(
    lake: Lake, facility_id: str, pseudonyms: Pseudonyms | None = None, names: Iterable[str] = ()
) -> list[ReceiptLine]:
    """Every object of a facility in the order of its submissions; DrlakeError if it sent none.

    Whether accepted reports are used is as of the last build.
    """
    tried = attempts(lake)
    known = _names_by_key(facility_id, pseudonyms, names)
    excluded = _exclusion_by_object(lake, facility_id)
    lines = [
        _line(end, known, excluded)
        for arrival in arrivals(lake, facility_id)
        for end in endings(lake, arrival, tried[arrival])
    ]
    if not lines and lake.summary_files(facility_id):
        raise DrlakeError(
            f"{facility_id} has sent forms only, and a receipt lists objects. `drlake report "
            f"--facility {facility_id}` shows which statistics of its forms are used."
        )
    if not lines:
        raise DrlakeError(
            f"{facility_id} has not sent anything. Check its id, or run `drlake ingest` first."
        )
    return lines


def write_receipt(
    lake: Lake, facility_id: str, lines: Sequence[ReceiptLine], folder: Path | None = None
) -> list[str]:
    """Write `<facility_id>.csv` and `.json`, readable by the owner only; returns their paths.

    They are written to `<lake>/receipts` unless a folder is given.
    """
    documents = {"csv": receipt_csv(lines), "json": receipt_json(facility_id, lines)}
    target = lake if folder is None else Lake(str(folder))
    parts = ("receipts",) if folder is None else ()
    paths = [target.path(*parts, f"{facility_id}.{ending}") for ending in documents]
    for path, data in zip(paths, documents.values(), strict=True):
        target.write_bytes(path, data, private=True)
    return paths


def receipt_csv(lines: Iterable[ReceiptLine]) -> bytes:
    """The lines as CSV in UTF-8, with formulas escaped."""
    return csv_bytes([ReceiptLine.__slots__, *(asdict(line).values() for line in lines)])


def receipt_json(facility_id: str, lines: Iterable[ReceiptLine]) -> bytes:
    """The lines as one JSON document."""
    document = {"facility_id": facility_id, "objects": [asdict(line) for line in lines]}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def what_to_mend(reason_code: str | None) -> str | None:
    """What a hospital can do about a reason code of an object or report."""
    if reason_code is None:
        return None
    reason = REASON_BY_CODE.get(reason_code) or EXCLUSION_BY_CODE.get(reason_code)
    return reason.mend if reason else None


def _line(end: Ending, names: Mapping[str, str], excluded: Mapping[str | None, str]) -> ReceiptLine:
    waits = end.outcome in ("received", "decoded")
    left_out = excluded.get(end.object_sha256) if end.outcome == "accepted" else None
    outcome = "excluded" if left_out else "pending" if waits else end.outcome
    reason = left_out or end.reason_code
    return ReceiptLine(
        submission_id=end.submission_id,
        object_index=end.object_index,
        name=names.get(end.name_key),
        object_sha256=end.object_sha256,
        outcome=outcome,
        reason_code=reason,
        detail=end.detail,
        what_to_mend=what_to_mend(reason),
    )


def _names_by_key(
    facility_id: str, pseudonyms: Pseudonyms | None, names: Iterable[str]
) -> dict[str, str]:
    """The hospital's file names by their keyed hashes in the lake (see FetchJob)."""
    if pseudonyms is None:
        return {}
    return {pseudonyms.of("name", facility_id, name): name for name in names}


def _exclusion_by_object(lake: Lake, facility_id: str) -> dict[str | None, Any]:
    with open_warehouse(lake) as built:
        rows = [] if built is None else built.rows(STANDINGS, facility_id)
    return {row["object_sha256"]: row["exclusion_reason"] for row in rows}
