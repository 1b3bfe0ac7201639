"""The marts the report reads, one row class each. Fields are the marts' columns."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Protocol, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.errors import DrlakeError
from transforms.lake import Lake
from transforms.methods import FIRST_LINE

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class FacilityTypicalValue:
    """One facility's distribution of a DRL quantity; doses in `unit`."""

    period: int
    facility_id: str
    procedure_id: str
    procedure_label: str
    patient_group_id: str
    patient_group_label: str
    drl_quantity: str
    unit: str
    method_id: str
    method_version: int
    n_examinations: int
    typical_value: float
    is_sufficient: bool


@dataclass(frozen=True, slots=True)
class NationalDrl:
    """The national distribution of the facilities' typical values; doses in `unit`."""

    period: int
    procedure_id: str
    procedure_label: str
    patient_group_id: str
    patient_group_label: str
    drl_quantity: str
    unit: str
    method_id: str
    method_version: int
    n_facilities: int
    n_examinations: int
    p25: float | None
    p50: float | None
    p75: float | None
    national_drl: float | None
    achievable_dose: float | None
    status: str


@dataclass(frozen=True, slots=True)
class FacilityComparison:
    """One facility's typical value against the NDRL of the same procedure and group."""

    period: int
    facility_id: str
    procedure_id: str
    patient_group_id: str
    drl_quantity: str
    method_id: str
    n_examinations: int
    typical_value: float | None
    ratio_to_national_drl: float | None
    position: str


@dataclass(frozen=True, slots=True)
class SubmissionQuality:
    """What one submission brought and what became of it."""

    facility_id: str
    submission_id: str
    first_study_date: datetime.date | None
    last_study_date: datetime.date | None
    n_received: int
    n_accepted: int
    n_quarantined: int
    n_duplicate: int
    status: str
    hold_reason: str | None
    n_events: int
    n_examinations: int
    n_unmapped_examinations: int


@dataclass(frozen=True, slots=True)
class AttritionStep:
    """How many objects, events or examinations of a facility reached or left at a step."""

    facility_id: str
    counted: str
    step_number: int
    step: str
    reason_code: str | None
    n: int


@dataclass(frozen=True, slots=True)
class FacilityAttendance:
    """Whether a facility is missing, late or could not be visited."""

    facility_id: str
    facility_name: str | None
    cadence: str | None
    attendance: str
    reason_code: str | None
    n_days_behind: int | None


@dataclass(frozen=True, slots=True)
class Marts:
    """All rows the page is made of, in the marts' own order."""

    typical_values: tuple[FacilityTypicalValue, ...]
    national_drls: tuple[NationalDrl, ...]
    comparisons: tuple[FacilityComparison, ...]
    submissions: tuple[SubmissionQuality, ...]
    attendance: tuple[FacilityAttendance, ...]
    attrition: tuple[AttritionStep, ...]


def read_marts(lake: Lake) -> Marts:
    """Read the six marts the page needs: of the first-line method, and of its newest period."""
    typical_values = _rows(lake, "facility_typical_values", FacilityTypicalValue)
    newest = newest_period(typical_values)
    return Marts(
        typical_values=shown(typical_values, newest),
        national_drls=shown(_rows(lake, "national_drls", NationalDrl), newest),
        comparisons=shown(_rows(lake, "facility_drl_comparisons", FacilityComparison), newest),
        submissions=_rows(lake, "submission_quality", SubmissionQuality),
        attendance=_rows(lake, "facility_attendance", FacilityAttendance),
        attrition=_rows(lake, "attrition", AttritionStep),
    )


class OfMethod(Protocol):
    """A row of one method and one calendar year."""

    @property
    def period(self) -> int:
        """Calendar year of the examinations."""

    @property
    def method_id(self) -> str:
        """The method that made the numbers."""


Shown = TypeVar("Shown", bound=OfMethod)


def newest_period(rows: Iterable[OfMethod]) -> int | None:
    """The last year that the first-line method has numbers for; None where it has none."""
    return max((row.period for row in rows if row.method_id == FIRST_LINE), default=None)


def shown(rows: Iterable[Shown], period: int | None) -> tuple[Shown, ...]:
    """The rows of the first-line method in this period."""
    return tuple(row for row in rows if row.method_id == FIRST_LINE and row.period == period)


def read_mart(lake: Lake, name: str) -> pa.Table:
    """One exported mart with all its columns; DrlakeError where it is not there."""
    path = lake.path("marts", f"{name}.parquet")
    if not lake.exists(path):
        raise DrlakeError(f"The mart {name} is not in the lake. Run `drlake build` first.")
    return pq.read_table(io.BytesIO(lake.read_bytes(path)))


def _rows(lake: Lake, name: str, row_class: type[Row]) -> tuple[Row, ...]:
    table = read_mart(lake, name)
    wanted = [field.name for field in fields(row_class)]  # type: ignore[arg-type]
    missing = [column for column in wanted if column not in table.column_names]
    if missing:
        raise DrlakeError(
            f"The mart {name} lacks {', '.join(missing)}. Run `drlake build` with this version."
        )
    rows: list[dict[str, Any]] = table.select(wanted).to_pylist()
    return tuple(row_class(**row) for row in rows)
