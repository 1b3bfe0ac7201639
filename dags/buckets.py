"""Divides facilities into buckets: one task works on one bucket.

Starting a command takes seconds, so a task has many facilities; a few buckets for each worker keep
all workers busy to the end. Airflow refuses to map a task over more than `max_map_length` buckets.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from airflow.sdk.exceptions import AirflowFailException

BUCKETS = 8
"""Default of DRLAKE_BUCKETS: four for each of two workers."""

BUCKET_LABEL = (
    "{% set ids = task.op_kwargs['facility_ids'] %}{{ ids | first }}"
    "{% if ids | length > 1 %} to {{ ids | last }}{% endif %}"
)
"""Labels a mapped task with its first and last facility in Airflow's page."""


def buckets(facility_ids: Sequence[str]) -> list[list[str]]:
    """Divide facilities, in order, into DRLAKE_BUCKETS buckets of equal length, none of them empty.

    With fewer facilities than buckets, each has a bucket of its own.
    """
    number = min(_wanted(), len(facility_ids))
    cuts = [index * len(facility_ids) // number for index in range(number)] if number else []
    ends = [*cuts[1:], len(facility_ids)]
    return [list(facility_ids[cut:end]) for cut, end in zip(cuts, ends, strict=False)]


def _wanted() -> int:
    text = os.environ.get("DRLAKE_BUCKETS", "") or str(BUCKETS)
    if not text.isdecimal() or int(text) < 1:
        raise AirflowFailException(f"DRLAKE_BUCKETS is {text}. Give a number of 1 or more.")
    return min(int(text), _longest_map())


def _longest_map() -> int:
    """Most mapped tasks that Airflow allows."""
    from airflow.sdk.configuration import conf

    return int(conf.getint("core", "max_map_length", fallback=1024))
