"""Puts received objects that formats 1 and 2 kept in a file each into packs.

A file is removed when a pack has its object: the pack is read, and each content compared with its
checksum. Each step can be repeated after an interruption.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from transforms.lake.lake import Lake
from transforms.lake.packs import Pack
from transforms.lake.received import ZONE, has_pack, keep_objects, kept_objects, local_pack
from transforms.lake.stored_tables import PARTITION, arrival_of
from transforms.receive.journal import Journal

LOOSE = ".dcm"


@dataclass(slots=True)
class Packed:
    """Objects that were put into packs, that no file has, and files that remain.

    A file remains if its bytes do not fit its name, or if no submission names it: its visit was
    interrupted, and the next one receives the object again.
    """

    n_packed: int = 0
    n_lost: int = 0
    n_left: int = 0


def pack_loose_objects(lake: Lake) -> Packed:
    """Put the objects of all facilities into packs."""
    done = Packed()
    for facility_id in lake.names(ZONE, folders=True):
        if not facility_id.startswith(PARTITION):
            _pack_facility(lake, facility_id, done)
    for facility_id in lake.names("journal", folders=True):
        Journal(lake, facility_id).clear()  # it names objects without their spool files
    return done


def _pack_facility(lake: Lake, facility_id: str, done: Packed) -> None:
    """Pack the objects of each submission, then remove the files of those that are in packs."""
    folder = (ZONE, facility_id)
    names = [name for name in lake.names(*folder) if name.endswith(LOOSE)]
    loose = {name.removesuffix(LOOSE): lake.path(*folder, name) for name in names}
    arrivals = [one for one in lake.submissions("receive", facility_id) if one == arrival_of(one)]
    wanted = {one: kept_objects(lake, one) for one in arrivals}
    with lake.temporary_folder(facility_id) as temporary:
        for submission_id, kept in wanted.items():
            there = [sha256 for sha256 in kept if sha256 in loose]
            if there and not has_pack(lake, submission_id):
                keep_objects(lake, submission_id, temporary, _whole(lake, loose, there))
        packed = {one for name in wanted for one in _packed_objects(lake, name, temporary)}
    lake.remove_many([path for sha256, path in loose.items() if sha256 in packed])
    lake.remove_empty_folder(lake.path(*folder))
    done.n_packed += len(packed)
    done.n_lost += len({one for kept in wanted.values() for one in kept} - packed - loose.keys())
    done.n_left += len(loose.keys() - packed)


def _whole(
    lake: Lake, loose: Mapping[str, str], sha256s: Iterable[str]
) -> Iterator[tuple[str, bytes]]:
    """The objects whose bytes fit their checksum."""
    listed = list(sha256s)
    contents = lake.read_many(loose[sha256] for sha256 in listed)
    return (found for found in zip(listed, contents, strict=True) if _fits(*found))


def _packed_objects(lake: Lake, submission_id: str, folder: Path) -> set[str]:
    """Checksums of the objects that the pack of a submission has, after reading each."""
    if not has_pack(lake, submission_id):
        return set()
    pack = Pack(local_pack(lake, submission_id, folder))
    return {sha256 for sha256 in pack.checksums() if _fits(sha256, pack.read(sha256))}


def _fits(sha256: str, data: bytes) -> bool:
    return hashlib.sha256(data).hexdigest() == sha256
