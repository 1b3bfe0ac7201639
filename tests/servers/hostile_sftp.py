"""SFTP servers with hostile answers: names that are paths, slow bytes, false sizes."""

from __future__ import annotations

import socket
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import paramiko


@dataclass(frozen=True)
class ServedFile:
    """One file: its bytes, the size that the server reports, and seconds between two bytes."""

    data: bytes
    size: int | None = None
    seconds_per_byte: float = 0.0
    mode: int = stat.S_IFREG | 0o644


class Hostile:
    """A server on loopback; its files may be changed while it runs."""

    def __init__(self, host_key: Path, files: dict[str, ServedFile]) -> None:
        self.files = files
        self.opened: list[str] = []
        self.drop_after_opens: int | None = None
        self.transports: list[paramiko.Transport] = []
        self._key = paramiko.Ed25519Key.from_private_key_file(str(host_key))
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])

    @property
    def url(self) -> str:
        return f"sftp://drlake@127.0.0.1:{self.port}/out"

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(self._key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files, self)
            self.transports.append(transport)
            try:
                transport.start_server(server=_AnyKey())
            except (paramiko.SSHException, EOFError, OSError):
                continue

    def stop(self) -> None:
        with suppress(OSError):  # the test has stopped it already
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for transport in self.transports:
            transport.close()


class _AnyKey(paramiko.ServerInterface):
    def check_auth_publickey(self, username: str, key: Any) -> int:
        return paramiko.AUTH_SUCCESSFUL

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class _Files(paramiko.SFTPServerInterface):
    def __init__(self, server: Any, hostile: Hostile) -> None:
        super().__init__(server)
        self._hostile = hostile

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes]:
        files = self._hostile.files
        return [self._attributes(name, served) for name, served in files.items()]

    def _attributes(self, name: str, served: ServedFile) -> paramiko.SFTPAttributes:
        attributes = paramiko.SFTPAttributes()
        attributes.filename = name
        attributes.longname = "file"
        attributes.st_size = len(served.data) if served.size is None else served.size
        attributes.st_mode = served.mode
        attributes.st_mtime = attributes.st_atime = 1_700_000_000
        return attributes

    def lstat(self, path: str) -> Any:
        name = path.removeprefix("/out/")
        served = self._hostile.files.get(name)
        return paramiko.SFTP_NO_SUCH_FILE if served is None else self._attributes(name, served)

    stat = lstat

    def open(self, path: str, flags: int, attr: Any) -> Any:
        hostile, name = self._hostile, path.removeprefix("/out/")
        if hostile.drop_after_opens == len(hostile.opened):
            hostile.drop_after_opens = None
            hostile.transports[-1].close()
        hostile.opened.append(name)
        served = hostile.files.get(name)
        return paramiko.SFTP_NO_SUCH_FILE if served is None else _Handle(served)


class _Handle(paramiko.SFTPHandle):
    def __init__(self, served: ServedFile) -> None:
        super().__init__()
        self._served = served

    def read(self, offset: int, length: int) -> Any:
        if not self._served.seconds_per_byte:
            return self._served.data[offset : offset + length]
        time.sleep(self._served.seconds_per_byte)
        return self._served.data[offset : offset + 1]

    def stat(self) -> Any:
        attributes = paramiko.SFTPAttributes()
        attributes.st_size = len(self._served.data)
        return attributes


@contextmanager
def hostile_sftp(host_key: Path, files: dict[str, ServedFile]) -> Iterator[Hostile]:
    """Run a hostile server in a thread."""
    server = Hostile(host_key, files)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(5)
