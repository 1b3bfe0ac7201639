"""Puts the submissions of a closed year into one file per table, and takes them out again.

The steps are made so that a compaction may end at any moment: compacted files are written and read
back first, then `compacted/<facility>.json` is replaced, and last the files of the submissions are
removed. The next compaction removes what an interrupted one has left.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath

import pyarrow as pa

from transforms.errors import DrlakeError
from transforms.lake import commit_points
from transforms.lake.commit_points import CommitPoint
from transforms.lake.compacted import (
    FOLDER,
    NOTHING,
    CompactedYear,
    is_compacted,
)
from transforms.lake.compacted_year import PLACES, CannotCompact, Listing, put_together
from transforms.lake.lake import Lake, table_bytes
from transforms.lake.listings import PARQUET
from transforms.lake.stored_tables import PARTITION, facility_of
from transforms.reasons.objects import STUDY_DATE_IN_FUTURE
from transforms.tables import SUBMISSION
from transforms.tables.object_outcome import STAGES
from transforms.tables.schema import Table

LOCK = "compact"
"""Lock of the whole lake: on a disk, one facility at a time is compacted."""

SUBMISSIONS = f"decoded/{SUBMISSION.name}"
OUTCOMES = tuple(f"outcomes/{stage}" for stage in STAGES)
DECODED, VALIDATED = OUTCOMES[1:]


@dataclass
class Done:
    """What a compaction has done."""

    submissions: int = 0
    files_written: int = 0
    files_removed: int = 0
    left: dict[str, str] = field(default_factory=dict)
    """Facilities whose submissions could not be compacted, each with a sentence."""


def compact_lake(lake: Lake, today: date, facility_ids: Sequence[str] = ()) -> Done:
    """Compact the closed years of all facilities, or of some."""
    done = Done()
    for facility_id in facility_ids or _facilities(lake):
        with _alone(lake, [facility_id]), lake.lock(LOCK):
            try:
                _compact_facility(lake, facility_id, today, done)
            except CannotCompact as reason:
                done.left[facility_id] = str(reason)
    return done


@contextmanager
def reopened(lake: Lake, facility_ids: Iterable[str]) -> Iterator[None]:
    """Give the submissions of these facilities files of their own again, to be replaced inside."""
    listed = sorted(set(facility_ids))
    with _alone(lake, listed):
        with lake.lock(LOCK):
            for facility_id in listed:
                _reopen(lake, facility_id)
        yield


@contextmanager
def settled(lake: Lake) -> Iterator[None]:
    """Inside, no compaction runs or is half done, so that files can be read by a pattern.

    Otherwise a compacted file would be read with those that it replaces.
    """
    with lake.lock(LOCK):
        for facility_id in sorted({*lake.all_compacted(), *_with_contents(lake)}):
            _settle(lake, facility_id, _listed(lake, facility_id))
        yield


@contextmanager
def _alone(lake: Lake, facility_ids: Iterable[str]) -> Iterator[None]:
    """Keep compaction and steps that write submissions again apart, on a local lake.

    It is taken before the lock of the lake, and kept longer.
    """
    with ExitStack() as held:
        for facility_id in sorted(set(facility_ids)):
            held.enter_context(lake.lock(f"{facility_id}.compact"))
        yield


def _facilities(lake: Lake) -> list[str]:
    return sorted({*lake.facilities("outcomes", "receive"), *_with_contents(lake)})


def _with_contents(lake: Lake) -> set[str]:
    """Facilities with lists of contents, which are written before their compacted files."""
    return {facility_of(name) for name in lake.names(FOLDER, "contents")}


def _listed(lake: Lake, facility_id: str) -> Listing:
    return {
        place: {
            one.stem: one
            for one in lake.listed(*place.split("/"), f"{PARTITION}{facility_id}")
            if one.name.endswith(PARQUET)
        }
        for place in PLACES
    }


def _settle(lake: Lake, facility_id: str, listing: Listing) -> int:
    """Remove a facility's files that are not to be read."""
    compacted = lake.compacted(facility_id)
    paths = [
        one.path
        for files in listing.values()
        for stem, one in files.items()
        if not compacted.is_in_force(stem)
    ]
    contents = [PurePosixPath(name).stem for name in lake.names(FOLDER, "contents")]
    paths += [
        lake.contents_path(name)
        for name in contents
        if facility_of(name) == facility_id and name not in compacted.names
    ]
    lake.remove_many(paths)
    return len(paths)


def _compact_facility(lake: Lake, facility_id: str, today: date, done: Done) -> None:
    """Compact each closed year that has submissions with files of their own."""
    listing = _listed(lake, facility_id)
    if removed := _settle(lake, facility_id, listing):
        done.files_removed += removed
        listing = _listed(lake, facility_id)
    years = _closed_years(lake, listing, today)
    for period, submission_ids in sorted(years.items()):
        compacted = lake.compacted(facility_id)
        before = compacted.years.get(period)
        days = _first_days(lake, [*submission_ids, *(before.submissions if before else ())])
        ordered = sorted(days, key=lambda name: (days[name], name))
        year, contents, files = put_together(lake, listing, period, ordered)
        _write(lake, year, contents, files)
        _check_unchanged(lake, facility_id, listing, submission_ids)
        with lake.flush_at_end():
            lake.write_compacted(facility_id, compacted.with_year(period, year))
        commit_points.announce(CommitPoint.YEAR_COMPACTED)
        done.submissions += len(submission_ids)
        done.files_written += len(files) + 1
        done.files_removed += _settle(lake, facility_id, _listed(lake, facility_id))


def _closed_years(lake: Lake, listing: Listing, today: date) -> dict[str, list[str]]:
    """Submissions with files of their own that nothing will change, by year.

    A submission belongs to the year of its last study, or to that in which it was received if it
    has no study. One that is not validated, or has reports that wait for their day, is left out.
    """
    own = [set(listing[place]) for place in OUTCOMES]
    names = sorted(name for name in set.intersection(*own) if not is_compacted(name))
    keys = [(place, name) for name in names for place in (SUBMISSIONS, VALIDATED)]
    found = lake.find_rows(keys)
    years: dict[str, list[str]] = defaultdict(list)
    for name in names:
        submission, outcomes = next(found), next(found)
        if submission is None or outcomes is None or _waits(outcomes):
            continue
        day = submission.column("last_study_date")[0].as_py()
        received = listing[OUTCOMES[0]][name].modified_at.date()
        year = min(day or received, today).year
        if year < today.year:
            years[f"{year:04}"].append(name)
    return years


def _waits(outcomes: pa.Table) -> bool:
    return STUDY_DATE_IN_FUTURE in outcomes.column("reason_code").to_pylist()


def _first_days(lake: Lake, names: Sequence[str]) -> dict[str, date]:
    """The first study day of each submission: its rows are in this order in compacted files."""
    tables = lake.find_rows((SUBMISSIONS, name) for name in names)
    days: dict[str, date] = {}
    for name, rows in zip(names, tables, strict=True):
        day = None if rows is None else rows.column("first_study_date")[0].as_py()
        days[name] = day or date.min
    return days


def _write(lake: Lake, year: CompactedYear, contents: pa.Table, files: Mapping[str, bytes]) -> None:
    """Write contents and files, and read the files back; nothing refers to them yet."""
    facility_id = facility_of(year.name)
    if not lake.exists(lake.compacted_path(facility_id)):  # so that it is missed if it is lost
        lake.write_compacted(facility_id, NOTHING)
    lake.write_bytes(lake.contents_path(year.name), table_bytes(contents))
    paths = {place: lake.parquet_path(*place.split("/"), name=year.name) for place in files}
    with lake.writing_many() as write:
        for place, data in files.items():
            write(paths[place], data)
            commit_points.announce(CommitPoint.COMPACTED_WRITTEN)
    for (place, path), data in zip(paths.items(), lake.read_many(paths.values()), strict=True):
        if hashlib.sha256(data).hexdigest() != year.places[place].sha256:
            raise DrlakeError(f"{path} was not stored as written. Check the disk, then run again.")


def _check_unchanged(lake: Lake, facility_id: str, before: Listing, names: Sequence[str]) -> None:
    """DrlakeError if another command has written one of these submissions meanwhile."""
    now = _listed(lake, facility_id)
    for place in PLACES:
        if any(before[place].get(name) != now[place].get(name) for name in names):
            raise DrlakeError(
                f"Submissions of {facility_id} were written while they were compacted. Nothing is "
                "lost: run `drlake compact` again when no other command runs."
            )


def _reopen(lake: Lake, facility_id: str) -> None:
    """Write the files of each submission again, then remove the compacted ones."""
    compacted = lake.compacted(facility_id)
    if not compacted.years:
        return
    for year in compacted.years.values():
        spans = lake.spans(year)
        with lake.writing_many() as write:
            for place in year.places:
                for name in spans[place]:
                    rows = lake.stored_rows_of_year(year, place, name)
                    path = lake.parquet_path(*place.split("/"), name=name)
                    write(path, table_bytes(_as_written(PLACES[place], rows)))
    with lake.flush_at_end():
        lake.write_compacted(facility_id, NOTHING)
    commit_points.announce(CommitPoint.YEAR_REOPENED)
    _settle(lake, facility_id, _listed(lake, facility_id))


def _as_written(table: Table, rows: pa.Table) -> pa.Table:
    """The rows with the schema as it is declared: reading a file adds the numbers of its fields."""
    return rows.cast(table.arrow_schema())
