"""The closed lists of summaries: procedures, patient groups and DRL quantities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transforms.forms.form import Choices
from transforms.normalise.quantities import DrlQuantity, drl_quantities
from transforms.reference.files import reference_rows
from transforms.tables.facility_summary import SCOPES


@dataclass(frozen=True, slots=True)
class Procedure:
    """One row of procedures.csv; `view` is empty for a procedure that is an examination."""

    procedure_id: str
    label: str
    modality: str
    body_region: str
    view: str


@dataclass(frozen=True, slots=True)
class PatientGroup:
    """One row of patient_groups.csv; an empty set of modalities or body regions means all."""

    group_id: str
    label: str
    modalities: frozenset[str]
    body_regions: frozenset[str]

    def is_for(self, procedure: Procedure) -> bool:
        """Whether the group is for patients of this procedure."""
        return (not self.modalities or procedure.modality in self.modalities) and (
            not self.body_regions or procedure.body_region in self.body_regions
        )


@dataclass(frozen=True, slots=True)
class Lists:
    """Entries of each list, by id."""

    procedures: Mapping[str, Procedure]
    patient_groups: Mapping[str, PatientGroup]
    quantities: Mapping[str, DrlQuantity]

    def choices(self) -> Choices:
        """Allowed values of each column with their meanings, as the form lists them."""
        return {
            "scope": dict.fromkeys(SCOPES, ""),
            "procedure_id": {name: one.label for name, one in self.procedures.items()},
            "patient_group_id": {name: one.label for name, one in self.patient_groups.items()},
            "drl_quantity": {name: one.unit for name, one in self.quantities.items()},
        }

    def quantities_of(self, procedure: Procedure) -> list[DrlQuantity]:
        """DRL quantities of this procedure."""
        return [one for one in self.quantities.values() if procedure.modality in one.modalities]


def scopes_of(procedure: Procedure, quantity: DrlQuantity) -> tuple[str, ...]:
    """What a value of this quantity can be of: one view of the procedures that are one view.

    A quantity that is always of views, such as AGD, is so for every procedure.
    """
    if quantity.scopes == ("view",):
        return quantity.scopes
    return tuple(scope for scope in quantity.scopes if (scope == "view") == bool(procedure.view))


def read_lists() -> Lists:
    """Read the lists from data/reference."""
    return Lists(
        {row["procedure_id"]: _procedure(row) for row in reference_rows("procedures")},
        {row["group_id"]: _group(row) for row in reference_rows("patient_groups")},
        drl_quantities(),
    )


def _procedure(row: Mapping[str, str]) -> Procedure:
    names = ("procedure_id", "label", "modality", "body_region", "view")
    return Procedure(*(row[name] for name in names))


def _group(row: Mapping[str, str]) -> PatientGroup:
    named = [frozenset(filter(None, row[n].split(";"))) for n in ("modalities", "body_regions")]
    return PatientGroup(row["group_id"], row["label"], *named)
