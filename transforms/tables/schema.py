"""Classes that describe tables and columns, used by `transforms/tables`.

A column is described once, here in Python. Parquet field metadata, the structural
Great Expectations suite and the dbt sources are derived from that description.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
from pydicom.sr.coding import Code


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one table.

    `name` ends in the unit when there is one; `unit` is the same unit in UCUM. `source` is the
    coded concept the value is read from, or the DICOM attribute, or "derived: ..." for values that
    drlake computes. `minimum` and `maximum` are physical limits (a value outside them is
    impossible); limits for unusual values are policy and are in `expectations/`.
    """

    name: str
    type: pa.DataType
    description: str
    source: Code | str
    unit: str | None = None
    nullable: bool = True
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[str, ...] = ()

    @property
    def source_text(self) -> str:
        """The source as readable text, e.g. `DCM 113830 "Mean CTDIvol"`."""
        if isinstance(self.source, str):
            return self.source
        return f'{self.source.scheme_designator} {self.source.value} "{self.source.meaning}"'

    def arrow_field(self) -> pa.Field:
        """The Arrow field, carrying description, unit and source as metadata."""
        metadata = {"description": self.description, "source": self.source_text}
        if self.unit:
            metadata["unit"] = self.unit
        return pa.field(self.name, self.type, nullable=self.nullable, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its grain in a sentence, its key, and its columns in order."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names in declaration order."""
        return tuple(column.name for column in self.columns)

    def arrow_schema(self) -> pa.Schema:
        """The Arrow schema every Parquet file of this table has."""
        return pa.schema(
            [column.arrow_field() for column in self.columns],
            metadata={"table": self.name, "grain": self.grain},
        )
