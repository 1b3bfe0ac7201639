"""Logs in to an SFTP server by key; the server's host key must be pinned."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import fsspec
import paramiko

from transforms.receive.exports.location import Deadline, Place, VisitFailed

PORT = 22
CONNECT_SECONDS = 30.0
"""Time limit for each step of connecting: address, banner, authentication, channel."""
SILENCE_SECONDS = 60.0
"""Time without any data after which a server is treated as unreachable."""


class HostKeyUnknown(paramiko.SSHException):
    """No host key is pinned for this server."""


class _Reject(paramiko.MissingHostKeyPolicy):
    def missing_host_key(self, client: Any, hostname: str, key: Any) -> None:
        raise HostKeyUnknown("no host key is pinned")


def log_in(client: paramiko.SSHClient, place: Place, deadline: Deadline) -> paramiko.SFTPClient:
    """Log in by key to a server with a pinned host key; VisitFailed if that fails."""
    try:
        options = {**fsspec.config.conf.get("sftp", {}), **place.options}
        url = urlsplit(place.url)
        host, port = url.hostname or "", int(url.port or PORT)
        _pin(client, host, port, options)
        client.connect(
            host,
            port,
            username=str(options.get("username") or unquote(url.username or "")) or None,
            timeout=min(CONNECT_SECONDS, deadline.remaining()),
            banner_timeout=min(CONNECT_SECONDS, deadline.remaining()),
            auth_timeout=min(CONNECT_SECONDS, deadline.remaining()),
            channel_timeout=min(CONNECT_SECONDS, deadline.remaining()),
            **_our_key(options),
        )
        sftp = client.open_sftp()
        channel = sftp.get_channel()
        if channel is not None:
            channel.settimeout(SILENCE_SECONDS)
        return sftp
    except VisitFailed:
        raise
    except Exception as error:
        raise VisitFailed(_reason(error, deadline), error) from None


def _pin(client: paramiko.SSHClient, host: str, port: int, options: dict[str, Any]) -> None:
    """Accept only the given host key, or else those in known_hosts; never an unknown one."""
    client.set_missing_host_key_policy(_Reject())
    if options.get("host_key"):
        words = str(options["host_key"]).split()
        kind, text = words[:2] if len(words) > 1 else ("ssh-rsa", words[0])
        name = host if port == PORT else f"[{host}]:{port}"
        try:
            line = paramiko.hostkeys.HostKeyEntry.from_line(f"{name} {kind} {text}")
        except Exception:
            raise HostKeyUnknown("the pinned host key is invalid") from None
        if line is not None and line.key is not None:
            client.get_host_keys().add(name, kind, line.key)
    elif options.get("known_hosts"):
        client.load_host_keys(str(options["known_hosts"]))
    elif Path("~/.ssh/known_hosts").expanduser().exists():
        client.load_system_host_keys()


def _our_key(options: dict[str, Any]) -> dict[str, Any]:
    """The login key: given as text or file, or else from the agent and ~/.ssh."""
    passphrase = options.get("passphrase")
    if options.get("private_key"):
        return {
            "pkey": _private_key(str(options["private_key"]), passphrase),
            "allow_agent": False,
            "look_for_keys": False,
        }
    if options.get("key_filename"):
        return {
            "key_filename": str(options["key_filename"]),
            "passphrase": passphrase,
            "allow_agent": False,
            "look_for_keys": False,
        }
    return {}


def _private_key(text: str, passphrase: str | None) -> paramiko.PKey:
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text), password=passphrase)
        except paramiko.PasswordRequiredException:
            raise
        except (paramiko.SSHException, ValueError):
            continue
    raise paramiko.AuthenticationException("no key of a known kind")


def _reason(error: Exception, deadline: Deadline) -> str:
    """The reason code of stage pull for an error while connecting."""
    if isinstance(error, (paramiko.BadHostKeyException, HostKeyUnknown)):
        return "host_key_mismatch"
    if deadline.is_over():
        return "facility_too_slow"
    no_key = "No authentication methods available" in str(error)
    own_key = isinstance(error, (FileNotFoundError, PermissionError))
    if isinstance(error, paramiko.AuthenticationException) or no_key or own_key:
        return "authentication_failed"
    return "facility_unreachable"
