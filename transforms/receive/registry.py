"""The facility registry: who may submit, from where, and with which devices.

A CSV that the authority keeps (`data/reference/facilities.example.csv` shows one). It is checked
completely when it is loaded, and every problem is reported with its row and column. It must not
contain credentials.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from transforms.lake.lake import FACILITY_ID_PATTERN, Lake
from transforms.lake.pseudonyms import Pseudonyms
from transforms.settings import Settings
from transforms.sheets.checked_rows import (
    CheckedRow,
    Problem,
    TextReader,
    country,
    day,
    day_or_none,
    one_of,
    problem_lines,
    read_rows,
    required_line,
    unusable_file,
)
from transforms.sheets.read import Kind, read_csv
from transforms.tables.facility import ALLOWANCES, CADENCES, FACILITY, FACILITY_TYPES

KIND = Kind("The facility registry (--registry)")
PROTOCOLS = ("sftp", "s3", "file")
"""Protocols allowed in an export URL; the server's answers are never trusted."""

SECRET_WORDS = ("password", "passwd", "secret", "token", "key", "signature", "credential")


class Device(NamedTuple):
    """One X-ray unit as in its reports: (0008,0070), (0008,1090), (0018,1000)."""

    manufacturer: str
    model: str
    serial: str

    def device_key(self, facility_id: str, pseudonyms: Pseudonyms) -> str:
        """The `device_key` of its reports when this facility sends them."""
        maker, model = self.manufacturer.casefold(), self.model.casefold()
        return pseudonyms.of("device", facility_id, maker, model, self.serial)


@dataclass(frozen=True, slots=True)
class Facility:
    """One facility of the registry; the fields are the columns of the CSV, in order."""

    facility_id: str
    name: str
    country: str
    region: str
    facility_type: str
    export_url: str
    cadence: str
    contact: str
    devices: tuple[Device, ...]
    allows: frozenset[str]
    since: date
    until: date | None

    def takes_part_on(self, day: date) -> bool:
        """Whether the facility submits on this day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def row(self) -> dict[str, Any]:
        """Its row of table `facility`."""
        same = {name: getattr(self, name, None) for name in FACILITY.column_names}
        allows = " ".join(sorted(self.allows)) or None
        return {**same, "allows": allows, "registered_devices": len(self.devices)}


Registry = tuple[Facility, ...] | None
"""The registry of one run; None if each folder of the exports is a facility."""

COLUMNS = tuple(field.name for field in fields(Facility))


def load_registry(path: str | Path) -> tuple[Facility, ...]:
    """The facilities in the order of the file; UsageError lists all problems at once."""
    problems: list[str] = []
    rows = read_rows(read_csv(Path(path), KIND), READERS, problems)
    problems += [
        line for row in rows for line in problem_lines(row.number, _period_problems(row.values))
    ]
    problems += _repetition_problems(rows)
    if problems:
        raise unusable_file(KIND.what, Path(path), problems)
    return tuple(Facility(**row.values) for row in rows)


def configured_registry(settings: Settings) -> Registry:
    """The registry named in the settings; None if there is none."""
    return load_registry(settings.registry) if settings.registry else None


def write_registry(lake: Lake, facilities: Iterable[Facility]) -> None:
    """Write the registry into the lake as table `facility`."""
    lake.write_table("registry", FACILITY, "registry", [each.row() for each in facilities])


def foreign_device_keys(
    facilities: Iterable[Facility], facility_id: str, pseudonyms: Pseudonyms
) -> frozenset[str]:
    """Keys that devices registered to other facilities would have in this facility's reports."""
    return frozenset(
        device.device_key(facility_id, pseudonyms)
        for facility in facilities
        if facility.facility_id != facility_id
        for device in facility.devices
    )


def _period_problems(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    since, until = values.get("since"), values.get("until")
    if since and until and until < since:
        yield "until", "must not be before 'since'"


def _repetition_problems(rows: Sequence[CheckedRow]) -> list[str]:
    """Facility ids, export URLs and devices that are in more than one row."""
    problems: list[str] = []
    seen: dict[tuple[str, object], int] = {}
    for number, values, _ in rows:
        for column, own in _unique_values(values):
            first = seen.setdefault((column, own), number)
            if first != number:
                problems.append(f"row {number}, column {column!r}: row {first} has the same")
    return problems


def _unique_values(values: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Values that must be unique to a facility, by column."""
    for column in ("facility_id", "export_url"):
        if column in values:
            yield column, values[column]
    for device in values.get("devices", ()):
        yield "devices", tuple(part.casefold() for part in device)


def _facility_id(text: str) -> str:
    if not FACILITY_ID_PATTERN.fullmatch(text):
        raise Problem(
            "must be 1 to 32 letters, digits, '-' or '_', beginning with a letter or digit"
        )
    return text


def _export_url(text: str) -> str:
    """Reads a URL and refuses secrets in it; problems never quote it."""
    if any(not character.isprintable() or character.isspace() for character in text):
        raise Problem("must not contain spaces or control characters")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise Problem("is not a URL") from None
    if parts.scheme not in PROTOCOLS:
        raise Problem(f"must begin with one of {', '.join(f'{name}://' for name in PROTOCOLS)}")
    if parts.password is not None or _secrets(parts.query):
        raise Problem(
            "contains a credential, which is not allowed here: use the Airflow connection "
            "drlake_<facility_id>, or fsspec's configuration"
        )
    if parts.query or parts.fragment:
        raise Problem("must end with its path, without '?' and '#'")
    if (parts.scheme == "file") == bool(parts.hostname):
        raise Problem("must be file:///path, sftp://user@host/path or s3://bucket/path")
    if port == 0 or ".." in parts.path.split("/"):
        raise Problem("must have a port above 0 and no '..' in its path")
    return text


def _secrets(query: str) -> bool:
    names = [name.casefold() for name in parse_qs(query, keep_blank_values=True)]
    return any(word in name for name in names for word in SECRET_WORDS)


def devices_of(text: str) -> tuple[Device, ...]:
    """Devices as `manufacturer|model|serial`, with ';' between them; Problem if they are not."""
    devices = []
    for one in filter(None, (part.strip() for part in text.split(";"))):
        parts = [part.strip() for part in one.split("|")]
        if len(parts) != 3 or not all(parts):
            raise Problem("must be manufacturer|model|serial, with ';' between devices")
        devices.append(Device(*parts))
    return tuple(devices)


def _allows(text: str) -> frozenset[str]:
    words = frozenset(text.split())
    if words - set(ALLOWANCES):
        raise Problem(f"may contain only {' and '.join(ALLOWANCES)}")
    return words


READERS: Mapping[str, TextReader] = {
    "facility_id": _facility_id,
    "name": required_line,
    "country": country,
    "region": required_line,
    "facility_type": one_of(FACILITY_TYPES),
    "export_url": _export_url,
    "cadence": one_of(CADENCES),
    "contact": required_line,
    "devices": devices_of,
    "allows": _allows,
    "since": day,
    "until": day_or_none,
}
"""Reader of each column's cells; Problem if a cell cannot be read."""
