"""transforms/statistics/README.md lists the results of a facility, and who reads them."""

from __future__ import annotations

import re

from transforms.settings import REPOSITORY
from transforms.statistics.models import kept_models
from transforms.warehouse.sql_project import SqlProject

README = REPOSITORY / "transforms" / "statistics" / "README.md"
READ_BY_NATION = ("What the nation reads", "Rows that the nation still reads")


def listed(section: str, known: set[str]) -> set[str]:
    """The tables that a section of the page names."""
    text = README.read_text(encoding="utf-8").partition(f"## {section}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"`(\w+)`", text)) & known


def test_the_page_lists_every_table_once_and_what_the_nation_reads() -> None:
    project = SqlProject(staging=True, source="lake.{}".format)
    kept = {model.name for model in kept_models(project)}
    of_nation = [name for name, model in project.models.items() if not model.is_of_facility]
    read = {ref for name in of_nation for ref in project.refs[name]} & kept
    by_nation = [listed(section, kept) for section in READ_BY_NATION]
    others = listed("What only the facility reads", kept)
    assert set.union(*by_nation) == read
    assert others == kept - read
    assert sum(map(len, [*by_nation, others])) == len(kept) == 28
