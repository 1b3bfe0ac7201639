"""The closed lists that a form chooses from: procedures, patient groups, DRL quantities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transforms.normalise.quantities import DrlQuantity, drl_quantities
from transforms.reference.files import reference_rows


@dataclass(frozen=True, slots=True)
class Procedure:
    """One row of procedures.csv."""

    procedure_id: str
    label: str
    modality: str
    body_region: str


@dataclass(frozen=True, slots=True)
class PatientGroup:
    """One row of patient_groups.csv; without modality or body region it is for every one."""

    group_id: str
    label: str
    modalities: frozenset[str]
    body_regions: frozenset[str]

    def is_for(self, procedure: Procedure) -> bool:
        """Whether the procedure's patients can be in it."""
        return (not self.modalities or procedure.modality in self.modalities) and (
            not self.body_regions or procedure.body_region in self.body_regions
        )


@dataclass(frozen=True, slots=True)
class Lists:
    """What a form may name, by its name."""

    procedures: Mapping[str, Procedure]
    patient_groups: Mapping[str, PatientGroup]
    quantities: Mapping[str, DrlQuantity]

    def quantities_of(self, procedure: Procedure) -> list[DrlQuantity]:
        """The quantities that levels of this procedure are stated in."""
        return [one for one in self.quantities.values() if procedure.modality in one.modalities]


def read_lists() -> Lists:
    """The lists as data/reference states them."""
    return Lists(
        {row["procedure_id"]: _procedure(row) for row in reference_rows("procedures")},
        {row["group_id"]: _group(row) for row in reference_rows("patient_groups")},
        drl_quantities(),
    )


def _procedure(row: Mapping[str, str]) -> Procedure:
    return Procedure(row["procedure_id"], row["label"], row["modality"], row["body_region"])


def _group(row: Mapping[str, str]) -> PatientGroup:
    named = [frozenset(filter(None, row[n].split(";"))) for n in ("modalities", "body_regions")]
    return PatientGroup(row["group_id"], row["label"], *named)
