"""The warehouse: dbt builds it aside, the marts are exported, and a rename puts it in place.

Readers of `<lake>/warehouse/drl.duckdb` see the old file or the new one, never a half-built
one. dbt runs as a command in a process of its own; what it writes besides the DuckDB file
stands in `<lake>/warehouse/dbt/`.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from transforms.disclosure import PROFILES, STRICT, checked_profile, releases_made
from transforms.errors import DisclosureError, DrlakeError, LedgerError, UsageError
from transforms.lake import Lake, table_bytes
from transforms.ledger import not_validated
from transforms.mapping.rules import PACKAGED_RULES, load_rules, rules_csv
from transforms.methods import METHODS, checked_methods
from transforms.settings import REPOSITORY, Settings
from transforms.sql_project import REFERENCE

PROJECT = REPOSITORY / "sql"
WAREHOUSE = "drl.duckdb"
BUILDING = "drl.duckdb.building"
LEDGER_PREFIX = "ledger_"
"""dbt tests of this name hold the equation received = accepted + quarantined + duplicate."""

PUBLIC_PREFIX = "public_"
"""Models of schema public, and dbt's tests of their columns, have it in their names."""

FACILITY = ("facility_id", "device_key")
CELL = ("period", "procedure_id", "patient_group_id", "drl_quantity")
METHOD = ("method_id", "method_version")

MART_KEYS: Mapping[str, tuple[str, ...]] = {
    "facility_typical_values": (*FACILITY, *CELL, *METHOD),
    "national_drls": (*CELL, *METHOD),
    "facility_drl_comparisons": (*FACILITY, *CELL, *METHOD),
    "published_drl_comparisons": (*CELL, *METHOD, "published_drl_id"),
    "disclosure_decisions": (*CELL, *METHOD),
    "release_contributors": (*CELL, *METHOD, "facility_id"),
    "submission_quality": ("facility_id", "submission_id"),
    "facility_attendance": ("facility_id",),
    "facility_summaries": (
        *("facility_id", "device_key", "period", "scope", "procedure_id", "patient_group_id"),
        *("drl_quantity", "sequence_number"),
    ),
    "mapping_coverage": ("facility_id", "modality"),
    "unmapped_names": ("facility_id", "modality", "field", "compared_text"),
    "device_completeness": ("facility_id", "modality", "device_key"),
    "data_quality_by_device_model": (
        "manufacturer",
        "model_name",
        "software_versions",
        "modality",
    ),
    "breast_doses": ("period", "technique", "view", "thickness_band_id", "detector_technology"),
    "attrition": ("facility_id", "counted", "step_number", "reason_code"),
    "installed_base": ("period", *FACILITY),
    "commitment_indicators": ("period", "indicator_id", "dimension", "stratum"),
    "age_profile": ("period", "country", "modality", "age_band_id"),
    "age_band_doses": (*CELL, "age_band_id"),
    "generation_doses": ("period", "modality", "drl_quantity", "generation"),
    "feature_diffusion": ("period", "feature_id", "age_band_id"),
    "feature_availability": ("manufacturer_id", "model_name", "software_from", "feature_id"),
    "model_declarations": ("manufacturer_id", "model_name"),
    "benchmark_measurements": (
        *("manufacturer_id", "model_name", "body_region", "phantom", "insert_name"),
        *("insert_diameter_mm", "insert_contrast_hu", "protocol", "kvp_kv", "ctdivol_mgy"),
        *("reconstruction", "observer", "figure_of_merit", "laboratory", "measured_on"),
    ),
    "training_records": (
        *("year", "provider", "manufacturer_id", "curriculum_id", "course", "audience"),
        "country",
    ),
    "commitment_deliverables": ("commitment_number", "wording_version", "deliverable_id"),
}
"""Every exported mart with its key; the Parquet file is sorted by it.

`object_outcomes` and `report_outcomes` are marts too and are not exported: they have a row per
object or report, and only receipts, `drlake explain` and feedback read them.
"""

Echo = Callable[[str], None]


def build(
    settings: Settings,
    echo: Echo = print,
    methods: Sequence[str] = (),
    disclosure_profile: str = STRICT,
    releases: Path | None = None,
    project: Path = PROJECT,
    reference: Path = REFERENCE,
    unit_tests: bool = False,
) -> dict[str, int]:
    """Build the warehouse and `<lake>/marts/*.parquet`; returns the number of rows per mart.

    `methods` are ids of the methods wanted; without any, all of the seed are built. What is
    public follows the disclosure profile and is checked against every release in the folder
    `releases` (without one: `<lake>/releases`). `project` and `reference` are the models and the
    reference data, where a release has its own. The models' `unit_tests` say nothing of the data
    and are run where models are changed (tests/spec), not where a nation is built.

    Raises LedgerError where objects received and objects accounted for differ, DrlakeError
    where anything else of dbt fails; in both cases the warehouse before stays in place.
    """
    lake = Lake(settings.lake)
    root = _checked_root(lake)
    wanted = {
        "DRLAKE_METHODS": ";".join(checked_methods(methods, reference / METHODS.name)),
        "DRLAKE_DISCLOSURE_PROFILE": checked_profile(disclosure_profile, reference / PROFILES.name),
        "DRLAKE_THREADS": str(settings.threads),
        "DRLAKE_RELEASES": releases_made(releases or root / "releases"),
    }
    lake.prepare()
    folder = root / "warehouse"
    folder.mkdir(exist_ok=True)
    with _only_writer(folder):
        building = folder / BUILDING
        _remove_database(building)
        wanted["DRLAKE_REFERENCE"] = os.path.relpath(_reference(root, settings, reference), project)
        _run_dbt(root, building, project, wanted, echo, unit_tests)
        counts = _export_marts(lake, building)
        Path(f"{folder / WAREHOUSE}.wal").unlink(missing_ok=True)  # of the file replaced below
        building.replace(folder / WAREHOUSE)
    echo(f"warehouse: {sum(counts.values())} rows in {len(counts)} marts")
    waiting = not_validated(lake)
    if waiting:
        echo(f"not in this build, since they wait for validation: {', '.join(waiting)}")
    return counts


def _checked_root(lake: Lake) -> Path:
    """The lake's folder, if DuckDB can read its name inside a pattern of file names."""
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
                "Another process is building this warehouse. Wait until it has ended."
            ) from None
        yield


def _remove_database(path: Path) -> None:
    """Remove a DuckDB file with its journal and what a killed build had spilled to the disk."""
    for file in (path, Path(f"{path}.wal")):
        file.unlink(missing_ok=True)
    shutil.rmtree(f"{path}.tmp", ignore_errors=True)


# --- dbt, as a command ---------------------------------------------------------------------


def _reference(root: Path, settings: Settings, reference: Path) -> Path:
    """The folder of reference data; with rules of its own in it where the settings name some."""
    if not settings.rules:
        return reference
    rules = load_rules(settings.rules)
    folder = root / "warehouse" / "dbt" / "reference"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(reference, folder, ignore=lambda _, names: [PACKAGED_RULES.name])
    (folder / PACKAGED_RULES.name).write_text(rules_csv(rules), encoding="utf-8")
    return folder


def _run_dbt(
    root: Path,
    building: Path,
    project: Path,
    wanted: Mapping[str, str],
    echo: Echo,
    unit_tests: bool,
) -> None:
    """Seeds, models and every test of the data; raises with the names of what failed."""
    home = root / "warehouse" / "dbt"
    results = home / "target" / "run_results.json"
    results.parent.mkdir(parents=True, exist_ok=True)
    results.unlink(missing_ok=True)
    command = [sys.executable, "-m", "dbt.cli.main", "build", "--log-format", "json"]
    command += ["--project-dir", str(project), "--profiles-dir", str(project)]
    command += [] if unit_tests else ["--exclude-resource-type", "unit_test"]
    environment = {**_dbt_environment(root, building, home), **wanted}
    with subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        stopped = [error for line in process.stdout or () if (error := _follow(line, echo))]
    if process.returncode != 0:
        raise _failure(results, building, stopped)


def _dbt_environment(root: Path, building: Path, home: Path) -> dict[str, str]:
    """All that dbt is told: nothing of the caller's environment changes a build."""
    return {
        "DRLAKE_LAKE": str(root),
        "DRLAKE_WAREHOUSE": str(building),
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "HOME": str(home),
        "PATH": os.defpath,
        "PYTHONUTF8": "1",
        "TZ": "UTC",
    }


def _follow(line: str, echo: Echo) -> str:
    """Say what dbt has finished; return the message of an error that is no node's own."""
    try:
        event = json.loads(line)
    except ValueError:
        return line.strip()  # dbt did not get as far as its own log
    data, info = event.get("data", {}), event.get("info", {})
    if info.get("name") == "LogModelResult" and data.get("status") != "ERROR":
        node = data["node_info"]["node_relation"]
        echo(f"  {data['index']} of {data['total']}  {node['schema']}.{node['alias']}")
    return str(info.get("msg", "")) if info.get("name") == "MainEncounteredError" else ""


def _failure(results: Path, building: Path, stopped: list[str]) -> DrlakeError:
    """What to raise for a failed dbt build: node names only, no row of the data."""
    after = (
        "The warehouse before is still in place. Details: warehouse/dbt/logs/dbt.log in the lake."
    )
    failed = _failed_nodes(results)
    if not failed:
        return DrlakeError(
            f"dbt could not start: {stopped[-1] if stopped else 'no message'}. {after}"
        )
    names = [_node_name(node) for node in failed]
    only_tests = all(node["status"] == "fail" for node in failed)
    if only_tests and all(name.startswith(LEDGER_PREFIX) for name in names):
        rows = [line for node in failed for line in _ledger_rows(building, node)]
        return LedgerError(
            f"The ledger does not balance: {'; '.join(rows)}. Run `drlake validate`, then "
            f"`drlake build`; if it stays, ingest the submission again with --again. {after}"
        )
    if only_tests and all(_guards_disclosure(name) for name in names):
        return DisclosureError(
            f"Disclosure control blocks: {', '.join(names)} failed, so that nothing may leave the "
            f"building. See which rule of sql/tests or sql/models/public it is. {after}"
        )
    return DrlakeError(
        f"dbt failed at {', '.join(names)}. Repair what the test or model names, then run "
        f"`drlake build` again. {after}"
    )


def _failed_nodes(results: Path) -> list[dict[str, Any]]:
    if not results.exists():
        return []
    nodes = json.loads(results.read_text(encoding="utf-8"))["results"]
    return [node for node in nodes if node["status"] in ("error", "fail", "runtime error")]


def _guards_disclosure(name: str) -> bool:
    """Whether a test of this name is one of a public table or of the disclosure rules."""
    return name.startswith("disclosure_") or PUBLIC_PREFIX in name


def _node_name(node: Mapping[str, Any]) -> str:
    """`ledger_received_objects` of `test.drlake.ledger_received_objects`."""
    return str(node["unique_id"]).split(".")[2]


def _ledger_rows(building: Path, node: Mapping[str, Any], limit: int = 5) -> list[str]:
    """The first rows a ledger test complains of: ids we made and counts."""
    with duckdb.connect(str(building), read_only=True) as connection:
        cursor = connection.execute(node["compiled_code"])
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchmany(limit)
    said = [
        ", ".join(f"{name} {value}" for name, value in zip(names, row, strict=True)) for row in rows
    ]
    return [f"{_node_name(node)}: {text}" for text in said]


# --- marts, as Parquet ---------------------------------------------------------------------


def _export_marts(lake: Lake, building: Path) -> dict[str, int]:
    """Write each mart beside the warehouse and leave the DuckDB file without a journal."""
    counts = {}
    with duckdb.connect(str(building), config={"threads": 2}) as connection:
        for mart, key in MART_KEYS.items():
            table = sorted_table(connection, "marts", mart, key)
            lake.write_bytes(lake.path("marts", f"{mart}.parquet"), table_bytes(table))
            counts[mart] = table.num_rows
        connection.execute("checkpoint")
    return counts


def sorted_table(connection: Any, schema: str, name: str, key: Sequence[str]) -> pa.Table:
    """One table in the order of its key, with the column comments as Parquet field metadata."""
    order = ", ".join(f"{column} nulls first" for column in key)
    query = f"select * from {schema}.{name} order by {order}"  # noqa: S608 - the project's names
    table = connection.sql(query).to_arrow_table()
    comments = dict(
        connection.execute(
            "select column_name, comment from duckdb_columns() "
            "where schema_name = ? and table_name = ?",
            [schema, name],
        ).fetchall()
    )
    fields = [field.with_metadata({"description": comments[field.name]}) for field in table.schema]
    return table.cast(pa.schema(fields))
