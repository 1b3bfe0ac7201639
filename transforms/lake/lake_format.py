"""The format of a lake, in `lake.json`: where its files are, and with which key it was begun.

Format 1, until November 2026: all files of a table in one folder, and no `lake.json`.
Format 2: the files of a facility in a folder of its own (`facility=F001`); those of closed years
may be compacted (`compacted.py`). Until December 2026.
Format 3: the received objects in a pack of each submission (`packs.py`), before in a file each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from transforms.errors import UsageError
from transforms.lake.files import LakeFiles

FORMAT = 3
FORMAT_FILE = "lake.json"
NUMBER, KEY, UPGRADING = "format", "key", "upgrading"


def lake_format(files: LakeFiles) -> int | None:
    """The format of a lake; None if there is no lake yet. UsageError if it cannot be read."""
    about = _read(files)
    if about is not None:
        return int(about[NUMBER])
    ((_, empty),) = files.read_found([files.path("accepted", "submission", "_empty.parquet")])
    return None if empty is None else 1


def key_fingerprint(files: LakeFiles) -> str | None:
    """The fingerprint of the key with which the lake was begun, where `lake.json` has it."""
    found = (_read(files) or {}).get(KEY)
    return None if found is None else str(found)


def check_format(files: LakeFiles) -> None:
    """Raise UsageError with the cure if another version wrote the lake, or an upgrade is due."""
    check_number(files)
    if (_read(files) or {}).get(UPGRADING):
        raise UsageError("An upgrade of this lake was interrupted. Run `drlake upgrade` again.")


def check_number(files: LakeFiles) -> int | None:
    """The format of a lake, None without one; UsageError if another version of drlake wrote it."""
    found = check_not_newer(files)
    if found is not None and found < FORMAT:
        raise UsageError(
            f"The lake {files.url} has format {found}, and this drlake needs format {FORMAT}. "
            "Run `drlake upgrade` with this lake once."
        )
    return found


def check_not_newer(files: LakeFiles) -> int | None:
    """The format of a lake, None without one; UsageError if a newer drlake wrote it."""
    found = lake_format(files)
    if found is not None and found > FORMAT:
        raise UsageError(
            f"The lake {files.url} has format {found}, which a newer drlake wrote; this one knows "
            f"format {FORMAT}. Install that version of drlake."
        )
    return found


def begin(files: LakeFiles) -> None:
    """Write the `lake.json` of a new lake; of several first runs on a disk one does."""
    data = json.dumps({NUMBER: FORMAT}).encode()
    if files.is_local:
        files.write_bytes_once(files.path(FORMAT_FILE), data)
    else:  # the key of a remote lake is decided elsewhere
        files.write_bytes(files.path(FORMAT_FILE), data)


def write_format(files: LakeFiles, *, upgrading: bool = False) -> None:
    """Write `lake.json`; `upgrading` while the files are where they belong and not yet complete."""
    about = {name: value for name, value in (_read(files) or {}).items() if name != UPGRADING}
    _write(files, {**about, NUMBER: FORMAT, **({UPGRADING: True} if upgrading else {})})


def write_fingerprint(files: LakeFiles, fingerprint: str) -> None:
    """Add the fingerprint of the key to `lake.json`."""
    about = _read(files) or {NUMBER: FORMAT}
    _write(files, {**about, KEY: fingerprint})


def _write(files: LakeFiles, about: Mapping[str, Any]) -> None:
    files.write_bytes(files.path(FORMAT_FILE), json.dumps(about, sort_keys=True).encode())


def _read(files: LakeFiles) -> dict[str, Any] | None:
    """The content of `lake.json`, None without one; UsageError if it is damaged."""
    ((_, data),) = files.read_found([files.path(FORMAT_FILE)])
    if data is None:
        return None
    try:
        about = json.loads(data)
        int(about[NUMBER])
    except (ValueError, TypeError, KeyError):
        raise UsageError(
            f"{FORMAT_FILE} of the lake {files.url} is damaged. Restore it from a copy of the lake."
        ) from None
    found: dict[str, Any] = about
    return found


def flat_files(files: LakeFiles, *folder: str) -> list[str]:
    """Files of a facility that are not in its folder yet, as format 1 has them."""
    found = files.files(*folder, "*.parquet")
    return [path for path in found if "." in PurePosixPath(path).stem]
