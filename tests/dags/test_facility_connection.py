"""A facility's Airflow connection gives what its export needs, and never skips the host key."""

import json
from pathlib import Path

import pytest
from dags_under_test import REPOSITORY, Run

PROGRAM = """
import json, sys
from dags.facility_connection import connection_options
from transforms.settings import Settings
settings = Settings(lake="lake", registry=sys.argv[1])
print(json.dumps(connection_options(settings, "F001")))
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


def options(run: Run, home: Path, connection: object, registry: str = "facilities.csv") -> object:
    given = {"AIRFLOW_CONN_DRLAKE_F001": json.dumps(connection)} if connection else {}
    given |= {"AIRFLOW_HOME": str(home), "PYTHONPATH": str(REPOSITORY)}
    done = run("-c", PROGRAM, registry, **given)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("connection", "expected"),
    [
        (
            SFTP,
            {
                "username": "drlake",
                "key_filename": "/keys/f001",
                "passphrase": "open",
                "host_key": "ssh-ed25519 AAAA",
            },
        ),
        (
            AWS,
            {
                "key": "id",
                "secret": "secret",
                "endpoint_url": "http://127.0.0.1:9",
                "client_kwargs": {"region_name": "eu-north-1"},
            },
        ),
    ],
    ids=["sftp", "aws"],
)
def test_a_connection_becomes_options(
    run: Run, tmp_path: Path, connection: object, expected: object
) -> None:
    assert options(run, tmp_path, connection) == expected


def test_without_a_connection_or_a_registry_there_are_none(run: Run, tmp_path: Path) -> None:
    assert options(run, tmp_path, None) == {}
    assert options(run, tmp_path, SFTP, registry="") == {}
