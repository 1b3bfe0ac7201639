"""What the DAGs share: Assets, retries, params, and the counts of their tasks.

Importing this file reads no environment, does not touch the disk and imports nothing of drlake.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from airflow.sdk import Asset, Param
from airflow.sdk.exceptions import AirflowSkipException

if TYPE_CHECKING:
    from airflow.sdk import XComArg

DECODED = Asset("drlake://decoded")
"""New decoded submissions are in the lake."""
ACCEPTED = Asset("drlake://accepted")
"""Every decoded submission has been accepted or held."""
PUBLISHED = Asset("drlake://published")
"""Warehouse, marts and report show the accepted submissions."""

INGEST_TIMEOUT = timedelta(hours=12)
"""Time limit of a bucket; each visit to a facility and each object has its own."""

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "drlake",
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=10),
}

DAG_ARGS: dict[str, Any] = {
    "start_date": datetime(2026, 1, 1, tzinfo=UTC),
    "catchup": False,
    "max_active_runs": 1,
    "default_args": DEFAULT_ARGS,
    "params": {
        "lake": Param(None, type=["null", "string"], description="Used instead of DRLAKE_LAKE"),
        "exports": Param(
            None, type=["null", "string"], description="Used instead of DRLAKE_EXPORTS"
        ),
    },
}


def only(facility_ids: Sequence[str]) -> list[str]:
    """The options that limit a command to these facilities."""
    return [f"--facility={facility_id}" for facility_id in facility_ids]


def counts_of_ingest(document: Mapping[str, Any]) -> dict[str, int]:
    """Facilities that succeeded, and objects by outcome."""
    return {"facilities": document["facilities"], **document["totals"]}


def counts_of_verdicts(
    facility_ids: Sequence[str],
) -> Callable[[Mapping[str, Any]], dict[str, int]]:
    """A function that counts facilities that succeeded, and submissions by verdict."""

    def count(document: Mapping[str, Any]) -> dict[str, int]:
        verdicts = Counter(one["status"] for one in document["verdicts"])
        n_facilities = len(facility_ids) - len(document["failed"])
        return {
            "facilities": n_facilities,
            "accepted": verdicts["accepted"],
            "held": verdicts["held"],
        }

    return count


def announced(counts: Sequence[dict[str, int]]) -> dict[str, int]:
    """Sum the counts of all buckets; skip this task where no facility succeeded."""
    sums: Counter[str] = Counter()
    for one in counts:
        sums.update(one)
    if not sums["facilities"]:
        raise AirflowSkipException("Nothing new has arrived.")
    return dict(sums)


def counts_of(mapped: XComArg) -> list[dict[str, int]]:
    """Type a mapped task's output as the list that the task which takes it receives."""
    return cast("list[dict[str, int]]", mapped)
