"""sql/README.md: its links work, and its trace follows the references of the models."""

from __future__ import annotations

import re
from itertools import pairwise

from tests.support.sql_layers import ORDER, sql_models
from transforms.warehouse.sql_project import SQL

README = (SQL / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"\[(\w+(?:\.md)?)\]\(([^)]+)\)")
STEP = re.compile(r"^\d+\. \[(\w+)\]\(([^)]+)\)", re.MULTILINE)
FOLDER = re.compile(r"^\| `models/([\w/]+)` \|", re.MULTILINE)


def trace() -> list[tuple[str, str]]:
    """The steps from national_drls down to the lake: name and link."""
    _, _, after = README.partition("## Where is P75 computed\n")
    return STEP.findall(after.partition("\n## ")[0])


def test_the_first_line_is_the_order_of_folders() -> None:
    assert README.splitlines()[0] == f"Order of folders: {' → '.join(ORDER)}"


def test_every_link_leads_to_a_file() -> None:
    links = LINK.findall(README)
    assert links
    assert [path for _, path in links if not (SQL / path).is_file()] == []
    assert [name for name, path in links if path.endswith(f"/{name}.sql")] == [
        name for name, path in links if path.endswith(".sql")
    ]


def test_the_trace_follows_the_references_of_the_models() -> None:
    *models, source = [name for name, _ in trace()]
    assert models[0] == "national_drls"
    graph = sql_models()
    for reader, read in pairwise(models):
        assert read in graph[reader].refs, f"{reader} does not read {read}"
    last = (SQL / dict(trace())[models[-1]]).read_text(encoding="utf-8")
    assert f"source('lake', '{source}')" in last


def test_every_folder_of_models_has_a_sentence() -> None:
    folders = {one.folder for one in sql_models().values()}
    assert set(FOLDER.findall(README)) == folders
