"""Lists a folder of an SFTP server, with file names as bytes.

paramiko's public `SFTPClient.listdir_attr` decodes names as UTF-8 and fails at the first that is
not. This module is the only one that uses private functions of paramiko: `SFTPClient._request`
and `SFTPAttributes._from_msg`. pyproject.toml therefore pins paramiko below its next major
version, and a test lists a folder on a real server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import paramiko
from paramiko.sftp import CMD_CLOSE, CMD_HANDLE, CMD_NAME, CMD_OPENDIR, CMD_READDIR, SFTPError

Named = tuple[bytes, paramiko.SFTPAttributes]


def folder_entries(
    sftp: paramiko.SFTPClient, path: bytes, check: Callable[[int], None]
) -> Iterator[Named]:
    """The entries of a folder, without `.` and `..`.

    `check` is called with the number of entries of each answer before they are read, so that it can
    refuse a number that is too large by raising. SFTPError, FileNotFoundError or PermissionError if
    the server refuses.
    """
    private: Any = sftp
    kind, message = private._request(CMD_OPENDIR, path)
    if kind != CMD_HANDLE:
        raise SFTPError("no handle")
    handle = message.get_binary()
    check(0)
    while (answer := _next_answer(private, handle)) is not None:
        number = answer.get_int()
        check(number)
        entries = (_read_entry(answer) for _ in range(number))
        yield from (entry for entry in entries if entry[0] not in (b".", b".."))
    private._request(CMD_CLOSE, handle)


def _next_answer(private: Any, handle: bytes) -> Any:
    """The next answer for an open folder; None at the end."""
    try:
        kind, message = private._request(CMD_READDIR, handle)
    except EOFError:
        return None
    if kind != CMD_NAME:
        raise SFTPError("no names")
    return message


def _read_entry(message: Any) -> Named:
    """Name and attributes of one entry; the line in the format of `ls` is skipped."""
    name = message.get_string()
    message.get_string()
    attributes: Any = paramiko.SFTPAttributes
    return name, attributes._from_msg(message)
