"""Builds the warehouse with dbt beside the old one, exports the marts, and renames it into place.

Readers of `<lake>/warehouse/drl.duckdb` see the old file or the new one, never a half-built one.
dbt runs in a process of its own; its other files are in `<lake>/warehouse/dbt/`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from transforms.dbt_build.between_facilities import write_shared_reports
from transforms.dbt_build.dbt import Echo, run_dbt
from transforms.dbt_build.device_statements import device_statements_seed
from transforms.dbt_build.marts import export_marts
from transforms.errors import DrlakeError, UsageError
from transforms.lake.lake import Lake
from transforms.ledger.entries import not_validated
from transforms.mapping.rules import PACKAGED_RULES, load_rules, rules_csv
from transforms.reference.disclosure_profiles import (
    PROFILES,
    STRICT,
    checked_profile,
    releases_folder,
)
from transforms.reference.files import REFERENCE
from transforms.reference.methods import METHODS, checked_methods
from transforms.reference.overlay import own_files
from transforms.settings import Settings
from transforms.warehouse.sql_project import SQL, WRITTEN_BY_DBT

WAREHOUSE = "drl.duckdb"
BUILDING = "drl.duckdb.building"


def build(
    settings: Settings,
    echo: Echo = print,
    methods: Sequence[str] = (),
    disclosure_profile: str = STRICT,
    releases: Path | None = None,
    project: Path = SQL,
    reference: Path = REFERENCE,
    unit_tests: bool = False,
    *,
    data_tests: bool = True,
) -> dict[str, int]:
    """Build the warehouse and `<lake>/marts/*.parquet`; returns the number of rows per mart.

    `methods` are the ids of the methods to build; without any, all of the seed are built. What is
    public follows the disclosure profile and is checked against every release in the folder
    `releases` (without one: `<lake>/releases`). `project` and `reference` are the models and the
    reference data, where a release has its own. The models' `unit_tests` do not depend on the data
    and are run where models are changed (tests/spec), not in a build of national data. Without
    `data_tests` the build checks nothing: only for tests that compare its bytes with those of a
    build that was checked.

    Raises LedgerError where objects received and objects accounted for differ, DrlakeError where
    dbt fails otherwise; in both cases the last warehouse stays in place.
    """
    lake = Lake(settings.lake)
    root = _checked_root(lake)
    wanted = {
        "DRLAKE_METHODS": ";".join(checked_methods(methods, reference / METHODS.name)),
        "DRLAKE_DISCLOSURE_PROFILE": checked_profile(disclosure_profile, reference / PROFILES.name),
        "DRLAKE_THREADS": str(settings.threads),
        "DRLAKE_RELEASES": releases_folder(releases or root / "releases"),
    }
    lake.prepare()
    folder = root / "warehouse"
    folder.mkdir(exist_ok=True)
    with _only_writer(folder):
        building = folder / BUILDING
        _remove_database(building)
        own = {**own_files(settings.overlay), **device_statements_seed(lake)}
        project, reference = _with_own_files(root, settings, own, project, reference)
        wanted["DRLAKE_REFERENCE"] = os.path.relpath(reference, project)
        write_shared_reports(lake, project, settings.threads)
        run_dbt(root, building, project, wanted, echo, _left_out(unit_tests, data_tests))
        counts = export_marts(lake, building)
        Path(f"{folder / WAREHOUSE}.wal").unlink(missing_ok=True)  # of the file replaced below
        building.replace(folder / WAREHOUSE)
    echo(f"warehouse: {sum(counts.values())} rows in {len(counts)} marts")
    waiting = not_validated(lake)
    if waiting:
        echo(f"not in this build because not validated yet: {', '.join(waiting)}")
    return counts


def _left_out(unit_tests: bool, data_tests: bool) -> tuple[str, ...]:
    """Types of dbt's resources that the build does not run."""
    return (*(() if unit_tests else ("unit_test",)), *(() if data_tests else ("test",)))


def _checked_root(lake: Lake) -> Path:
    """Return the lake's folder; UsageError where its name holds characters of a file pattern."""
    root = lake.local_root()
    strange = sorted(set(root) & set("'\"*?[]{}#%\\\n"))
    if strange:
        raise UsageError(
            f"The lake's folder has {' '.join(strange)} in its name, which DuckDB reads as part "
            "of a pattern. Choose a folder without such characters with --lake."
        )
    return Path(root)


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Hold the lock of the warehouse; DrlakeError where another process holds it."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DrlakeError(
                "Another process is building this warehouse. Wait until it ends."
            ) from None
        yield


def _remove_database(path: Path) -> None:
    """Remove a DuckDB file with its journal and the temporary files of a killed build."""
    for file in (path, Path(f"{path}.wal")):
        file.unlink(missing_ok=True)
    shutil.rmtree(f"{path}.tmp", ignore_errors=True)


def _with_own_files(
    root: Path, settings: Settings, own: dict[str, bytes], project: Path, reference: Path
) -> tuple[Path, Path]:
    """Return the models and the reference data, copied where there are others.

    Both are copied, side by side: dbt writes a copy of each seed below its target folder, at the
    seed's path from the project, which must not lead out of that folder.
    """
    if not settings.rules and not own:
        return project, reference
    if settings.rules:
        own[PACKAGED_RULES.name] = rules_csv(load_rules(settings.rules)).encode("utf-8")
    home = root / "warehouse" / "dbt"
    _copy_folder(project, home / "sql", WRITTEN_BY_DBT)
    _copy_folder(reference, home / "reference", own.keys())
    for name, data in own.items():
        (home / "reference" / name).write_bytes(data)
    return home / "sql", home / "reference"


def _copy_folder(folder: Path, to: Path, without: Collection[str]) -> None:
    """Replace a folder with a copy of another, without the files and folders of these names."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to, ignore=lambda _, names: set(names) & set(without))
