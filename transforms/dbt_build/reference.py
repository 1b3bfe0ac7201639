"""The reference data of a build: the packaged files, some replaced by those of the authority."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from transforms.dbt_build.device_statements import device_statements_seed
from transforms.lake.lake import Lake
from transforms.mapping.rules import PACKAGED_RULES, load_rules, rules_csv
from transforms.reference.files import REFERENCE
from transforms.reference.overlay import own_files
from transforms.settings import Settings


def replaced_files(settings: Settings, lake: Lake) -> dict[str, bytes]:
    """The files that the settings (`rules`, `overlay`) and statements replace, by name."""
    own = {**own_files(settings.overlay), **device_statements_seed(lake)}
    if settings.rules:
        own[PACKAGED_RULES.name] = rules_csv(load_rules(settings.rules)).encode("utf-8")
    return own


def copy_reference(own: dict[str, bytes], folder: Path, reference: Path = REFERENCE) -> None:
    """Copy the reference data to a new folder, with these files instead of the packaged ones."""
    shutil.copytree(reference, folder, ignore=lambda _, names: set(names) & own.keys())
    for name, data in own.items():
        (folder / name).write_bytes(data)


@contextmanager
def reference_folder(settings: Settings, lake: Lake, reference: Path = REFERENCE) -> Iterator[Path]:
    """The folder of reference data to use: `reference`, or a temporary copy with other files."""
    own = replaced_files(settings, lake)
    if not own:
        yield reference
        return
    with TemporaryDirectory(prefix="drlake-reference-") as made:
        folder = Path(made) / "reference"
        copy_reference(own, folder, reference)
        yield folder
