"""The received objects of a lake: a pack of each submission, `received/facility=…/`.

All code that stores or reads received objects does it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from transforms.errors import DrlakeError
from transforms.lake.lake import Lake
from transforms.lake.packs import Pack, unusable, write_pack
from transforms.lake.stored_tables import arrival_of

ZONE = "received"
CHECKSUM = re.compile("[0-9a-f]{64}")


def is_checksum(what: str) -> bool:
    """Whether an argument of a command is a SHA-256 checksum, and not the name of a file."""
    return bool(CHECKSUM.fullmatch(what.lower())) and not Path(what).exists()


def pack_path(lake: Lake, submission_id: str) -> str:
    """`<lake>/received/facility=<facility_id>/<submission_id>.parquet`.

    A later attempt to decode objects has no pack: they are in that of the submission.
    """
    return lake.parquet_path(ZONE, name=arrival_of(submission_id))


def keep_objects(
    lake: Lake, submission_id: str, folder: Path, objects: Iterable[tuple[str, bytes]]
) -> None:
    """Store the objects of a submission, flushed to disk and readable by their owner only.

    `folder` is a temporary folder on this machine. On an object store this is one PUT.
    """
    made = folder / f"{submission_id}.pack"
    with lake.flush_at_end():
        write_pack(made, objects)
        lake.put_file(made, pack_path(lake, submission_id), private=True)
    made.unlink(missing_ok=True)


def has_pack(lake: Lake, submission_id: str) -> bool:
    """Whether the lake has the objects of a submission."""
    return lake.exists(pack_path(lake, submission_id))


def local_pack(lake: Lake, submission_id: str, folder: Path) -> Path:
    """The pack of a submission on this machine; one of a remote lake is fetched into the folder."""
    path = pack_path(lake, submission_id)
    try:
        return lake.fetched_file(path, folder / path.rpartition("/")[2])
    except FileNotFoundError:
        raise unusable(path.rpartition("/")[2], "is lost") from None


def read_object(lake: Lake, object_sha256: str) -> bytes:
    """The bytes of an object by its checksum; DrlakeError if the lake does not have it."""
    for submission_id in lake.submissions("receive"):
        if object_sha256 in kept_objects(lake, submission_id):
            with lake.temporary_folder(submission_id) as folder:
                return Pack(local_pack(lake, submission_id, folder)).read(object_sha256)
    raise DrlakeError(
        f"The lake has no object {object_sha256}. Run `drlake explain {object_sha256}` to see "
        "whether one was received and refused."
    )


def kept_objects(lake: Lake, submission_id: str) -> list[str]:
    """Checksums of the objects of a submission that are kept, in its order.

    Duplicates are kept by the submission that brought them first; refused objects are not kept.
    """
    rows = lake.read_outcomes("receive", submission_id)
    columns = (rows.column(name).to_pylist() for name in ("object_sha256", "outcome"))
    return [sha256 for sha256, outcome in zip(*columns, strict=True) if outcome == "received"]


def remove_unnamed_packs(lake: Lake, facility_id: str) -> None:
    """Remove packs of an interrupted visit, whose submission was never written.

    The caller holds the lock of the facility. A remote lake has no locks, so there they stay.
    """
    if lake.is_local:
        named = set(lake.submissions("receive", facility_id))
        stems = lake.stems(ZONE, facility_id=facility_id)
        lake.remove_many([pack_path(lake, stem) for stem in stems if stem not in named])
