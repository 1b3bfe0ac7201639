"""Structural rules are derived from the declaration of any table."""

import subprocess
import sys

import pyarrow as pa
import pytest

from expectations.rule import Rule
from expectations.structural import column_rule, row_rules
from expectations.validator import all_row_rules, column_rules
from transforms.tables.schema import Column, Table

TABLE = Table(
    name="measurement",
    grain="One row per measurement.",
    key=("object_sha256",),
    columns=(
        Column("object_sha256", pa.string(), "Object.", "derived", nullable=False),
        Column("phantom", pa.string(), "Phantom.", "derived", allowed=("head", "body")),
        Column("dlp_mgy_cm", pa.float64(), "DLP.", "x", unit="mGy.cm", minimum=0, maximum=9),
        Column("note", pa.string(), "Text.", "x"),
    ),
)


def test_a_declaration_becomes_one_rule_for_each_thing_it_says() -> None:
    assert column_rule(TABLE).arguments == {
        "column_list": ["object_sha256", "phantom", "dlp_mgy_cm", "note"]
    }
    assert [(rule.name, rule.tolerated_share) for rule in row_rules(TABLE)] == [
        ("measurement_key_unique", 0),
        ("measurement_numbers_possible", 0),
        ("measurement_object_sha256_not_null", 0),
        ("measurement_phantom_in_vocabulary", 0),
        ("measurement_dlp_mgy_cm_within_limits", 0.05),
    ]


def test_structural_rules_hold_and_show_the_number_with_its_unit() -> None:
    rules = row_rules(TABLE)
    assert {rule.severity for rule in rules} == {"hold"}
    assert rules[-1].observed == (("dlp_mgy_cm", "mGy.cm"),)
    assert "0 to 9" in rules[-1].reason


ALL_RULES = [*column_rules(), *all_row_rules()]


def test_rule_names_are_unique() -> None:
    names = [rule.name for rule in ALL_RULES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_every_rule_says_why_and_every_tolerance_says_why(rule: Rule) -> None:
    assert rule.reason.endswith(".")
    assert bool(rule.tolerance_reason) == rule.is_share_rule


def test_importing_the_package_does_not_import_great_expectations() -> None:
    code = (
        "import os, sys, expectations, expectations.validate, expectations.__main__; "
        "assert 'great_expectations' not in sys.modules; "
        "assert os.environ['GX_ANALYTICS_ENABLED'] == 'false'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
