"""Disclosure profiles in `data/reference`, and the earlier releases that a new one must protect."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from transforms.errors import UsageError
from transforms.reference.files import REFERENCE

PROFILES = REFERENCE / "disclosure_profiles.csv"
STRICT = "strict"
"""drlake's own profile, used by default."""

RELEASE = re.compile(r"[0-9]+-r[0-9]+")


def checked_profile(wanted: str, path: Path = PROFILES) -> str:
    """Return the profile id; UsageError if the seed has no such profile."""
    with path.open(encoding="utf-8", newline="") as file:
        known = [row["profile_id"] for row in csv.DictReader(file)]
    if wanted not in known:
        raise UsageError(
            f"There is no disclosure profile {wanted}. Give one of {', '.join(known)}."
        )
    return wanted


def releases_folder(folder: Path) -> str:
    """The folder of releases as a dbt variable; empty if there is no release yet."""
    if not folder.is_dir():
        return ""
    made = any(RELEASE.fullmatch(release.name) for release in folder.iterdir())
    return str(folder) if made else ""
