"""What the three DAGs share: Assets, retries, params, and the settings of a run.

Importing this file reads no environment and touches no disk. Our own packages are imported when a
task runs, with one small exception: Airflow looks up the error classes that the rules name.
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
"""New decoded submissions stand in the lake."""
ACCEPTED = Asset("drlake://accepted")
"""Every decoded submission has been accepted or held."""
PUBLISHED = Asset("drlake://published")
"""Warehouse, marts and report show the accepted submissions."""

FACILITY_LABEL = "{{ task.op_kwargs['facility_id'] }}"
"""Names a mapped task by its facility in Airflow's page, instead of by a number."""

SUBMISSION_LABEL = "{{ task.op_kwargs['submission_id'] }}"
"""The same for a submission: the facility and a digest."""

VISIT_TIMEOUT = timedelta(hours=3)
"""For receiving, which has a deadline of its own of an hour, and decoding what has arrived."""

WHAT_ARRIVED = "all_done_min_one_success"
"""Announce once everything has ended and something succeeded: one facility holds up no other."""

TRY_LATER = RetryRule(
    "transforms.errors.FacilityUnavailable", RetryAction.RETRY, reason="the line may come back"
)

NO_RETRY = RetryRule(
    "transforms.errors.DrlakeError", RetryAction.FAIL, reason="a person must mend this"
)
"""Our own errors name what to mend: trying again would only delay the red square."""

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
        "lake": Param(None, type=["null", "string"], description="Instead of DRLAKE_LAKE"),
        "exports": Param(None, type=["null", "string"], description="Instead of DRLAKE_EXPORTS"),
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
    """Counts of both, where the second had nothing to do as well; skipped where nothing succeeded.

    The trigger rule of WHAT_ARRIVED would skip what follows a task that had nothing to do.
    """
    found = [*counts, *(rest or ())]
    if not found:
        raise AirflowSkipException("Nothing has arrived.")
    return found


def counts_of(mapped: XComArg) -> list[dict[str, int]]:
    """What a mapped task will have returned when the task that takes it runs."""
    return cast("list[dict[str, int]]", mapped)


def total(counts: list[dict[str, int]]) -> dict[str, int]:
    """Sum counts of the same name, over the mapped tasks that succeeded."""
    sums: dict[str, int] = {}
    for one in counts:
        for name, number in one.items():
            sums[name] = sums.get(name, 0) + number
    return sums
