"""Fetch what is new at an export location: one folder per facility, behind fsspec."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import fsspec

from transforms.errors import UsageError
from transforms.lake import Lake, check_facility_id
from transforms.normalise.pseudonyms import Pseudonyms
from transforms.settings import Settings


@dataclass(frozen=True, slots=True)
class Received:
    """One object as it arrived: its bytes, or None with the reason why there are none."""

    name_key: str
    sha256: str | None
    data: bytes | None
    reason_code: str | None = None
    detail: str | None = None


def facilities(settings: Settings) -> list[str]:
    """Facility ids of an export location: the names of its folders, in order."""
    fs, root = fsspec.core.url_to_fs(settings.exports)
    if not settings.exports or not fs.isdir(root):
        raise UsageError(
            f"There is no export folder at {settings.exports or '(nothing given)'}. Name with "
            "--exports a folder that holds one folder per facility."
        )
    entries = fs.ls(root, detail=True)
    names = [PurePosixPath(one["name"]).name for one in entries if one["type"] == "directory"]
    return sorted(check_facility_id(name) for name in names if not name.startswith("."))


def fetch_new(
    settings: Settings, facility_id: str, seen: frozenset[tuple[str, str]], pseudonyms: Pseudonyms
) -> Iterator[Received]:
    """Objects of a facility that no earlier submission has under this name, in order of name.

    `seen` holds (name key, SHA-256) of everything received from this facility before.
    """
    fs, root = fsspec.core.url_to_fs(settings.exports)
    folder = str(PurePosixPath(root, check_facility_id(facility_id)))
    for path, entry in sorted(fs.find(folder, detail=True).items()):
        name_key = pseudonyms.of("name", facility_id, str(PurePosixPath(path).relative_to(folder)))
        received = _fetch(fs, path, entry, name_key, settings.maximum_object_bytes)
        if (name_key, received.sha256) not in seen:
            yield received


def _fetch(
    fs: Any, path: str, entry: Mapping[str, Any], name_key: str, maximum_bytes: int
) -> Received:
    if entry["size"] > maximum_bytes:
        return Received(name_key, None, None, "object_too_large", f"limit {maximum_bytes} bytes")
    try:
        data: bytes = fs.cat_file(path)
    except PermissionError:
        return Received(name_key, None, None, "object_unreadable")
    sha256 = hashlib.sha256(data).hexdigest()
    if not data:
        return Received(name_key, sha256, None, "object_empty")
    return Received(name_key, sha256, data)


def store(lake: Lake, facility_id: str, received: Received) -> None:
    """Keep the object's bytes in the lake, readable by the owner only."""
    if received.data is None or received.sha256 is None:
        return
    path = lake.object_path(facility_id, received.sha256)
    if not lake.exists(path):
        lake.write_bytes(path, received.data, private=True)
