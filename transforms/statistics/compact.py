"""Removes statistics that no build uses any more.

Each change of a facility's data, of the SQL or of the reference data gives its statistics another
digest. Releases keep what they were computed from themselves (transforms/release/frozen.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from transforms.lake.lake import Lake
from transforms.statistics.compute import FOLDER
from transforms.statistics.make import CURRENT


@dataclass(frozen=True, slots=True)
class Removed:
    """Files removed, and their size in bytes."""

    n_files: int
    n_bytes: int


def remove_unused_statistics(lake: Lake) -> Removed:
    """Remove the statistics that `statistics/current.json` does not name.

    Nothing is removed before the first build, because nothing is known to be unused then.
    """
    used = _current(lake)
    if used is None:
        return Removed(0, 0)
    unused = [path for path in lake.files(FOLDER, "**", "*.*") if not _is_used(lake, path, used)]
    sizes = [lake.size(path) for path in unused]
    for path in unused:
        lake.remove(path)
    return Removed(len(unused), sum(sizes))


def _current(lake: Lake) -> Mapping[str, str] | None:
    path = lake.path(FOLDER, CURRENT)
    if not lake.exists(path):
        return None
    found: Mapping[str, str] = json.loads(lake.read_bytes(path))["facilities"]
    return found


def _is_used(lake: Lake, path: str, used: Mapping[str, str]) -> bool:
    """Whether `<digest>/<facility>.json`, or a table beside it, belongs to the digest in use."""
    parts = path.removeprefix(lake.path(FOLDER, "")).split("/")
    facility_id = parts[-1].partition(".")[0]
    return parts == [CURRENT] or used.get(facility_id) == parts[0]
