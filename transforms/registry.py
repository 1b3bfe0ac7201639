"""The facility registry: who may submit, from where, and with which devices.

A CSV that the authority keeps (`data/reference/facilities.example.csv` shows one). It is checked as
a whole when it is loaded, and every problem is named with its row and column. Credentials never
stand there.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from transforms.errors import UsageError
from transforms.lake import FACILITY_ID_PATTERN, Lake
from transforms.normalise.pseudonyms import Pseudonyms
from transforms.settings import Settings
from transforms.tables.facility import ALLOWANCES, CADENCES, FACILITY, FACILITY_TYPES

PROTOCOLS = ("sftp", "s3", "file")
"""What an export URL may begin with; each is reached without trusting what answers."""

SECRET_WORDS = ("password", "passwd", "secret", "token", "key", "signature", "credential")


class Device(NamedTuple):
    """One X-ray unit as its reports name it: (0008,0070), (0008,1090), (0018,1000)."""

    manufacturer: str
    model: str
    serial: str

    def device_key(self, facility_id: str, pseudonyms: Pseudonyms) -> str:
        """The `device_key` that its reports have when this facility sends them."""
        maker, model = self.manufacturer.casefold(), self.model.casefold()
        return pseudonyms.of("device", facility_id, maker, model, self.serial)


@dataclass(frozen=True, slots=True)
class Facility:
    """One facility of the registry; the fields are the columns of the CSV, in their order."""

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


Registered = tuple[Facility, ...] | None
"""The registry of one run, loaded once; None where each folder of the exports is a facility."""

COLUMNS = tuple(field.name for field in fields(Facility))


class Problem(ValueError):
    """What is wrong with one cell."""


def load_registry(path: str | Path) -> tuple[Facility, ...]:
    """The facilities in the order of the file; UsageError that names every problem at once."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The facility registry {path} cannot be read ({type(error).__name__}). Name with "
            "--registry a CSV file in UTF-8, as data/reference/facilities.example.csv is."
        ) from None
    lines = list(csv.reader(text.splitlines(keepends=True)))
    problems = _problems_of_header(lines[0] if lines else [])
    loaded: list[Facility] = []
    if not problems:
        loaded = _facilities(lines, problems)
        problems += _repeated(loaded, lines)
    if problems:
        raise UsageError(f"The facility registry {path} cannot be used:\n" + "\n".join(problems))
    return tuple(loaded)


def registered(settings: Settings) -> Registered:
    """The registry that the settings name."""
    return load_registry(settings.registry) if settings.registry else None


def write_registry(lake: Lake, facilities: Iterable[Facility]) -> None:
    """Put the registry into the lake, as the table `facility`."""
    lake.write_table("registry", FACILITY, "registry", [each.row() for each in facilities])


def foreign_device_keys(
    facilities: Iterable[Facility], facility_id: str, pseudonyms: Pseudonyms
) -> frozenset[str]:
    """Keys that the devices registered to others would have in reports that this one sends."""
    return frozenset(
        device.device_key(facility_id, pseudonyms)
        for facility in facilities
        if facility.facility_id != facility_id
        for device in facility.devices
    )


def _problems_of_header(header: list[str]) -> list[str]:
    missing = [name for name in COLUMNS if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    twice = sorted({name for name in header if header.count(name) > 1})
    told = (("is missing", missing), ("is not known", unknown), ("stands twice", twice))
    return [f"row 1, column {name!r}: {what}" for what, names in told for name in names]


def _facilities(lines: list[list[str]], problems: list[str]) -> list[Facility]:
    """Every row that can be read; what cannot is added to the problems."""
    header, loaded = lines[0], []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            problems.append(f"row {number}: has {len(cells)} cells, the header has {len(header)}")
            continue
        values = _values(number, dict(zip(header, map(str.strip, cells), strict=True)), problems)
        if len(values) == len(COLUMNS):
            loaded.append(Facility(**values))
    return loaded


def _values(number: int, row: Mapping[str, str], problems: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column, read in READERS.items():
        try:
            values[column] = read(row[column])
        except Problem as problem:
            problems.append(f"row {number}, column {column!r}: {problem}")
    since, until = values.get("since"), values.get("until")
    if since and until and until < since:
        problems.append(f"row {number}, column 'until': lies before 'since'")
    return values


def _repeated(loaded: list[Facility], lines: list[list[str]]) -> list[str]:
    """Facility ids, export URLs and devices that stand twice."""
    id_at = lines[0].index("facility_id")
    row_of = {cells[id_at].strip(): n for n, cells in enumerate(lines[1:], start=2) if any(cells)}
    ids = [cells[id_at].strip() for cells in lines[1:] if any(cells)]
    problems: list[str] = []
    seen: dict[tuple[str, object], str] = {}
    for name in sorted({name for name in ids if name and ids.count(name) > 1}):
        problems.append(f"row {row_of[name]}, column 'facility_id': {name!r} stands twice")
    for facility in loaded:
        things = [("export_url", facility.export_url), *(("devices", d) for d in facility.devices)]
        for column, thing in things:
            key = thing if isinstance(thing, str) else tuple(part.casefold() for part in thing)
            owner = seen.setdefault((column, key), facility.facility_id)
            if owner != facility.facility_id:
                row = row_of[facility.facility_id]
                problems.append(f"row {row}, column {column!r}: {owner} has the same")
    return problems


def _facility_id(text: str) -> str:
    if not FACILITY_ID_PATTERN.fullmatch(text):
        raise Problem(
            "must be 1 to 32 letters, digits, '-' or '_', beginning with a letter or digit"
        )
    return text


def _stated(text: str) -> str:
    if not text or not text.isprintable():
        raise Problem("must be stated, on one line")
    return text


def _country(text: str) -> str:
    if len(text) != 2 or not (text.isascii() and text.isalpha() and text.isupper()):
        raise Problem("must be an ISO 3166-1 code of two capital letters, as SE")
    return text


def _one_of(allowed: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise Problem(f"must be one of {', '.join(allowed)}")
        return text

    return read


def _export_url(text: str) -> str:
    """A URL without a secret in it; a problem never quotes it."""
    if any(not character.isprintable() or character.isspace() for character in text):
        raise Problem("must have no space or control character in it")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise Problem("is no URL") from None
    if parts.scheme not in PROTOCOLS:
        raise Problem(f"must begin with one of {', '.join(f'{name}://' for name in PROTOCOLS)}")
    if parts.password is not None or _secrets(parts.query):
        raise Problem(
            "holds a credential. Credentials never stand here: use the Airflow connection "
            "drlake_<facility_id>, or fsspec's configuration"
        )
    if parts.query or parts.fragment:
        raise Problem("must end with its path: no '?' and no '#'")
    if (parts.scheme == "file") == bool(parts.hostname):
        raise Problem("must be file:///path, sftp://user@host/path or s3://bucket/path")
    if port == 0 or ".." in parts.path.split("/"):
        raise Problem("must have a port above 0 and no '..' in its path")
    return text


def _secrets(query: str) -> bool:
    names = [name.casefold() for name in parse_qs(query, keep_blank_values=True)]
    return any(word in name for name in names for word in SECRET_WORDS)


def _devices(text: str) -> tuple[Device, ...]:
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
        raise Problem(f"may hold {' and '.join(ALLOWANCES)}, nothing else")
    return words


def _day(text: str) -> date:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Problem("must be a day as 2026-03-31")


def _day_or_none(text: str) -> date | None:
    return _day(text) if text else None


READERS: Mapping[str, Callable[[str], Any]] = {
    "facility_id": _facility_id,
    "name": _stated,
    "country": _country,
    "region": _stated,
    "facility_type": _one_of(FACILITY_TYPES),
    "export_url": _export_url,
    "cadence": _one_of(CADENCES),
    "contact": _stated,
    "devices": _devices,
    "allows": _allows,
    "since": _day,
    "until": _day_or_none,
}
"""How the cell of each column is read; Problem where it cannot be."""
