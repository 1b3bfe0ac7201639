"""Checks where exports and lake lie, and finds files and folders that no facility accounts for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import fsspec

from transforms.errors import UsageError
from transforms.receive.exports.location import is_local_url
from transforms.receive.registry import Registry
from transforms.settings import Settings

DECLARED_FOLDER = "declared"
"""Folder of declared data forms in the exports; it is not a facility."""

LISTS = frozenset({".csv", ".json", ".md", ".txt", ".xlsx"})
"""Suffixes of the authority's own files beside the folders: registry, forms, notes."""

PART_NAMES = re.compile(
    r"[0-9_.-]+|ct|mg|rf|xa|dx|cr|nm|pt|px|sr|rdsr|dose|reports?", re.IGNORECASE
)
"""Names of folders by year, day, modality or kind, into which one hospital sorts its reports."""


def check_apart(lake: str, exports: str, facility_id: str = "") -> None:
    """UsageError if the lake is inside these exports, the exports inside the lake, or both equal.

    Otherwise the next run would receive the files of the lake as those of a hospital.
    """
    if not exports:
        return
    of_lake, of_exports = _place(lake), _place(exports)
    whose = f"the export of {facility_id}" if facility_id else "the exports folder"
    if of_lake == of_exports:
        problem = f"The lake and {whose} are the same folder, {lake}"
    elif _is_inside(of_lake, of_exports):
        problem = f"The lake {lake} is inside {whose}, {exports}"
    elif _is_inside(of_exports, of_lake):
        problem = f"The lake {lake} contains {whose}, {exports}"
    else:
        return
    raise UsageError(
        f"{problem}. Files of the lake would be received as reports of a hospital. Choose two "
        "folders of which neither is inside the other. Nothing was written."
    )


def facility_folders(exports: str) -> list[str]:
    """Names of the folders of the exports that belong to facilities, in order."""
    names = [PurePosixPath(one["name"]).name for one in _listed(exports, "directory")]
    return sorted(name for name in names if name != DECLARED_FOLDER and not name.startswith("."))


def export_notes(settings: Settings, registered: Registry) -> list[str]:
    """Sentences about loose files, empty folders and folders one level too deep.

    They never contain the name of a file or of a folder inside a facility's folder, since a
    hospital may name them after a patient.
    """
    if registered is not None:
        places = [(one.facility_id, one.export_url) for one in registered]
        return [line for place in places for line in _empty_note(*place)]
    notes = list(_loose_note(settings.exports))
    for name in facility_folders(settings.exports):
        place = f"{settings.exports.rstrip('/')}/{name}"
        notes += _empty_note(name, place) or _depth_note(name, place)
    return notes


def _loose_note(exports: str) -> Iterator[str]:
    """A note about files that lie beside the folders of the facilities."""
    names = [PurePosixPath(one["name"]) for one in _listed(exports, "file")]
    loose = [one for one in names if one.suffix.lower() not in LISTS and one.name[0] != "."]
    if loose:
        yield (
            f"Files in the exports folder {exports} outside any facility folder: {len(loose)}. "
            "drlake does not receive them. Move each into the folder of its facility."
        )


def _empty_note(facility_id: str, url: str) -> list[str]:
    """A note about a local folder without any file; other places are not searched."""
    folder = _local_folder(url)
    if folder is None or not folder.is_dir() or any(files for _, _, files in os.walk(folder)):
        return []
    return [
        f"{facility_id}: the folder is empty. Ask the facility for its reports, or remove the "
        "folder."
    ]


def _depth_note(facility_id: str, url: str) -> list[str]:
    """A note about a folder that contains folders only, which may each be a facility."""
    folder = _local_folder(url)
    if folder is None:
        return []
    inside = [one for one in os.scandir(folder) if not one.name.startswith(".")]
    if not all(one.is_dir(follow_symlinks=False) for one in inside):
        return []
    if any(PART_NAMES.fullmatch(one.name) for one in inside):
        return []
    return [
        f"{facility_id}: the folder contains only folders ({len(inside)}). Their files count as "
        f"files of {facility_id}. If they are facilities, they are one level too deep: give "
        f"--exports {url}."
    ]


def _listed(exports: str, kind: str) -> list[dict[str, Any]]:
    """Entries of the exports folder that are files or directories."""
    fs, root = fsspec.core.url_to_fs(exports)
    return [one for one in fs.ls(root, detail=True) if one["type"] == kind]


def _local_folder(url: str) -> Path | None:
    """The folder of a local path or URL; None for a place elsewhere."""
    if not is_local_url(url):
        return None
    return Path(unquote(urlsplit(url).path) if "://" in url else url)


def _place(url: str) -> tuple[str, ...]:
    """Protocol and path of a place in parts; of a local one with its links resolved."""
    folder = _local_folder(url)
    if folder is not None:
        return ("file", *folder.resolve().parts)
    protocol, _, path = url.partition("://")
    return (protocol, *filter(None, path.split("/")))


def _is_inside(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer
