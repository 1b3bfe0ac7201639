"""Location of the reference data, and reading their rows."""

from __future__ import annotations

import csv
from pathlib import Path

from transforms.settings import REPOSITORY

REFERENCE = REPOSITORY / "data" / "reference"


def reference_rows(name: str, folder: Path = REFERENCE) -> list[dict[str, str]]:
    """The rows of one CSV file of reference data."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
