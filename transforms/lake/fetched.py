"""Copies files of a remote lake to this machine, for steps that need a disk: dbt, releases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from transforms.lake.compacted import FOLDER
from transforms.lake.files import LakeFiles
from transforms.lake.lake import Lake
from transforms.lake.lake_format import FORMAT_FILE
from transforms.tables.generated_files import LOCATIONS

FOLDERS = sorted({FOLDER, *(place.partition("/")[0] for place in LOCATIONS.values())})
"""Folders of the lake that models read, and the list of what is compacted in them; received and
decoded objects are in others."""

FINISHED = ("restricted", "MANIFEST.sha256")
"""Path of the file of a release that is written last."""

OF_A_RELEASE = (
    ("public", "national_drls.parquet"),
    ("public", "MANIFEST.sha256"),
    ("restricted", "*"),
    ("restricted", "frozen", "lake", FOLDER, "contents", "*.parquet"),
)
"""Files of an earlier release that a build or a later release needs."""


@contextmanager
def fetched_lake(lake: Lake) -> Iterator[Lake]:
    """A temporary local lake with what models read of a remote lake, and of its releases.

    A release that was not finished is left out.
    """
    with lake.temporary_folder("lake") as folder:
        fetch(lake, [lake.path(FORMAT_FILE)], folder)
        for name in FOLDERS:
            fetch(lake, lake.below(name), folder)
        for path in lake.files("releases", "*-r*", *FINISHED):
            release = path.split("/")[-3]
            for parts in OF_A_RELEASE:
                fetch(lake, lake.files("releases", release, *parts), folder)
        yield Lake(str(folder))


def fetch(lake: LakeFiles, paths: Iterable[str], folder: Path) -> None:
    """Copy files into a folder, each at its path below the lake."""
    listed = list(paths)
    for path, data in zip(listed, lake.read_many(listed), strict=True):
        target = folder / path.removeprefix(lake.path(""))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
