"""What the three DAGs share: Assets, retries, params, and the settings of a run.

Importing this file reads no environment and does not touch the disk. Our own packages are imported
when a task runs, with one small exception: Airflow looks up the error classes that the rules name.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from airflow.sdk import (
    Asset,
    ExceptionRetryPolicy,
    Param,
    RetryAction,
    RetryRule,
    get_current_context,
)
from airflow.sdk.exceptions import AirflowSkipException

if TYPE_CHECKING:
    from airflow.sdk import XComArg

    from transforms.settings import Settings

DECODED = Asset("drlake://decoded")
"""New decoded submissions are in the lake."""
ACCEPTED = Asset("drlake://accepted")
"""Every decoded submission has been accepted or held."""
PUBLISHED = Asset("drlake://published")
"""Warehouse, marts and report show the accepted submissions."""

FACILITY_LABEL = "{{ task.op_kwargs['facility_id'] }}"
"""Labels a mapped task with its facility in Airflow's page, instead of with a number."""

SUBMISSION_LABEL = "{{ task.op_kwargs['submission_id'] }}"
"""Labels a mapped task with its submission: the facility and a digest."""

VISIT_TIMEOUT = timedelta(hours=3)
"""Time limit for receiving, which has its own deadline of an hour, and for decoding."""

WHAT_ARRIVED = "all_done_min_one_success"
"""Announce when all tasks have ended and one succeeded: one facility does not hold up others."""

TRY_LATER = RetryRule(
    "transforms.errors.FacilityUnavailable",
    RetryAction.RETRY,
    reason="the connection may come back",
)

NO_RETRY = RetryRule(
    "transforms.errors.DrlakeError", RetryAction.FAIL, reason="a person must fix this"
)
"""Our own errors name what to fix; trying again would only delay the failure."""

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "drlake",
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=10),
    "retry_policy": ExceptionRetryPolicy([TRY_LATER, NO_RETRY]),
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


def settings() -> Settings:
    """Settings of the running task: its environment, overridden by the params that are given."""
    from transforms.settings import Settings

    params = get_current_context()["params"]
    return Settings.from_environ(os.environ, lake=params["lake"], exports=params["exports"])


def counts_or_skip(
    counts: Sequence[dict[str, int]], rest: Sequence[dict[str, int]] | None
) -> list[dict[str, int]]:
    """Return the counts of both tasks; skip this task where neither succeeded.

    The trigger rule of WHAT_ARRIVED would also skip it where the second task had nothing to do.
    """
    found = [*counts, *(rest or ())]
    if not found:
        raise AirflowSkipException("Nothing new has arrived.")
    return found


def counts_of(mapped: XComArg) -> list[dict[str, int]]:
    """Type a mapped task's output as the list that the task which takes it receives."""
    return cast("list[dict[str, int]]", mapped)


def total(counts: list[dict[str, int]]) -> dict[str, int]:
    """Sum the counts of each name, over the mapped tasks that succeeded."""
    sums: dict[str, int] = {}
    for one in counts:
        for name, number in one.items():
            sums[name] = sums.get(name, 0) + number
    return sums
