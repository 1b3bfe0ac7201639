"""One visit to a facility: lists its export and receives the new, complete files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import fsspec

from transforms.errors import UsageError
from transforms.lake.lake import Lake, check_facility_id
from transforms.lake.pseudonyms import Pseudonyms
from transforms.lake.spools import Spool, SpoolFile, Spools
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
from transforms.receive.layout import check_apart, export_notes, facility_folders
from transforms.receive.registry import Registry, configured_registry
from transforms.settings import Settings, today
from transforms.workers.pool import WorkPool, chunk_lengths

FILES_PER_NOTE = 100
"""Number of remote files received between two journal entries. The last ones need no entry: their
submission is written next."""


def facilities(settings: Settings, registered: Registry) -> list[str]:
    """Ids of the facilities that submit today: from the registry, or else the export folders."""
    if registered is not None:
        day = today()
        return sorted(one.facility_id for one in registered if one.takes_part_on(day))
    if settings.exports.startswith(("sftp://", "ssh://")):
        raise UsageError(
            "--exports cannot be an SFTP server. Give each hospital's SFTP server in a facility "
            "registry (--registry), with its host key pinned."
        )
    fs, root = fsspec.core.url_to_fs(settings.exports)
    if not settings.exports or not fs.isdir(root):
        problem = f"There is no export folder at {settings.exports}. " if settings.exports else ""
        raise UsageError(
            f"{problem}Give --exports (a folder that contains one folder per facility) or "
            "--registry (a facility registry)."
        )
    check_apart(settings.lake, settings.exports)
    return [check_facility_id(name) for name in facility_folders(settings.exports)]


def place_of(
    settings: Settings,
    registered: Registry,
    facility_id: str,
    options: Mapping[str, Any] | None = None,
) -> Place:
    """The location of a facility's files.

    UsageError if the facility is not in the registry, or the lake is not apart from its files.
    """
    url = _export_url(settings, registered, check_facility_id(facility_id))
    check_apart(settings.lake, url, facility_id)
    return Place(facility_id, url, options or {})


def _export_url(settings: Settings, registered: Registry, facility_id: str) -> str:
    """The URL of a facility's export, from the registry or below the exports folder."""
    if registered is None:
        return f"{settings.exports.rstrip('/')}/{facility_id}"
    for one in registered:
        if one.facility_id == facility_id:
            return one.export_url
    raise UsageError(
        f"{facility_id} is not in the facility registry {settings.registry}. Check its id, or "
        "add it to the registry."
    )


def checked_exports(settings: Settings) -> list[str]:
    """Check registry and exports before a run; returns notes about files without a facility.

    UsageError if a facility could not be visited as the settings say.
    """
    registered = configured_registry(settings)
    for facility_id in facilities(settings, registered):
        place_of(settings, registered, facility_id)
    return export_notes(settings, registered)


class VisitResult(NamedTuple):
    """The result of a visit: objects in order of file names, and the counts of `facility_pull`.

    The bytes of each object are in the spool files of the visit.
    """

    objects: list[ReceivedObject]
    files_listed: int
    files_received: int
    files_incomplete: int
    files_ignored: int


@dataclass(frozen=True, slots=True)
class Visit:
    """State shared by all steps of a visit."""

    settings: Settings
    lake: Lake
    place: Place
    pseudonyms: Pseudonyms
    deadline: Deadline
    clock: Clock
    spools: Spools

    @property
    def source(self) -> Source:
        """Location and limits, for the workers."""
        given = self.settings
        limits = ArchiveLimits(
            given.maximum_archive_members,
            given.maximum_archive_bytes,
            given.maximum_archive_ratio,
            given.maximum_object_bytes,
        )
        return Source(self.place, given.maximum_object_bytes, limits)

    def signature(self, entry: Entry, expected: str | None = None) -> str:
        """Keyed hash of a file's name, size and time."""
        return signature_key(self.pseudonyms, self.place.facility_id, entry, expected)


def fetch(visit: Visit, seen: Collection[str], pool: WorkPool | None) -> VisitResult:
    """Receive all new, complete files; `seen` are the signatures received before."""
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
    finally:
        remote.close()
    waiting = chosen.incomplete + left
    received = len(listing.files) - waiting
    everything = len(listing.files) + chosen.missing
    return VisitResult(objects, everything, received, waiting + chosen.missing, listing.ignored)


def _new_files(
    visit: Visit, files: Iterable[Entry], checksums: Checksums, seen: Collection[str]
) -> Iterator[Entry]:
    """Files whose signature was not received before and did not fail this checksum."""
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
    """Receive local files on all cores; the workers read the disk themselves."""
    fetched = sorted(pool.run(_jobs(visit, entries)), key=lambda job: job.part)
    for job in fetched:
        if job.spooled is not None:
            visit.spools.add(job.spooled)
    objects = [received for job in fetched for received in job.objects]
    return objects, sum(job.left for job in fetched)


def _jobs(visit: Visit, entries: tuple[Entry, ...]) -> Iterator[FetchJob]:
    start, source = 0, visit.source
    for chunk, length in enumerate(chunk_lengths(len(entries))):
        files = entries[start : start + length]
        yield FetchJob(source, visit.spools.folder, visit.pseudonyms, chunk, files)
        start += length


def _take_remote(
    visit: Visit, entries: tuple[Entry, ...], remote: Remote
) -> tuple[list[ReceivedObject], int]:
    """Receive remote files over one connection, noting received ones in the journal."""
    if not entries:
        return [], 0
    journal = Journal(visit.lake, visit.place.facility_id)
    found = _journalled_objects(visit, entries, journal)
    waiting = [entry for entry in entries if entry.name not in found]
    for start in range(0, len(waiting), FILES_PER_NOTE):
        batch = _take_batch(visit, waiting[start : start + FILES_PER_NOTE], remote)
        visit.spools.add(batch.spooled)
        if batch.failure is not None or start + FILES_PER_NOTE < len(waiting):
            journal.keep((one for each in batch.received.values() for one in each), batch.spooled)
        found |= batch.received
        if batch.failure is not None:
            raise batch.failure
    ordered = [one for entry in entries for one in found.get(entry.name, ())]
    return ordered, sum(entry.name not in found for entry in entries)


class Batch(NamedTuple):
    """Objects by file name, the spool file with their bytes, and the failure, if any."""

    received: dict[str, list[ReceivedObject]]
    spooled: SpoolFile
    failure: VisitFailed | None


def _take_batch(visit: Visit, entries: Iterable[Entry], remote: Remote) -> Batch:
    """Receive files until all have arrived or the visit fails."""
    spool = Spool(visit.spools.new_path())
    receiver = Receiver(visit.source, spool.add, visit.pseudonyms, remote, visit.deadline)
    received: dict[str, list[ReceivedObject]] = {}
    failed: VisitFailed | None = None
    try:
        for entry in entries:
            visit.deadline.remaining()
            objects = receiver.receive(entry)
            if objects is not None:
                received[entry.name] = objects
    except VisitFailed as failure:
        failed = failure
    return Batch(received, spool.close(), failed)


def _journalled_objects(
    visit: Visit, entries: tuple[Entry, ...], journal: Journal
) -> dict[str, list[ReceivedObject]]:
    """Objects of these files that an interrupted earlier visit has received, by file name."""
    notes = journal.load(visit.spools)
    if not notes:
        return {}
    keys = {entry.name: visit.signature(entry) for entry in entries}
    return {name: notes[key] for name, key in keys.items() if key in notes}
