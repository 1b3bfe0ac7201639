"""Turns drawn examinations into rows of the lake: Arrow tables as declared in transforms/tables.

A few reports come twice, as in reality: one that a device wrote before the examination had ended
(PARTIAL, with the same events), and an examination sent again under other UIDs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tests.bench.big_nation import Examinations, Scan, Truth, Whole, diagnostic_protocol
from transforms.lake.pseudonyms import PSEUDONYM_HEX_DIGITS
from transforms.sample.catalogue import ADULT
from transforms.sample.encoding.codes import REGIONS
from transforms.sample.facilities import DAYS_IN_YEAR, REQUESTED, STUDY
from transforms.sample.names import VAGUE_STUDY_DESCRIPTION
from transforms.sample.shapes import DIAGNOSTIC
from transforms.tables import CT_ACCUMULATED_DOSE, CT_IRRADIATION_EVENT, DOSE_REPORT, TABLES
from transforms.tables.ct_irradiation_event import LEVEL_PHANTOMS
from transforms.tables.schema import Table

SHA256_HEX_DIGITS = 64
PARTIAL_SHARE, AGAIN_SHARE = 0.01, 0.001
WHOLE_REPORT, PARTIAL_REPORT, SENT_AGAIN = 0, 1, 2
PHANTOMS = dict(zip(("head", "body"), LEVEL_PHANTOMS, strict=True))
CT_DOSE_SR = "1.2.840.10008.5.1.4.1.1.88.67"
SCHEMAS = {table.name: table.arrow_schema() for table in TABLES}

Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reports:
    """Examination and kind of each report."""

    of: Whole
    kind: Whole

    def __len__(self) -> int:
        return len(self.of)


def hex_keys(rng: np.random.Generator, number: int, digits: int = PSEUDONYM_HEX_DIGITS) -> pa.Array:
    """Return this many random keys in hexadecimal, made at once."""
    text = rng.bytes(number * digits // 2).hex().encode()
    ends = np.arange(0, (number + 1) * digits, digits, dtype=np.int32)
    return pa.Array.from_buffers(
        pa.string(), number, [None, pa.py_buffer(ends), pa.py_buffer(text)]
    )


def rows_of(
    one: Examinations, device_key: str, submissions: Sequence[str], rng: np.random.Generator
) -> dict[str, pa.Table]:
    """`dose_report`, `ct_irradiation_event` and `ct_accumulated_dose` of one block, without the
    columns that are NULL in all of them."""
    reports = _reports(len(one), rng)
    keys = _report_keys(one, reports, submissions, rng)
    devices = {"device_key": device_key, "national_device_key": device_key}
    stated = {**keys, **_report_columns(one, reports), **devices}
    is_kept = _events_kept(one, reports)
    index = np.nonzero(is_kept)
    events = _event_columns(one, reports, index, _event_keys(one, reports, rng))
    events |= {name: pc.take(values, pa.array(index[0])) for name, values in keys.items()}
    totals = {**keys, **_totals(one, reports, is_kept)}
    return {
        DOSE_REPORT.name: given_columns(DOSE_REPORT, stated, len(reports)),
        CT_IRRADIATION_EVENT.name: given_columns(CT_IRRADIATION_EVENT, events, len(index[0])),
        CT_ACCUMULATED_DOSE.name: given_columns(CT_ACCUMULATED_DOSE, totals, len(reports)),
    }


def with_declared_schema(table: Table, given: pa.Table) -> pa.Table:
    """Return all declared columns; those that are not given are NULL."""
    schema = SCHEMAS[table.name]
    columns = [
        given[field.name] if field.name in given.column_names else pa.nulls(len(given), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def given_columns(table: Table, given: Mapping[str, Any], rows: int) -> pa.Table:
    """Return the given columns in their declared types; a scalar is the same in every row."""
    schema = SCHEMAS[table.name]
    return pa.table(
        {name: _column(values, schema.field(name).type, rows) for name, values in given.items()}
    )


def _column(given: Any, kind: pa.DataType, rows: int) -> pa.Array:
    if isinstance(given, np.ndarray):
        return pa.array(given, kind, from_pandas=True)
    if isinstance(given, pa.Array | pa.ChunkedArray):
        return given.cast(kind)
    return pa.repeat(pa.scalar(given, kind), rows)


def _reports(examinations: int, rng: np.random.Generator) -> Reports:
    every = np.arange(examinations)
    partial = every[rng.random(examinations) < PARTIAL_SHARE]
    again = every[rng.random(examinations) < AGAIN_SHARE]
    of = np.concatenate([every, partial, again])
    numbers = [examinations, len(partial), len(again)]
    kind = np.repeat([WHOLE_REPORT, PARTIAL_REPORT, SENT_AGAIN], numbers)
    order = np.argsort(of, kind="stable")
    return Reports(of[order], kind[order])


def _report_keys(
    one: Examinations, reports: Reports, submissions: Sequence[str], rng: np.random.Generator
) -> Columns:
    """Keys: a study that is sent again has its own key, and so has every report."""
    number = len(reports)
    which = one.day[reports.of] * len(submissions) // DAYS_IN_YEAR
    return {
        "facility_id": pa.repeat(one.site.place.facility_id, number),
        "submission_id": pc.take(pa.array(submissions), pa.array(which)),
        "object_sha256": hex_keys(rng, number, SHA256_HEX_DIGITS),
        "report_key": hex_keys(rng, number),
        "study_key": pc.take(
            hex_keys(rng, 2 * len(one)),
            pa.array(reports.of + len(one) * (reports.kind == SENT_AGAIN)),
        ),
    }


def _report_columns(one: Examinations, reports: Reports) -> Columns:
    model, of = one.device.model, reports.of
    first_day = np.datetime64(f"{one.year}-01-01")
    moment = (first_day + one.day).astype("datetime64[s]") + one.second
    return {
        "template_id": "10011",
        "sop_class_uid": CT_DOSE_SR,
        "modality": "CT",
        "manufacturer": model.manufacturer,
        "model_name": model.model_name,
        "software_versions": model.software,
        "study_date": (first_day + one.day)[of].astype("datetime64[D]"),
        "patient_age_days": one.age_days[of].astype(np.int32),
        "patient_sex": _word_by_truth(one.is_female[of], "F", "M"),
        "patient_weight_kg": one.weight_kg[of],
        "completion_flag": _word_by_truth(reports.kind == PARTIAL_REPORT, "PARTIAL", "COMPLETE"),
        "irradiation_started_at": pc.strftime(pa.array(moment[of]), format="%Y-%m-%dT%H:%M:%S"),
        **_names(one, of),
    }


def _names(one: Examinations, of: Whole) -> Columns:
    """Names of the examination, in the attribute that the facility uses."""
    place = one.site.place
    called = _word_by_truth(
        one.is_unmapped[of], place.unmapped_name, place.name_by_procedure[one.procedure]
    )
    return {
        "study_description": called if place.place == STUDY else VAGUE_STUDY_DESCRIPTION,
        "requested_procedure": called if place.place == REQUESTED else None,
    }


def _word_by_truth(which: Truth, yes: str | None, no: str | None) -> pa.Array:
    return pc.take(pa.array([no, yes], pa.string()), pa.array(which.astype(np.int8)))


def _events_kept(one: Examinations, reports: Reports) -> Truth:
    """A row per report, a column per scan: a partial report lacks the last."""
    kept = np.ones((len(reports), len(one.scans)), dtype=np.bool_)
    kept[reports.kind == PARTIAL_REPORT, -1] = False
    return kept


def _event_keys(
    one: Examinations, reports: Reports, rng: np.random.Generator
) -> tuple[pa.Array, Whole]:
    """Keys of all events, and the index of the first event of each report."""
    first = (reports.of + len(one) * (reports.kind == SENT_AGAIN)) * len(one.scans)
    return hex_keys(rng, 2 * len(one) * len(one.scans)), first


def _event_columns(
    one: Examinations,
    reports: Reports,
    index: tuple[npt.NDArray[np.intp], ...],
    event_keys: tuple[pa.Array, Whole],
) -> Columns:
    """Columns of the events kept: `index` holds the report and the scan of each."""
    report, scan = index
    keys, first = event_keys
    of = reports.of[report]
    region = REGIONS[one.procedure.region]
    is_with_dose = np.array([one_scan.has_dose for one_scan in one.scans])[scan]
    return {
        "event_key": pc.take(keys, pa.array(first[report] + scan)),
        "event_index": (scan + 1).astype(np.int32),
        "acquisition_protocol": _protocols(one, of, scan),
        "target_region": region.meaning,
        "target_region_code": f"{region.scheme_designator}:{region.value}",
        "ct_acquisition_type": _by_scan([each.acquisition for each in one.scans], scan),
        "scanning_length_mm": one.length_mm[of, scan].astype(np.float64),
        "kvp_kv": 120.0 if one.procedure.patient == ADULT else 100.0,
        "mean_ctdivol_mgy": np.where(is_with_dose, one.ctdivol[of, scan] / 100, np.nan),
        "dlp_mgy_cm": np.where(is_with_dose, one.dlp[of, scan] / 100, np.nan),
        "ctdiw_phantom": _word_by_truth(is_with_dose, PHANTOMS[one.procedure.phantom], None),
    }


def _protocols(one: Examinations, of: Whole, scan: npt.NDArray[np.intp]) -> pa.Array:
    mapped, unmapped = diagnostic_protocol(one)
    choice = scan + len(one.scans) * one.is_unmapped[of]
    return _by_scan(
        [*_protocol_names(one.scans, mapped), *_protocol_names(one.scans, unmapped)], choice
    )


def _protocol_names(scans: Sequence[Scan], diagnostic: str | None) -> list[str | None]:
    return [diagnostic if scan.kind == DIAGNOSTIC else scan.protocol for scan in scans]


def _by_scan(words: Sequence[str | None], scan: npt.NDArray[np.intp]) -> pa.Array:
    return pc.take(pa.array(words, pa.string()), pa.array(scan))


def _totals(one: Examinations, reports: Reports, is_kept: Truth) -> Columns:
    is_with_dose = np.array([scan.has_dose for scan in one.scans])
    return {
        "total_number_of_irradiation_events": is_kept.sum(axis=1).astype(np.float64),
        "dlp_total_mgy_cm": np.sum(one.dlp[reports.of] * (is_kept & is_with_dose), axis=1) / 100,
    }
