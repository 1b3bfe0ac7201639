"""What the identity check refuses, and what it only says.

Direct identifiers (a person's name, number, birth date, address; private elements; names in text)
are refused at every level. What names a place or a device is refused under `strict` unless the
facility's agreement allows it, and is said in `dose_report.identity_warnings` otherwise. Under
`registry` it is always said and never refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from transforms.dicom.identity.attributes import INSTITUTION, SERIAL_NUMBER
from transforms.errors import UsageError

STRICT, REGISTRY = "strict", "registry"
LEVELS = (STRICT, REGISTRY)
NEGOTIABLE = frozenset({INSTITUTION, SERIAL_NUMBER})
"""Kinds that an agreement may let through."""

ALLOWED_WITHOUT_AGREEMENT = frozenset({SERIAL_NUMBER})
"""What a facility without an entry in a registry may send: a dose belongs to a device, and the
serial number is what tells devices apart. It is stored as a keyed hash only."""


class IdentityPolicy(NamedTuple):
    """The negotiable kinds that are refused; all others of them are said."""

    refused: frozenset[str] = NEGOTIABLE - ALLOWED_WITHOUT_AGREEMENT

    def refuses(self, kind: str) -> bool:
        """Whether an attribute of this kind, with a value, refuses its object."""
        return kind not in NEGOTIABLE or kind in self.refused


DEFAULT_POLICY = IdentityPolicy()


def identity_policy(level: str = STRICT, allows: Iterable[str] | None = None) -> IdentityPolicy:
    """The policy of a level for a facility whose agreement `allows` some kinds.

    `allows` is the registry's column; None where no agreement is known.
    """
    if level not in LEVELS:
        raise UsageError(f"Identity policy {level!r} is none of: {', '.join(LEVELS)}. Set one.")
    if level == REGISTRY:
        return IdentityPolicy(frozenset())
    allowed = ALLOWED_WITHOUT_AGREEMENT if allows is None else frozenset(allows)
    if unknown := allowed - NEGOTIABLE:
        raise UsageError(
            f"An agreement cannot allow {', '.join(sorted(unknown))}; "
            f"it may allow {', '.join(sorted(NEGOTIABLE))}. Mend the registry."
        )
    return IdentityPolicy(NEGOTIABLE - allowed)
