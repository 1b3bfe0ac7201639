"""Columns and words that the tables of declared data share."""

from __future__ import annotations

import pyarrow as pa

from transforms.tables.schema import Column

FORM = "derived: form of drlake declared"
LOADED = "derived: drlake declared load"
YES_NO_UNKNOWN = ("yes", "no", "unknown")
FIRST_YEAR, LAST_YEAR = 1960, 2099
"""The years that a form may name: no scanner in use is older than the first CT."""


def word(name: str, description: str, allowed: tuple[str, ...] = ()) -> Column:
    """A text that must be stated, one of a closed list where there is one."""
    return Column(name, pa.string(), description, FORM, nullable=False, allowed=allowed)


def text(name: str, description: str) -> Column:
    """A text that may be left open."""
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
    """A number of things; NULL where it is not known."""
    return Column(name, pa.int64(), description, FORM, minimum=0, maximum=10**9)


def amount(
    name: str,
    unit: str | None,
    description: str,
    limits: tuple[float, float],
    *,
    nullable: bool = True,
) -> Column:
    """A number with its unit between two limits."""
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


MANUFACTURER = word("manufacturer", "Maker of the model, as declared.")
MODEL_NAME = word("model_name", "Model as its maker writes it.")
COUNTRY = word("country", "ISO 3166-1 alpha-2 code of the country.")
DECLARED_BY = word("declared_by", "Who declares it: a maker, an association, an authority.")
DECLARED_ON = day("declared_on", "Day of the declaration.", nullable=False)
EVIDENCE_URI = text("evidence_uri", "Where what is declared can be read; NULL where nowhere.")

OF_A_LOAD = (
    Column(
        "sequence_number",
        pa.int32(),
        "Which load of this kind it is, from 1; the highest counts, as a whole.",
        LOADED,
        nullable=False,
        minimum=1,
    ),
    Column(
        "file_sha256",
        pa.string(),
        "SHA-256 of the file that was loaded, in hexadecimal.",
        LOADED,
        nullable=False,
    ),
)
"""Columns that no form has; every table of declared data ends with them."""
