"""The frozen set: all that a release is computed from, kept below `restricted/frozen/`.

frozen/lake/        what dbt reads of the lake: accepted, outcomes, statements, declared, ...
frozen/reference/   methods, rules and all other reference data, as used
frozen/sql/         the models and tests
frozen/releases/    what earlier releases published, and who contributed to it
frozen.csv          path, SHA-256 and size of each of them
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.errors import DisclosureError
from transforms.lake.compacted import FOLDER as COMPACTED
from transforms.lake.compaction import settled
from transforms.lake.lake import Lake
from transforms.mapping.rules import PACKAGED_RULES, load_rules, rules_csv
from transforms.reference.disclosure_profiles import RELEASE
from transforms.reference.files import REFERENCE
from transforms.reference.overlay import own_files
from transforms.release.files import copy, files_below, keep_folder, link, sha256_of, stated_digests
from transforms.release.recipe import RECIPE
from transforms.settings import Settings
from transforms.tables import SHARED_REPORT
from transforms.tables.generated_files import LOCATIONS
from transforms.warehouse.sql_project import SQL, WRITTEN_BY_DBT

FROZEN, LISTED = "frozen", "frozen.csv"
LAKE, REFERENCES, MODELS, RELEASES = "lake", "reference", "sql", "releases"
NOT_FROZEN = frozenset({*WRITTEN_BY_DBT, "analyses"})
"""Parts of sql/ left out: what dbt wrote there, and queries that no result depends on."""

ACCEPTED = "accepted/dose_report"
COMPUTED = frozenset({SHARED_REPORT.name})
"""Tables of the lake that each build computes anew."""

OF_A_RELEASE = (
    "public/national_drls.parquet",
    "restricted/contributors.parquet",
    f"restricted/{RECIPE}",
    f"restricted/{LISTED}",
)
"""Files of an earlier release that a later one needs."""


def freeze(settings: Settings, restricted: Path) -> None:
    """Keep everything the release is computed from, and list it."""
    lake = Lake(settings.lake)
    root, frozen = Path(lake.local_root()), restricted / FROZEN
    kept = {name: place for name, place in LOCATIONS.items() if name not in COMPUTED}
    with settled(lake):
        for folder in sorted({_folder_to_keep(location) for location in kept.values()}):
            keep_folder(root / folder, frozen / LAKE / folder, link, "**/*.parquet")
        keep_folder(root / COMPACTED, frozen / LAKE / COMPACTED, link)
    _freeze_reference(settings, frozen / REFERENCES)
    for path in sorted(SQL.iterdir()):
        if path.is_dir() and path.name not in NOT_FROZEN:
            keep_folder(path, frozen / MODELS / path.name, copy)
        elif path.is_file():
            copy(path, frozen / MODELS / path.name)
    for release in releases_before(root / "releases"):
        for name in (*OF_A_RELEASE, *_compacted(release)):
            link(release / name, frozen / RELEASES / release.name / name)
    (restricted / LISTED).write_text(frozen_list(frozen), encoding="utf-8")


def check_earlier(releases: Path) -> None:
    """Raise DisclosureError where an earlier release lacks what the next is compared with."""
    found = [
        f"{release.name}/{name}"
        for release in releases_before(releases)
        for name in OF_A_RELEASE
        if not _is_as_stated(release, name)
    ]
    if found:
        raise DisclosureError(
            f"Disclosure control blocks: {', '.join(found)} is missing or was changed, so "
            "that the release cannot be compared with it. Restore it from a copy."
        )


def _is_as_stated(release: Path, name: str) -> bool:
    part, _, file = name.partition("/")
    path = release / name
    return path.is_file() and sha256_of(path) == stated_digests(release / part).get(file)


def _folder_to_keep(location: str) -> str:
    """Folder of the lake to keep whole; patterns of file names begin below it."""
    zone, _, table = location.partition("/")
    return zone if not table or "*" in table or zone in ("accepted", "outcomes") else location


def _freeze_reference(settings: Settings, folder: Path) -> None:
    keep_folder(REFERENCE, folder, copy)
    if settings.rules:
        rules = rules_csv(load_rules(settings.rules))
        (folder / PACKAGED_RULES.name).write_text(rules, encoding="utf-8")
    for name, data in own_files(settings.overlay).items():
        (folder / name).write_bytes(data)


def releases_before(folder: Path) -> list[Path]:
    """Return the releases in a folder, the latest last."""
    if not folder.is_dir():
        return []
    made = [path for path in folder.iterdir() if RELEASE.fullmatch(path.name)]
    return sorted(made, key=lambda path: release_order(path.name))


def release_order(release_id: str) -> tuple[int, int]:
    """`2026-r2` as (2026, 2)."""
    year, _, number = release_id.partition("-r")
    return int(year), int(number)


def frozen_list(frozen: Path) -> str:
    """Return `frozen.csv`: every file of the frozen set with its SHA-256 and size in bytes."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("path", "sha256", "bytes"))
    for name in files_below(frozen):
        path = frozen / name
        writer.writerow((name, sha256_of(path), path.stat().st_size))
    return buffer.getvalue()


def check_frozen(restricted: Path) -> list[str]:
    """Return what differs from the frozen set as listed, a sentence for each file."""
    listed = restricted / LISTED
    if not listed.is_file():
        return [f"{restricted.name}/{LISTED} is missing"]
    was, now = _rows(listed.read_text(encoding="utf-8")), _rows(frozen_list(restricted / FROZEN))
    place = f"{restricted.name}/{FROZEN}"
    found = [f"{place}/{name} is missing" for name in was.keys() - now.keys()]
    found += [f"{place}/{name} was not frozen" for name in now.keys() - was.keys()]
    changed = [name for name in was.keys() & now.keys() if was[name] != now[name]]
    found += [f"{place}/{name} differs from what was frozen" for name in changed]
    return sorted(found)


def _rows(text: str) -> dict[str, tuple[str, str]]:
    rows = csv.reader(io.StringIO(text))
    return {row[0]: (row[1], row[2]) for row in rows if len(row) == 3}


def _compacted(release: Path) -> list[str]:
    """Files of an earlier release that say which submissions were compacted."""
    return sorted(
        path.relative_to(release).as_posix() for path in _contents(release / "restricted")
    )


def _contents(restricted: Path) -> Iterator[Path]:
    return (restricted / FROZEN / LAKE / COMPACTED / "contents").glob("*.parquet")


def frozen_submissions(restricted: Path) -> set[str]:
    """Ids of the accepted submissions and summaries of a release."""
    reports = (f"{LAKE}/{ACCEPTED}/", f"{LAKE}/summaries/")
    names = _rows((restricted / LISTED).read_text(encoding="utf-8"))
    stems = {Path(name).stem for name in names if name.startswith(reports)}
    for path in _contents(restricted):
        stems -= {path.stem}
        rows = pq.read_table(path).filter(pc.field("place") == ACCEPTED)
        stems |= set(rows.column("submission_id").to_pylist())
    return stems - {"_empty"}
