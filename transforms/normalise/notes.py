"""The note columns of `dose_report`: what had to be said about the other columns of a report."""

from __future__ import annotations

from transforms.decode.values import Remarks


class Notes:
    """What was found out about a report's columns while its rows were made."""

    def __init__(self) -> None:
        self._columns: dict[str, set[str]] = {
            "matched_by_meaning": set(),
            "columns_without_value": set(),
            "contradicted_columns": set(),
            "qualified_columns": set(),
            "unusable_columns": set(),
            "columns_with_zero_pulses": set(),
        }

    def add(self, note: str, table: str, column: str, said: str = "") -> None:
        """Remember one column, and what is said of it, under one of the notes."""
        self._columns[note].add(f"{table}.{column}{said}")

    def add_remarks(self, remarks: Remarks) -> None:
        """Remember what was found out before rows were made."""
        self._columns["matched_by_meaning"] |= remarks.matched_by_meaning
        self._columns["unusable_columns"] |= remarks.unusable_columns

    def note_unusable(self, table: str, column: str, reason_code: str) -> None:
        """Remember that a value was left out for a reason of the closed list."""
        self.add("unusable_columns", table, column, f":{reason_code}")

    def columns(self) -> dict[str, str | None]:
        """The note columns of `dose_report`; None where there is nothing to say."""
        return {note: " ".join(sorted(names)) or None for note, names in self._columns.items()}
