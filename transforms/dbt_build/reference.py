"""The reference data of a build: the packaged files, some of them replaced by the authority's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from transforms.mapping.rules import PACKAGED_RULES, load_rules, rules_csv
from transforms.reference.files import REFERENCE
from transforms.reference.overlay import own_files
from transforms.settings import Settings


def replaced_files(settings: Settings) -> dict[str, bytes]:
    """The files that the settings (`rules`, `overlay`) replace, by name."""
    own = own_files(settings.overlay)
    if settings.rules:
        own[PACKAGED_RULES.name] = rules_csv(load_rules(settings.rules)).encode("utf-8")
    return own


def copy_reference(own: dict[str, bytes], folder: Path, reference: Path = REFERENCE) -> None:
    """Copy the reference data to a new folder, with these files instead of the packaged ones."""
    shutil.copytree(reference, folder, ignore=lambda _, names: set(names) & own.keys())
    for name, data in own.items():
        (folder / name).write_bytes(data)


@contextmanager
def reference_folder(settings: Settings, reference: Path = REFERENCE) -> Iterator[Path]:
    """The folder of reference data to use: `reference`, or a temporary copy with other files."""
    own = replaced_files(settings)
    if not own:
        yield reference
        return
    with TemporaryDirectory(prefix="drlake-reference-") as made:
        folder = Path(made) / "reference"
        copy_reference(own, folder, reference)
        yield folder
