"""Finds the complete files of an export: marked by the sender, or unchanged in two checks.

A manifest (`MANIFEST.sha256`, as sha256sum writes it) applies to its folder and those below: only
files that it lists are received. If a folder contains `.done` marks, only marked files are
received. All other files are received once they are unchanged in two checks; a file not modified
for a minute needs no second check.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from transforms.receive.exports.location import FILE, UNSAFE, Clock, Entry, Remote, VisitFailed

MANIFEST = "MANIFEST.sha256"
DONE = ".done"
UNFINISHED = (".part", ".filepart", ".tmp")
"""File name endings that programs use for unfinished files."""

MAXIMUM_MANIFEST_BYTES = 256 * 1024 * 1024
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")

Checksums = Mapping[str, Mapping[str, str]]
"""Per folder with a manifest: names below the folder and their SHA-256."""


class Listing(NamedTuple):
    """The entries of an export, sorted by the kind that their names show."""

    files: tuple[Entry, ...]
    marks: frozenset[str]
    manifests: tuple[Entry, ...]
    ignored: int


@dataclass(frozen=True, slots=True)
class SettleTimes:
    """Times after which an unchanged file is taken as complete."""

    settle_seconds: float
    second_look_seconds: float


class Choice(NamedTuple):
    """Files to receive, and the numbers of incomplete and missing files."""

    complete: tuple[Entry, ...]
    incomplete: int
    missing: int


def sort_out(entries: Iterable[Entry]) -> Listing:
    """Sort entries into files, marks, manifests and ignored files, by name."""
    files: list[Entry] = []
    marks: set[str] = set()
    manifests: list[Entry] = []
    ignored = 0
    for entry in entries:
        last = entry.name.rpartition("/")[2]
        if entry.kind == UNSAFE:
            files.append(entry)
            continue
        if last.endswith(DONE):
            marks.add(entry.name)
        elif last == MANIFEST and entry.kind == FILE:
            manifests.append(entry)
        elif not _is_unfinished(entry.name):
            files.append(entry)
            continue
        ignored += 1
    return Listing(tuple(sorted(files)), frozenset(marks), tuple(sorted(manifests)), ignored)


def _is_unfinished(name: str) -> bool:
    """Whether a file is hidden, in a hidden folder, or has an ending of unfinished files."""
    if name[0] == "." or "/." in name:
        return True
    return name.lower().endswith(UNFINISHED)


def read_manifests(remote: Remote, manifests: Iterable[Entry]) -> dict[str, dict[str, str]]:
    """Checksums per folder; a manifest that is too large or unreadable lists no files."""
    found = {}
    for manifest in manifests:
        try:
            data = remote.read(manifest, MAXIMUM_MANIFEST_BYTES)
        except (PermissionError, FileNotFoundError):
            data = b""
        lines = data.decode("utf-8", "surrogateescape").splitlines()
        folder = manifest.name.rpartition("/")[0]
        found[folder] = dict(filter(None, map(_manifest_entry, lines)))
    return found


def _manifest_entry(line: str) -> tuple[str, str] | None:
    """Name and checksum of a line; sha256sum escapes names that contain a newline."""
    match = _LINE.fullmatch(line.removeprefix("\\"))
    if match is None:
        return None
    sha256, name = match.groups()
    if line.startswith("\\"):
        name = re.sub(r"\\(.)", lambda one: {"n": "\n", "r": "\r"}.get(one[1], one[1]), name)
    return name.removeprefix("./"), sha256


def choose_complete(
    listing: Listing,
    checksums: Checksums,
    files: Iterable[Entry],
    remote: Remote,
    settle: SettleTimes,
    clock: Clock,
) -> Choice:
    """Choose the complete files; files that may still be growing are checked a second time."""
    marking = frozenset(mark.rpartition("/")[0] for mark in listing.marks)
    complete: list[Entry] = []
    doubtful: list[Entry] = []
    waiting = 0
    for entry in files:
        folder = entry.name.rpartition("/")[0]
        governed, expected = expected_sha256(entry.name, checksums)
        if entry.kind != FILE:
            complete.append(entry)
        elif governed and expected:
            complete.append(entry._replace(expected_sha256=expected))
        elif governed or (folder in marking and not _is_marked(entry.name, folder, listing.marks)):
            waiting += 1
        elif folder in marking or _is_at_rest(entry, remote, settle, clock):
            complete.append(entry)
        else:
            doubtful.append(entry)
    same = _unchanged_at_second_look(doubtful, remote, settle, clock)
    left = waiting + len(doubtful) - len(same)
    return Choice(tuple(sorted([*complete, *same])), left, _count_missing(listing, checksums))


def expected_sha256(name: str, checksums: Checksums) -> tuple[bool, str | None]:
    """Whether a manifest applies to the file, and the checksum that it states."""
    if not checksums:
        return False, None
    parts = name.split("/")[:-1]
    for depth in range(len(parts), -1, -1):
        folder = "/".join(parts[:depth])
        if folder in checksums:
            below = name[len(folder) + 1 :] if folder else name
            return True, checksums[folder].get(below)
    return False, None


def _count_missing(listing: Listing, checksums: Checksums) -> int:
    """Number of files that a manifest lists but that are not there yet."""
    if not checksums:
        return 0
    names = {entry.name for entry in listing.files}
    return sum(
        (f"{folder}/{name}" if folder else name) not in names
        for folder, stated in checksums.items()
        for name in stated
    )


def _is_marked(name: str, folder: str, marks: frozenset[str]) -> bool:
    """Whether there is `a.dcm.done` or `a.done` for `a.dcm`, or a `.done` for its folder."""
    stem, dot, ending = name.rpartition(".")
    instead = f"{stem}{DONE}" if dot and "/" not in ending else ""
    return bool({f"{name}{DONE}", instead, f"{folder}/{DONE}".lstrip("/")} & marks)


def _is_at_rest(entry: Entry, remote: Remote, settle: SettleTimes, clock: Clock) -> bool:
    """Whether one check is enough; file times of another machine's clock are not trusted."""
    if remote.atomic:
        return True
    age = clock.now() - entry.modified_ns / 1e9
    return remote.own_clock and age >= settle.settle_seconds


def _unchanged_at_second_look(
    doubtful: list[Entry], remote: Remote, settle: SettleTimes, clock: Clock
) -> list[Entry]:
    if not doubtful:
        return []
    clock.sleep(settle.second_look_seconds)
    now = remote.stat_files(entry.name for entry in doubtful)
    return [entry for entry in doubtful if now.get(entry.name) == entry]


def list_export(remote: Remote, maximum: int) -> Listing:
    """The listing of an export; VisitFailed if it cannot be listed."""
    try:
        return sort_out(remote.entries(maximum))
    except FileNotFoundError as error:
        raise VisitFailed("facility_failed", error) from None
    except PermissionError as error:
        raise VisitFailed("authentication_failed", error) from None
