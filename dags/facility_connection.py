"""Reads what a facility's export needs from its Airflow connection, `drlake_<facility_id>`.

The command reads the options from its standard input, where no list of processes shows them.

Connections of the SFTP and SSH providers: login, and in the extra key_file or private_key,
private_key_passphrase, host_key or known_hosts. Of the Amazon provider: login and password, and in
the extra endpoint_url and region_name. Host, port and path come from the registry. A password for
SFTP, and an extra that turns off the check of the host key, are ignored.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow.sdk import Connection


def connections(facility_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Options of the connections of these facilities, by facility.

    There are none without a registry or a connection.
    """
    if not os.environ.get("DRLAKE_REGISTRY"):
        return {}
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    found: dict[str, dict[str, Any]] = {}
    for facility_id in facility_ids:
        try:
            found[facility_id] = options_of(Connection.get(f"drlake_{facility_id}"))
        except AirflowNotFoundException:
            continue
    return found


def options_of(connection: Connection) -> dict[str, Any]:
    """Rename the fields of a connection as `sftp_login` (transforms.receive.exports) or s3fs do."""
    extra = connection.extra_dejson
    found: dict[str, Any] = {}
    if connection.conn_type in ("sftp", "ssh"):
        found = {
            "username": connection.login,
            "key_filename": extra.get("key_file"),
            "private_key": extra.get("private_key"),
            "passphrase": extra.get("private_key_passphrase") or extra.get("passphrase"),
            "host_key": extra.get("host_key"),
            "known_hosts": extra.get("known_hosts"),
        }
    elif connection.conn_type == "aws":
        region = extra.get("region_name")
        found = {
            "key": connection.login,
            "secret": connection.password,
            "token": extra.get("aws_session_token"),
            "endpoint_url": extra.get("endpoint_url"),
            "client_kwargs": {"region_name": region} if region else None,
        }
    return {name: value for name, value in found.items() if value}
