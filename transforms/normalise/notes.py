"""The note columns of `dose_report`, with remarks about a report's other columns."""

from __future__ import annotations

from transforms.decode.values import Remarks


class Notes:
    """Collects remarks about a report's columns while its rows are made."""

    def __init__(self) -> None:
        self.additions = 0
        self._columns: dict[str, set[str]] = {
            "matched_by_meaning": set(),
            "columns_without_value": set(),
            "contradicted_columns": set(),
            "qualified_columns": set(),
            "unusable_columns": set(),
            "columns_with_zero_pulses": set(),
        }

    def add(self, note: str, table: str, column: str, said: str = "") -> None:
        """Add a column, with an optional remark, to one of the notes."""
        self.additions += 1
        self._columns[note].add(f"{table}.{column}{said}")

    def add_remarks(self, remarks: Remarks) -> None:
        """Add the remarks collected while the values were read."""
        self._columns["matched_by_meaning"] |= remarks.matched_by_meaning
        self._columns["unusable_columns"] |= remarks.unusable_columns

    def note_unusable(self, table: str, column: str, reason_code: str) -> None:
        """Note that a value was left out, with the reason code."""
        self.add("unusable_columns", table, column, f":{reason_code}")

    def columns(self) -> dict[str, str | None]:
        """The note columns of `dose_report`; None for an empty note."""
        return {note: " ".join(sorted(names)) or None for note, names in self._columns.items()}
