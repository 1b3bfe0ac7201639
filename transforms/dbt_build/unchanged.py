"""Tells whether anything that decides a build has changed since the last one.

`warehouse/built.json` has the digest of the statistics, of the nation's files, of the SQL and of
the reference data, and the number of rows of each mart. It is written after the warehouse.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from transforms.dbt_build.nation import NationModels
from transforms.lake.lake import Lake
from transforms.tables.generated_files import LOCATIONS

BUILT = ("warehouse", "built.json")


def build_key(statistics: Mapping[str, str], nation: str) -> str:
    """The digest of all that decides a build: of each facility's statistics, and of the nation."""
    return hashlib.sha256(json.dumps([nation, statistics], sort_keys=True).encode()).hexdigest()


def nation_digest(lake: Lake, models: NationModels) -> str:
    """The digest of the nation's models, of the reference data and of the files they read."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for model in sorted(models.to_run, key=lambda one: one.name):
        digest.update(f"{model}\n{models.project.render_model(model.name)}".encode())
    for part in (*_project_files(models), *_nation_files(lake, models)):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def rows_if_unchanged(lake: Lake, files: Sequence[str], key: str) -> dict[str, int] | None:
    """Rows per mart of the last build if it had this key and left these files, else None."""
    try:
        built: dict[str, Any] = json.loads(lake.read_bytes(lake.path(*BUILT)))
        found = {"key": key, "bytes": _sizes(lake, files)}
    except (OSError, ValueError, KeyError):
        return None
    rows: dict[str, int] = built.pop("rows", {})
    return rows if built == found else None


def write_built(lake: Lake, files: Sequence[str], key: str, rows: Mapping[str, int]) -> None:
    """Record what the warehouse was built from; call it when the files are in place."""
    text = json.dumps({"key": key, "bytes": _sizes(lake, files), "rows": rows}, indent=1)
    lake.write_bytes(lake.path(*BUILT), text.encode())


def forget(lake: Lake) -> None:
    """Remove the record, before the warehouse or a mart is replaced."""
    lake.remove(lake.path(*BUILT))


def _sizes(lake: Lake, files: Sequence[str]) -> dict[str, int]:
    """Size of each file below the lake; OSError or KeyError if one is missing."""
    folders = sorted({file.rpartition("/")[0] for file in files})
    found = {folder: lake.sizes(folder) for folder in folders}
    return {file: found[file.rpartition("/")[0]][file.rpartition("/")[2]] for file in files}


def _project_files(models: NationModels) -> Iterator[bytes]:
    """Reference data, and what YAML and Markdown declare of models."""
    for seed in sorted(models.seeds):
        yield (models.reference / f"{seed}.csv").read_bytes()
    folder = models.project.folder
    for pattern in ("models/**/*.yml", "models/**/*.md", "seeds/*.yml", "tests/**/*.sql"):
        for path in sorted(folder.glob(pattern)):
            yield path.read_bytes()


def _nation_files(lake: Lake, models: NationModels) -> Iterator[bytes]:
    """Files of the lake that national models read themselves, and those of earlier releases."""
    paths = [path for table in models.tables for path in lake.table_files(LOCATIONS[table])]
    if models.is_remote:
        paths += lake.files("releases", "*-r*", "*", "*.parquet")
    for path, data in zip(paths, lake.read_many(paths), strict=True):
        yield path.encode() + data
    if models.releases and not models.is_remote:
        for file in sorted(Path(models.releases).glob("*-r*/*/*.parquet")):
            yield str(file).encode() + file.read_bytes()
