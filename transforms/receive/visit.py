"""One visit of one facility: list its export, choose what is new and complete, take it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import fsspec

from transforms.errors import UsageError
from transforms.lake import commit_points
from transforms.lake.commit_points import CommitPoint
from transforms.lake.lake import Lake, check_facility_id
from transforms.lake.pseudonyms import Pseudonyms
from transforms.receive.complete import (
    Checksums,
    SettleTimes,
    choose_complete,
    expected_sha256,
    list_export,
    read_manifests,
)
from transforms.receive.exports.location import (
    Clock,
    Deadline,
    Entry,
    Place,
    Remote,
    VisitFailed,
)
from transforms.receive.exports.open import open_remote
from transforms.receive.exports.zip_file import ArchiveLimits
from transforms.receive.fetch_job import FetchJob, ReceivedObject, Receiver, Source, signature_key
from transforms.receive.journal import Journal
from transforms.receive.registry import Registry
from transforms.settings import Settings
from transforms.workers.pool import WorkPool, chunk_lengths

DECLARED_FOLDER = "declared"
"""Beside the folders of the facilities: forms of declared data, not a facility."""

FILES_PER_NOTE = 100
"""Files received from afar between two entries of the journal."""


def facilities(settings: Settings, registered: Registry) -> list[str]:
    """Facility ids that submit today: of the registry, else the folders of the exports."""
    if registered is not None:
        today = datetime.now(tz=UTC).date()
        return sorted(one.facility_id for one in registered if one.takes_part_on(today))
    if settings.exports.startswith(("sftp://", "ssh://")):
        raise UsageError(
            "An SFTP server as a whole cannot be --exports. Name each hospital's in a facility "
            "registry (--registry), with its host key pinned."
        )
    fs, root = fsspec.core.url_to_fs(settings.exports)
    if not settings.exports or not fs.isdir(root):
        raise UsageError(
            f"There is no export folder at {settings.exports or '(nothing given)'}. Name with "
            "--exports a folder that holds one folder per facility."
        )
    entries = fs.ls(root, detail=True)
    names = [PurePosixPath(one["name"]).name for one in entries if one["type"] == "directory"]
    return sorted(
        check_facility_id(name)
        for name in names
        if name != DECLARED_FOLDER and not name.startswith(".")
    )


def place_of(
    settings: Settings,
    registered: Registry,
    facility_id: str,
    options: Mapping[str, Any] | None = None,
) -> Place:
    """Where a facility's files stand; UsageError where the registry does not know it."""
    check_facility_id(facility_id)
    if registered is None:
        url = f"{settings.exports.rstrip('/')}/{facility_id}"
        return Place(facility_id, url, options or {})
    for one in registered:
        if one.facility_id == facility_id:
            return Place(facility_id, one.export_url, options or {})
    raise UsageError(f"{facility_id} does not stand in the facility registry {settings.registry}.")


class VisitResult(NamedTuple):
    """What a visit brought, in order of the names of the files, and the counts of `facility_pull`.

    The bytes of each object are in the lake, on disk.
    """

    objects: list[ReceivedObject]
    files_listed: int
    files_received: int
    files_incomplete: int
    files_ignored: int


@dataclass(frozen=True, slots=True)
class Visit:
    """What every step of a visit needs."""

    settings: Settings
    lake: Lake
    place: Place
    pseudonyms: Pseudonyms
    deadline: Deadline
    clock: Clock

    @property
    def source(self) -> Source:
        """Place and limits, for the workers."""
        given = self.settings
        limits = ArchiveLimits(
            given.maximum_archive_members,
            given.maximum_archive_bytes,
            given.maximum_archive_ratio,
            given.maximum_object_bytes,
        )
        return Source(self.place, given.maximum_object_bytes, limits)

    def signature(self, entry: Entry, expected: str | None = None) -> str:
        """Key of a file's name, size and time."""
        return signature_key(self.pseudonyms, self.place.facility_id, entry, expected)


def fetch(visit: Visit, seen: Collection[str], pool: WorkPool | None) -> VisitResult:
    """Every file that is new and complete. `seen` are the signatures received before."""
    remote = open_remote(visit.place, visit.deadline)
    try:
        listing = list_export(remote, visit.settings.maximum_files)
        checksums = read_manifests(remote, listing.manifests)
        new = list(_new_files(visit, listing.files, checksums, seen))
        settle = SettleTimes(visit.settings.settle_seconds, visit.settings.second_look_seconds)
        chosen = choose_complete(listing, checksums, new, remote, settle, visit.clock)
        if remote.local and pool is not None:
            objects, left = _take_local(visit, chosen.complete, pool)
        else:
            objects, left = _take_remote(visit, chosen.complete, remote)
        commit_points.announce(CommitPoint.OBJECTS_FLUSHED)
    finally:
        remote.close()
    waiting = chosen.incomplete + left
    received = len(listing.files) - waiting
    everything = len(listing.files) + chosen.missing
    return VisitResult(objects, everything, received, waiting + chosen.missing, listing.ignored)


def _new_files(
    visit: Visit, files: Iterable[Entry], checksums: Checksums, seen: Collection[str]
) -> Iterator[Entry]:
    """Files whose signature was not received before, nor failed the checksum it has now."""
    if not seen:
        yield from files
        return
    for entry in files:
        if visit.signature(entry) in seen:
            continue
        expected = expected_sha256(entry.name, checksums)[1]
        if expected is None or visit.signature(entry, expected) not in seen:
            yield entry


def _take_local(
    visit: Visit, entries: tuple[Entry, ...], pool: WorkPool
) -> tuple[list[ReceivedObject], int]:
    """On all cores: the disk is near and the workers read it themselves."""
    with visit.lake.flush_at_end():
        fetched = sorted(pool.run(_jobs(visit, entries)))
    objects = [received for job in fetched for received in job.objects]
    return objects, sum(job.left for job in fetched)


def _jobs(visit: Visit, entries: tuple[Entry, ...]) -> Iterator[FetchJob]:
    start, source = 0, visit.source
    for chunk, length in enumerate(chunk_lengths(len(entries))):
        files = entries[start : start + length]
        yield FetchJob(source, visit.lake, visit.pseudonyms, chunk, files)
        start += length


def _take_remote(
    visit: Visit, entries: tuple[Entry, ...], remote: Remote
) -> tuple[list[ReceivedObject], int]:
    """One after another over one connection, noting in the journal what has been received."""
    journal = Journal(visit.lake, visit.place.facility_id)
    found = _journalled_objects(visit, entries, journal)
    receiver = Receiver(visit.source, visit.lake, visit.pseudonyms, remote, visit.deadline)
    waiting = [entry for entry in entries if entry.name not in found]
    for start in range(0, len(waiting), FILES_PER_NOTE):
        received, failure = _take_batch(visit, waiting[start : start + FILES_PER_NOTE], receiver)
        journal.keep(one for objects in received.values() for one in objects)
        found |= received
        if failure is not None:
            raise failure
    ordered = [one for entry in entries for one in found.get(entry.name, ())]
    return ordered, sum(entry.name not in found for entry in entries)


def _take_batch(
    visit: Visit, entries: Iterable[Entry], receiver: Receiver
) -> tuple[dict[str, list[ReceivedObject]], VisitFailed | None]:
    """Objects by the name of their file, on disk, and what cut the visit off."""
    received: dict[str, list[ReceivedObject]] = {}
    with visit.lake.flush_at_end():
        try:
            for entry in entries:
                visit.deadline.remaining()
                objects = receiver.receive(entry)
                if objects is not None:
                    received[entry.name] = objects
        except VisitFailed as failure:
            return received, failure
    return received, None


def _journalled_objects(
    visit: Visit, entries: tuple[Entry, ...], journal: Journal
) -> dict[str, list[ReceivedObject]]:
    """What an earlier visit that was cut off has received of these files, by name."""
    notes = journal.load()
    if not notes:
        return {}
    keys = {entry.name: visit.signature(entry) for entry in entries}
    return {name: notes[key] for name, key in keys.items() if key in notes}
