"""The facility registry of the synthetic nation: `facilities.csv` beside the exports.

Names and places are invented. One registered facility sends nothing: its folder is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from transforms.receive.registry import COLUMNS
from transforms.sample.hostile_texts import FACILITY_NAMES
from transforms.sample.inventory import InstalledDevice

REGISTRY_NAME = "facilities.csv"
COUNTRY = "XA"
"""A user-assigned code of ISO 3166: no country has it."""

REGIONS = ("North", "South", "East", "West")
TYPES = ("university_hospital", "hospital", "clinic", "practice", "hospital", "hospital")
CADENCES = ("monthly", "monthly", "quarterly")
SINCE = "2024-01-01"


def registry_rows(
    directory: Path,
    facilities: Iterable[str],
    silent: Iterable[str],
    devices: list[InstalledDevice],
) -> Iterator[tuple[str, ...]]:
    """Header and rows of the registry; one facility is a screening unit without devices."""
    yield COLUMNS
    for facility_id in facilities:
        own = [one for one in devices if one.facility_id == facility_id]
        number = int(facility_id[1:])
        yield _row(directory, facility_id, TYPES[number % len(TYPES)], own)
    for facility_id in silent:
        yield _row(directory, facility_id, "screening_unit", [])


def _row(
    directory: Path, facility_id: str, facility_type: str, devices: list[InstalledDevice]
) -> tuple[str, ...]:
    number = int(facility_id[1:])
    named = ";".join(f"{one.manufacturer}|{one.model_name}|{one.serial}" for one in devices)
    row = {
        "facility_id": facility_id,
        "name": FACILITY_NAMES.get(number, f"Hospital {number}"),
        "country": COUNTRY,
        "region": REGIONS[number % len(REGIONS)],
        "facility_type": facility_type,
        "export_url": f"file://{quote(str(directory.resolve() / facility_id))}",
        "cadence": CADENCES[number % len(CADENCES)],
        "contact": f"dose@{facility_id.lower()}.example",
        "devices": named,
        "allows": "serial_number",
        "since": SINCE,
        "until": "",
    }
    return tuple(row[column] for column in COLUMNS)
