"""Data declared by facilities, manufacturers and their association, one module per kind of form."""

from __future__ import annotations

from collections.abc import Mapping

from transforms.tables.declared.benchmark import DECLARED_BENCHMARK
from transforms.tables.declared.common import OF_A_LOAD
from transforms.tables.declared.deliverable import DECLARED_DELIVERABLE
from transforms.tables.declared.device import DECLARED_DEVICE, DEVICE_KEY, SERIAL_NUMBER
from transforms.tables.declared.facility import DECLARED_FACILITY
from transforms.tables.declared.feature import DECLARED_FEATURE
from transforms.tables.declared.model import DECLARED_MODEL
from transforms.tables.declared.training import DECLARED_TRAINING
from transforms.tables.schema import Column, Table

DECLARED_TABLES: tuple[Table, ...] = (
    DECLARED_DEVICE,
    DECLARED_MODEL,
    DECLARED_FEATURE,
    DECLARED_BENCHMARK,
    DECLARED_TRAINING,
    DECLARED_DELIVERABLE,
    DECLARED_FACILITY,
)
KINDS: Mapping[str, Table] = {
    table.name.removeprefix("declared_"): table for table in DECLARED_TABLES
}
"""The table of each kind of form: `device`, `model`, ..."""


def form_columns(table: Table) -> tuple[Column, ...]:
    """The columns of the form in order, with serial numbers in place of device keys."""
    stated = (column for column in table.columns if column not in OF_A_LOAD)
    return tuple(SERIAL_NUMBER if column is DEVICE_KEY else column for column in stated)


__all__ = [
    "DECLARED_BENCHMARK",
    "DECLARED_DELIVERABLE",
    "DECLARED_DEVICE",
    "DECLARED_FACILITY",
    "DECLARED_FEATURE",
    "DECLARED_MODEL",
    "DECLARED_TABLES",
    "DECLARED_TRAINING",
    "KINDS",
    "form_columns",
]
