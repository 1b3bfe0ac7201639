"""`radiopharmaceutical_administration` for the policy rules."""

from __future__ import annotations

from expectations.views.frames import Frame, SubmissionTables, to_frame, with_row_numbers


def administration_frame(tables: SubmissionTables) -> Frame:
    """Administrations with the position of each row."""
    return with_row_numbers(to_frame(tables.administrations))
