"""Computes the files of a release from its frozen set, for both `release` and `verify`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from transforms.dbt_build.dbt import MANIFEST, Echo
from transforms.dbt_build.marts import sorted_table
from transforms.dbt_build.warehouse import WAREHOUSE, build, read_models
from transforms.lake.lake import Lake, table_bytes
from transforms.lake.lake_format import write_format
from transforms.public.database import DATABASE, write_database
from transforms.public.declaration import SCHEMA, PublicColumn, PublicTable, public_tables
from transforms.public.dictionary import DICTIONARY, dictionary_csv
from transforms.public.exports import level_sheets, write_forms
from transforms.public.guard import NATIONAL, check_columns, check_rows
from transforms.public.workbook import WORKBOOK, workbook_bytes
from transforms.release import frozen as freezer
from transforms.release.changes import public_changes, restricted_changes
from transforms.release.docs import docs_page
from transforms.release.files import PUBLIC, RESTRICTED, copy, keep_folder, link, write_manifest
from transforms.release.metadata import (
    CATALOGUE,
    CSVW_SUFFIX,
    DATA_PACKAGE,
    DOCS,
    catalogue,
    csvw,
    data_package,
)
from transforms.release.recipe import RECIPE, Recipe, json_text, read_recipe
from transforms.settings import Settings

CONTRIBUTORS = "release_contributors"
CHANGES = "CHANGES.md"


def compute(
    recipe: Recipe,
    frozen: Path,
    folder: Path,
    scratch: Path,
    threads: int,
    echo: Echo,
    *,
    whole: bool,
) -> None:
    """Write `folder/public` and the computed part of `folder/restricted`.

    `scratch` is an empty folder on the disk of `frozen`. With `whole` dbt computes all facilities
    in one go; else the statistics of each facility are computed first. Both give equal files.
    DisclosureError where disclosure control blocks.
    """
    tables = _build(recipe, frozen, scratch, threads, echo, whole=whole)
    check_columns(tables)
    rows = _public_rows(scratch / "warehouse" / WAREHOUSE, tables)
    check_rows(recipe.profile, rows)
    public, restricted = folder / PUBLIC, folder / RESTRICTED
    public.mkdir(parents=True)
    _write_docs(scratch, public)
    _write_public(recipe, tables, rows, public, frozen / freezer.MODELS)
    _write_changes(recipe, rows[NATIONAL], frozen, folder)
    write_manifest(public)
    for path in sorted((scratch / "marts").glob("*.parquet")):
        name = "contributors" if path.stem == CONTRIBUTORS else path.stem
        copy(path, restricted / f"{name}.parquet")


def _build(
    recipe: Recipe, frozen: Path, scratch: Path, threads: int, echo: Echo, *, whole: bool
) -> tuple[PublicTable, ...]:
    """Build a warehouse from the frozen set; returns the public tables of its models."""
    keep_folder(frozen / freezer.LAKE, scratch, link)
    keep_folder(frozen / freezer.RELEASES, scratch / freezer.RELEASES, link)
    project, reference = scratch / freezer.MODELS, scratch / freezer.REFERENCES
    keep_folder(frozen / freezer.MODELS, project, copy)
    keep_folder(frozen / freezer.REFERENCES, reference, copy)
    write_format(Lake(str(scratch)))
    settings = Settings(lake=str(scratch), threads=threads)
    used = (recipe.methods, recipe.profile, scratch / freezer.RELEASES, project, reference)
    build(settings, echo, *used, whole=whole)
    if not whole:
        read_models(settings, *used)
    return public_tables(project)


def _public_rows(warehouse: Path, tables: Sequence[PublicTable]) -> dict[str, pa.Table]:
    """Return the rows of every public table in the order of its key, with column metadata."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {
            table.name: _with_descriptions(
                sorted_table(connection, SCHEMA, table.model, table.key), table.columns
            )
            for table in tables
        }


def _with_descriptions(rows: pa.Table, columns: Sequence[PublicColumn]) -> pa.Table:
    said = {
        column.name: {
            "description": column.description,
            "unit": column.unit,
            "source": column.source,
        }
        for column in columns
    }
    return rows.cast(pa.schema([one.with_metadata(said[one.name]) for one in rows.schema]))


def _write_docs(scratch: Path, public: Path) -> None:
    """Write the page that documents the models."""
    page = public / DOCS
    page.parent.mkdir()
    page.write_bytes(docs_page(scratch / MANIFEST, scratch / "warehouse" / WAREHOUSE))


def _write_public(
    recipe: Recipe,
    tables: Sequence[PublicTable],
    rows: Mapping[str, pa.Table],
    public: Path,
    project: Path,
) -> None:
    for table in tables:
        found = rows[table.name]
        (public / f"{table.name}.parquet").write_bytes(table_bytes(found))
        write_forms(public, table.name, found)
        _write_text(public / f"{table.name}{CSVW_SUFFIX}", json_text(csvw(table)))
    write_database(public / DATABASE, tables, rows, project)
    levels = level_sheets(public / DATABASE, rows)
    workbook = workbook_bytes(recipe.title, _about(recipe), tables, rows, levels)
    (public / WORKBOOK).write_bytes(workbook)
    _write_text(public / DICTIONARY, dictionary_csv(tables))
    _write_text(public / DATA_PACKAGE, json_text(data_package(recipe, tables, public)))
    _write_text(public / CATALOGUE, json_text(catalogue(recipe, tables, public)))


def _about(recipe: Recipe) -> list[str]:
    """The first lines of the workbook."""
    return [
        recipe.title,
        f"Disclosure profile: {recipe.profile}. Withheld rows have only their key.",
        f"Methods: {', '.join(recipe.methods) or 'all'}.",
        *([f"Date: {recipe.date}."] if recipe.date else []),
        *([recipe.note] if recipe.note else []),
    ]


def _write_changes(recipe: Recipe, national: pa.Table, frozen: Path, folder: Path) -> None:
    """Write both change logs; the files of the release before are in the frozen set."""
    before, was, submissions = None, [], set()
    if recipe.previous:
        release = frozen / freezer.RELEASES / recipe.previous
        before = read_recipe(release / RESTRICTED)
        was = pq.read_table(release / PUBLIC / f"{NATIONAL}.parquet").to_pylist()
        submissions = freezer.frozen_submissions(release / RESTRICTED)
    now = freezer.frozen_submissions(frozen.parent)
    text = public_changes(recipe, national.to_pylist(), before, was)
    _write_text(folder / PUBLIC / CHANGES, text)
    text = restricted_changes(recipe, now, before, submissions)
    _write_text(folder / RESTRICTED / CHANGES, text)


def write_recipe(recipe: Recipe, restricted: Path) -> None:
    """Write `restricted/recipe.json`."""
    _write_text(restricted / RECIPE, json_text(recipe.document()))


def _write_text(path: Path, text: str) -> None:
    """Write text as UTF-8, with its line ends unchanged."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
