"""Keyed pseudonyms: equal identifiers give equal keys, irreversible without the secret."""

from __future__ import annotations

import hmac
import secrets

from transforms.errors import UsageError
from transforms.lake.lake import Lake
from transforms.settings import Settings

KEY_HEX_DIGITS = 64
PSEUDONYM_HEX_DIGITS = 32


class Pseudonyms:
    """Computes pseudonyms with one secret: the first 128 bits of HMAC-SHA-256, in hexadecimal."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, *parts: str) -> str:
        """Pseudonym of an identifier that has one or more parts."""
        message = "\0".join(parts).encode()
        return hmac.digest(self._secret, message, "sha256").hex()[:PSEUDONYM_HEX_DIGITS]


def load_pseudonyms(settings: Settings, lake: Lake) -> Pseudonyms:
    """Pseudonyms with the key file named in the settings, or else with the lake's own key."""
    path = settings.uid_key_file or lake.path("keys", "uid.key")
    if not settings.uid_key_file and not lake.exists(path):
        lake.write_bytes_once(path, secrets.token_hex(KEY_HEX_DIGITS // 2).encode(), private=True)
    text = lake.read_bytes(path).decode("ascii", "replace").strip()
    if len(text) != KEY_HEX_DIGITS or any(c not in "0123456789abcdef" for c in text):
        raise UsageError(
            f"The UID key file {path} must contain {KEY_HEX_DIGITS} hexadecimal digits, lower "
            "case. Restore it from a backup: with another key, reports received before are not "
            "recognised."
        )
    return Pseudonyms(bytes.fromhex(text))
