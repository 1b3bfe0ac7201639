"""Reads a chunk of exported files into a spool file; one job of a worker."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from transforms.lake import commit_points
from transforms.lake.commit_points import CommitPoint
from transforms.lake.pseudonyms import Pseudonyms
from transforms.lake.spools import Spool, SpoolFile, spool_path
from transforms.receive.exports.local_folder import LocalRemote
from transforms.receive.exports.location import (
    FILE,
    LINK,
    READ_BYTES,
    UNSAFE,
    Deadline,
    Entry,
    Place,
    Remote,
    VisitFailed,
)
from transforms.receive.exports.zip_file import ArchiveLimits, Member, is_archive, members


class Source(NamedTuple):
    """Location of a facility's files, and their size limits."""

    place: Place
    maximum_bytes: int
    archive: ArchiveLimits


class ReceivedObject(NamedTuple):
    """One object as it arrived: the checksum of its bytes, or why it cannot be kept.

    Without `signature_key` the file is read again at the next visit, since its fault may be fixed
    without a change of name, size and time.
    """

    name_key: str
    sha256: str | None
    reason_code: str | None = None
    detail: str | None = None
    signature_key: str | None = None
    object_bytes: int | None = None


class FetchResult(NamedTuple):
    """The result of one job; `part` gives its place in the order of the listing.

    `left` files changed or disappeared while they were read; they are left for the next visit.
    """

    part: tuple[int, int]
    objects: list[ReceivedObject]
    spooled: SpoolFile | None = None
    left: int = 0


Keep = Callable[[str, bytes], None]
"""Keeps the bytes of an object, given its checksum."""


class Receiver:
    """Receives files of one facility, with an outcome for each; `keep` gets their bytes."""

    def __init__(
        self,
        source: Source,
        keep: Keep,
        pseudonyms: Pseudonyms,
        remote: Remote,
        deadline: Deadline | None = None,
    ) -> None:
        self._source, self._keep, self._pseudonyms = source, keep, pseudonyms
        self._remote, self._deadline = remote, deadline

    def receive(self, entry: Entry) -> list[ReceivedObject] | None:
        """The objects of one file; None if it must be left for the next visit."""
        fault = self._fault(entry)
        if fault is not None:
            return [ReceivedObject(self.name_key(entry.name), None, *fault)]
        try:
            return self._archive(entry) if is_archive(entry.name) else self._file(entry)
        except PermissionError:
            return [ReceivedObject(self.name_key(entry.name), None, "object_unreadable")]
        except FileNotFoundError:
            return None

    def _fault(self, entry: Entry) -> tuple[str, str] | None:
        """Reason code and detail if a file must not be read; None otherwise."""
        if entry.kind == UNSAFE:
            return "object_name_unsafe", "name"
        if entry.kind != FILE:
            return "object_unreadable", "link" if entry.kind == LINK else "no file"
        packed = is_archive(entry.name)
        limit = self._source.archive.unpacked_bytes if packed else self._source.maximum_bytes
        if entry.size > limit:
            return "archive_limit" if packed else "object_too_large", f"limit {limit} bytes"
        return None

    def _file(self, entry: Entry) -> list[ReceivedObject] | None:
        limit = self._source.maximum_bytes
        try:
            data = self._remote.read(entry, limit)
        except (PermissionError, FileNotFoundError):
            raise
        except OSError as error:
            raise VisitFailed("facility_failed", error) from None
        if len(data) > limit:
            detail = f"limit {limit} bytes"
            return [ReceivedObject(self.name_key(entry.name), None, "object_too_large", detail)]
        if len(data) != entry.size and not self._is_unchanged(entry):
            return None
        return [self._keep_bytes(entry, self.name_key(entry.name), data)]

    def _is_unchanged(self, entry: Entry) -> bool:
        """Whether the file is unchanged since it was listed, so that its stated size is wrong."""
        now = self._remote.stat_files([entry.name]).get(entry.name)
        return now is not None and now == entry._replace(expected_sha256=None)

    def _keep_bytes(self, entry: Entry, name_key: str, data: bytes) -> ReceivedObject:
        """Keep the bytes if they match the checksum of the manifest."""
        facility_id = self._source.place.facility_id
        sha256 = hashlib.sha256(data).hexdigest()
        expected = entry.expected_sha256
        if expected is not None and expected != sha256:
            key = signature_key(self._pseudonyms, facility_id, entry, expected)
            return ReceivedObject(name_key, sha256, "checksum_mismatch", None, key, len(data))
        key = signature_key(self._pseudonyms, facility_id, entry)
        if not data:
            return ReceivedObject(name_key, sha256, "object_empty", None, key, 0)
        self._keep(sha256, data)
        return ReceivedObject(name_key, sha256, None, None, key, len(data))

    def _archive(self, entry: Entry) -> list[ReceivedObject] | None:
        """Every member of an archive, or the fault of the archive."""
        with self._remote.open(entry) as file:
            if entry.expected_sha256 is not None:
                digest = hashlib.sha256()
                while piece := file.read(READ_BYTES):
                    self._check()
                    digest.update(piece)
                if digest.hexdigest() != entry.expected_sha256:
                    return [self._mismatch(entry, digest.hexdigest())]
                file.seek(0)
            found = members(file, self._source.archive, self._check)
            objects = [self._member(entry, member) for member in found]
        return objects if self._is_unchanged(entry) else None

    def _mismatch(self, entry: Entry, sha256: str) -> ReceivedObject:
        key = signature_key(
            self._pseudonyms, self._source.place.facility_id, entry, entry.expected_sha256
        )
        name_key = self.name_key(entry.name)
        return ReceivedObject(name_key, sha256, "checksum_mismatch", None, key, entry.size)

    def _member(self, entry: Entry, member: Member) -> ReceivedObject:
        inner = () if member.name is None else (member.name,)
        name_key = self.name_key(entry.name, *inner)
        if member.data is not None:
            return self._keep_bytes(entry._replace(expected_sha256=None), name_key, member.data)
        key = signature_key(self._pseudonyms, self._source.place.facility_id, entry)
        return ReceivedObject(name_key, None, member.reason_code, member.detail, key)

    def _check(self) -> None:
        if self._deadline is not None:
            self._deadline.remaining()

    def name_key(self, *names: str) -> str:
        """Keyed hash of a file's name, since names may identify patients."""
        texts = map(key_text, names)
        return self._pseudonyms.of("name", self._source.place.facility_id, *texts)


def signature_key(
    pseudonyms: Pseudonyms, facility_id: str, entry: Entry, expected: str | None = None
) -> str:
    """Keyed hash of a file's name, size and time, and of the checksum that it failed."""
    parts = (key_text(entry.name), str(entry.size), str(entry.modified_ns))
    failed = () if expected is None else (expected,)
    return pseudonyms.of("signature", facility_id, *parts, *failed)


def key_text(name: str) -> str:
    """A name as text that can be hashed; bytes that are not UTF-8 are escaped."""
    return name if name.isascii() else name.encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True, slots=True)
class FetchJob:
    """A job that receives local files of one facility, in the order of the listing."""

    source: Source
    folder: Path
    pseudonyms: Pseudonyms
    chunk: int
    entries: tuple[Entry, ...]
    position: int = 0
    alone: bool = False

    @property
    def part(self) -> tuple[int, int]:
        """Name of the job's spool file, and its place in the order of the listing."""
        return self.chunk, self.position

    def work(self, reader: object) -> FetchResult:
        """Read each file and spool its bytes. OSError if the disk of the spool fails."""
        spool = Spool(spool_path(self.folder, self.part))
        receiver = self._receiver(spool.add)
        found = [receiver.receive(entry) for entry in self.entries]
        objects = [one for each in found if each is not None for one in each]
        spooled = spool.close()
        commit_points.announce(CommitPoint.FILES_FETCHED)
        return FetchResult(self.part, objects, spooled, found.count(None))

    def _receiver(self, keep: Keep) -> Receiver:
        remote = LocalRemote(self.source.place.url)
        return Receiver(self.source, keep, self.pseudonyms, remote)

    def split(self) -> Sequence[FetchJob]:
        """One job per file."""
        if self.alone:
            return ()
        return [
            replace(self, position=position, entries=(entry,), alone=True)
            for position, entry in enumerate(self.entries)
        ]

    def outcome_of_crash(self, exit_code: int) -> FetchResult:
        """The outcome of a file that ended two workers."""
        detail = f"worker ended with {exit_code}"
        receiver = self._receiver(lambda sha256, data: None)
        keys = [receiver.name_key(entry.name) for entry in self.entries]
        objects = [ReceivedObject(key, None, "object_unreadable", detail) for key in keys]
        return FetchResult(self.part, objects)
