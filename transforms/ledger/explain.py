"""`drlake explain`: what happened to one file, from its arrival to the statistics that use it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transforms.errors import DrlakeError, UsageError
from transforms.lake.lake import Lake
from transforms.lake.received import is_checksum
from transforms.ledger.entries import arrivals, attempt_number, attempts
from transforms.ledger.receipts import what_to_mend
from transforms.ledger.statements import statements_with_withdrawals
from transforms.reference.methods import FIRST_LINE
from transforms.tables import FINDING
from transforms.tables.statement import WITHDRAWN
from transforms.warehouse.reading import Warehouse, open_warehouse

Row = dict[str, Any]

STANDING = """
select study_key, exclusion_reason, sum(n_counted_events) as n_kept
from (
    select distinct submission_id, study_key, exclusion_reason, n_counted_events
    from marts.report_outcomes
    where facility_id = ? and object_sha256 = ?
) as reports
group by all
"""

EXAMINATIONS = """
select distinct
    examinations.modality,
    examinations.n_examination_events as n_events,
    examinations.examination_exclusion_reason as exclusion_reason,
    procedures.label as procedure_label,
    patient_groups.label as patient_group_label
from marts.report_outcomes as examinations
left join reference.procedures as procedures
    on examinations.procedure_id = procedures.procedure_id
left join reference.patient_groups as patient_groups
    on examinations.patient_group_id = patient_groups.group_id
where
    examinations.facility_id = ?
    and examinations.study_key = ?
    and examinations.modality is not null
order by examinations.modality
"""

QUANTITIES = """
select
    doses.modality,
    doses.drl_quantity,
    doses.value,
    doses.unit,
    doses.is_from_total,
    doses.exclusion_reason,
    typical.n_examinations,
    if(typical.scope = 'view', typical.n_values, null) as n_views,
    typical.is_sufficient,
    typical.is_in_levels,
    drls.status
from (
    select * from core.fct_examination_doses
    union all by name
    select * from core.fct_view_doses where modality = 'MG'
) as doses
left join marts.facility_typical_values as typical
    on
        doses.facility_id = typical.facility_id
        and doses.procedure_id = typical.procedure_id
        and doses.patient_group_id = typical.patient_group_id
        and doses.drl_quantity = typical.drl_quantity
        and doses.period = typical.period
        and typical.method_id = ?
left join marts.national_drls as drls
    on
        doses.procedure_id = drls.procedure_id
        and doses.patient_group_id = drls.patient_group_id
        and doses.drl_quantity = drls.drl_quantity
        and doses.period = drls.period
        and drls.method_id = ?
where doses.facility_id = ? and doses.study_key = ?
order by doses.modality, doses.drl_quantity, doses.event_index
"""

SCANS = """
select
    modality,
    exclusion_reason,
    count(distinct counted_event_key) as n
from core.fct_acquisition_doses
where facility_id = ? and study_key = ? and exclusion_reason is not null
group by modality, exclusion_reason
order by modality, exclusion_reason
"""


def explain(lake: Lake, what: str) -> str:
    """Explain a file, or an object given by its SHA-256; DrlakeError if it was never received."""
    sha256 = sha256_of(what)
    found = [row for row in _receive_outcomes(lake) if row["object_sha256"] == sha256]
    if not found:
        raise DrlakeError(
            f"No object {sha256} has been received. Run `drlake ingest`, or check that this is "
            "the file that was sent: a single changed byte makes another object."
        )
    with open_warehouse(lake) as built:
        lines = [line for row in found for line in _arrival(lake, row, built)]
    return "\n".join([f"Object {sha256}", *lines])


def sha256_of(what: str) -> str:
    """The given checksum, or the checksum of the given file; UsageError if it is neither."""
    if is_checksum(what):
        return what.lower()
    try:
        with Path(what).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(
            f"{what} is neither a SHA-256 checksum nor a readable file ({error.strerror}). Give "
            "one of them."
        ) from None


def _receive_outcomes(lake: Lake) -> Iterator[Row]:
    for table in lake.read_many_outcomes("receive", arrivals(lake)):
        yield from ({**row, "n": table.num_rows} for row in table.to_pylist())


def _arrival(lake: Lake, received: Row, built: Warehouse | None) -> Iterator[str]:
    facility_id, arrival = received["facility_id"], received["submission_id"]
    when = lake.received_at(arrival)
    yield (
        f"\nReceived from {facility_id} as object {received['object_index']} of {received['n']} of "
        f"submission {arrival}, {when:%Y-%m-%d %H:%M} UTC."
    )
    if received["outcome"] != "received":
        yield _refusal_line(received)
        return
    accepted = None
    for attempt in attempts(lake, facility_id)[arrival]:
        said = list(_later_outcomes(lake, attempt, received["object_index"]))
        accepted = said[-1] if said and said[-1]["outcome"] == "accepted" else None
        yield from _attempt_lines(lake, attempt, said)
    yield from _statements(lake, facility_id, received["object_sha256"])
    if accepted:
        yield from _standing_lines(built, facility_id, received["object_sha256"])


def _later_outcomes(lake: Lake, attempt: str, index: int) -> Iterator[Row]:
    """The outcomes of an object after receiving, in one attempt."""
    for table in lake.read_found_outcomes(("decode", "validate"), [attempt]):
        yield from (row for row in table.to_pylist() if row["object_index"] == index)


def _attempt_lines(lake: Lake, attempt: str, said: list[Row]) -> Iterator[str]:
    again = f" again ({attempt})" if attempt_number(attempt) else ""
    decoded = bool(said) and said[0]["outcome"] == "decoded"
    if decoded:
        yield f"Decoded{again}: a supported dose report."
    for row in said[1:] if decoded else said:
        yield "Validated: accepted." if row["outcome"] == "accepted" else _refusal_line(row)
        if decoded:
            yield from _findings(lake, attempt, row)
    if len(said) < (2 if decoded else 1):
        waits = "validated" if decoded else f"decoded{again}"
        yield f"It is waiting to be {waits}: run `drlake {'validate' if decoded else 'ingest'}`."


def _refusal_line(row: Row) -> str:
    stage = {"receive": "received", "decode": "decoded", "validate": "validated"}[row["stage"]]
    number = attempt_number(row["submission_id"])
    again = f" again ({row['submission_id']})" if number else ""
    where = f" ({row['detail']})" if row["detail"] else ""
    ended = "Held" if row["outcome"] == "held" else f"Ended as {row['outcome']}"
    return (
        f"{ended} when it was {stage}{again}: {row['reason_code']}{where}. "
        f"{what_to_mend(row['reason_code']) or ''}"
    ).rstrip()


def _findings(lake: Lake, attempt: str, row: Row) -> Iterator[str]:
    if not lake.has_table("validated", FINDING, attempt):
        return
    for finding in lake.read_table("validated", FINDING, attempt).to_pylist():
        of_object = finding["object_sha256"] == row["object_sha256"]
        of_submission = finding["object_sha256"] is None and finding["severity"] == "hold"
        if of_object or of_submission:
            event = f", event {finding['event_index']}" if finding["event_index"] else ""
            whole = "" if of_object else " of the whole submission"
            seen = f" Seen: {finding['observed']}." if finding["observed"] else ""
            yield (
                f"Finding{whole} ({finding['table_name']}{event}, {finding['expectation']}): "
                f"{finding['reason']}{seen}"
            )


def _statements(lake: Lake, facility_id: str, sha256: str) -> Iterator[str]:
    for row in statements_with_withdrawals(lake, facility_id):
        if row["object_sha256"] == sha256 and row["statement"] != WITHDRAWN:
            other, back = row["other_object_sha256"], row["withdrawn_by"]
            by = f" by object {other}" if other else ""
            later = f", withdrawn by statement {back} from the next build on" if back else ""
            yield (
                f"Stated by {facility_id}: {row['statement'].replace('_', ' as ')}{by}. "
                f"Statement {row['statement_id']}{later}."
            )


def _standing_lines(built: Warehouse | None, facility_id: str, sha256: str) -> Iterator[str]:
    if built is None:
        yield "No warehouse has been built yet: run `drlake build` to see where it is used."
        return
    standings = built.rows(STANDING, facility_id, sha256)
    if not standings:
        yield "It was received after the last build: run `drlake build` to see where it is used."
        return
    (standing,) = standings
    if standing["exclusion_reason"]:
        reason = standing["exclusion_reason"]
        yield f"The report is not used in statistics: {reason}. {what_to_mend(reason)}"
        return
    yield f"{standing['n_kept']} of its events are used; copies of them in other reports are not."
    yield from _examinations(built, facility_id, standing["study_key"])


def _examinations(built: Warehouse, facility_id: str, study_key: str) -> Iterator[str]:
    quantities = built.rows(QUANTITIES, FIRST_LINE, FIRST_LINE, facility_id, study_key)
    scans = built.rows(SCANS, facility_id, study_key)
    for one in built.rows(EXAMINATIONS, facility_id, study_key):
        procedure = one["procedure_label"] or "no mapped procedure"
        group = one["patient_group_label"] or "no patient group"
        yield (
            f"It belongs to an examination ({one['modality']}, {one['n_events']} events): "
            f"{procedure}, {group}."
        )
        if one["exclusion_reason"]:
            reason = one["exclusion_reason"]
            yield f"The examination is not used in statistics: {reason}. {what_to_mend(reason)}"
            continue
        own = [row for row in quantities if row["modality"] == one["modality"]]
        yield from map(_quantity, own)
        told = {row["exclusion_reason"] for row in own}
        yield from (_scans(row) for row in scans if row["exclusion_reason"] not in told)


def _scans(row: Row) -> str:
    """Scans that statistics of single scans leave out, for a reason that only they have."""
    reason = row["exclusion_reason"]
    scans = f"{row['n']} of its scans: not used in statistics of single scans"
    return f"{scans}: {reason}. {what_to_mend(reason) or ''}".rstrip()


def _quantity(row: Row) -> str:
    name = row["drl_quantity"]
    if row["exclusion_reason"]:
        reason = row["exclusion_reason"]
        return f"{name} is not used in statistics: {reason}. {what_to_mend(reason) or ''}".rstrip()
    value = f"{name} {row['value']:.4g} {row['unit']}"
    if row["is_from_total"]:
        value += ", the total that the report states since no scan has one,"
    if row["n_examinations"] is None:
        return f"{value} is not part of a typical value."
    among = row["n_examinations"]
    if row["n_views"] is not None:
        among = f"{row['n_views']} views of {among}"
    level = {None: "none"}.get(row["status"], row["status"])
    enough = "is used" if row["is_sufficient"] else "has too few examinations to be used"
    if row["is_sufficient"] and not row["is_in_levels"]:
        enough = "is left out, with its device (unit shifted, or a statement of the authority),"
    return (
        f"{value} is one of {among} examinations "
        f"behind the facility's typical value, which {enough} for the national value (status: "
        f"{level})."
    )
