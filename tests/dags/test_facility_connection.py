"""A facility's Airflow connection gives what its export needs, and never skips the host key."""

import json

import pytest
from dags_under_test import REPOSITORY, Run

pytestmark = pytest.mark.airflow

PROGRAM = """
import json, os, sys
from dags.facility_connection import connections
found = {}
for name, (connection, registry) in json.loads(sys.argv[1]).items():
    os.environ.pop("AIRFLOW_CONN_DRLAKE_F001", None)
    if connection:
        os.environ["AIRFLOW_CONN_DRLAKE_F001"] = json.dumps(connection)
    os.environ["DRLAKE_REGISTRY"] = registry
    found[name] = connections(["F001"]).get("F001", {})
print(json.dumps(found))
"""
SFTP = {
    "conn_type": "sftp",
    "host": "elsewhere.example",
    "login": "drlake",
    "password": "hunter2",
    "extra": {
        "key_file": "/keys/f001",
        "host_key": "ssh-ed25519 AAAA",
        "no_host_key_check": True,
        "private_key_passphrase": "open",
    },
}
AWS = {
    "conn_type": "aws",
    "login": "id",
    "password": "secret",
    "extra": {"endpoint_url": "http://127.0.0.1:9", "region_name": "eu-north-1"},
}


REGISTRY = "facilities.csv"
CASES = {
    "sftp": (SFTP, REGISTRY),
    "aws": (AWS, REGISTRY),
    "no connection": (None, REGISTRY),
    "no registry": (SFTP, ""),
}


@pytest.fixture(scope="module")
def options(run: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """The options of every case, from one process: importing Airflow takes seconds."""
    home = tmp_path_factory.mktemp("airflow")
    given = {"AIRFLOW_HOME": str(home), "PYTHONPATH": str(REPOSITORY)}
    done = run("-c", PROGRAM, json.dumps(CASES), **given)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_connection_of_sftp_becomes_options(options: dict[str, object]) -> None:
    assert options["sftp"] == {
        "username": "drlake",
        "key_filename": "/keys/f001",
        "passphrase": "open",
        "host_key": "ssh-ed25519 AAAA",
    }


def test_a_connection_of_s3_becomes_options(options: dict[str, object]) -> None:
    assert options["aws"] == {
        "key": "id",
        "secret": "secret",
        "endpoint_url": "http://127.0.0.1:9",
        "client_kwargs": {"region_name": "eu-north-1"},
    }


def test_without_a_connection_or_a_registry_there_are_none(options: dict[str, object]) -> None:
    assert options["no connection"] == {}
    assert options["no registry"] == {}
