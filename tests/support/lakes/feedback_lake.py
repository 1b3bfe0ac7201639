"""A lake for feedback: two facilities in an invented nation, in the tables that feedback reads.

lay_feedback(folder, feedback_world()) write_feedback(Settings(lake=str(folder)))

Tables of marts and public are written as for reports; those of core, whose YAML has no types, have
the columns listed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from tests.support.lakes.report_lake import (
    ADULT,
    CHEST,
    CTDIVOL,
    DLP,
    HEAD,
    METHOD,
    Row,
    World,
    comparison_rows,
    lay_lake,
    national,
    public,
)

OTHER_TABLES = {
    "core.fct_acquisition_doses": (
        "facility_id text, study_key text, period integer, procedure_id text, "
        "patient_group_id text, drl_quantity text, unit text, value double, "
        "acquisition_protocol text, exclusion_reason text"
    ),
}
SUBMISSION = "{}.0123456789abcdef"
STEPS = (
    ("object", 1, "received", None, 100),
    ("object", 3, "quarantined", "identity_present", 3),
    ("object", 4, "accepted", None, 97),
    ("examination", 1, "found", None, 80),
    ("examination", 2, "excluded", "unmapped_procedure", 5),
    ("examination", 3, "used", None, 75),
)
PROTOCOL = "Head routine"
DOSES = (10.0, 11.0, 12.0, 13.0, 14.0)


def lay_feedback(lake: Path, world: Mapping[str, Sequence[Row]]) -> Path:
    """Write the lake's warehouse; returns the lake's folder."""
    lay_lake(lake, world)
    with duckdb.connect(str(lake / "warehouse" / "drl.duckdb")) as connection:
        for table, columns in OTHER_TABLES.items():
            connection.execute(f"create schema if not exists {table.partition('.')[0]}")
            connection.execute(f"create table {table} ({columns})")
            names = [column.split()[0] for column in columns.split(", ")]
            places = ", ".join("?" for _ in names)
            rows = [[row.get(name) for name in names] for row in world.get(table, [])]
            if rows:
                insert = f"insert into {table} values ({places})"  # noqa: S608 - names of tables
                connection.executemany(insert, rows)
    return lake


def feedback_world() -> World:
    """F01 is above the published level twice, F02 is below; both have all parts of feedback."""
    world = nation()
    own = [
        comparison_rows("F01", HEAD | CTDIVOL, 80.0, "above"),
        comparison_rows("F01", HEAD | CTDIVOL | {"period": 2024}, 90.0, "above"),
        comparison_rows("F01", HEAD | DLP, 871.0, "at_or_below", 1000.0),
        comparison_rows("F01", CHEST | CTDIVOL, 7.77, "no_ndrl"),
        comparison_rows("F02", HEAD | CTDIVOL, 44.4, "at_or_below"),
        comparison_rows("F02", CHEST | CTDIVOL, 5.55, "too_few_examinations"),
    ]
    world["marts.facility_typical_values"] = [pair[0] for pair in own]
    world["marts.facility_drl_comparisons"] = [pair[1] for pair in own]
    for facility_id in ("F01", "F02"):
        for table, rows in of_facility(facility_id).items():
            world.setdefault(table, []).extend(rows)
    return world


def nation() -> World:
    """Public tables: a level of CT head in two years, and quartiles of hospitals."""
    level = national(HEAD | CTDIVOL, 12, 48.0, 60.0, p25=40.0)
    dlp = national(HEAD | DLP, 12, 700.0, 1000.0, p25=500.0)
    peers = {**HEAD, **ADULT, **METHOD, **CTDIVOL, "peer_group": "hospital"}
    told = {"disclosure": "shown", "disclosure_profile": "strict", "n_facilities": 15}
    return {
        "marts.national_drls": [level, dlp],
        "public.public_national_drls": [
            public(level, national_drl=62.0, p25=40.0),
            public(level, national_drl=70.0, p25=45.0, period=2024),
            public(dlp),
            public(national(CHEST | CTDIVOL, 12, 6.0, 7.0), shown=False),
        ],
        "public.public_peer_doses": [
            {**peers, **told, "p25": 41.0, "p50": 52.0, "p75": 63.0},
            {**peers, "peer_group": "clinic", "disclosure": "suppressed"},
        ],
    }


def of_facility(facility_id: str) -> World:
    """All other rows of one facility; names and counts are its own."""
    submission, secret = SUBMISSION.format(facility_id), f"secret-of-{facility_id}"
    own: dict[str, Any] = {"facility_id": facility_id}
    counts = {
        "n_received": 100,
        "n_accepted": 97,
        "n_held": 0,
        "n_quarantined": 3,
        "n_duplicate": 0,
    }
    object_end = {**own, "submission_id": submission, "outcome": "quarantined"}
    dose = {**own, **HEAD, **ADULT, **CTDIVOL, "period": 2025}
    device = {"device_key": f"{facility_id}device", "modality": "CT", "n_reports": 97}
    names = ("counted", "step_number", "step", "reason_code", "n")
    return {
        "marts.facility_attendance": [
            {
                **{**own, "facility_name": f"Clinic {secret}", "facility_type": "hospital"},
                **{"cadence": "monthly", "is_registered": True, "attendance": "late"},
                **{"n_days_behind": 4711},
            }
        ],
        "marts.submission_quality": [
            {
                **{**own, **counts, "submission_id": submission, "status": "held"},
                **{"n_examinations": 80, "hold_reason": f"Totals of {secret} are too small."},
            }
        ],
        "marts.unmapped_names": [
            {
                **{**own, "modality": "CT", "field": "study_description"},
                **{"compared_text": f"examination {secret}", "n_examinations": 5},
            }
        ],
        "marts.mapping_coverage": [
            {
                **{**own, "modality": "CT", "n_examinations": 80, "n_mapped": 75},
                **{"n_without_procedure": 0, "n_undecided": 5, "mapped_share": 0.9375},
            }
        ],
        "marts.device_completeness": [
            {
                **{**own, **device, "manufacturer": "Maker", "model_name": secret, "n_events": 200},
                **{"study_date_share": 1.0, "age_share": 0.5, "weight_share": 0.0},
                **{"examination_name_share": 1.0, "dose_share": 1.0, "kvp_share": None},
            }
        ],
        "marts.facility_summaries": [
            {
                **{**own, **HEAD, **ADULT, **DLP, "period": 2023, "scope": "examination"},
                **{"device_key": secret, "n_examinations": 30, "p50": 900.0, "is_used": True},
            }
        ],
        "marts.attrition": [{**own, **dict(zip(names, step, strict=True))} for step in STEPS],
        "core.fct_acquisition_doses": [
            *({**dose, "value": value, "acquisition_protocol": PROTOCOL} for value in DOSES),
            *({**dose, "value": 1.0, "acquisition_protocol": f"rare {secret}"} for _ in range(4)),
            *(
                {**dose, "value": 20.0, "acquisition_protocol": f"protocol {secret}"}
                for _ in range(5)
            ),
            {**dose, "value": 99.0, "acquisition_protocol": PROTOCOL, "exclusion_reason": "x"},
        ],
        "marts.object_outcomes": [
            *({**object_end, "reason_code": "identity_present"} for _ in range(3)),
            {**object_end, "outcome": "accepted"},
        ],
    }
