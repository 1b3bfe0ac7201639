"""Names of the points at which a run may be interrupted.

A run that is killed at any of them is completed by the next run, with the same bytes as an
uninterrupted run. `announce` does nothing. tests/spec/pipeline/test_crashes.py replaces it by a
kill, and fails if a point is never reached.
"""

from __future__ import annotations

from enum import StrEnum


class CommitPoint(StrEnum):
    """The step that has just been completed, in the order of an ingest and a validation."""

    LOCKED = "the lock of a facility or submission was acquired"
    TEMPORARY_WRITTEN = "a file was written under its temporary name"
    TEMPORARY_RENAMED = "a file was renamed to its final name"
    FILES_FETCHED = "a chunk of exported files was read"
    OBJECTS_FLUSHED = "the objects of a submission were flushed to disk"
    RECEIVED = "the outcomes of stage receive were written"
    PART_WRITTEN = "a worker wrote a part of a table"
    TABLE_JOINED = "a worker joined the parts of a table"
    OUTCOMES_WITHDRAWN = "the outcomes of an earlier run were removed, its tables not yet replaced"
    TABLE_PUBLISHED = "a table was renamed to its final name"
    TABLES_FLUSHED = "every table was flushed to disk"
    DECODED = "the outcomes of stage decode were written"
    PARTS_REMOVED = "the parts were removed"
    FINDINGS_WRITTEN = "the findings of a submission were written"
    TABLE_ACCEPTED = "a table was copied to the accepted zone"
    ACCEPTED_FLUSHED = "findings and accepted tables were flushed to disk"
    VALIDATED = "the outcomes of stage validate were written"
    COMPACTED_WRITTEN = "a compacted file was written, which nothing refers to yet"
    YEAR_COMPACTED = "the list of a facility's compacted submissions was replaced"
    FILE_REMOVED = "a file that compacted files replace, or that was not finished, was removed"
    YEAR_REOPENED = "the list was replaced by one without the submissions to be written again"


def announce(point: CommitPoint) -> None:
    """Called when a point is reached, as `commit_points.announce(...)`."""
