"""The recipe of a release: its arguments, and the versions of what computes it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from transforms.errors import UsageError

RECIPE = "recipe.json"
COMPUTED_BY = ("drlake", "dbt-core", "dbt-duckdb", "duckdb", "pyarrow", "XlsxWriter")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Arguments of a release; `previous` is the release before, empty for the first one.

    `date` is given by the person who makes the release, or empty: no clock is read. `digests` are
    SHA-256 of the list of the frozen set and of each file of reference data.
    """

    release_id: str
    year: int
    profile: str
    methods: tuple[str, ...]
    note: str
    date: str
    previous: str
    versions: Mapping[str, str]
    digests: Mapping[str, str]

    def document(self) -> dict[str, Any]:
        """The recipe as a JSON document."""
        return {**asdict(self), "methods": list(self.methods)}

    @property
    def title(self) -> str:
        """Title of the release."""
        return f"National diagnostic reference levels, release {self.release_id}"


def json_text(document: Mapping[str, Any]) -> str:
    """Return a document as JSON, with the same bytes each time."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def versions() -> dict[str, str]:
    """Versions of the packages that compute a release."""
    return {name: version(name) for name in COMPUTED_BY}


def reference_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every CSV file of reference data, by its name."""
    paths = sorted(folder.glob("*.csv"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def read_recipe(restricted: Path) -> Recipe:
    """Read the recipe of a release; UsageError where the folder is not a release."""
    path = restricted / RECIPE
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Recipe(**{**said, "methods": tuple(said["methods"])})
    except (OSError, ValueError, TypeError, KeyError):
        raise UsageError(
            f"{restricted.parent} is not a release: {restricted.name}/{RECIPE} is missing or not "
            "as `drlake release` writes it. Name a folder like LAKE/releases/2026-r1."
        ) from None


def checked_date(date: str) -> str:
    """Return the date; UsageError unless it has the form YYYY-MM-DD or is empty."""
    if date and not DATE.fullmatch(date):
        raise UsageError(f"{date!r} is not a valid date. Write it as 2026-11-30.")
    return date
