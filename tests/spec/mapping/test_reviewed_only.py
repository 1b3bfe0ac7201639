"""With `--reviewed-only`, a decision by a rule or row without a reviewer does not count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.support.lakes.lake_rows import event, report
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels
from transforms.dbt_build.environment import review_environment
from transforms.mapping.rules import COLUMNS
from transforms.settings import Settings

pytestmark = pytest.mark.slow

REPORTS = [
    report("rule reviewed", [event()], study_description="CT one"),
    report("rule not reviewed", [event()], study_description="CT two"),
    report("reading not reviewed", [event()], study_description="CT Thorax"),
    report("reading reviewed", [event()], study_description="CT Kopf"),
    report("both", [event()], study_description="CT Kopf 2"),
]
RULES = [("one", "ct one", "B"), ("two", "ct two", None), ("three", "ct kopf 2", None)]


def rule(rule_id: str, text: str, reviewer: str | None) -> dict[str, Any]:
    told = {"rule_id": rule_id, "pattern": text, "reviewer": reviewer, "author": "A"}
    told |= {"scope": "national", "modality": "CT", "field": "study_description"}
    told |= {"match_type": "exact", "procedure_id": "ct_neck", "valid_from": "2000-01-01"}
    return {**dict.fromkeys(COLUMNS), **told, "rule_version": 1, "priority": len(rule_id)}


def built(*, reviewed_only: bool) -> SqlModels:
    """The models of the reports, where the row of the head has a reviewer."""
    settings = Settings(lake="", reviewed_only=reviewed_only)
    models = SqlModels("mapping_coverage", environment=review_environment(settings))
    for one in RULES:
        row = rule(*one)
        places = ", ".join("?" for _ in row)
        insert = f"insert into procedure_rules values ({places})"  # noqa: S608
        models.connection.execute(insert, [*row.values()])
    models.connection.execute(
        "update concept_procedures set reviewer = 'C' where modality = 'CT' and concepts = 'head'"
    )
    tables: dict[str, pa.Table] = staging_tables({"F1": REPORTS})
    models.run(tables)
    return models


def decided(*, reviewed_only: bool) -> dict[str, str | None]:
    """Study and procedure."""
    query = "select study_key, procedure_id from int_examination_procedures"
    return dict(built(reviewed_only=reviewed_only).rows(query))


@pytest.mark.parametrize(("reviewed_only", "counts"), [(False, (5, 3)), (True, (2, 0))])
def test_examinations_mapped_without_a_review_are_counted(
    reviewed_only: bool, counts: tuple[int, int]
) -> None:
    query = "select n_mapped, n_mapped_unreviewed from mapping_coverage"
    assert built(reviewed_only=reviewed_only).rows(query) == [counts]


def test_without_the_option_every_decision_counts() -> None:
    assert decided(reviewed_only=False) == {
        "rule reviewed": "ct_neck",
        "rule not reviewed": "ct_neck",
        "reading not reviewed": "ct_chest",
        "reading reviewed": "ct_head",
        "both": "ct_neck",
    }


def test_with_the_option_decisions_without_a_reviewer_leave_the_name_undecided() -> None:
    """An unreviewed rule leaves the name undecided; the reading does not decide it instead."""
    assert decided(reviewed_only=True) == {
        "rule reviewed": "ct_neck",
        "rule not reviewed": None,
        "reading not reviewed": None,
        "reading reviewed": "ct_head",
        "both": None,
    }


def test_the_option_changes_the_digest_of_the_statistics(tmp_path: Path) -> None:
    from transforms.statistics.models import FacilityModels

    both = {
        FacilityModels(review_environment(Settings(lake="", reviewed_only=one))).digest
        for one in (False, True)
    }
    assert len(both) == 2
