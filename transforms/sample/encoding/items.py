"""SR content items as pydicom datasets: one short function per value type."""

from __future__ import annotations

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.coding import Code

from transforms.sample.encoding.codes import concept, unit

CONTAINS = "CONTAINS"
OBS_CONTEXT = "HAS OBS CONTEXT"
CONCEPT_MOD = "HAS CONCEPT MOD"
PROPERTIES = "HAS PROPERTIES"
INFERRED_FROM = "INFERRED FROM"


def container(name: Code, *children: Dataset) -> Dataset:
    """A container with its children."""
    item = _item(CONTAINS, "CONTAINER", name, children)
    item.ContinuityOfContent = "SEPARATE"
    return item


def number(name: Code, value: str, ucum: str, *children: Dataset) -> Dataset:
    """A measured number with its unit."""
    item = _item(CONTAINS, "NUM", name, children)
    measured = Dataset()
    measured.NumericValue = value
    measured.MeasurementUnitsCodeSequence = unit(ucum)
    item.MeasuredValueSequence = Sequence([measured])
    return item


def code(relation: str, name: Code, value: Code, *children: Dataset) -> Dataset:
    """A coded value."""
    item = _item(relation, "CODE", name, children)
    item.ConceptCodeSequence = concept(value)
    return item


def text(relation: str, name: Code, value: str) -> Dataset:
    """A text."""
    item = _item(relation, "TEXT", name)
    item.TextValue = value
    return item


def uid(relation: str, name: Code, value: str) -> Dataset:
    """A reference by UID."""
    item = _item(relation, "UIDREF", name)
    item.UID = value
    return item


def moment(relation: str, name: Code, value: str) -> Dataset:
    """A date and time (DT)."""
    item = _item(relation, "DATETIME", name)
    item.DateTime = value
    return item


def _item(
    relation: str, value_type: str, name: Code, children: tuple[Dataset, ...] = ()
) -> Dataset:
    item = Dataset()
    item.RelationshipType = relation
    item.ValueType = value_type
    item.ConceptNameCodeSequence = concept(name)
    if children:
        item.ContentSequence = Sequence(list(children))
    return item
