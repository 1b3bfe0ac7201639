"""Lists folders of a lake: names alone, or with what tells whether a file is still the same.

On a disk a folder is read directly: fsspec needs ten times as long. In an object store a listing of
a prefix is one request per 1,000 objects, and tells size, time and checksum of each.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from transforms.lake.object_store import S3_PROTOCOLS

PARQUET = ".parquet"
NO_TIME = datetime.fromtimestamp(0, UTC)


class Found(NamedTuple):
    """A file: its path, its size in bytes, when it was written (UTC), and its version.

    The version is another one as soon as the file is replaced or changed: on a disk it is the inode
    with its times, in an object store the checksum that the store keeps (ETag).
    """

    path: str
    size: int
    modified_at: datetime
    version: str

    @property
    def name(self) -> str:
        """Name of the file without its folder."""
        return self.path.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """Name of a Parquet file without its suffix."""
        return self.name.removesuffix(PARQUET)


def local_names(folder: str, *, folders: bool = False) -> list[str]:
    """Sorted names of the files of a folder, or of its folders; none if there is no folder."""
    try:
        with os.scandir(folder) as found:
            return sorted(one.name for one in found if one.is_dir() == folders)
    except FileNotFoundError:
        return []


def local_files(folder: str, *, deep: bool = False) -> Iterator[Found]:
    """The files of a folder in no order; with `deep` also those of its folders."""
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for one in entries:
        if one.is_dir():
            if deep:
                yield from local_files(one.path)
            continue
        try:
            about = one.stat()
        except FileNotFoundError:  # removed meanwhile
            continue
        version = f"{about.st_ino}.{about.st_mtime_ns}.{about.st_ctime_ns}"
        when = datetime.fromtimestamp(about.st_mtime, UTC)
        yield Found(one.path, about.st_size, when, version)


def remote_names(fs: Any, folder: str, *, folders: bool = False) -> list[str]:
    """The same as `local_names` for objects."""
    kind = "directory" if folders else "file"
    found = _below(fs, folder, maxdepth=1, withdirs=True)
    names = [path.rstrip("/") for path, one in found.items() if one["type"] == kind]
    return sorted(name.rpartition("/")[2] for name in names if name != folder)


def remote_files(fs: Any, folder: str, *, deep: bool = False) -> Iterator[Found]:
    """The same as `local_files` for objects."""
    for path, about in _below(fs, folder, maxdepth=None if deep else 1).items():
        when = about.get("LastModified") or about.get("created") or NO_TIME
        if isinstance(when, (int, float)):  # file systems state times in several forms
            when = datetime.fromtimestamp(when, UTC)
        version = str(about.get("ETag") or when)
        yield Found(str(path), int(about.get("size") or 0), when, version)


def _below(fs: Any, folder: str, **wanted: Any) -> dict[str, dict[str, Any]]:
    """The listing of a prefix; of S3 in the form that needs no other request if it is empty."""
    found: dict[str, dict[str, Any]]
    if fs.protocol != S3_PROTOCOLS:
        found = fs.find(folder, detail=True, **wanted)
    else:
        parent, _, own = folder.rpartition("/")
        found = fs.find(parent, detail=True, prefix=f"{own}/", **wanted)
    return found
