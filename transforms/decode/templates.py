"""The rows of the dose templates (PS3.16 TID 10001 to 10015, 10021 and 10022) that drlake knows.

`templates.csv` states for each row where the standard puts it, what the decoder does with it, and
whether the sample writes it. `edition` names the edition of PS3.16 in which the row was read;
`reports` means that relationship and parent were seen in real reports but the row was not read;
empty means neither. Tests compare the table with pydicom's dictionaries, the decoder, the sample
and the real reports.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from transforms.dicom.codes import Code

DOCUMENT = "document"
"""The parent of the rows directly below the root."""

NOT_READ = "not read"
DECODERS = frozenset(
    {"read", "row", "all", "per pulse", "first", "by phantom", NOT_READ},
)
"""What the decoder does: `row` makes one row per container; `all` joins or collects all items;
`per pulse` combines the values of the pulses; `first` reads the first X-ray source only; `by
phantom` chooses the column by the phantom; `read` reads one value, and NULL if several disagree."""

_FILE = Path(__file__).with_name("templates.csv")


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One row of a template; `parent` is the meaning of the concept that contains it."""

    template: str
    row: str
    relationship: str
    parent: str
    value_type: str
    scheme: str
    value: str
    concept: str
    multiplicity: str
    required: str
    context_group: str
    edition: str
    columns: str
    decoder: str
    sample: str
    note: str

    @property
    def code(self) -> Code:
        """The concept name."""
        return Code(self.scheme, self.value, self.concept)

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns that the row fills, as table.column."""
        return tuple(filter(None, self.columns.split(";")))

    @property
    def is_written(self) -> bool:
        """Whether the sample writes the row."""
        return self.sample == "written"


@lru_cache(maxsize=1)
def template_rows() -> tuple[TemplateRow, ...]:
    """Every row of the table, in its order."""
    names = [field.name for field in fields(TemplateRow)]
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(TemplateRow(*(row[name] for name in names)) for row in csv.DictReader(file))
