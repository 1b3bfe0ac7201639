"""The environment in which Airflow runs our DAGs: all its files are kept in the lake.

All of Airflow's settings are here. They must be in the environment before Airflow is imported,
because Airflow reads them at import. This file imports nothing of Airflow.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

DAGS = Path(__file__).resolve().parent.parent
REPOSITORY = DAGS.parent

QUIET = {
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
    "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    "GX_ANALYTICS_ENABLED": "false",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "SCARF_ANALYTICS": "false",
    "DO_NOT_TRACK": "1",
}
"""Only our DAGs, active from the start so that no Asset waits unseen, and no telemetry."""


SERVICE = "airflow.db"
"""Database of the scheduler and its page, in Airflow's folder."""

IN_PROCESS = "in_process.db"
"""Database of `drlake run`. The scheduler does not read it: it would run again what has run."""


class PlaceError(Exception):
    """Lake or exports are in a place that Airflow cannot use (exit code 2)."""


def airflow_home(lake: str) -> Path:
    """`<lake>/airflow`, absolute; PlaceError where the lake is a URL."""
    if "://" in lake:
        raise PlaceError(
            f"Airflow stores its database in the lake, and {lake} is not a local folder. Give "
            "--lake a local folder, or install Airflow yourself and set its dags_folder to dags/."
        )
    return Path(lake).resolve() / "airflow"


def airflow_environment(lake: str, exports: str, database: str = SERVICE) -> dict[str, str]:
    """Every variable that Airflow and our tasks need, for one lake and one exports folder."""
    home = airflow_home(lake)
    return {
        **QUIET,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / database}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "DRLAKE_LAKE": str(Path(lake).resolve()),
        "DRLAKE_EXPORTS": _absolute(exports),
        "PATH": _prepend(os.environ.get("PATH", ""), str(Path(sys.executable).parent)),
        "PYTHONPATH": os.pathsep.join(_python_path()),
    }


def standalone_environment(port: int) -> dict[str, str]:
    """Further settings for Airflow's services: this machine only, one task per core.

    A task is a process that may load Great Expectations or dbt; Airflow's default of 32 would fill
    the memory of a small machine.
    """
    page = f"http://127.0.0.1:{port}"
    return {
        "AIRFLOW__CORE__PARALLELISM": str(os.cpu_count() or 1),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": page,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{page}/execution/",
    }


def prepare(lake: str, exports: str, database: str = SERVICE) -> Path:
    """Set the environment and create Airflow's folder; returns that folder.

    Only its owner may read the folder: Airflow keeps its keys and its password there. Raises
    PlaceError before anything is created.
    """
    check_exports(exports)
    os.environ.update(airflow_environment(lake, exports, database))
    if str(REPOSITORY) not in sys.path:
        sys.path.append(str(REPOSITORY))
    home = airflow_home(lake)
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    return home


def check_exports(exports: str) -> None:
    """PlaceError unless exports is a URL or a folder: checked before Airflow starts.

    With a facility registry no exports are needed.
    """
    if os.environ.get("DRLAKE_REGISTRY"):
        return
    if "://" not in exports and not (exports and Path(exports).is_dir()):
        missing = f"There is no export folder at {exports}. " if exports else ""
        raise PlaceError(
            f"{missing}Give --exports (a folder that contains one folder per facility) or "
            "--registry (a facility registry)."
        )


def _absolute(place: str) -> str:
    return place if "://" in place or not place else str(Path(place).resolve())


def _prepend(path: str, folder: str) -> str:
    return os.pathsep.join([folder, path]) if path else folder


def _python_path() -> list[str]:
    """Return the folders of PYTHONPATH that are there already, then our packages."""
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    ours = str(REPOSITORY)
    return [*(folder for folder in given if folder and folder != ours), ours]
