"""The Airflow pool in which facilities are visited: how many at the same time."""

from __future__ import annotations

POOL = "exports"
SLOTS = 8
"""Visits mostly wait for the line."""


def ensure_pool() -> None:
    """Make the pool where it is missing; a size that an administrator has set stays."""
    from airflow.models.pool import Pool

    if Pool.get_pool(POOL) is None:
        Pool.create_or_update_pool(
            POOL, SLOTS, "Visits to the facilities' exports", include_deferred=False
        )
