"""Steps that run as separate commands: Great Expectations and Airflow (dbt: see dbt_build).

They are heavy to import, and imports between the packages must run one way only.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from transforms.settings import REPOSITORY, Settings
from transforms.workers.worker import end_with_parent

TELEMETRY_OFF = {
    "GX_ANALYTICS_ENABLED": "false",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "SCARF_NO_ANALYTICS": "true",
}


def validate_command(
    settings: Settings,
    facility_ids: Sequence[str] = (),
    *,
    again: bool = False,
    data_docs: bool = False,
    as_json: bool = False,
    silent: bool = False,
) -> int:
    """Run `python -m expectations`, of all facilities or of some; returns its exit code.

    `silent` drops what it prints.
    """
    flags = [("--again", again), ("--data-docs", data_docs), ("--json", as_json)]
    given = [flag for flag, wanted in flags if wanted]
    given += [f"--facility={facility_id}" for facility_id in facility_ids]
    day = ["--as-of", settings.last_day.isoformat()]
    command = [sys.executable, "-m", "expectations", "--lake", settings.lake, *day, *given]
    return _run(command, first=end_with_parent, silent=silent)


def dags_command(script: str, settings: Settings, *arguments: str) -> int:
    """Run one of the scripts in dags/; returns its exit code."""
    path = str(REPOSITORY / "dags" / script)
    where = ["--lake", settings.lake, "--exports", settings.exports]
    registry = str(Path(settings.registry).resolve()) if settings.registry else ""
    rules = str(Path(settings.rules).resolve()) if settings.rules else ""
    given = {"DRLAKE_REGISTRY": registry, "DRLAKE_RULES": rules}
    return _run([sys.executable, path, *where, *arguments], given)


def _run(
    command: Sequence[str],
    given: Mapping[str, str] | None = None,
    first: Callable[[], None] | None = None,
    silent: bool = False,
) -> int:
    """Run a command with variables `given`; `first` is what its process does before."""
    environment = {**os.environ, **TELEMETRY_OFF, **(given or {})}
    output = subprocess.DEVNULL if silent else None
    done = subprocess.run(  # noqa: S603
        command, env=environment, check=False, preexec_fn=first, stdout=output
    )
    return done.returncode
