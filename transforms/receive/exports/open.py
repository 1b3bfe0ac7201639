"""Opens an export location by the protocol of its URL."""

from __future__ import annotations

from transforms.receive.exports.local_folder import LocalRemote
from transforms.receive.exports.location import Deadline, Place, Remote, is_local, protocol_of
from transforms.receive.exports.object_store import FsspecRemote
from transforms.receive.exports.sftp import SftpRemote


def open_remote(place: Place, deadline: Deadline) -> Remote:
    """Connect to an export location; VisitFailed if it cannot be reached."""
    if is_local(place):
        return LocalRemote(place.url)
    if protocol_of(place) in ("sftp", "ssh"):
        return SftpRemote(place, deadline)
    return FsspecRemote(place, deadline)
