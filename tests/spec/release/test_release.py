"""A release can be computed again from what it keeps: with other threads, order, and time.

Three builds for all of this module. The first is made by the real command, with every check of the
data. The second is computed in parts and verified by dbt in one go: both run models only.
"""

from __future__ import annotations

import csv
import json
import random
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from tests.support.in_process import drlake
from tests.support.lakes.release_lake import (
    ARRIVALS,
    FACILITIES,
    METHOD,
    SENT_AGAIN,
    fill,
    submission,
)
from transforms.lake.lake import Lake, table_bytes
from transforms.public.declaration import public_tables
from transforms.public.views import read_views
from transforms.release import compute, make
from transforms.release import verify as verify_module
from transforms.release.files import files_below, sha256_of, write_manifest
from transforms.release.make import make_release
from transforms.release.verify import verify
from transforms.settings import Settings
from transforms.warehouse.sql_project import SQL

pytestmark = pytest.mark.builds

PUBLIC_TABLES = {
    path.stem.removeprefix("public_") for path in (SQL / "models" / "public").glob("*.sql")
}
TEXT_FILES = (".csv", ".html", ".json", ".jsonld", ".md", ".sha256")
"""Files compared by bytes; the others have the same rows: see below."""

LATER = range(13, 18)
"""Facilities that send data between the first release and the second."""
IN_ORDER = (*ARRIVALS, *((number, False) for number in LATER))
SHUFFLED = random.Random(0).sample(IN_ORDER, len(IN_ORDER))  # noqa: S311 - no secret


def silent(line: str) -> None:
    """Ignore the progress of a build."""


@pytest.fixture(scope="module")
def models_only() -> Iterator[None]:
    """Release computed in this process, built without tests of the data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compute, "build", partial(compute.build, data_tests=False))
        yield


def real_drlake(*arguments: str, threads: int) -> subprocess.CompletedProcess[str]:
    """Run the real command in a process of its own."""
    command = [sys.executable, "-m", "transforms.cli", *arguments]
    environment = {"DRLAKE_THREADS": str(threads), "PATH": ""}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("releases")


@pytest.fixture(scope="module")
def first(folder: Path) -> Path:
    """Release 2026-r1 of a lake whose submissions arrived in order, made by one thread."""
    fill(Lake(str(folder / "lake")))
    arguments = ["release", "2026", "--lake", str(folder / "lake"), "--method", METHOD]
    done = real_drlake(*arguments, "--date", "2026-11-30", "--note", "=1+1", "--json", threads=1)
    assert done.returncode == 0, done.stderr[-3000:]
    return Path(json.loads(done.stdout)["path"])


@pytest.fixture(scope="module")
def second(folder: Path, first: Path, models_only: None) -> Path:
    """Release 2026-r2 of the same lake by one thread, after more facilities have sent data."""
    lake = Lake(str(folder / "lake"))
    for number in LATER:
        submission(lake, number)
    settings = Settings(lake=str(folder / "lake"), threads=1)
    return make_release(settings, 2026, methods=[METHOD], echo=silent)


def checksums(release: Path) -> dict[str, str]:
    """SHA-256 of all files with reproducible bytes: DuckDB's own file is left out."""
    left_out = ("public/public.duckdb", "public/MANIFEST.sha256")
    return {
        name: sha256_of(release / name) for name in files_below(release) if name not in left_out
    }


def public_level(release: Path, drl_quantity: str) -> dict[str, object]:
    """The row of the chest CT of adults."""
    rows = pq.read_table(release / "public" / "national_drls.parquet").to_pylist()
    wanted = ("ct_chest", "adult", drl_quantity)
    (row,) = (
        row
        for row in rows
        if (row["procedure_id"], row["patient_group_id"], row["drl_quantity"]) == wanted
    )
    return row


@pytest.fixture(scope="module")
def shuffled(folder: Path, first: Path, second: Path) -> Path:
    """The second release of a lake in which everything arrived in another order.

    Its frozen set and recipe are its own. Its computed files are copies of the second release's, so
    that verifying it compares those with the result from its own frozen set.
    """
    other = folder / "other"
    fill(Lake(str(other)), SHUFFLED)
    shutil.copytree(first, other / "releases" / first.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "compute", partial(copy_computed, second))
        return make_release(Settings(lake=str(other)), 2026, methods=[METHOD], echo=silent)


def copy_computed(
    released: Path, _recipe: object, _frozen: Path, again: Path, *_: object, **_how: object
) -> None:
    """Replaces computing: copies the files of a release that were computed."""
    shutil.copytree(released / "public", again / "public")
    for path in (released / "restricted").iterdir():
        if path.is_file() and not (again / "restricted" / path.name).exists():
            shutil.copy(path, again / "restricted")


@dataclass(frozen=True)
class Verified:
    """Output of `drlake verify`, and the files that it computed again."""

    done: subprocess.CompletedProcess[str]
    again: Path


@pytest.fixture(scope="module")
def verified(folder: Path, shuffled: Path, models_only: None) -> Verified:
    """The shuffled release verified with four threads, after more data has arrived."""
    submission(Lake(str(folder / "other")), 18)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRLAKE_THREADS", "4")
        patch.setattr(verify_module, "compute", partial(compute_and_keep, folder / "again"))
        return Verified(drlake("verify", shuffled), folder / "again")


def compute_and_keep(
    kept: Path, recipe: Any, frozen: Path, again: Path, *more: Any, **how: Any
) -> None:
    """Compute a release, and keep a copy of it."""
    compute.compute(recipe, frozen, again, *more, **how)
    shutil.copytree(again, kept)


def test_arrival_order_and_threads_change_no_byte(
    second: Path, shuffled: Path, verified: Verified
) -> None:
    first_of = dict(reversed(SHUFFLED))
    assert all(first_of[number] for number in SENT_AGAIN)  # the half came before the whole
    assert checksums(shuffled) == checksums(second)
    computed = checksums(verified.again)
    assert {"public/drlake.xlsx", "restricted/contributors.parquet"} < computed.keys()
    assert computed.items() <= checksums(second).items()
    not_computed = checksums(second).keys() - computed.keys()
    assert not_computed - {"restricted/MANIFEST.sha256", "restricted/frozen.csv"} == {
        name for name in checksums(second) if name.startswith("restricted/frozen/")
    }


def test_verify_finds_every_file_as_computed_whatever_arrived_later(
    second: Path, shuffled: Path, verified: Verified
) -> None:
    assert (verified.done.returncode, verified.done.stderr) == (0, "")
    assert "all files equal those computed again" in verified.done.stdout
    assert checksums(shuffled) == checksums(second)


def test_a_level_is_published_with_the_number_of_facilities_rounded(first: Path) -> None:
    level = public_level(first, "dlp")
    assert level["n_examinations"] == 145  # 144: what is sent again is counted once
    assert (level["disclosure"], level["status"], level["n_facilities"]) == ("shown", "ndrl", 10)


def test_a_public_folder_names_no_facility(first: Path) -> None:
    texts = [p for p in (first / "public").rglob("*") if p.suffix in TEXT_FILES]
    # for each a CSV, its metadata, the European CSV and JSON; and the page about the models
    assert len(texts) == 5 + 4 * len(PUBLIC_TABLES) + 1
    for path in texts:
        text = path.read_text(encoding="utf-8")
        # the page has fonts in base64 and drawings: a name is between quotes, dots or spaces
        found = re.findall(r"(?<![\w/+-])H\d\d(?![\w/+-])", text)
        assert not {f"H{number:02}" for number in FACILITIES} & set(found), path.name


def test_the_restricted_folder_is_closed_to_others(first: Path) -> None:
    assert stat.S_IMODE((first / "restricted").stat().st_mode) == 0o700


def test_every_form_of_a_table_has_the_same_rows(first: Path) -> None:
    public = first / "public"
    parquet = pq.read_table(public / "national_drls.parquet")
    with duckdb.connect(str(public / "public.duckdb"), read_only=True) as database:
        assert database.table("national_drls").to_arrow_table().to_pylist() == parquet.to_pylist()
        read = "select * from read_csv(?, header = true, all_varchar = true)"
        rows = database.execute(read, [str(public / "national_drls.csv")]).fetchall()
    sheet = load_workbook(public / "drlake.xlsx")["national_drls"]
    with (public / "csv_excel" / "national_drls.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        european = list(csv.DictReader(file, delimiter=";"))
    cells = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert cells == [list(row.values()) for row in parquet.to_pylist()]
    as_text = [[None if v is None else str(v) for v in row.values()] for row in parquet.to_pylist()]
    assert [list(row) for row in rows] == as_text
    assert json.loads((public / "json" / "national_drls.json").read_bytes()) == parquet.to_pylist()
    numbers = {one.name for one in parquet.schema if one.type == pa.float64()}
    with_points = [
        [
            (said.replace(",", ".") if name in numbers else said) or None
            for name, said in row.items()
        ]
        for row in european
    ]
    assert with_points == as_text


def test_the_workbook_has_a_sheet_of_levels_for_each_modality(first: Path) -> None:
    public = first / "public"
    book = load_workbook(public / "drlake.xlsx")
    with duckdb.connect(str(public / "public.duckdb"), read_only=True) as database:
        modalities = database.execute("select distinct modality from national_drls").fetchall()
        level = "select * from reference_levels where modality = 'CT'"
        shown = [list(row) for row in database.execute(level).fetchall()]
    assert {name for name in book.sheetnames if name.startswith("levels ")} == {
        f"levels {modality}" for (modality,) in modalities
    }
    found = [list(row) for row in book["levels CT"].iter_rows(min_row=2, values_only=True)]
    assert found == shown
    assert shown


def test_datapackage_and_catalogue_name_every_file_of_data(first: Path) -> None:
    public = first / "public"
    package = json.loads((public / "datapackage.json").read_text(encoding="utf-8"))
    forms = {f"{place}{name}" for name in PUBLIC_TABLES for place in ("", "csv_excel/", "json/")}
    listed = {resource["path"].rpartition(".")[0]: resource for resource in package["resources"]}
    assert set(listed) == forms
    for resource in listed.values():
        assert resource["hash"] == f"sha256:{sha256_of(public / resource['path'])}"
    catalogue = json.loads((public / "dcat.jsonld").read_text(encoding="utf-8"))
    files = {one["dcat:downloadURL"]["@id"] for one in catalogue["dcat:distribution"]}
    described = (".csv-metadata.json", "CHANGES.md", "MANIFEST.sha256", "dcat.jsonld")
    other = (*described, "datapackage.json", "dictionary.csv", "docs/index.html")
    assert files == {name for name in files_below(public) if not name.endswith(other)}
    assert catalogue["foaf:page"] == {"@id": "docs/index.html"}


def test_the_workbook_has_no_formula_and_its_header_stays_in_sight(first: Path) -> None:
    book = load_workbook(first / "public" / "drlake.xlsx")
    assert book.sheetnames[:2] == ["README", "dictionary"]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "b"}
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    assert "'=1+1" in [row[0].value for row in book["README"].iter_rows()]


Said = dict[tuple[str, str], tuple[str, str, str]]


def test_comments_dictionary_csvw_and_datapackage_say_what_is_declared(second: Path) -> None:
    tables = public_tables()
    stated: Said = {
        (table.name, column.name): (column.description, column.unit, column.source)
        for table in tables
        for column in table.columns
    }
    public = second / "public"
    assert {name for name, _ in stated} == PUBLIC_TABLES
    assert of_dictionary(public) == stated
    assert of_data_package(public) == stated
    assert of_csvw(public) == stated
    assert of_parquet(public) == stated
    comments = {(t.name, column.name): column.comment for t in tables for column in t.columns}
    written = of_database(public)
    assert {key: text for key, text in written.items() if key[0] in PUBLIC_TABLES} == comments
    assert {name for name, _ in written} - PUBLIC_TABLES == {v.name for v in read_views(SQL)}
    for key, (description, unit, source) in stated.items():
        assert comments[key] == f"{description} Unit: {unit}. Source: {source}"


def of_dictionary(public: Path) -> Said:
    query = 'select "table", "column", description, unit, source from read_csv(?, all_varchar=true)'
    rows = duckdb.execute(query, [str(public / "dictionary.csv")]).fetchall()
    return {(row[0], row[1]): row[2:] for row in rows}


def of_data_package(public: Path) -> Said:
    package = json.loads((public / "datapackage.json").read_text(encoding="utf-8"))
    return {
        (resource["name"], field["name"]): (field["description"], field["unit"], field["source"])
        for resource in package["resources"]
        if resource["name"] in PUBLIC_TABLES  # the other formats of a table have the same schema
        for field in resource["schema"]["fields"]
    }


def of_csvw(public: Path) -> Said:
    found = {}
    for path in public.glob("*.csv-metadata.json"):
        said = json.loads(path.read_text(encoding="utf-8"))
        for column in said["tableSchema"]["columns"]:
            names = ("dc:description", "schema:unitText", "dc:source")
            found[said["dc:title"], column["name"]] = tuple(column[name] for name in names)
    return found


def of_parquet(public: Path) -> Said:
    return {
        (path.stem, field.name): tuple(
            field.metadata[name].decode() for name in (b"description", b"unit", b"source")
        )
        for path in public.glob("*.parquet")
        for field in pq.read_schema(path)
    }


def of_database(public: Path) -> dict[tuple[str, str], str]:
    query = "select table_name, column_name, comment from duckdb_columns() where not internal"
    with duckdb.connect(str(public / "public.duckdb"), read_only=True) as database:
        return {(table, column): said for table, column, said in database.execute(query).fetchall()}


def test_sha256sum_reads_both_manifests(first: Path) -> None:
    for part in ("public", "restricted"):
        command = ["/usr/bin/sha256sum", "--check", "--quiet", "MANIFEST.sha256"]
        assert subprocess.run(command, cwd=first / part, check=False).returncode == 0


def test_a_later_release_says_what_is_new_and_leaves_the_first_as_it_was(
    first: Path, second: Path
) -> None:
    before = checksums(first)
    assert second.name == "2026-r2"
    assert "first release" in (first / "public" / "CHANGES.md").read_text(encoding="utf-8")
    public = (second / "public" / "CHANGES.md").read_text(encoding="utf-8")
    assert "Compared with release 2026-r1." in public
    assert "The same as before." in public
    restricted = (second / "restricted" / "CHANGES.md").read_text(encoding="utf-8")
    assert "- facilities: 17 (before: 12)" in restricted
    assert "## Facilities that are new: 5\n\n- H13\n" in restricted
    assert "H13" not in public
    assert checksums(first) == before


def test_verify_names_every_file_that_was_tampered_with(
    first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def already_computed(
        _recipe: object, _frozen: Path, again: Path, *_: object, **_how: object
    ) -> None:
        """Result of computing again, as the test before shows."""
        shutil.copytree(first, again, dirs_exist_ok=True)

    monkeypatch.setattr("transforms.release.verify.compute", already_computed)
    copied = tmp_path / first.name
    shutil.copytree(first, copied)
    public, restricted = copied / "public", copied / "restricted"
    change_number(public / "national_drls.parquet")
    change_number(restricted / "national_drls.parquet")
    change_cell(public / "drlake.xlsx")
    with duckdb.connect(str(public / "public.duckdb")) as database:
        database.execute("update national_drls set p75 = 1 where p75 is not null")
    (public / "dictionary.csv").unlink()
    (public / "more.csv").write_text("made up")
    for part in (public, restricted):
        write_manifest(part)  # so that the checksums do not differ
    (public / "CHANGES.md").write_text("nothing changed", encoding="utf-8")
    found = verify(copied, echo=silent).differences
    assert sorted(found) == [
        "public/CHANGES.md has another SHA-256 than MANIFEST.sha256 states",
        "public/CHANGES.md is not what the frozen set gives",
        "public/dictionary.csv is missing",
        *["public/drlake.xlsx is not what the frozen set gives: sheet README, cell A2"],
        "public/more.csv does not belong to this release",
        "public/national_drls.parquet is not what the frozen set gives",
        "public/public.duckdb is not what the frozen set gives: table national_drls",
        "restricted/national_drls.parquet is not what the frozen set gives",
    ]


def change_number(path: Path) -> None:
    """Raise the first published level by a tenth."""
    table = pq.read_table(path)
    values = table.column("p75").to_pylist()
    index = next(i for i, value in enumerate(values) if value is not None)
    values[index] *= 1.1
    place = table.schema.get_field_index("p75")
    changed = table.set_column(place, table.schema.field(place), pa.array(values, pa.float64()))
    path.write_bytes(table_bytes(changed))


def change_cell(path: Path) -> None:
    book = load_workbook(path)
    book["README"]["A2"] = "Another title"
    book.save(path)


FROZEN_FILES = (
    "lake/accepted/dose_report/facility=H01/H01.00000000000003e8.parquet",
    "reference/methods.csv",
    "sql/models/nation/levels/national_drls.sql",
)


@pytest.mark.parametrize("name", FROZEN_FILES)
@pytest.mark.parametrize("deed", ["changed", "removed"])
def test_verify_names_what_was_done_to_the_frozen_set(
    first: Path, tmp_path: Path, name: str, deed: str
) -> None:
    copied = tmp_path / first.name
    shutil.copytree(first, copied)
    file = copied / "restricted" / "frozen" / name
    if deed == "changed":
        file.write_bytes(file.read_bytes() + b"\n")
    else:
        file.unlink()
    write_manifest(copied / "restricted")
    found = verify(copied, echo=silent)
    what = "differs from what was frozen" if deed == "changed" else "is missing"
    assert found.differences == (f"restricted/frozen/{name} {what}",)
    assert "Not computed again" in found.notes[-1]


def test_a_list_of_the_frozen_set_that_was_written_anew_is_found(
    first: Path, tmp_path: Path
) -> None:
    copied = tmp_path / first.name
    shutil.copytree(first, copied)
    listed = copied / "restricted" / "frozen.csv"
    listed.write_text("path,sha256,bytes\n", encoding="utf-8")
    shutil.rmtree(copied / "restricted" / "frozen")
    write_manifest(copied / "restricted")
    found = verify(copied, echo=silent).differences
    assert found == ("restricted/frozen.csv is not the list that recipe.json states",)
