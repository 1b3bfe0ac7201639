"""Reads from `data/reference` the methods, quantities and display order of the reports."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from transforms.errors import DrlakeError
from transforms.reference.files import REFERENCE
from transforms.report.frame.catalogue import msg

RADIOGRAPHS = msg("Radiographs of one view")
"""The procedures of procedures.csv that have a view."""


@dataclass(frozen=True, slots=True)
class OtherScope:
    """Another scope of a method for one procedure, DRL quantity or both; None for all."""

    scope: str
    procedure_label: str | None
    quantity_label: str | None


@dataclass(frozen=True, slots=True)
class Method:
    """A versioned rule for computing levels; percentiles are fractions of 1.

    `scope` is that of all procedures and quantities which `other_scopes` do not name.
    """

    method_id: str
    method_version: int
    label: str
    unit_of_analysis: str
    site_statistic: str
    percentile: float
    achievable_percentile: float
    minimum_examinations: int
    minimum_facilities: int
    patient_selection: str
    scope: str
    ctdivol_rule: str
    source: str
    note: str
    other_scopes: tuple[OtherScope, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A DRL quantity with its display label, unit and definition for one examination."""

    drl_quantity: str
    label: str
    unit: str
    definition: str


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference tables that the reports need; `*_order` are ids in display order."""

    methods: tuple[Method, ...]
    quantities: tuple[Quantity, ...]
    procedure_order: tuple[str, ...]
    patient_group_order: tuple[str, ...]

    def method(self, used: Iterable[tuple[str, int]]) -> Method:
        """Return the one method of these (id, version) pairs.

        Raises DrlakeError if the marts hold several methods, or a method that is not in
        `methods.csv`, because the report could not describe it.
        """
        keys = sorted(set(used))
        if len(keys) > 1:
            raise DrlakeError(f"The marts hold {len(keys)} methods; this report shows one.")
        known = {(method.method_id, method.method_version): method for method in self.methods}
        key = keys[0]
        if key not in known:
            raise DrlakeError(
                f"Method {key[0]} version {key[1]} is not in methods.csv. Add its row."
            )
        return known[key]

    def newest(self, method_id: str) -> tuple[str, int]:
        """Id and newest version of a method, for marts without any number of it."""
        return max(
            (method.method_id, method.method_version)
            for method in self.methods
            if method.method_id == method_id
        )


def read_reference(folder: Path = REFERENCE) -> Reference:
    """Read the reference tables; DrlakeError if one is missing or empty."""
    others = _other_scopes(folder)
    return Reference(
        methods=tuple(_method(row, others) for row in _read(folder, "methods")),
        quantities=tuple(_quantity(row) for row in _read(folder, "drl_quantities")),
        procedure_order=_column(folder, "procedures", "procedure_id"),
        patient_group_order=_column(folder, "patient_groups", "group_id"),
    )


def _other_scopes(folder: Path) -> dict[str, list[OtherScope]]:
    """Scopes that differ from the method's, by method."""
    procedures = {row["procedure_id"]: row["label"] for row in _read(folder, "procedures")}
    quantities = {row["drl_quantity"]: row["label"] for row in _read(folder, "drl_quantities")}
    scopes = {row["method_id"]: row["scope"] for row in _read(folder, "methods")}
    found: dict[str, list[OtherScope]] = {}
    for row in _read(folder, "method_procedures"):
        if row["scope"] and row["scope"] != scopes.get(row["method_id"]):
            names = procedures.get(row["procedure_id"]), quantities.get(row["drl_quantity"])
            found.setdefault(row["method_id"], []).append(OtherScope(row["scope"], *names))
    for row in _read(folder, "methods"):
        if "DX" in row["modalities"].split(";"):
            of_views = OtherScope("view", RADIOGRAPHS, quantities.get("kap"))
            found.setdefault(row["method_id"], []).append(of_views)
    return found


def _method(row: Mapping[str, str], others: Mapping[str, list[OtherScope]]) -> Method:
    return Method(
        method_id=row["method_id"],
        method_version=int(row["method_version"]),
        label=row["label"],
        unit_of_analysis=row["unit_of_analysis"],
        site_statistic=row["site_statistic"],
        percentile=float(row["percentile"]),
        achievable_percentile=float(row["achievable_percentile"]),
        minimum_examinations=int(row["minimum_examinations"]),
        minimum_facilities=int(row["minimum_facilities"]),
        patient_selection=row["patient_selection"],
        scope=row["scope"],
        ctdivol_rule=row["ctdivol_rule"],
        source=row["source"],
        note=row["note"],
        other_scopes=tuple(others.get(row["method_id"], ())),
    )


def _quantity(row: Mapping[str, str]) -> Quantity:
    return Quantity(row["drl_quantity"], row["label"], row["unit"], row["definition"])


def _column(folder: Path, name: str, column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row[column] for row in _read(folder, name)))


def _read(folder: Path, name: str) -> list[dict[str, str]]:
    path = folder / f"{name}.csv"
    if not path.exists():
        raise DrlakeError(f"The reference table {name}.csv is missing.")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        raise DrlakeError(f"The reference table {name}.csv has no rows.")
    return rows
