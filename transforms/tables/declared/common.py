"""Columns and vocabularies shared by the tables of declared data."""

from __future__ import annotations

import pyarrow as pa

from transforms.tables.schema import Column

FORM = "derived: form of drlake declared"
LOADED = "derived: drlake declared load"
YES_NO_UNKNOWN = ("yes", "no", "unknown")
FIRST_YEAR, LAST_YEAR = 1960, 2099
"""Range of years that a form may contain; no scanner in use was made earlier."""


def word(name: str, description: str, allowed: tuple[str, ...] = ()) -> Column:
    """A required text, restricted to `allowed` values if there are any."""
    return Column(name, pa.string(), description, FORM, nullable=False, allowed=allowed)


def text(name: str, description: str) -> Column:
    """An optional text."""
    return Column(name, pa.string(), description, FORM)


def day(name: str, description: str, *, nullable: bool = True) -> Column:
    """A calendar day."""
    return Column(name, pa.date32(), description, FORM, nullable=nullable)


def year(name: str, description: str, *, first: int = FIRST_YEAR, nullable: bool = True) -> Column:
    """A calendar year."""
    return Column(
        name,
        pa.int32(),
        description,
        FORM,
        nullable=nullable,
        minimum=first,
        maximum=LAST_YEAR,
    )


def count(name: str, description: str) -> Column:
    """A count; NULL if unknown."""
    return Column(name, pa.int64(), description, FORM, minimum=0, maximum=10**9)


def amount(
    name: str,
    unit: str | None,
    description: str,
    limits: tuple[float, float],
    *,
    nullable: bool = True,
) -> Column:
    """A number with its unit, between two limits."""
    low, high = limits
    return Column(
        name,
        pa.float64(),
        description,
        FORM,
        unit=unit,
        nullable=nullable,
        minimum=low,
        maximum=high,
    )


MANUFACTURER = word("manufacturer", "Manufacturer of the model, as declared.")
MODEL_NAME = word("model_name", "Model name as the manufacturer writes it.")
COUNTRY = word("country", "ISO 3166-1 alpha-2 code of the country.")
DECLARED_BY = word(
    "declared_by",
    "Organisation that makes the declaration: a manufacturer, an association or an authority.",
)
DECLARED_ON = day("declared_on", "Day of the declaration.", nullable=False)
EVIDENCE_URI = text("evidence_uri", "URI of the published evidence; NULL if there is none.")

OF_A_LOAD = (
    Column(
        "sequence_number",
        pa.int32(),
        "Sequence number of the load of this kind of form, from 1; only the highest is used.",
        LOADED,
        nullable=False,
        minimum=1,
    ),
    Column(
        "file_sha256",
        pa.string(),
        "SHA-256 checksum of the loaded file, in hexadecimal.",
        LOADED,
        nullable=False,
    ),
)
"""Columns added on loading, at the end of every table of declared data; they are not in the
forms."""
