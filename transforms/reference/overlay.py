"""Reference data of an authority that replace the packaged files of a build."""

from __future__ import annotations

from pathlib import Path

from transforms.errors import UsageError
from transforms.reference.files import REFERENCE

OWN = ("hard_limits.csv", "reference_points.csv", "target_regions.csv")
"""Files that an authority may replace: what a build reads and no report."""


def own_files(folder: str) -> dict[str, bytes]:
    """The files of the authority's folder by name; none where no folder is given.

    UsageError where the folder is missing, has a CSV file that cannot be replaced, or a file
    without a column of the packaged one.
    """
    if not folder:
        return {}
    place = Path(folder)
    if not place.is_dir():
        raise UsageError(f"{folder} is no folder. Correct DRLAKE_OVERLAY.")
    found = sorted(place.glob("*.csv"))
    for path in found:
        _check(path)
    return {path.name: path.read_bytes() for path in found}


def _check(path: Path) -> None:
    """UsageError unless the file may be replaced and has the columns of the packaged one."""
    if path.name not in OWN:
        raise UsageError(
            f"{path.name} cannot be replaced. DRLAKE_OVERLAY may have {', '.join(OWN)}."
        )
    with (
        path.open(encoding="utf-8") as file,
        (REFERENCE / path.name).open(encoding="utf-8") as packaged,
    ):
        wanted, given = packaged.readline().strip(), file.readline().strip()
    if given != wanted:
        raise UsageError(f"The first line of {path.name} must be: {wanted}")
