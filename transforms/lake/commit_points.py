"""The moments between which a run may be cut off, named in one place.

A run that dies at any of them is taken up by the next one, which leaves the same bytes as if
nothing had happened. `announce` does nothing; tests/spec/pipeline/test_crashes.py puts a kill in
its place and fails where a name of this list is never reached.
"""

from __future__ import annotations

from enum import StrEnum


class CommitPoint(StrEnum):
    """What has just been done, in the order of an ingest and a validation."""

    LOCKED = "the lock of a facility or submission is held"
    TEMPORARY_WRITTEN = "a file is on the disk under its temporary name"
    TEMPORARY_RENAMED = "a file has its name"
    FILES_FETCHED = "a chunk of exported files is kept"
    OBJECTS_FLUSHED = "every object of the pull is on the disk"
    RECEIVED = "the outcomes of stage receive have their name"
    PART_WRITTEN = "a worker has written a part of a table"
    TABLE_JOINED = "a worker has joined the parts of a table"
    OUTCOMES_WITHDRAWN = "the outcomes of an earlier run are gone, its tables not yet replaced"
    TABLE_PUBLISHED = "a table has its name"
    TABLES_FLUSHED = "every table is on the disk under its name"
    DECODED = "the outcomes of stage decode have their name"
    PARTS_REMOVED = "the parts are removed"
    FINDINGS_WRITTEN = "the findings of a submission are written"
    TABLE_ACCEPTED = "a table is in the accepted zone"
    ACCEPTED_FLUSHED = "findings and accepted tables are on the disk"
    VALIDATED = "the outcomes of stage validate have their name"


def announce(point: CommitPoint) -> None:
    """Called where a point is reached, as `commit_points.announce(...)`."""
