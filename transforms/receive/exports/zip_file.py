"""Reads the members of a zip file as a stream, one by one, within limits.

A member's name is hashed and never used as a path. The limits are checked against the archive's
directory before anything is unpacked; zipfile unpacks no more of a member than its directory entry
states, so a larger one fails its checksum.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from transforms.receive.exports.location import READ_BYTES

ARCHIVE_ENDINGS = (".zip", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
DIRECTORY_BYTES_PER_MEMBER = 1024
FREE_BYTES = 1024 * 1024
"""Below this size (bytes) the ratio is not checked, since even a file of zeros is small."""


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Limits of an archive."""

    members: int
    unpacked_bytes: int
    ratio: float
    object_bytes: int


class Member(NamedTuple):
    """One member: its bytes, or the reason for none. Without a name, the fault is the archive's."""

    name: str | None
    data: bytes | None
    reason_code: str | None = None
    detail: str | None = None


def is_archive(name: str) -> bool:
    """Whether a file is read as an archive, by its name."""
    return name.lower().endswith(".zip")


def members(file: BinaryIO, limits: ArchiveLimits, check: Callable[[], object]) -> Iterator[Member]:
    """Yield all files of the archive in the order of its directory; calls `check` between pieces.

    An archive that is invalid or exceeds a limit gives one member without a name.
    """
    try:
        if _directory_bytes(file) > DIRECTORY_BYTES_PER_MEMBER * limits.members:
            yield Member(None, None, "archive_limit", f"more than {limits.members} members")
            return
        archive = zipfile.ZipFile(file)
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, MemoryError):
        yield Member(None, None, "archive_invalid")
        return
    fault = _fault_of_directory(infos, limits, file.seek(0, os.SEEK_END))
    if fault is not None:
        yield fault
        return
    for info in infos:
        yield _member(archive, info, limits, check)


def _directory_bytes(file: BinaryIO) -> int:
    """Size of the directory, which zipfile reads completely; 0 if there is none."""
    record = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    return int(record[5]) if record else 0


def _fault_of_directory(
    infos: list[zipfile.ZipInfo], limits: ArchiveLimits, archive_bytes: int
) -> Member | None:
    """The fault that the directory shows before anything is unpacked; None if there is none.

    Members can overlap, so the packed sizes in the directory can exceed the file size.
    """
    if not infos:
        return Member(None, None, "archive_invalid", "no member")
    if len(infos) > limits.members:
        return Member(None, None, "archive_limit", f"more than {limits.members} members")
    unpacked = sum(info.file_size for info in infos)
    packed = min(archive_bytes, sum(info.compress_size for info in infos))
    if unpacked > limits.unpacked_bytes:
        return Member(None, None, "archive_limit", f"more than {limits.unpacked_bytes} bytes")
    if unpacked > max(FREE_BYTES, limits.ratio * packed):
        return Member(None, None, "archive_limit", f"ratio above {limits.ratio:g}")
    return None


def _member(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    limits: ArchiveLimits,
    check: Callable[[], object],
) -> Member:
    name = info.filename
    if info.flag_bits & ENCRYPTED:
        return Member(name, None, "archive_encrypted")
    if name.lower().endswith(ARCHIVE_ENDINGS):
        return Member(name, None, "archive_nested")
    if info.compress_type not in METHODS:
        return Member(name, None, "archive_invalid", "compression method")
    if info.file_size > limits.object_bytes:
        return Member(name, None, "object_too_large", f"limit {limits.object_bytes} bytes")
    try:
        data = _unpack(archive, info, check)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
        return Member(name, None, "archive_invalid", "member")
    if data.startswith(ZIP_STARTS):
        return Member(name, None, "archive_nested")
    return Member(name, data)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, check: Callable[[], object]) -> bytes:
    """The bytes of a member, at most its stated size; its CRC-32 is checked at the end."""
    pieces = []
    with archive.open(info) as member:
        while piece := member.read(READ_BYTES):
            check()
            pieces.append(piece)
    return b"".join(pieces)
