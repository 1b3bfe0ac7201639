"""The example queries of sql/analyses, and the README of that folder with their results.

python -m transforms.query.analyses LAKE/report/public.duckdb writes the README
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transforms.query.ask import run_query
from transforms.query.shown import format_result
from transforms.warehouse.sql_project import SQL

FOLDER = SQL / "analyses"
README = FOLDER / "README.md"
HEAD = """# Ten queries on the public database

This folder contains ten worked questions, each a SQL file for `public.duckdb`.

The file is in `report/` of a lake and in `public/` of a release. Run a question with
`drlake sql - < sql/analyses/01_levels.sql`, or paste it into another client; see
[how to query](../../transforms/query/README.md). dbt does not read this folder. Terms are
explained in the [glossary](../../data/reference/README.md#glossary).

The answers below are those of a small synthetic nation (13 facilities, seed 7, with its declared
forms) under the disclosure profile `strict`. Counts are rounded to fives and doses to steps. Most
cells are withheld, because few facilities do each procedure. The doses are invented and are not
reference values. NULL is shown as –. `python -m transforms.query.analyses` writes this page from
that nation (tests/end_to_end/conftest.py makes it), and a test compares.
"""


@dataclass(frozen=True, slots=True)
class Analysis:
    """One file: its question in words and its query."""

    name: str
    question: str
    query: str


def analyses(folder: Path = FOLDER) -> Iterator[Analysis]:
    """Return the queries in the order of their numbers."""
    for path in sorted(folder.glob("*.sql")):
        first, _, query = path.read_text(encoding="utf-8").partition("\n")
        yield Analysis(path.name, first.removeprefix("--").strip(), query.strip())


def readme(database: Path) -> str:
    """Return the README with the results from this database."""
    return "\n".join([HEAD, *(_section(one, database) for one in analyses())])


def _section(analysis: Analysis, database: Path) -> str:
    number = int(analysis.name.partition("_")[0])
    with run_query(database, analysis.query) as answer:
        said = "".join(format_result(answer, "table"))
    return (
        f"## {number}. {analysis.question}\n\n[`{analysis.name}`]({analysis.name})\n\n"
        f"```sql\n{analysis.query}\n```\n\n```\n{said}```\n"
    )


if __name__ == "__main__":
    README.write_text(readme(Path(sys.argv[1])), encoding="utf-8")
