"""`drlake ledger balance`: files are counted from the lake, events and doses from the warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from transforms.lake.lake import Lake
from transforms.ledger.entries import Entry, entries, quarantined_share
from transforms.ledger.held import HeldObjects, held_objects
from transforms.warehouse.reading import Warehouse, open_warehouse

RELATIVE_ROUNDING = 1e-9
"""Tolerance for sums of the same doses in another order (as in the dbt test ledger_days)."""

DAYS = """
select
    facility_id,
    cast(study_date as varchar) as study_date,
    counted,
    coalesce(sum(amount) filter (where side = 'arrived'), 0) as arrived,
    coalesce(sum(amount) filter (where side = 'lost'), 0) as lost,
    coalesce(sum(amount) filter (where side = 'used'), 0) as used
from core.fct_ledger_entries
group by all
order by facility_id, counted, study_date nulls first
"""

LOSSES = """
select facility_id, counted, reason_code, sum(amount) as amount
from core.fct_ledger_entries
where side = 'lost'
group by all
order by all
"""


@dataclass(frozen=True, slots=True)
class FileLine:
    """Files of one facility by outcome."""

    facility_id: str
    received: int
    accepted: int
    held: int
    quarantined: int
    duplicate: int
    pending: int
    missing: int
    unexplained: int

    @property
    def balances(self) -> bool:
        """Whether every file has exactly one outcome."""
        return self.missing == 0 and self.unexplained == 0


@dataclass(frozen=True, slots=True)
class DayLine:
    """Amounts of one facility and study date: arrived, lost and used; None is no date."""

    facility_id: str
    study_date: str | None
    counted: str
    arrived: float
    lost: float
    used: float

    @property
    def balances(self) -> bool:
        """Whether arrived = lost + used."""
        return abs(self.arrived - self.lost - self.used) <= RELATIVE_ROUNDING * self.arrived


@dataclass(frozen=True, slots=True)
class Balance:
    """The ledger of a lake; `days` is None before the first build."""

    files: tuple[FileLine, ...]
    days: tuple[DayLine, ...] | None
    losses: tuple[dict[str, Any], ...]
    held: tuple[HeldObjects, ...]
    unbalanced_submissions: tuple[str, ...]

    @property
    def quarantined_share(self) -> float:
        """Share of received objects that are quarantined; 0 for an empty lake."""
        return quarantined_share(self.files)

    def problem_lines(self) -> list[str]:
        """Descriptions of everything that does not balance."""
        files = [f"files of submission {name}" for name in self.unbalanced_submissions]
        days = [line for line in self.days or () if not line.balances]
        return files + [
            f"{line.counted} of {line.facility_id} on {line.study_date or 'no date'} "
            f"({line.arrived:g} arrived, {line.lost:g} lost, {line.used:g} used)"
            for line in days
        ]

    def sums(self) -> list[DayLine]:
        """Sums over all days, per facility and counted unit."""
        groups = groupby(self.days or (), key=lambda line: (line.facility_id, line.counted))
        return [_sum(*key, list(lines)) for key, lines in groups]

    def document(self) -> dict[str, Any]:
        """The whole balance as a JSON document."""
        return {
            "files": [asdict(line) for line in self.files],
            "days": None if self.days is None else [asdict(line) for line in self.days],
            "losses": list(self.losses),
            "held": [asdict(one) for one in self.held],
            "unbalanced": self.problem_lines(),
        }


def balance(lake: Lake) -> Balance:
    """The balance of files now, and of reports, events and DLP as of the last build."""
    found = entries(lake)
    with open_warehouse(lake) as built:
        days = None if built is None else tuple(DayLine(**row) for row in built.rows(DAYS))
        losses = () if built is None else tuple(_losses(built))
    return Balance(
        files=tuple(_files(found)),
        days=days,
        losses=losses,
        held=tuple(held_objects(lake, found)),
        unbalanced_submissions=tuple(one.submission_id for one in found if not one.balances),
    )


def _losses(built: Warehouse) -> list[dict[str, Any]]:
    return built.rows(LOSSES)


def _files(found: Iterable[Entry]) -> list[FileLine]:
    names = [name for name in FileLine.__slots__ if name != "facility_id"]
    by_facility: dict[str, list[Entry]] = {}
    for entry in found:
        by_facility.setdefault(entry.facility_id, []).append(entry)
    return [
        FileLine(facility_id, *(sum(getattr(one, name) for one in listed) for name in names))
        for facility_id, listed in sorted(by_facility.items())
    ]


def _sum(facility_id: str, counted: str, lines: Sequence[DayLine]) -> DayLine:
    arrived, lost, used = (
        sum(getattr(line, side) for line in lines) for side in ("arrived", "lost", "used")
    )
    return DayLine(facility_id, None, counted, arrived, lost, used)
