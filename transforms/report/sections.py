"""Marts arranged as the page reads: one section per procedure and patient group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from transforms.report.chart import Plot
from transforms.report.marts import FacilityComparison, Marts, NationalDrl
from transforms.report.numbers import unit_text
from transforms.report.reference import Quantity, Reference

ABOVE = ("above", "possibly_above", "consistently_above")
"""Positions of typical values that are above the NDRL, with or without doubt."""
COMPARED = (*ABOVE, "at_or_below", "unusually_low")
"""Positions of all that were compared with an NDRL."""
Comparisons = Mapping[str, Mapping[str, FacilityComparison]]
"""Facility id → DRL quantity → comparison."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One procedure, patient group and quantity: the plotted values and their quantiles."""

    quantity: str
    label: str
    unit: str
    national: NationalDrl
    values: tuple[float, ...]
    n_above: int

    @property
    def is_ndrl(self) -> bool:
        """Whether enough facilities count for an NDRL; else the median is a typical value."""
        return self.national.status == "ndrl" and self.national.national_drl is not None

    @property
    def minimum(self) -> float | None:
        """Smallest typical value of a facility that counts."""
        return min(self.values, default=None)

    @property
    def maximum(self) -> float | None:
        """Largest typical value of a facility that counts."""
        return max(self.values, default=None)

    @property
    def plot(self) -> Plot:
        """What is drawn; a row with too few facilities has neither NDRL nor box."""
        national = self.national
        if not self.is_ndrl:
            return Plot(self.unit, self.values, typical_value=national.p50)
        return Plot(
            self.unit,
            self.values,
            p25=national.p25,
            p75=national.p75,
            national_drl=national.national_drl,
            achievable_dose=national.achievable_dose,
        )


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """One facility in a section's comparison; `by_figure` has None where it has no value."""

    facility_id: str
    n_examinations: str
    by_figure: tuple[FacilityComparison | None, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One procedure and patient group: a figure per quantity, then facility by facility."""

    anchor: str
    procedure: str
    patient_group: str
    figures: tuple[Figure, ...]
    facilities: tuple[FacilityRow, ...]

    @property
    def by_quantity(self) -> dict[str, Figure]:
        """The figures by their DRL quantity."""
        return {figure.quantity: figure for figure in self.figures}

    @property
    def n_facilities(self) -> str:
        """Facilities that count; per quantity where the quantities differ."""
        return same_or_each([(f.label, f.national.n_facilities) for f in self.figures])

    @property
    def n_examinations(self) -> str:
        """Examinations of those facilities; per quantity where the quantities differ."""
        return same_or_each([(f.label, f.national.n_examinations) for f in self.figures])


def same_or_each(counts: Sequence[tuple[str, int]]) -> str:
    """`23` where all counts are equal, else `23 (CTDIvol), 22 (DLP)`."""
    if len({count for _, count in counts}) <= 1:
        return str(counts[0][1]) if counts else "0"
    return ", ".join(f"{count} ({label})" for label, count in counts)


def sections(marts: Marts, reference: Reference) -> tuple[Section, ...]:
    """One section per procedure and patient group of `national_drls`, in reference order."""
    grouped: dict[tuple[str, str], list[NationalDrl]] = defaultdict(list)
    for row in marts.national_drls:
        grouped[row.procedure_id, row.patient_group_id].append(row)
    keys = sorted(grouped, key=lambda key: _reading_order(key, reference))
    values, comparisons = _values(marts), _comparisons(marts)
    return tuple(
        _section(number, grouped[key], values, comparisons.get(key, {}), reference)
        for number, key in enumerate(keys, start=1)
    )


def uncounted(marts: Marts) -> tuple[str, ...]:
    """What was examined but has no national row, because no facility has enough examinations."""
    stated = {(row.procedure_id, row.patient_group_id) for row in marts.national_drls}
    found = {
        f"{row.procedure_label} · {row.patient_group_label}"
        for row in marts.typical_values
        if (row.procedure_id, row.patient_group_id) not in stated
    }
    return tuple(sorted(found))


def quantities_used(parts: Iterable[Section], reference: Reference) -> tuple[Quantity, ...]:
    """The quantities that any section has, in reference order."""
    labels = {figure.quantity: figure for part in parts for figure in part.figures}
    order = [quantity.drl_quantity for quantity in reference.quantities]
    known = {quantity.drl_quantity: quantity for quantity in reference.quantities}
    return tuple(
        known.get(name, Quantity(name, labels[name].label, labels[name].national.unit, ""))
        for name in sorted(labels, key=lambda name: _place(name, order))
    )


def _section(
    number: int,
    rows: Sequence[NationalDrl],
    values: Mapping[tuple[str, str, str], list[float]],
    comparisons: Comparisons,
    reference: Reference,
) -> Section:
    order = [quantity.drl_quantity for quantity in reference.quantities]
    rows = sorted(rows, key=lambda row: _place(row.drl_quantity, order))
    figures = tuple(_figure(row, values, comparisons, reference) for row in rows)
    return Section(
        anchor=f"examination-{number}",
        procedure=rows[0].procedure_label,
        patient_group=rows[0].patient_group_label,
        figures=figures,
        facilities=_facility_rows(figures, comparisons),
    )


def _figure(
    row: NationalDrl,
    values: Mapping[tuple[str, str, str], list[float]],
    comparisons: Comparisons,
    reference: Reference,
) -> Figure:
    labels = {quantity.drl_quantity: quantity.label for quantity in reference.quantities}
    key = (row.procedure_id, row.patient_group_id, row.drl_quantity)
    compared = [by_quantity.get(row.drl_quantity) for by_quantity in comparisons.values()]
    return Figure(
        quantity=row.drl_quantity,
        label=labels.get(row.drl_quantity, row.drl_quantity),
        unit=unit_text(row.unit),
        national=row,
        values=tuple(sorted(values.get(key, []))),
        n_above=sum(item is not None and item.position in ABOVE for item in compared),
    )


def _facility_rows(figures: Sequence[Figure], comparisons: Comparisons) -> tuple[FacilityRow, ...]:
    rows = []
    for facility_id in sorted(comparisons):
        by_figure = tuple(comparisons[facility_id].get(figure.quantity) for figure in figures)
        counts = [
            (figure.label, item.n_examinations)
            for figure, item in zip(figures, by_figure, strict=True)
            if item is not None
        ]
        rows.append(FacilityRow(facility_id, same_or_each(counts), by_figure))
    return tuple(rows)


def _values(marts: Marts) -> dict[tuple[str, str, str], list[float]]:
    values: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for row in marts.typical_values:
        if row.is_sufficient:
            key = (row.procedure_id, row.patient_group_id, row.drl_quantity)
            values[key].append(row.typical_value)
    return values


def _comparisons(
    marts: Marts,
) -> dict[tuple[str, str], dict[str, dict[str, FacilityComparison]]]:
    grouped: dict[tuple[str, str], dict[str, dict[str, FacilityComparison]]] = {}
    for row in marts.comparisons:
        section = grouped.setdefault((row.procedure_id, row.patient_group_id), {})
        section.setdefault(row.facility_id, {})[row.drl_quantity] = row
    return grouped


def _reading_order(
    key: tuple[str, str], reference: Reference
) -> tuple[tuple[int, str], tuple[int, str]]:
    procedure, group = key
    return (
        _place(procedure, reference.procedure_order),
        _place(group, reference.patient_group_order),
    )


def _place(name: str, order: Sequence[str]) -> tuple[int, str]:
    # What the reference tables do not list comes last, by name.
    return (order.index(name) if name in order else len(order), name)
