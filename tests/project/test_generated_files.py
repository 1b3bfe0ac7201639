"""Files generated from the declaration are committed, and match it."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.settings import REPOSITORY
from transforms.tables import TABLES
from transforms.tables.generated_files import LOCATIONS, doc_name, generated_files

FILES = generated_files()


@pytest.mark.parametrize("path", FILES, ids=str)
def test_generated_file_is_up_to_date(path: Path) -> None:
    written = (REPOSITORY / path).read_text(encoding="utf-8")
    assert written == FILES[path], "run `python -m transforms.tables.generated_files`"


def test_every_table_has_a_place_in_the_lake() -> None:
    assert set(LOCATIONS) == {table.name for table in TABLES}


def test_one_doc_block_never_stands_for_two_meanings() -> None:
    meanings: dict[str, set[str]] = {}
    for table in TABLES:
        for column in table.columns:
            meanings.setdefault(doc_name(table, column), set()).add(column.description)
    assert {name: texts for name, texts in meanings.items() if len(texts) > 1} == {}
