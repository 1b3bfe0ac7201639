"""Identity policy: what the identity check refuses and what it only reports as a warning.

Direct identifiers (a person's name, number, birth date, address; private elements; names in text)
are refused at every level. Identifiers of a place or a device are refused under `strict` unless the
facility's agreement allows them; allowed ones are listed in `dose_report.identity_warnings`. Under
`registry` they are always listed and never refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from transforms.dicom.identity.attributes import INSTITUTION, SERIAL_NUMBER
from transforms.errors import UsageError

STRICT, REGISTRY = "strict", "registry"
LEVELS = (STRICT, REGISTRY)
NEGOTIABLE = frozenset({INSTITUTION, SERIAL_NUMBER})
"""Kinds of identifiers that an agreement may allow."""

ALLOWED_WITHOUT_AGREEMENT = frozenset({SERIAL_NUMBER})
"""Kinds allowed for a facility without a registry entry: the serial number is needed to distinguish
devices. It is stored only as a keyed hash."""


class IdentityPolicy(NamedTuple):
    """The negotiable kinds that are refused; the others are reported as warnings."""

    refused: frozenset[str] = NEGOTIABLE - ALLOWED_WITHOUT_AGREEMENT

    def refuses(self, kind: str) -> bool:
        """Whether an object is refused if an attribute of this kind has a value."""
        return kind not in NEGOTIABLE or kind in self.refused


DEFAULT_POLICY = IdentityPolicy()


def identity_policy(level: str = STRICT, allows: Iterable[str] | None = None) -> IdentityPolicy:
    """The policy of a level, for a facility whose agreement `allows` some kinds.

    `allows` is the column of the registry; None if no agreement is known.
    """
    if level not in LEVELS:
        raise UsageError(f"There is no identity policy {level!r}. Set one of: {', '.join(LEVELS)}.")
    if level == REGISTRY:
        return IdentityPolicy(frozenset())
    allowed = ALLOWED_WITHOUT_AGREEMENT if allows is None else frozenset(allows)
    if unknown := allowed - NEGOTIABLE:
        raise UsageError(
            f"An agreement cannot allow {', '.join(sorted(unknown))}; it may allow "
            f"{', '.join(sorted(NEGOTIABLE))}. Correct the registry."
        )
    return IdentityPolicy(NEGOTIABLE - allowed)
