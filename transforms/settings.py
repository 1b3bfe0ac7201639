"""Settings of one run: created once at the entry point and passed down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from transforms.errors import UsageError

REPOSITORY = Path(__file__).resolve().parent.parent

MAXIMUM_OBJECT_BYTES = 64 * 1024 * 1024
"""A dose report of 10,000 events has about 20 MB; a larger file than this is not a dose report."""


SECONDS_PER_FACILITY = 3600.0
"""Time limit of a visit. What a slow facility has sent so far is kept for the next visit."""

SETTLE_SECONDS = 60.0
"""A file modified more recently than this may still be growing, so it is checked twice."""

SECOND_LOOK_SECONDS = 0.5
"""Time between the two checks, in which a running upload grows. An upload that stalls for longer is
received truncated, refused by the structural guard, and received again once it is complete."""

MAXIMUM_FILES = 1_000_000
"""Limit of files and folders in one export; a large hospital has 500,000 dose reports a year."""

SAMPLE_FACILITIES = 36
"""Facilities of the synthetic sample: enough to show devices of every age in public reports."""

OBJECTS_PER_SUBMISSION = 10_000
"""A larger delivery is split into several submissions, which several machines can decode."""

MAXIMUM_ARCHIVE_BYTES = 8 * 1024**3
"""Unpacked size of all members of one zip file: about 300,000 dose reports of 26 kB."""

MAXIMUM_ARCHIVE_MEMBERS = 200_000
MAXIMUM_ARCHIVE_RATIO = 300.0
"""Ratio of unpacked to packed bytes: dose reports have 20 to 40, deflate's maximum is 1,032."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the lake is, where the exports are, and how much may be refused.

    `lake` and `exports` are folders or fsspec URLs. `quarantine_threshold` is the share of received
    objects that may be quarantined before a command ends with exit code 3; with None any share is
    accepted. `uid_key_file` holds the secret of the UID pseudonyms, or `uid_key` is the secret
    itself; by default a local lake creates its own key, readable by its owner only. `registry` is
    the CSV of the facilities; without one each folder of `exports` is a facility. `identity_policy`
    is the level of the identity check, `strict` or `registry`
    (transforms/dicom/identity/policy.py). `rules` is the CSV of the mapping rules that a build
    uses, by default those of data/reference; with `reviewed_only`, decisions by rules and rows
    without a reviewer do not count. `overlay` is a folder with files of the authority that
    replace packaged reference data (transforms/reference/overlay.py). `threads` is the number of
    DuckDB threads in a build; it does not change any result. `as_of` is the day of a validation:
    later study days are held, and forms for later years are refused.
    """

    lake: str
    exports: str = ""
    quarantine_threshold: float | None = None
    uid_key_file: str = ""
    uid_key: str = field(default="", repr=False)
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
    reviewed_only: bool = False
    overlay: str = ""
    threads: int = 2
    as_of: dt.date | None = None

    @property
    def last_day(self) -> dt.date:
        """Last day that a study or a form may have: `as_of`, or today if it is not given."""
        return self.as_of or today()

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], **given: object) -> Settings:
        """Build from DRLAKE_LAKE, DRLAKE_EXPORTS, ...; `given` values that are not None win."""
        values: dict[str, object] = {
            "lake": environ.get("DRLAKE_LAKE", str(REPOSITORY / "data" / "lake")),
            "exports": environ.get("DRLAKE_EXPORTS", ""),
            "uid_key_file": environ.get("DRLAKE_UID_KEY_FILE", ""),
            "uid_key": environ.get("DRLAKE_UID_KEY", ""),
            "registry": environ.get("DRLAKE_REGISTRY", ""),
            "rules": environ.get("DRLAKE_RULES", ""),
            "overlay": environ.get("DRLAKE_OVERLAY", ""),
            "identity_policy": environ.get("DRLAKE_IDENTITY_POLICY", "strict"),
        }
        for name in ("quarantine_threshold", "seconds_per_facility", "second_look_seconds"):
            stated = environ.get(f"DRLAKE_{name.upper()}", "")
            if stated:
                values[name] = float(stated)
        if environ.get("DRLAKE_THREADS", ""):
            values["threads"] = int(environ["DRLAKE_THREADS"])
        values["as_of"] = environ.get("DRLAKE_AS_OF") or None
        values.update({name: value for name, value in given.items() if value is not None})
        if isinstance(values["as_of"], str):
            values["as_of"] = _day(values["as_of"])
        return cls(**values)  # type: ignore[arg-type]


def today() -> dt.date:
    """The day of this machine's clock in UTC: the default of `as_of`, and stored in no data."""
    return dt.datetime.now(tz=dt.UTC).date()


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            "--as-of (DRLAKE_AS_OF) is not a day. Give one such as 2026-11-30."
        ) from None
