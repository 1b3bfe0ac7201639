"""Imports run one way: tests → dags → expectations → transforms, as README draws it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("transforms", "expectations", "dags", "tests")
ALLOWED = {
    "transforms": {"transforms"},
    "expectations": {"transforms", "expectations"},
    "dags": {"transforms", "expectations", "dags"},
}
ONLY_IN = {
    "airflow": {"dags"},
    "great_expectations": {"expectations"},
    "dbt": set(),
}
"""Third parties that belong to one folder; dbt is a command and imported nowhere."""

LAYERS = ("schema", "tables", "receive", "decode", "normalise", "pipeline", "cli")
INNER_ALLOWED = {
    "schema": set(),
    "tables": {"schema"},
    "decode": {"schema", "tables", "receive"},
}
"""What the inner packages of transforms may import of one another (helpers aside)."""


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("folder", sorted(ALLOWED))
def test_a_folder_imports_only_what_stands_below_it(folder: str) -> None:
    files = modules(folder)
    assert files
    for path in files:
        used = {name.split(".")[0] for name in imported(path)} & set(OURS)
        assert used <= ALLOWED[folder], path


@pytest.mark.parametrize("package", sorted(ONLY_IN))
def test_a_heavy_package_is_imported_in_its_own_folder_only(package: str) -> None:
    for folder in ("transforms", "expectations", "dags"):
        if folder in ONLY_IN[package]:
            continue
        for path in modules(folder):
            assert package not in {name.split(".")[0] for name in imported(path)}, path


@pytest.mark.parametrize("layer", sorted(INNER_ALLOWED))
def test_layers_inside_transforms_import_downwards(layer: str) -> None:
    base = ROOT / "transforms" / layer
    for path in (
        [base.with_suffix(".py")] if base.with_suffix(".py").is_file() else base.rglob("*.py")
    ):
        for name in imported(path):
            parts = name.split(".")
            if parts[0] == "transforms" and len(parts) > 1 and parts[1] in LAYERS:
                assert parts[1] in INNER_ALLOWED[layer] | {layer}, f"{path}: {name}"


def test_decode_never_touches_the_disk() -> None:
    for path in modules("transforms/decode"):
        used = {name.split(".")[0] for name in imported(path)}
        assert not used & {"pathlib", "os", "io", "fsspec", "shutil"}, path
        assert "open(" not in path.read_text(encoding="utf-8"), path


def test_only_the_lake_writes_parquet() -> None:
    for folder in ("transforms", "expectations", "dags"):
        for path in modules(folder):
            if path.name not in ("lake.py", "warehouse.py"):
                assert "write_table(" not in path.read_text(encoding="utf-8").replace(
                    "lake.write_table(", ""
                ), path
