"""One facility end to end: receive, decode, normalise, write. Called by DAG, CLI and tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from transforms.decode.report import decode
from transforms.errors import ObjectRefused
from transforms.lake import Lake, facility_of
from transforms.normalise.pseudonyms import Pseudonyms, load_pseudonyms
from transforms.normalise.rows import ObjectKeys, Row, report_rows
from transforms.receive.fetch import facilities
from transforms.receive.submission import receive_facility
from transforms.settings import Settings
from transforms.tables import REPORT_TABLES, SUBMISSION

__all__ = ["decode_submission", "facilities", "ingest_facility"]


def ingest_facility(settings: Settings, facility_id: str, again: bool = False) -> dict[str, int]:
    """Receive what is new from one facility and decode every submission not decoded yet.

    Returns the number of objects per outcome of this run. `again` decodes all submissions of
    the facility once more from the objects kept, as after a change of the decoder.
    """
    lake = Lake(settings.lake)
    lake.prepare()
    pseudonyms = load_pseudonyms(settings, lake)
    receive_facility(settings, lake, facility_id, pseudonyms)
    done = set() if again else set(lake.submissions("decode", facility_id))
    counts: Counter[str] = Counter(received=0, decoded=0, quarantined=0, duplicate=0)
    for submission_id in lake.submissions("receive", facility_id):
        if submission_id not in done:
            counts.update(decode_submission(lake, submission_id, pseudonyms))
    return dict(counts)


def decode_submission(lake: Lake, submission_id: str, pseudonyms: Pseudonyms) -> dict[str, int]:
    """Decode every received object of a submission; outcomes last, so a cut run is repeated."""
    received = lake.read_outcomes("receive", submission_id).to_pylist()
    tables: dict[str, list[Row]] = {table.name: [] for table in REPORT_TABLES}
    outcomes: list[dict[str, Any]] = []
    for outcome, rows in _decode_objects(lake, received, pseudonyms):
        outcomes.append(outcome)
        for name, table_rows in rows.items():
            tables[name].extend(table_rows)
    for table in REPORT_TABLES:
        lake.write_table("decoded", table, submission_id, tables[table.name])
    summary = _submission_row(lake, submission_id, received, tables["dose_report"])
    lake.write_table("decoded", SUBMISSION, submission_id, [summary])
    lake.write_outcomes("decode", submission_id, outcomes)
    return _counts(received, outcomes)


def _decode_objects(
    lake: Lake, received: Iterable[Mapping[str, Any]], pseudonyms: Pseudonyms
) -> Iterator[tuple[dict[str, Any], Mapping[str, list[Row]]]]:
    for row in received:
        if row["outcome"] != "received":
            continue
        reason: str | None = None
        detail: str | None = None
        rows: Mapping[str, list[Row]] = {}
        try:
            rows = _object_rows(lake, row, pseudonyms)
        except ObjectRefused as refusal:
            reason, detail = refusal.reason.code, refusal.detail
        outcome = "decoded" if reason is None else "quarantined"
        said = {"stage": "decode", "outcome": outcome, "reason_code": reason, "detail": detail}
        yield {**row, **said}, rows


def _object_rows(
    lake: Lake, row: Mapping[str, Any], pseudonyms: Pseudonyms
) -> Mapping[str, list[Row]]:
    """Rows of one kept object; a fault of the decoder becomes an outcome that says so."""
    facility_id, sha256 = row["facility_id"], row["object_sha256"]
    keys = ObjectKeys(facility_id, row["submission_id"], sha256)
    data = lake.read_bytes(lake.object_path(facility_id, sha256))
    try:
        return report_rows(decode(data), keys, pseudonyms)
    except ObjectRefused:
        raise
    except Exception as fault:
        # The message of the fault may quote the object, so only its type is kept.
        raise ObjectRefused("decoder_failed", type(fault).__name__) from None


def _submission_row(
    lake: Lake,
    submission_id: str,
    received: Iterable[Mapping[str, Any]],
    reports: Iterable[Row],
) -> dict[str, Any]:
    rows = list(received)
    days = sorted(report["study_date"] for report in reports if report["study_date"])
    return {
        "facility_id": facility_of(submission_id),
        "submission_id": submission_id,
        "objects_received": len(rows),
        "bytes_received": sum(
            lake.size(lake.object_path(row["facility_id"], row["object_sha256"]))
            for row in rows
            if row["outcome"] == "received"
        ),
        "objects_decoded": sum(1 for _ in reports),
        "first_study_date": days[0] if days else None,
        "last_study_date": days[-1] if days else None,
    }


def _counts(
    received: Iterable[Mapping[str, Any]], decoded: Iterable[Mapping[str, Any]]
) -> dict[str, int]:
    rows = list(received)
    ended = Counter(row["outcome"] for row in (*rows, *decoded) if row["outcome"] != "received")
    return {"received": len(rows), **ended}
