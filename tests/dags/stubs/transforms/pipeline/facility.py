"""Stub: facilities are the folders of the exports; each submits one object that is decoded.

A folder with a file `broken` is a facility whose disk fails, one with `flaky` has a disk that fails
once, one with `unusable` an error that a person must fix, one with `large` a delivery of two
submissions.
"""

from pathlib import Path
from typing import Any

from transforms.errors import UsageError
from transforms.lake.lake import Lake
from transforms.settings import Settings


def facilities(settings: Settings) -> list[str]:
    return sorted(folder.name for folder in Path(settings.exports).iterdir())


def ingest_facility(
    settings: Settings, facility_id: str, options: Any = None, most: int | None = None
) -> dict[str, int]:
    folder = Path(settings.exports) / facility_id
    attempts = folder / "attempts"
    attempts.write_text(attempts.read_text() + "x" if attempts.exists() else "x")
    if (folder / "unusable").exists():
        raise UsageError("the stub facility must be mended")
    if (folder / "broken").exists() or (
        (folder / "flaky").exists() and len(attempts.read_text()) == 1
    ):
        raise OSError("the stub disk fails")
    Lake(settings.lake).write_outcomes("decode", f"{facility_id}.{0:016x}", [])
    return {"received": 2, "decoded": 1, "quarantined": 1, "duplicate": 0}


def submissions_waiting(settings: Settings) -> list[str]:
    large = [path.parent.name for path in Path(settings.exports).glob("*/large")]
    done = Lake(settings.lake).submissions("decode")
    return [second for one in large if (second := f"{one}.{1:016x}") not in done]


def decode_waiting(settings: Settings, submission_id: str) -> dict[str, int]:
    Lake(settings.lake).write_outcomes("decode", submission_id, [])
    return {"received": 10, "decoded": 10, "quarantined": 0, "duplicate": 0}
