"""The folder that a nation is written to; files that drlake did not write are never deleted."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from transforms.errors import UsageError
from transforms.sample.declared import FOLDER as DECLARED_FOLDER
from transforms.sample.declared import KINDS
from transforms.sample.registry import REGISTRY_NAME

TRUTH_NAME = "truth.json"
MARKER = "drlake synthetic nation"
WRITTEN_AT = 1_767_225_600
"""Modification time of every file (2026-01-01 UTC), so that equal samples are equal in it too."""
FORMS = frozenset(f"{kind}.csv" for kind in KINDS)
FILE_NAME = re.compile(r"\d{6}\.dcm")


class NationFolder:
    """Writes numbered files per facility, and the truth beside the facility folders."""

    def __init__(self, directory: Path, facilities: list[str], silent: list[str]) -> None:
        self._directory = directory
        self._numbers = dict.fromkeys(facilities, 0)
        self._silent = silent

    def prepare(self) -> None:
        """Remove an earlier sample and create the facility folders.

        Raises UsageError, and removes nothing, where the folder holds anything else.
        """
        _remove_earlier_sample(self._directory)
        self._directory.mkdir(parents=True, exist_ok=True)
        stated = {"facilities": list(self._numbers), "silent_facilities": self._silent}
        self.write_truth({**stated, "complete": False})
        for facility_id in (*self._numbers, *self._silent):
            (self._directory / facility_id).mkdir()

    def write(self, facility_id: str, data: bytes) -> None:
        """Write the facility's next file."""
        self._numbers[facility_id] += 1
        path = f"{self._directory}/{facility_id}/{self._numbers[facility_id]:06d}.dcm"
        with open(path, "wb") as file:  # noqa: PTH123 - ten thousands of files: twice as fast
            file.write(data)
        os.utime(path, (WRITTEN_AT, WRITTEN_AT))

    def write_sheet(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        """Write a CSV below the folder; NULL is empty."""
        path = self._directory / name
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)

    def write_truth(self, truth: dict[str, Any]) -> None:
        """Write truth.json with the marker that lets a later run replace this sample."""
        text = json.dumps({"generator": MARKER, **truth}, indent=1, ensure_ascii=False)
        (self._directory / TRUTH_NAME).write_text(text + "\n", encoding="utf-8")


def _remove_earlier_sample(directory: Path) -> None:
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"{directory} is not a folder. Name a new or empty folder.")
    if not directory.exists() or not any(directory.iterdir()):
        return
    facilities = _facilities_of_sample(directory)
    if facilities is None or _strange_entries(directory, facilities):
        raise UsageError(
            f"{directory} holds files that drlake sample did not write. "
            "Name a new or empty folder; nothing was deleted."
        )
    for folder in (*facilities, DECLARED_FOLDER):
        shutil.rmtree(directory / folder, ignore_errors=True)
    (directory / REGISTRY_NAME).unlink(missing_ok=True)
    (directory / TRUTH_NAME).unlink()


def _facilities_of_sample(directory: Path) -> list[str] | None:
    """Facility folders that the truth file names; None where there is no sample."""
    try:
        truth = json.loads((directory / TRUTH_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(truth, dict) or truth.get("generator") != MARKER:
        return None
    facilities, silent = truth.get("facilities"), truth.get("silent_facilities", [])
    if not isinstance(facilities, list) or not isinstance(silent, list):
        return None
    facilities = [*facilities, *silent]
    return [name for name in facilities if re.fullmatch(r"F\d{3,}", str(name))]


def _strange_entries(directory: Path, facilities: list[str]) -> bool:
    known = {TRUTH_NAME, REGISTRY_NAME, DECLARED_FOLDER, *facilities}
    if any(entry.name not in known or entry.is_symlink() for entry in directory.iterdir()):
        return True
    folders = [directory / name for name in facilities if (directory / name).exists()]
    return any(
        not FILE_NAME.fullmatch(entry.name) or not entry.is_file()
        for folder in folders
        for entry in folder.iterdir()
    ) or any(entry.name not in FORMS for entry in _form_files(directory))


def _form_files(directory: Path) -> list[Path]:
    folder = directory / DECLARED_FOLDER
    return list(folder.iterdir()) if folder.is_dir() else []
