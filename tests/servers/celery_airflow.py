"""Airflow on Celery: PostgreSQL, Redis, Airflow's services and workers, all real, on loopback."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.servers.sshd import LOOPBACK, free_port

REPOSITORY = Path(__file__).resolve().parents[2]
REDIS = shutil.which("redis-server")
POSTGRES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
IS_INSTALLED = bool(REDIS and POSTGRES and importlib.util.find_spec("airflow.providers.celery"))
SECONDS_TO_START = 120
SECONDS_TO_STOP = 20


@dataclass(frozen=True)
class CeleryAirflow:
    """A running Airflow: its database, and the Celery workers by name."""

    database: str
    folder: Path
    workers: Mapping[str, subprocess.Popen[bytes]]

    def check(self) -> None:
        """Fail with the ends of their logs where no worker is left."""
        if all(worker.poll() is not None for worker in self.workers.values()):
            raise AssertionError([self.log(name)[-3000:] for name in self.workers])

    def log(self, name: str) -> str:
        """What a worker has logged."""
        path = self.folder / f"service-celery-worker-{name}.log"
        return path.read_text(encoding="utf-8", errors="replace")

    def kill_worker_of(self, pid: int) -> str:
        """Kill the worker below which a process runs, with its processes; returns its name."""
        above = set(_ancestors(pid))
        name = next(name for name, one in self.workers.items() if one.pid in above)
        os.killpg(self.workers[name].pid, signal.SIGKILL)
        return name

    def query(self, sql: str) -> list[list[str]]:
        """Rows of Airflow's database, as text."""
        assert POSTGRES is not None
        command = [str(POSTGRES / "psql"), f"postgresql://{self.database}", "-At", "-c", sql]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd="/")
        return [line.split("|") for line in done.stdout.splitlines()]


@contextmanager
def running_airflow(folder: Path, given: Mapping[str, str]) -> Iterator[CeleryAirflow]:
    """Start everything from an empty database, with two prefork workers of one process each.

    `given` are the settings of drlake. All stops at the end.
    """
    with ExitStack() as stack:
        redis = stack.enter_context(_running_redis(folder))
        database = stack.enter_context(_running_postgres(folder))
        port = free_port()
        environment = {**_own_environment(), **given, **settings(folder, database, redis, port)}
        airflow(environment, "db", "migrate")
        start = _Starter(stack, folder, environment)
        start("api-server", "--host", LOOPBACK, "--port", str(port), "--workers", "1")
        start("dag-processor")
        start("scheduler", "--skip-serve-logs")
        _wait_for_port(port)
        workers = {
            name: start(
                *("celery", "worker", "--skip-serve-logs", "--without-mingle"),
                *("--concurrency", "1", "--celery-hostname", name),
            )
            for name in ("first@drlake", "second@drlake")
        }
        yield CeleryAirflow(database, folder, workers)


def settings(folder: Path, database: str, redis: str, port: int) -> dict[str, str]:
    """The settings that an administrator makes, as in dags/README.md."""
    return {
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(REPOSITORY / "dags"),
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__FERNET_KEY": "",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{LOOPBACK}:{port}/execution/",
        "AIRFLOW__API__BASE_URL": f"http://{LOOPBACK}:{port}",
        "AIRFLOW__API__SECRET_KEY": secrets.token_hex(16),
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{database}",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "2",
        "AIRFLOW__CELERY__BROKER_URL": redis,
        "AIRFLOW__CELERY__RESULT_BACKEND": f"db+postgresql+psycopg2://{database}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(folder / "logs"),
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "PYTHONPATH": str(REPOSITORY),
    }


def airflow(environment: Mapping[str, str], *arguments: str) -> str:
    """Run a command of Airflow to its end."""
    command = [sys.executable, "-m", "airflow", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def _ancestors(pid: int) -> Iterator[int]:
    """The process and those that have started it."""
    while pid > 1:
        yield pid
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _own_environment() -> dict[str, str]:
    strange = ("AIRFLOW", "_AIRFLOW", "DRLAKE")
    return {name: value for name, value in os.environ.items() if not name.startswith(strange)}


@dataclass(frozen=True)
class _Starter:
    """Starts services of Airflow, each with a log file, and stops them at the end."""

    stack: ExitStack
    folder: Path
    environment: Mapping[str, str]

    def __call__(self, *arguments: str) -> subprocess.Popen[bytes]:
        log = self.folder / f"service-{'-'.join(arguments[:2])}-{arguments[-1]}.log"
        command = [sys.executable, "-m", "airflow", *arguments]
        return self.stack.enter_context(_running(command, log, self.environment))


@contextmanager
def _running(
    command: list[str],
    log: Path,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a service with all its processes until the end."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            user=user,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(SECONDS_TO_STOP)


@contextmanager
def _running_redis(folder: Path) -> Iterator[str]:
    assert REDIS is not None, "install redis-server"
    port = free_port()
    command = [REDIS, "--bind", LOOPBACK, "--port", str(port), "--save", "", "--dir", str(folder)]
    with _running(command, folder / "redis.log"):
        _wait_for_port(port)
        yield f"redis://{LOOPBACK}:{port}/0"


@contextmanager
def _running_postgres(folder: Path) -> Iterator[str]:
    """A new cluster; its server refuses to run as root, so root runs it as the user postgres."""
    assert POSTGRES is not None, "install postgresql"
    user = "postgres" if os.geteuid() == 0 else None
    data, port = folder / "postgres", free_port()
    data.mkdir()
    if user:
        shutil.chown(data, user)
        for parent in (folder, *folder.parents):  # so that the user reaches its folder
            if parent.is_relative_to(tempfile.gettempdir()):
                parent.chmod(parent.stat().st_mode | 0o011)
    made = [POSTGRES / "initdb", "-D", data, "-U", "airflow", "--auth=trust", "--no-sync"]
    made = [*map(str, made), "-E", "UTF8"]
    done = subprocess.run(made, user=user, check=False, capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr
    given = ["-c", "fsync=off", "-c", f"listen_addresses={LOOPBACK}", "-k", str(data)]
    command = [str(POSTGRES / "postgres"), "-D", str(data), "-p", str(port), *given]
    with _running(command, folder / "postgres.log", user=user):
        _wait_for_port(port)
        yield f"airflow@{LOOPBACK}:{port}/postgres"


def _wait_for_port(port: int) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            return
        time.sleep(0.2)
    raise TimeoutError(f"no server on port {port}")
