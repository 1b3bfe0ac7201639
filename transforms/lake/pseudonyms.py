"""Keyed pseudonyms: equal identifiers give equal keys, irreversible without the secret."""

from __future__ import annotations

import secrets
from hashlib import sha256

from transforms.errors import UsageError
from transforms.lake.lake import Lake
from transforms.settings import Settings

KEY_HEX_DIGITS = 64
PSEUDONYM_HEX_DIGITS = 32
_INNER_PAD, _OUTER_PAD = 0x36, 0x5C
"""Bytes with which HMAC combines its secret (RFC 2104 section 2)."""


class Pseudonyms:
    """Computes pseudonyms with one secret: the first 128 bits of HMAC-SHA-256, in hexadecimal.

    The two hashes of HMAC begin with a block that depends only on the secret. It is hashed once and
    copied for each pseudonym, which is twice as fast as `hmac.digest`.
    """

    def __init__(self, secret: bytes) -> None:
        block_bytes = sha256().block_size
        short = sha256(secret).digest() if len(secret) > block_bytes else secret
        block = short.ljust(block_bytes, b"\0")
        self._secret = secret
        self._inner, self._outer = (
            sha256(bytes(byte ^ pad for byte in block)) for pad in (_INNER_PAD, _OUTER_PAD)
        )

    def __reduce__(self) -> tuple[type[Pseudonyms], tuple[bytes]]:
        """Send the secret alone to a worker, since hashes cannot be pickled."""
        return Pseudonyms, (self._secret,)

    def of(self, *parts: str) -> str:
        """Pseudonym of an identifier that has one or more parts."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update("\0".join(parts).encode())
        outer.update(inner.digest())
        return outer.hexdigest()[:PSEUDONYM_HEX_DIGITS]


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
