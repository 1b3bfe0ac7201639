"""The environment variables that the models of a build read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from transforms.lake.duckdb_reader import LakeReader
from transforms.reference.disclosure_profiles import PROFILES, checked_profile, releases_folder
from transforms.reference.methods import METHODS, checked_methods
from transforms.settings import Settings


def model_environment(
    reader: LakeReader,
    settings: Settings,
    methods: Sequence[str],
    disclosure_profile: str,
    releases: Path | None,
    reference: Path,
) -> dict[str, str]:
    """The lake, the methods, the disclosure profile and the earlier releases that models use.

    UsageError where the reference data have no such method or profile.
    """
    return {
        "DRLAKE_LAKE": reader.lake.path(),
        "DRLAKE_METHODS": ";".join(checked_methods(methods, reference / METHODS.name)),
        **review_environment(settings),
        "DRLAKE_DISCLOSURE_PROFILE": checked_profile(disclosure_profile, reference / PROFILES.name),
        "DRLAKE_THREADS": str(settings.threads),
        "DRLAKE_RELEASES": _releases(reader, releases),
    }


def review_environment(settings: Settings) -> dict[str, str]:
    """Whether decisions without a reviewer count (macro is_reviewed)."""
    return {"DRLAKE_REVIEWED_ONLY": str(settings.reviewed_only).lower()}


def _releases(reader: LakeReader, folder: Path | None) -> str:
    """Where the models find earlier releases: in a folder, or else in the lake; empty without."""
    lake = reader.lake
    if folder is not None or lake.is_local:
        return releases_folder(folder or Path(lake.path("releases")))
    made = lake.files("releases", "*-r*", "restricted", "contributors.parquet")
    return reader.folder("releases") if made else ""
