"""Files of a release: linked or copied, listed, and checked by SHA-256."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

MANIFEST = "MANIFEST.sha256"
"""In public/ and in restricted/: one line per file, as `sha256sum --check` reads it."""

PUBLIC, RESTRICTED = "public", "restricted"


def files_below(folder: Path) -> list[str]:
    """Relative paths of all files, in order of their names."""
    return sorted(_below(folder))


def _below(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file() or path.is_symlink():
            yield path.relative_to(folder).as_posix()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


Keep = Callable[[Path, Path], None]


def copy(source: Path, target: Path) -> None:
    """Copy the bytes of a file to another place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def link(source: Path, target: Path) -> None:
    """Link to a file of the lake, or copy it where the disk has no links.

    The lake replaces files and never changes one, so a link keeps the old bytes.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, target)


def keep_folder(source: Path, target: Path, keep: Keep, pattern: str = "**/*") -> None:
    """Keep every file of a folder whose name matches the pattern."""
    for path in sorted(source.glob(pattern)):
        if path.is_file():
            keep(path, target / path.relative_to(source))


def manifest_text(folder: Path) -> str:
    """The manifest of a folder: every file below it but the manifest itself."""
    names = [name for name in files_below(folder) if name != MANIFEST]
    return "".join(f"{sha256_of(folder / name)}  {name}\n" for name in names)


def write_manifest(folder: Path) -> None:
    """Write `MANIFEST.sha256`, after all other files."""
    (folder / MANIFEST).write_text(manifest_text(folder), encoding="utf-8")


def check_manifest(folder: Path) -> list[str]:
    """Return what differs from the manifest, a sentence for each file."""
    if not (folder / MANIFEST).is_file():
        return [f"{folder.name}/{MANIFEST} is missing"]
    stated = stated_digests(folder)
    present = {name for name in files_below(folder) if name != MANIFEST}
    found = [f"{folder.name}/{name} is missing" for name in sorted(set(stated) - present)]
    found += [
        f"{folder.name}/{name} does not belong to this release" for name in present - set(stated)
    ]
    for name in sorted(present & set(stated)):
        if sha256_of(folder / name) != stated[name]:
            found.append(f"{folder.name}/{name} has another SHA-256 than {MANIFEST} states")
    return sorted(found)


def stated_digests(folder: Path) -> dict[str, str]:
    """SHA-256 by file as a folder's manifest states it; empty where there is no manifest."""
    path = folder / MANIFEST
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
