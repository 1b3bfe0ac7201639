"""Settings of one run: made once in an entry point and passed down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent

MAXIMUM_OBJECT_BYTES = 64 * 1024 * 1024
"""A dose report of 10,000 events is about 20 MB; anything above this is no dose report."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the lake is, where the exports are, and how much may be refused.

    `lake` and `exports` are folders or fsspec URLs. `quarantine_threshold` is the share of
    received objects that may be quarantined before a command ends with exit code 3; None
    means that any share is reported and accepted. `uid_key_file` holds the secret of the
    UID pseudonyms; by default the lake makes its own, readable by its owner only.
    `identity_policy` is the level of the identity check, `strict` or `registry`
    (transforms/receive/identity_policy.py).
    """

    lake: str
    exports: str = ""
    quarantine_threshold: float | None = None
    uid_key_file: str = ""
    maximum_object_bytes: int = MAXIMUM_OBJECT_BYTES
    identity_policy: str = "strict"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], **given: object) -> Settings:
        """Build from DRLAKE_LAKE, DRLAKE_EXPORTS, ...; what is `given` (not None) wins."""
        values: dict[str, object] = {
            "lake": environ.get("DRLAKE_LAKE", str(REPOSITORY / "data" / "lake")),
            "exports": environ.get("DRLAKE_EXPORTS", ""),
            "uid_key_file": environ.get("DRLAKE_UID_KEY_FILE", ""),
            "identity_policy": environ.get("DRLAKE_IDENTITY_POLICY", "strict"),
        }
        threshold = environ.get("DRLAKE_QUARANTINE_THRESHOLD", "")
        if threshold:
            values["quarantine_threshold"] = float(threshold)
        values.update({name: value for name, value in given.items() if value is not None})
        return cls(**values)  # type: ignore[arg-type]
