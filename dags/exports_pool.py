"""The Airflow pool that limits how many facilities are visited at the same time."""

from __future__ import annotations

POOL = "exports"
SLOTS = 8
"""Visits mostly wait for the network."""


def ensure_pool() -> None:
    """Create the pool if it is missing; a size that an administrator has set is kept."""
    from airflow.models.pool import Pool

    if Pool.get_pool(POOL) is None:
        Pool.create_or_update_pool(
            POOL, SLOTS, "Visits to the facilities' exports", include_deferred=False
        )
