"""Keyed pseudonyms: equal identifiers give equal keys, irreversible without the secret."""

from __future__ import annotations

import secrets
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path

from transforms.errors import UsageError
from transforms.lake.lake import Lake
from transforms.lake.lake_format import FORMAT_FILE, key_fingerprint, write_fingerprint
from transforms.settings import Settings

KEY_HEX_DIGITS = 64
PSEUDONYM_HEX_DIGITS = 32
KEY = ("keys", "uid.key")
"""The key of a local lake, below the lake."""

FINGERPRINT = ("keys", "uid.fingerprint")
"""In a remote lake: the fingerprint of the key of the first run, which `lake.json` repeats."""
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

    @property
    def fingerprint(self) -> str:
        """Tells two secrets apart and does not reveal them."""
        return self.of("fingerprint of the UID key")


def load_pseudonyms(settings: Settings, lake: Lake) -> Pseudonyms:
    """Pseudonyms with the secret named in the settings, or else with a local lake's own key.

    The key of a remote lake is never an object of its bucket: its readers would have
    the key beside the pseudonyms. UsageError if it is missing, or is not the lake's key.
    """
    if settings.uid_key and settings.uid_key_file:
        raise UsageError("Give DRLAKE_UID_KEY_FILE or DRLAKE_UID_KEY, not both.")
    if lake.is_local:
        pseudonyms = _of_local_lake(settings, lake)
        with nullcontext() if key_fingerprint(lake) else lake.lock(FORMAT_FILE):
            _check_fingerprint(pseudonyms, lake)
        return pseudonyms
    in_bucket = lake.exists(lake.path(*KEY))
    if not (settings.uid_key or settings.uid_key_file):
        raise _key_in_bucket() if in_bucket else _no_key()
    pseudonyms = _stated(settings)
    if in_bucket:
        kept = _parsed(lake.read_bytes(lake.path(*KEY)), "The object keys/uid.key")
        raise _key_twice() if pseudonyms.fingerprint == kept.fingerprint else _another_key()
    _check_fingerprint(pseudonyms, lake)
    return pseudonyms


def _of_local_lake(settings: Settings, lake: Lake) -> Pseudonyms:
    """With the secret of the settings, or with the key in the lake, which is made if needed."""
    if settings.uid_key or settings.uid_key_file:
        return _stated(settings)
    path = lake.path(*KEY)
    if not lake.exists(path):
        lake.write_bytes_once(path, secrets.token_hex(KEY_HEX_DIGITS // 2).encode(), private=True)
    return _parsed(lake.read_bytes(path), f"The UID key file {path}")


def _stated(settings: Settings) -> Pseudonyms:
    """With the secret of the settings, from the environment or from a file of this machine."""
    if settings.uid_key:
        return _parsed(settings.uid_key.encode(), "DRLAKE_UID_KEY")
    path = Path(settings.uid_key_file)
    return _parsed(path.read_bytes(), f"The UID key file {path}")


def _parsed(data: bytes, what: str) -> Pseudonyms:
    text = data.decode("ascii", "replace").strip()
    if len(text) != KEY_HEX_DIGITS or any(c not in "0123456789abcdef" for c in text):
        raise UsageError(
            f"{what} must contain {KEY_HEX_DIGITS} hexadecimal digits, lower "
            "case. Restore it from a backup: with another key, reports received before are not "
            "recognised."
        )
    return Pseudonyms(bytes.fromhex(text))


def _check_fingerprint(pseudonyms: Pseudonyms, lake: Lake) -> None:
    """UsageError if the lake was begun with another key; a first run writes its fingerprint."""
    begun_with = key_fingerprint(lake)
    if begun_with is None:
        begun_with = pseudonyms.fingerprint if lake.is_local else _first_of_all(pseudonyms, lake)
        write_fingerprint(lake, begun_with)
    if begun_with != pseudonyms.fingerprint:
        raise _another_key()


def _first_of_all(pseudonyms: Pseudonyms, lake: Lake) -> str:
    """The fingerprint of a remote lake: of several first runs one decides."""
    path = lake.path(*FINGERPRINT)
    lake.write_bytes_once(path, pseudonyms.fingerprint.encode())
    return lake.read_bytes(path).decode("ascii", "replace")


def _another_key() -> UsageError:
    return UsageError(
        "The UID key is not the one with which this lake was begun: reports received before would "
        "not be recognised. Give the lake's own key in DRLAKE_UID_KEY_FILE or DRLAKE_UID_KEY."
    )


def _no_key() -> UsageError:
    return UsageError(
        "A remote lake needs a UID key that is not in its bucket, and none is given. For a new "
        "lake make one with `openssl rand -hex 32 > uid.key`, keep a copy, and name the file in "
        "DRLAKE_UID_KEY_FILE, or give its text in DRLAKE_UID_KEY."
    )


def _key_in_bucket() -> UsageError:
    return UsageError(
        "The UID key of this lake is an object of its bucket, keys/uid.key, as earlier versions "
        "of drlake kept it: every reader of the bucket can compute the pseudonyms. Copy it to a "
        "file that only drlake may read, name the file in DRLAKE_UID_KEY_FILE, and then delete "
        "the object with all its versions."
    )


def _key_twice() -> UsageError:
    return UsageError(
        "The UID key is also an object of the bucket, keys/uid.key: every reader of the bucket "
        "can compute the pseudonyms. Delete the object with all its versions. The key that you "
        "have given is the same, so nothing is lost."
    )
