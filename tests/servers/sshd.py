"""A real OpenSSH server on loopback, for the user who runs the tests, with its own keys."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
SECONDS_TO_START = 10
LOOPBACK = "127.0.0.1"

CONFIGURATION = """
{ports}
ListenAddress {address}
HostKey {folder}/host
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/client.pub
PubkeyAuthentication yes
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UsePAM no
StrictModes no
Subsystem sftp internal-sftp
ForceCommand internal-sftp
"""


@dataclass(frozen=True)
class Sshd:
    """Address of the server, and the keys."""

    ports: tuple[int, ...]
    folder: Path
    address: str = LOOPBACK

    @property
    def host_key(self) -> str:
        """`ssh-ed25519 AAAA…`, as a person pins it."""
        return public_key(self.folder / "host")

    @property
    def client_key(self) -> str:
        """Private key file that may log in."""
        return str(self.folder / "client")

    def url(self, folder: Path, port: int = 0) -> str:
        """Export URL of a local folder through the server."""
        return f"sftp://{self.address}:{port or self.ports[0]}{folder}"


def make_key(path: Path) -> Path:
    """A new key pair."""
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "tests", "-f", str(path)]
    subprocess.run(command, check=True)
    return path


def public_key(path: Path) -> str:
    """Type and text of a public key."""
    return " ".join(path.with_suffix(".pub").read_text().split()[:2])


def free_port(address: str = LOOPBACK) -> int:
    """Return a loopback port on which no server listens."""
    with socket.socket() as one:
        one.bind((address, 0))
        return int(one.getsockname()[1])


@contextmanager
def running_sshd(folder: Path, address: str = LOOPBACK) -> Iterator[Sshd]:
    """Start a server on two ports; it is stopped at the end."""
    assert SSHD is not None, "install openssh-server"
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    for name in ("host", "client"):
        make_key(folder / name)
    server = Sshd((free_port(address), free_port(address)), folder, address)
    ports = "\n".join(f"Port {port}" for port in server.ports)
    (folder / "sshd_config").write_text(
        CONFIGURATION.format(ports=ports, address=address, folder=folder)
    )
    log = (folder / "log").open("w")
    command = [SSHD, "-D", "-e", "-f", str(folder / "sshd_config")]
    process = subprocess.Popen(command, stderr=log, stdout=log)
    try:
        _wait(server, process, folder / "log")
        yield server
    finally:
        process.terminate()
        process.wait(10)
        log.close()


def _wait(server: Sshd, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    for port in server.ports:
        while True:
            try:
                socket.create_connection((server.address, port), 1).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < until, log.read_text()
                time.sleep(0.05)
