"""The format of a lake: the number in `lake.json`, which says where its files are.

Format 1, until November 2026: all files of a table in one folder, and no `lake.json`.
Format 2: the files of a facility in a folder of its own (`facility=F001`).
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath

from transforms.errors import UsageError
from transforms.lake.files import LakeFiles

FORMAT = 2
FORMAT_FILE = "lake.json"


def lake_format(files: LakeFiles) -> int | None:
    """The format of a lake; None if there is no lake yet."""
    path = files.path(FORMAT_FILE)
    if files.exists(path):
        return int(json.loads(files.read_bytes(path))["format"])
    return 1 if files.exists(files.path("accepted", "submission", "_empty.parquet")) else None


def check_format(files: LakeFiles) -> None:
    """Raise UsageError with the cure if another version of drlake wrote the lake."""
    found = lake_format(files)
    if found == FORMAT and _is_upgrading(files):
        raise UsageError("An upgrade of this lake was interrupted. Run `drlake upgrade` again.")
    if found is None or found == FORMAT:
        return
    if found < FORMAT:
        raise UsageError(
            f"The lake {files.url} has format {found}, and this drlake needs format {FORMAT}. "
            "Run `drlake upgrade` with this lake once."
        )
    raise UsageError(
        f"The lake {files.url} has format {found}, which a newer drlake wrote; this one knows "
        f"format {FORMAT}. Install that version of drlake."
    )


def _is_upgrading(files: LakeFiles) -> bool:
    return bool(json.loads(files.read_bytes(files.path(FORMAT_FILE))).get("upgrading"))


def write_format(files: LakeFiles, *, upgrading: bool = False) -> None:
    """Write `lake.json`; `upgrading` while the files are where they belong and not yet complete."""
    said = {"format": FORMAT, **({"upgrading": True} if upgrading else {})}
    files.write_bytes(files.path(FORMAT_FILE), json.dumps(said).encode())


def flat_files(files: LakeFiles, *folder: str) -> list[str]:
    """Files of a facility that are not in its folder yet, as format 1 has them."""
    found = files.files(*folder, "*.parquet")
    return [path for path in found if "." in PurePosixPath(path).stem]
