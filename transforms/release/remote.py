"""Releases of a remote lake: made and verified on this machine, and put when they are finished."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from transforms.errors import UsageError
from transforms.lake.fetched import fetch, fetched_lake
from transforms.lake.files import LakeFiles
from transforms.lake.lake import Lake
from transforms.release.files import MANIFEST, PUBLIC, RESTRICTED, files_below
from transforms.release.make import make_release
from transforms.release.recipe import RECIPE
from transforms.settings import Settings

LAST = (
    f"{PUBLIC}/national_drls.parquet",
    f"{RESTRICTED}/contributors.parquet",
    f"{PUBLIC}/{MANIFEST}",
    f"{RESTRICTED}/{MANIFEST}",
)
"""What a build reads of a release, and then the manifests."""


def release_of_lake(settings: Settings, year: int, **asked: Any) -> str:
    """Make a release as `make_release` does, of any lake; returns where it is."""
    lake = Lake(settings.lake)
    if lake.is_local:
        return str(make_release(settings, year, **asked))
    with fetched_lake(lake) as copy:
        return put_release(lake, make_release(replace(settings, lake=copy.url), year, **asked))


def put_release(lake: Lake, folder: Path) -> str:
    """PUT a finished release: the recipe first, which claims its number, and the manifests last."""
    place = lake.path("releases", folder.name)
    _claim(lake, folder, f"{place}/{RESTRICTED}/{RECIPE}")
    names = [name for name in files_below(folder) if name not in LAST]
    with lake.writing_many() as write:
        for name in names:
            write(f"{place}/{name}", (folder / name).read_bytes())
    for name in (name for name in LAST if (folder / name).is_file()):
        lake.write_bytes(f"{place}/{name}", (folder / name).read_bytes())
    return f"{lake.url.rstrip('/')}/releases/{folder.name}"


def _claim(lake: Lake, folder: Path, path: str) -> None:
    """UsageError if another release has this number; the same one is finished now."""
    recipe = (folder / RESTRICTED / RECIPE).read_bytes()
    if not lake.write_bytes_once(path, recipe):
        raise UsageError(
            f"The lake has another release {folder.name}, made at the same time or left unfinished "
            f"by a run that was stopped. Unless releases/{folder.name}/{LAST[-1]} exists, remove "
            f"the folder releases/{folder.name}. Then run this again."
        )


@contextmanager
def release_folder(directory: str) -> Iterator[Path]:
    """The folder of a release on this machine; one behind a URL is fetched and removed again."""
    if "://" not in directory:
        yield Path(directory)
        return
    files = LakeFiles(directory)
    with files.temporary_folder("release") as made:
        folder = made / directory.rstrip("/").rpartition("/")[2]
        folder.mkdir()
        fetch(files, files.below(), folder)
        yield folder
