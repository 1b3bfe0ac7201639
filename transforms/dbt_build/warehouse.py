"""Builds the warehouse beside the old one, exports the marts, and renames it into place.

Readers of `<lake>/warehouse/drl.duckdb` see the old file or the new one, never a half-built one.
The statistics of each facility are computed first, unless the lake has them; then the nation's
models from these. A whole build lets dbt compute everything in one go instead, in a process of its
own; its other files are in `<lake>/warehouse/dbt/`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from transforms.dbt_build.between_facilities import write_shared_reports
from transforms.dbt_build.dbt import Echo, parse_models, run_dbt
from transforms.dbt_build.environment import model_environment, review_environment
from transforms.dbt_build.failures import error_of_checks
from transforms.dbt_build.marts import MART_KEYS, export_marts
from transforms.dbt_build.nation import NationModels, build_nation
from transforms.dbt_build.reference import copy_reference, reference_folder, replaced_files
from transforms.dbt_build.unchanged import (
    build_key,
    forget,
    nation_digest,
    rows_if_unchanged,
    write_built,
)
from transforms.errors import DrlakeError, UsageError
from transforms.lake.compaction import settled
from transforms.lake.duckdb_reader import LakeReader
from transforms.lake.lake import Lake
from transforms.ledger.entries import not_validated
from transforms.reference.disclosure_profiles import STRICT
from transforms.reference.files import REFERENCE
from transforms.reference.methods import METHODS, checked_methods
from transforms.settings import Settings
from transforms.statistics.inputs import lake_inputs
from transforms.statistics.make import Statistics, digests, make_statistics, write_current
from transforms.statistics.models import FacilityModels
from transforms.warehouse.checks import ChecksFailed
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
    whole: bool = False,
    data_tests: bool = True,
) -> dict[str, int]:
    """Build the warehouse and `<lake>/marts/*.parquet`; returns the number of rows per mart.

    `methods` are the ids of the methods to build; without any, all of the seed are built. What is
    public follows the disclosure profile and is checked against every release in the folder
    `releases` (without one: `<lake>/releases`). `project` and `reference` are the models and the
    reference data, where a release has its own. With `whole` dbt builds everything in one go:
    slower, and independent of the statistics kept in the lake; `drlake verify` computes so.
    The `unit_tests` of the models (by dbt, so a whole build) do not depend on the data and are run
    where models are changed (tests/spec), not in a build of national data. Without `data_tests` the
    build checks nothing: only for tests that compare its bytes with those of a
    build that was checked.

    Raises LedgerError where objects received and objects accounted for differ, DrlakeError where
    dbt fails otherwise; in both cases the last warehouse stays in place.
    """
    lake = Lake(settings.lake)
    _check_name(lake)
    reader = LakeReader(lake)
    wanted = model_environment(reader, settings, methods, disclosure_profile, releases, reference)
    lake.prepare()
    with _building_folder(lake) as folder:
        job = _Job(settings, reader, folder, project, reference, wanted, echo)
        if whole or unit_tests:
            lake.local_root()  # dbt reads a disk; see whole_remote.py
            left_out = _left_out(unit_tests, data_tests)
            counts = _replace(job, lambda building: _build_whole(job, building, left_out))
        else:
            counts = _build_parts(job, data_tests)
    echo(f"warehouse: {sum(counts.values())} rows in {len(counts)} marts")
    waiting = not_validated(lake)
    if waiting:
        echo(f"not in this build because not validated yet: {', '.join(waiting)}")
    return counts


def read_models(
    settings: Settings,
    methods: Sequence[str],
    disclosure_profile: str,
    releases: Path,
    project: Path,
    reference: Path,
) -> None:
    """Let dbt read the models as in a whole build, and write what they declare (`MANIFEST`)."""
    reader = LakeReader(Lake(settings.lake))
    wanted = model_environment(reader, settings, methods, disclosure_profile, releases, reference)
    root = Path(reader.lake.local_root())
    used = {**wanted, "DRLAKE_REFERENCE": os.path.relpath(reference, project)}
    parse_models(root, root / "warehouse" / BUILDING, project, used)


def facility_statistics(
    settings: Settings, facility_ids: Sequence[str] = (), methods: Sequence[str] = ()
) -> Statistics:
    """Compute the statistics that the lake lacks, of all facilities or of some.

    What several facilities have sent is decided by the last build: a build decides it again, and
    computes the facilities again that this concerns.
    """
    lake = Lake(settings.lake)
    wanted = {"DRLAKE_METHODS": ";".join(checked_methods(methods, REFERENCE / METHODS.name))}
    wanted |= review_environment(settings)
    lake.prepare()
    with reference_folder(settings, lake) as reference:
        models = FacilityModels(wanted, reference=reference)
        try:
            return make_statistics(lake, models, settings.threads, facility_ids)
        except ChecksFailed as failed:
            raise error_of_checks(failed.failed) from None


@dataclass(frozen=True, slots=True)
class _Job:
    """One build: its lake, its models and reference data, and the environment of the models.

    `folder` is a folder of this machine for the new DuckDB file: of the warehouse if the lake is
    local, else a temporary one.
    """

    settings: Settings
    reader: LakeReader
    folder: Path
    project: Path
    reference: Path
    wanted: Mapping[str, str]
    echo: Echo

    @property
    def lake(self) -> Lake:
        """The lake that is built."""
        return self.reader.lake

    @property
    def root(self) -> Path:
        """Folder of a local lake."""
        return self.folder.parent

    @property
    def results(self) -> list[str]:
        """The files that a build writes, below the lake."""
        return [f"warehouse/{WAREHOUSE}", *(f"marts/{mart}.parquet" for mart in MART_KEYS)]


def _replace(job: _Job, fill: Callable[[Path], None]) -> dict[str, int]:
    """Let `fill` build a new DuckDB file, export its marts, and put it into its place."""
    building = job.folder / BUILDING
    _remove_database(building)
    forget(job.lake)
    fill(building)
    if job.lake.is_local:
        counts = export_marts(job.lake, building)
        Path(f"{job.folder / WAREHOUSE}.wal").unlink(missing_ok=True)  # of the file replaced below
        building.replace(job.folder / WAREHOUSE)
    else:
        job.lake.put_file(building, job.lake.path("warehouse", WAREHOUSE))
        counts = export_marts(job.lake, building)
    return counts


def _build_whole(job: _Job, building: Path, left_out: Sequence[str]) -> None:
    """Let dbt build all models from the rows of all facilities."""
    write_shared_reports(job.lake, job.project, job.settings.threads)
    own = replaced_files(job.settings, job.lake)
    project, reference = _with_own_files(job.root, own, job.project, job.reference)
    used = {**job.wanted, "DRLAKE_REFERENCE": os.path.relpath(reference, project)}
    with settled(job.lake):  # dbt reads whatever is in the folders
        run_dbt(job.root, building, project, used, job.echo, left_out)


def _build_parts(job: _Job, data_tests: bool) -> dict[str, int]:
    """Compute the statistics that are missing, then the nation; nothing if nothing has changed."""
    with reference_folder(job.settings, job.lake, job.reference) as reference:
        of_facilities = FacilityModels(job.wanted, job.project, reference)
        reader = None if job.lake.is_local else job.reader
        of_nation = NationModels(job.wanted, job.project, reference, reader)
        nation = nation_digest(job.lake, of_nation)
        inputs = lake_inputs(job.lake, of_facilities.tables, job.settings.threads)
        key = build_key(digests(of_facilities, inputs), nation)
        counts = rows_if_unchanged(job.lake, job.results, key)
        if counts is not None:
            job.echo("nothing new since the last build")
            return counts
        try:
            statistics = _statistics(job, of_facilities)
            counts = _replace(
                job,
                lambda file: build_nation(
                    *(file, job.reader, statistics, of_nation, job.settings.threads, job.echo),
                    data_tests=data_tests,
                ),
            )
        except ChecksFailed as failed:
            raise error_of_checks(failed.failed) from None
        write_current(job.lake, statistics)
        if data_tests:
            key = build_key(statistics.digests, nation)
            write_built(job.lake, job.results, key, counts)
        return counts


def _statistics(job: _Job, models: FacilityModels) -> Statistics:
    """The statistics of all facilities, computed where the lake lacks them."""
    write_shared_reports(job.lake, job.project, job.settings.threads)
    statistics = make_statistics(job.lake, models, job.settings.threads)
    n_facilities = len(statistics.digests)
    job.echo(f"statistics: {statistics.n_computed} of {n_facilities} facilities computed")
    return statistics


def _left_out(unit_tests: bool, data_tests: bool) -> tuple[str, ...]:
    """Types of dbt's resources that the build does not run."""
    return (*(() if unit_tests else ("unit_test",)), *(() if data_tests else ("test",)))


def _check_name(lake: Lake) -> None:
    """UsageError where the lake's name holds characters of a file pattern."""
    strange = sorted(set(lake.path()) & set("'\"*?[]{}#%\\\n"))
    if strange:
        raise UsageError(
            f"The lake's folder has {' '.join(strange)} in its name, which DuckDB reads as part "
            "of a pattern. Choose a folder without such characters with --lake."
        )


@contextmanager
def _building_folder(lake: Lake) -> Iterator[Path]:
    """Folder of this machine in which the new DuckDB file is built, by one process at a time."""
    if not lake.is_local:
        with lake.temporary_folder("build") as made:
            yield made
        return
    folder = Path(lake.path("warehouse"))
    folder.mkdir(exist_ok=True)
    with _only_writer(folder):
        yield folder


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
    root: Path, own: dict[str, bytes], project: Path, reference: Path
) -> tuple[Path, Path]:
    """Return the models and the reference data, copied where a build has files of its `own`.

    Both are copied, side by side: dbt writes a copy of each seed below its target folder, at the
    seed's path from the project, which must not lead out of that folder.
    """
    if not own:
        return project, reference
    home = root / "warehouse" / "dbt"
    for copy in (home / "sql", home / "reference"):
        shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(project, home / "sql", ignore=shutil.ignore_patterns(*WRITTEN_BY_DBT))
    copy_reference(own, home / "reference", reference)
    return home / "sql", home / "reference"
