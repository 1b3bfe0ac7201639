"""Airflow's own tasks pull from a real OpenSSH server, with facility connections.

Two facilities: one with the right host key pinned, one with a wrong one. DAG files, tasks, database
and logs are the real ones; the chain ends after the DAG that uses connections.
"""

import getpass
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from dags_under_test import REPOSITORY, Run

from tests.servers.sshd import SSHD, Sshd, make_key, public_key, running_sshd
from tests.support.lakes.export_folder import write_registry
from tests.support.lakes.small_exports import write_small_exports
from transforms.lake.lake import Lake

ADDRESS = "127.83.119.7"
"""A loopback address that occurs nowhere else."""
KEY_FOLDER, PASSPHRASE, PASSWORD = "keyring-of-f001", "open-sesame-119", "hunter-119"
HOST = "export-119.hospital.example"
INGEST_ALONE = """
import sys
from dags.local import run_in_process
run_in_process.CHAIN = run_in_process.CHAIN[:1]
sys.exit(run_in_process.main(sys.argv[1:]))
"""

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.servers,
    pytest.mark.skipif(SSHD is None, reason="openssh-server is not installed"),
]


def connection(key: Path, host_key: str) -> str:
    """An SFTP connection as JSON; its host and password must be ignored."""
    extra = {"key_file": str(key), "private_key_passphrase": PASSPHRASE, "host_key": host_key}
    given = {"conn_type": "sftp", "host": HOST, "login": getpass.getuser(), "password": PASSWORD}
    return json.dumps({**given, "extra": extra})


def key_with_passphrase(server: Sshd, folder: Path) -> Path:
    """A key that may log in, protected by a passphrase."""
    folder.mkdir()
    key = Path(shutil.copy(server.client_key, folder / "id"))
    command = ["ssh-keygen", "-q", "-p", "-P", "", "-N", PASSPHRASE, "-f", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    return key


@dataclass(frozen=True)
class SftpRun:
    """Output of the run, the lake after it, and texts that must not occur anywhere."""

    done: subprocess.CompletedProcess[str]
    lake: Lake
    secrets: tuple[str, ...]

    @property
    def summary(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.done.stdout)
        return found

    @property
    def airflow(self) -> Path:
        return Path(self.lake.path("airflow"))

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return rows of Airflow's own database."""
        with closing(
            sqlite3.connect(f"file:{self.airflow / 'in_process.db'}?mode=ro", uri=True)
        ) as db:
            return db.execute(sql).fetchall()


@pytest.fixture(scope="module")
def pulled(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpRun]:
    folder = tmp_path_factory.mktemp("sftp")
    (folder / "ssh").mkdir()
    exports = write_small_exports(folder, (2, 1))
    with running_sshd(folder / "ssh", ADDRESS) as server:
        key = key_with_passphrase(server, folder / KEY_FOLDER)
        urls = {name: server.url(exports / name) for name in ("F001", "F002")}
        write_registry(folder / "facilities.csv", urls)
        pins = [server.host_key, public_key(make_key(folder / "another"))]
        done = run(
            *("-c", INGEST_ALONE, "--json"),
            *("--lake", folder / "lake", "--exports", ""),
            PYTHONPATH=str(REPOSITORY),
            DRLAKE_REGISTRY=str(folder / "facilities.csv"),
            DRLAKE_BUCKETS="1",
            DRLAKE_SECOND_LOOK_SECONDS="0.05",
            AIRFLOW_CONN_DRLAKE_F001=connection(key, pins[0]),
            AIRFLOW_CONN_DRLAKE_F002=connection(key, pins[1]),
        )
    secrets = (ADDRESS, HOST, KEY_FOLDER, PASSPHRASE, PASSWORD, *(pin.split()[1] for pin in pins))
    yield SftpRun(done, Lake(str(folder / "lake")), secrets)


def test_an_export_behind_an_airflow_connection_is_received_and_decoded(pulled: SftpRun) -> None:
    ends = {
        stage: [
            row["outcome"]
            for name in pulled.lake.submissions(stage, "F001")
            for row in pulled.lake.read_outcomes(stage, name).to_pylist()
        ]
        for stage in ("receive", "decode")
    }
    assert sorted(ends["receive"]) == ["duplicate", "received", "received", "received"]
    assert sorted(ends["decode"]) == ["decoded", "decoded", "quarantined"]


def test_a_wrong_host_key_fails_its_facility_alone_with_its_reason(pulled: SftpRun) -> None:
    (pull,) = pulled.lake.read_rows(pulled.lake.path("outcomes", "pull", "F002.parquet"))
    assert (pull["outcome"], pull["reason_code"]) == ("failed", "host_key_mismatch")
    assert pulled.lake.submissions("receive", "F002") == []
    told = [line for line in pulled.done.stderr.splitlines() if "F002" in line]
    assert told and all("host_key_mismatch" in line for line in told)


def test_a_wrong_host_key_is_tried_once_and_holds_up_nothing(pulled: SftpRun) -> None:
    assert pulled.done.returncode == 1, "a person must see it"
    rows = pulled.query(
        "select rendered_map_index, state, try_number from task_instance"
        " where task_id = 'ingest_facilities'"
    )
    assert rows == [("F001 to F002", "failed", 1)]
    ingest = pulled.summary["dags"]["ingest_submissions"]
    assert ingest["tasks"]["announce_decoded"] == {"success": 1}, "validation starts"
    assert ingest["counts"] == {
        "facilities": 1,
        "received": 4,
        "decoded": 2,
        "quarantined": 1,
        "duplicate": 1,
    }


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Every text below a folder, with its place; received objects apart."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        yield "a path", name
        if path.is_file() and not name.startswith("received/"):
            yield name, path.read_bytes().decode("latin-1")
            if path.suffix == ".parquet":
                yield name, str(pq.ParquetFile(path).read().to_pylist())


def secrets_found(pulled: SftpRun) -> dict[str, set[str]]:
    """Places where each secret is found."""
    everything = [
        *texts(Path(pulled.lake.url)),
        ("output", pulled.done.stdout + pulled.done.stderr),
    ]
    return {
        secret: where
        for secret in pulled.secrets
        if (where := {name for name, text in everything if secret in text})
    }


def test_no_credential_key_file_or_host_stands_in_the_lake_or_anywhere_in_airflow(
    pulled: SftpRun,
) -> None:
    logs = list((pulled.airflow / "logs").rglob("*.log"))
    assert any("ingest_facilities" in path.read_text(encoding="utf-8") for path in logs)
    assert pulled.query("select count(*) from task_instance") > [(0,)]
    assert secrets_found(pulled) == {}


def test_the_search_finds_what_stands_in_a_log_or_a_table(pulled: SftpRun, tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    row = {"facility_id": "F9", "submission_id": "F9.1", "object_index": 1, "name_key": "0"}
    said = {"stage": "decode", "outcome": "decoded", "detail": pulled.secrets[0]}
    lake.write_outcomes("decode", "F9.1", [{**row, **said}])
    (tmp_path / "task.log").write_text(pulled.secrets[-1], encoding="utf-8")
    planted = SftpRun(pulled.done, lake, pulled.secrets)
    assert set(secrets_found(planted)) == {pulled.secrets[0], pulled.secrets[-1]}
