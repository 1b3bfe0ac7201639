"""Imports run one way: tests → expectations → transforms, down its folders; dags import none."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("transforms", "expectations", "dags", "tests")
ALLOWED = {
    "transforms": {"transforms"},
    "expectations": {"transforms", "expectations"},
    "dags": {"dags"},  # tasks run the command
}
ONLY_IN = {
    "airflow": ("dags",),
    "great_expectations": ("expectations",),
    "dbt": ("transforms/dbt_build/dbt_process.py",),
}
"""Third-party packages that only one folder may import. dbt runs in a process of its own."""

ROOMS = (
    *("reasons", "errors", "settings", "tables", "lake", "sheets", "reference"),
    *("dicom", "decode", "normalise", "workers", "receive", "warehouse", "ledger", "pipeline"),
    *("statistics", "mapping", "dbt_build", "public", "report", "release", "forms", "describe"),
    *("deidentify", "query", "sample", "cli"),
)
"""Folders and files at the root of transforms, lowest first: each imports only earlier ones."""

INSIDE = {
    "dicom": ("identity",),
    "receive": ("exports",),
    "report": ("figures", "frame", "commitment", "regulator", "feedback"),
    "forms": ("declared", "summaries"),
    "sample": ("encoding",),
}
"""Sub-folders in import order: none of them imports a later one."""

Imports = Mapping[str, frozenset[str]]
"""Modules that each module imports, also inside functions."""


def files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def module_name(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_names(path: Path) -> Iterator[str]:
    """Names that a file imports; `from a import b` gives `a` and `a.b`."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def imports_of_transforms() -> Imports:
    """The import graph of transforms: modules only, without the packages around them."""
    modules = {module_name(path): path for path in files("transforms")}
    return {
        name: frozenset(deepest(imported_names(path), modules) - {name})
        for name, path in modules.items()
    }


def deepest(names: Iterable[str], modules: Iterable[str]) -> set[str]:
    """The modules among the names; a package only where none of its modules is named."""
    known = set(modules) & set(names)
    return {one for one in known if not any(other.startswith(f"{one}.") for other in known)}


def room(module: str) -> str:
    """Folder at the root of transforms, as `dicom` for `transforms.dicom.identity.check`."""
    return module.split(".")[1] if "." in module else module


def upward_imports(imports: Imports, order: tuple[str, ...]) -> list[str]:
    """Imports of a later folder, and imports by or of a folder that the order does not list."""
    rank = {name: number for number, name in enumerate(order)}
    return sorted(
        f"{module} imports {other}"
        for module, others in imports.items()
        for other in others
        if room(other) != room(module)
        and not rank.get(room(other), len(order)) < rank.get(room(module), -1)
    )


def circle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """A cycle in the graph, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def between_folders(imports: Imports, room_name: str) -> dict[str, set[str]]:
    """Imports between sub-folders of a folder; the files at its root count as one."""
    graph: dict[str, set[str]] = {}
    for module, others in imports.items():
        if room(module) != room_name:
            continue
        for other in others:
            if room(other) == room_name and folder(other) != folder(module):
                graph.setdefault(folder(module), set()).add(folder(other))
    return graph


def folder(module: str) -> str:
    """Sub-folder of a module: `identity` for `transforms.dicom.identity.check`, else empty."""
    parts = module.split(".")
    inside = parts[2] if len(parts) > 2 else ""
    return inside if (ROOT / "transforms" / parts[1] / inside).is_dir() and inside else ""


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_a_folder_imports_only_folders_below_it(name: str) -> None:
    assert files(name)
    for path in files(name):
        used = {one.split(".")[0] for one in imported_names(path)} & set(OURS)
        assert used <= ALLOWED[name], path


@pytest.mark.parametrize("package", sorted(ONLY_IN))
def test_a_heavy_package_is_imported_in_its_own_folder_only(package: str) -> None:
    for name in ("transforms", "expectations", "dags"):
        for path in files(name):
            if path.relative_to(ROOT).as_posix().startswith(ONLY_IN[package]):
                continue
            assert package not in {one.split(".")[0] for one in imported_names(path)}, path


def test_every_room_has_its_place_in_the_order() -> None:
    found = {path.stem for path in (ROOT / "transforms").glob("*.py")} - {"__init__"}
    found |= {path.parent.name for path in (ROOT / "transforms").glob("*/__init__.py")}
    assert found == set(ROOMS)


def test_a_room_imports_only_rooms_below_it() -> None:
    assert upward_imports(imports_of_transforms(), ROOMS) == []


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    assert circle(imports_of_transforms()) == []


@pytest.mark.parametrize("room_name", sorted(INSIDE))
def test_folders_inside_a_room_do_not_import_each_other_in_a_circle(room_name: str) -> None:
    graph = between_folders(imports_of_transforms(), room_name)
    without_root = {name: others - {""} for name, others in graph.items() if name}
    assert set(without_root) <= set(INSIDE[room_name])
    order = INSIDE[room_name]
    for name, others in without_root.items():
        assert all(order.index(other) < order.index(name) for other in others), name


def test_the_checks_find_an_import_upwards_and_a_circle() -> None:
    imports = {
        "transforms.lake.lake": frozenset({"transforms.release.make"}),
        "transforms.release.make": frozenset({"transforms.lake.lake"}),
        "transforms.attic.old": frozenset({"transforms.lake.lake"}),
    }
    assert upward_imports(imports, ROOMS) == [
        "transforms.attic.old imports transforms.lake.lake",
        "transforms.lake.lake imports transforms.release.make",
    ]
    assert set(circle(imports)) == {"transforms.lake.lake", "transforms.release.make"}


READ_A_PACKAGED_LIST = {
    ROOT / "transforms/dicom/identity/attributes.py",
    ROOT / "transforms" / "decode" / "templates.py",
}
"""Each reads a CSV file beside it, once."""


def test_reading_dicom_never_touches_the_disk() -> None:
    for path in (*files("transforms/dicom"), *files("transforms/decode")):
        if path in READ_A_PACKAGED_LIST:
            continue
        used = {name.split(".")[0] for name in imported_names(path)}
        assert not used & {"pathlib", "os", "io", "fsspec", "shutil"}, path
        assert "open(" not in path.read_text(encoding="utf-8"), path


def writes_parquet(path: Path) -> bool:
    """Whether a file calls `ParquetWriter` or `write_table` of pyarrow.parquet."""
    calls = (node.func for node in ast.walk(syntax(path)) if isinstance(node, ast.Call))
    names = {ast.unparse(call) for call in calls}
    return bool(names & {"pq.write_table", "pq.ParquetWriter", "ParquetWriter", "write_table"})


def test_only_the_lake_writes_parquet() -> None:
    found = {
        path.relative_to(ROOT).parent.as_posix()
        for name in ("transforms", "expectations", "dags")
        for path in files(name)
        if writes_parquet(path)
    }
    assert found == {"transforms/lake"}
