"""The disclosure profiles of `data/reference`, and the releases that a new one must not betray."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from transforms.errors import UsageError
from transforms.reference.files import REFERENCE

PROFILES = REFERENCE / "disclosure_profiles.csv"
STRICT = "strict"
"""drlake's own profile, used where none is asked for."""

RELEASE = re.compile(r"[0-9]+-r[0-9]+")


def checked_profile(wanted: str, path: Path = PROFILES) -> str:
    """The profile wanted; UsageError where the seed has none of that name."""
    with path.open(encoding="utf-8", newline="") as file:
        known = [row["profile_id"] for row in csv.DictReader(file)]
    if wanted not in known:
        raise UsageError(f"No disclosure profile {wanted}. Name one of {', '.join(known)}.")
    return wanted


def releases_folder(folder: Path) -> str:
    """The folder of releases as dbt is told it; empty where no release has been made."""
    if not folder.is_dir():
        return ""
    made = any(RELEASE.fullmatch(release.name) for release in folder.iterdir())
    return str(folder) if made else ""
