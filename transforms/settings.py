"""Settings of one run: made once in an entry point and passed down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent

MAXIMUM_OBJECT_BYTES = 64 * 1024 * 1024
"""A dose report of 10,000 events is about 20 MB; anything above this is no dose report."""


SECONDS_PER_FACILITY = 3600.0
"""How long a visit may take; what a slow facility has sent is kept for the next one."""

SETTLE_SECONDS = 60.0
"""A file modified less than this ago may still be growing, so it is looked at twice."""

SECOND_LOOK_SECONDS = 0.5
"""Time between the two looks: an upload under way grows in it. One that stalls longer is received
truncated, refused by the structural guard, and received again once it is whole."""

MAXIMUM_FILES = 1_000_000
"""Files and folders of one export; a year of a large hospital's dose reports is 500,000."""

SAMPLE_FACILITIES = 36
"""Of the synthetic nation: enough for the public reports to show devices of every age."""

OBJECTS_PER_SUBMISSION = 10_000
"""A larger delivery becomes several submissions, which tasks on several machines can decode."""

MAXIMUM_ARCHIVE_BYTES = 8 * 1024**3
"""All members of one zip file, unpacked: some 300,000 dose reports of 26 kB."""

MAXIMUM_ARCHIVE_MEMBERS = 200_000
MAXIMUM_ARCHIVE_RATIO = 300.0
"""Unpacked to packed bytes; dose reports reach 20 to 40, deflate itself ends at 1,032."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the lake is, where the exports are, and how much may be refused.

    `lake` and `exports` are folders or fsspec URLs. `quarantine_threshold` is the share of
    received objects that may be quarantined before a command ends with exit code 3; None
    means that any share is reported and accepted. `uid_key_file` holds the secret of the
    UID pseudonyms; by default the lake makes its own, readable by its owner only. `registry`
    is the CSV of the facilities; without one each folder of `exports` is a facility.
    `identity_policy` is the level of the identity check, `strict` or `registry`
    (transforms/dicom/identity/policy.py). `rules` is the CSV of the mapping rules that a build
    uses; by default those of data/reference. `threads` are DuckDB's in a build; no number depends
    on them.
    """

    lake: str
    exports: str = ""
    quarantine_threshold: float | None = None
    uid_key_file: str = ""
    maximum_object_bytes: int = MAXIMUM_OBJECT_BYTES
    registry: str = ""
    seconds_per_facility: float = SECONDS_PER_FACILITY
    settle_seconds: float = SETTLE_SECONDS
    second_look_seconds: float = SECOND_LOOK_SECONDS
    maximum_files: int = MAXIMUM_FILES
    objects_per_submission: int = OBJECTS_PER_SUBMISSION
    maximum_archive_bytes: int = MAXIMUM_ARCHIVE_BYTES
    maximum_archive_members: int = MAXIMUM_ARCHIVE_MEMBERS
    maximum_archive_ratio: float = MAXIMUM_ARCHIVE_RATIO
    pull_attempts: int = 3
    identity_policy: str = "strict"
    rules: str = ""
    threads: int = 2

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], **given: object) -> Settings:
        """Build from DRLAKE_LAKE, DRLAKE_EXPORTS, ...; what is `given` (not None) wins."""
        values: dict[str, object] = {
            "lake": environ.get("DRLAKE_LAKE", str(REPOSITORY / "data" / "lake")),
            "exports": environ.get("DRLAKE_EXPORTS", ""),
            "uid_key_file": environ.get("DRLAKE_UID_KEY_FILE", ""),
            "registry": environ.get("DRLAKE_REGISTRY", ""),
            "rules": environ.get("DRLAKE_RULES", ""),
            "identity_policy": environ.get("DRLAKE_IDENTITY_POLICY", "strict"),
        }
        for name in ("quarantine_threshold", "seconds_per_facility", "second_look_seconds"):
            stated = environ.get(f"DRLAKE_{name.upper()}", "")
            if stated:
                values[name] = float(stated)
        if environ.get("DRLAKE_THREADS", ""):
            values["threads"] = int(environ["DRLAKE_THREADS"])
        values.update({name: value for name, value in given.items() if value is not None})
        return cls(**values)  # type: ignore[arg-type]
