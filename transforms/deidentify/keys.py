"""The hospital's secret key, and the pseudonyms made with it, the same in every delivery.

The hashes are keyed: with plain ones, short patient IDs could be found by trying them all.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from transforms.errors import UsageError

KEY_HEX_DIGITS = 64
DEVICE_HEX_DIGITS = 16
STANDARD_UIDS = "1.2.840.10008."
"""Root of DICOM's own UIDs: SOP classes and well-known objects, which identify no person."""


class SiteKey:
    """Key of one hospital."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def uid(self, uid: str) -> str:
        """Return the UID that replaces this one, in the form 2.25.<128 bit number> (PS3.5 B.2)."""
        if not uid or uid.startswith(STANDARD_UIDS):
            return uid
        return f"2.25.{int.from_bytes(self._digest('uid', uid)[:16], 'big')}"

    def device(self, name: str) -> str:
        """Pseudonym of a device's name or serial number, as the identity gate knows it."""
        return f"D{self._digest('device', name).hex()[:DEVICE_HEX_DIGITS]}"

    def file_name(self, data: bytes) -> str:
        """Name of a copy, from the bytes of the original: a second run gives the same name."""
        return f"{self._digest('file', data.hex()).hex()[:32]}.dcm"

    def number(self, patient: str, below: int) -> int:
        """A number from 0 to less than `below` that is always the same for a patient."""
        return int.from_bytes(self._digest("patient", patient)[:8], "big") % below

    def _digest(self, kind: str, value: str) -> bytes:
        return hmac.digest(self._secret, f"{kind}\0{value}".encode(), "sha256")


def read_key(path: Path, *, make: bool = False) -> SiteKey:
    """Read the key from a file; with `make`, create it first, readable by its owner only."""
    if make and not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(KEY_HEX_DIGITS // 2) + "\n")
    try:
        text = path.read_text(encoding="ascii", errors="replace").strip()
    except OSError as error:
        raise UsageError(
            f"The key file {path} cannot be read ({error.strerror}). Name the key of your earlier "
            "deliveries; only for the first one make a new key with --new-key."
        ) from None
    if len(text) != KEY_HEX_DIGITS or text.strip("0123456789abcdef"):
        raise UsageError(
            f"The key file {path} must hold {KEY_HEX_DIGITS} hexadecimal digits, lower case. "
            "Restore it from a copy: with another key your earlier deliveries are not recognised."
        )
    return SiteKey(bytes.fromhex(text))
