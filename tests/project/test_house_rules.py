"""House rules of the code, checked so that no person has to remember them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from transforms.reasons.objects import REASONS
from transforms.tables import TABLES
from transforms.tables.facility_pull import PULL_OUTCOMES, PULL_STAGE
from transforms.tables.object_outcome import OUTCOMES, STAGES

ROOT = Path(__file__).resolve().parent.parent.parent
TOP_LEVEL = {
    *("dags", "transforms", "expectations", "sql", "data", "tests"),
    *("pyproject.toml", "README.md", "Makefile", "requirements.lock", "LICENSE"),
    *(".gitignore", ".ci", ".pre-commit-config.yaml"),
}
UNIT_SUFFIX = {
    "mGy": "_mgy",
    "mGy.cm": "_mgy_cm",
    "mm": "_mm",
    "s": "_s",
    "kV": "_kv",
    "mA": "_ma",
    "kg": "_kg",
    "cm": "_cm",
    "d": "_days",
    "Gy": "_gy",
    "Gy.m2": "_gy_m2",
    "ms": "_ms",
    "uA.s": "_ua_s",
    "m2": "_m2",
    "deg": "_deg",
    "N": "_n",
    "MBq": "_mbq",
    "mSv": "_msv",
    "{pulse}/s": "_per_s",
    "[hnsf'U]": "_hu",
}
WITHOUT_SUFFIX = {"1", "By"}


def tracked_files() -> list[str]:
    command = ["git", "ls-files"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def test_the_top_level_is_the_one_the_design_fixes() -> None:
    assert {path.split("/")[0] for path in tracked_files()} <= TOP_LEVEL


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_columns_are_described_and_carry_their_unit_in_the_name(table: object) -> None:
    for column in table.columns:  # type: ignore[attr-defined]
        assert column.description.endswith("."), column.name
        if column.unit and column.unit not in WITHOUT_SUFFIX:
            assert column.name.endswith(UNIT_SUFFIX[column.unit]), column.name


def test_reasons_are_unique_and_say_how_to_mend() -> None:
    assert len({reason.code for reason in REASONS}) == len(REASONS)
    for reason in REASONS:
        assert reason.stage in (*STAGES, PULL_STAGE)
        assert reason.outcome in (*OUTCOMES, *PULL_OUTCOMES)
        assert reason.mend.endswith("."), reason.code


LOCKS = ("requirements.lock", "tests/requirements.lock", "transforms/deidentify/requirements.lock")
"""Packages that an authority installs, that tests add, and that a hospital installs."""

EXECUTOR_LOCKS = ("dags/requirements-celery.lock", "dags/requirements-kubernetes.lock")
"""Packages that Airflow on several machines needs besides those of an authority."""


@pytest.mark.parametrize("name", [*LOCKS, *EXECUTOR_LOCKS])
def test_a_lock_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert not re.search(r"https?://|--index-url|--find-links |file:", text)


def pins(name: str) -> set[str]:
    """The lines `package==version` of a lock."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return set(re.findall(r"^[\w.-]+==[\w.+-]+", text, flags=re.MULTILINE))


def test_the_locks_agree_and_only_the_tests_have_development_packages() -> None:
    authority, tests, hospital = map(pins, LOCKS)
    assert hospital <= authority
    assert not {pin.partition("==")[0] for pin in tests} & {
        pin.partition("==")[0] for pin in authority
    }
    assert {"pytest", "ruff", "mypy"} <= {pin.partition("==")[0] for pin in tests}


def test_an_executor_adds_packages_to_those_of_an_authority() -> None:
    authority = {pin.partition("==")[0] for pin in pins(LOCKS[0])}
    celery, kubernetes = map(pins, EXECUTOR_LOCKS)
    assert celery <= pins(LOCKS[1]), "tests start Celery"
    assert not authority & {pin.partition("==")[0] for pin in celery | kubernetes}
    assert any(pin.startswith("celery==5.5.") for pin in celery)
    assert any(pin.startswith("apache-airflow-providers-cncf-kubernetes==") for pin in kubernetes)


def test_hooks_before_a_commit_are_local() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert "://" not in text
    config = yaml.safe_load(text)
    assert {one["repo"] for one in config["repos"]} == {"local"}
    hooks = [hook for one in config["repos"] for hook in one["hooks"]]
    assert {hook["language"] for hook in hooks} == {"system"}


def test_no_code_of_the_standard_is_typed_as_digits_in_the_decoder() -> None:
    for folder in ("decode", "tables", "normalise"):
        for path in (ROOT / "transforms" / folder).rglob("*.py"):
            assert not re.search(r"[\"']1[12]\d{4}[\"']", path.read_text(encoding="utf-8")), path


def test_the_command_line_starts_without_the_heavy_packages() -> None:
    heavy = ["pydicom", "pyarrow", "duckdb", "great_expectations", "dbt", "airflow", "pandas"]
    code = f"import sys, transforms.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
