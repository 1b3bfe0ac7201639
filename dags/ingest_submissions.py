"""Fetch what each facility has exported and decode it into the lake.

One mapped task per bucket of facilities runs `drlake ingest` for them. Objects that cannot be used
are recorded as outcomes with a reason and fail no task. A task fails when one of its facilities
could not be processed at all. Then that task is red and the run fails, but the data of the other
facilities, also of the same bucket, are announced and continue to `validate_submissions`.

With a facility registry (DRLAKE_REGISTRY) each facility is reached by its connection
`drlake_<facility_id>`.

Params `lake` and `exports` replace DRLAKE_LAKE and DRLAKE_EXPORTS in this run only. The runs that
its Asset starts use the environment: for another lake, trigger each DAG with the param.
"""

import json

from airflow.sdk import dag, task

from dags.buckets import BUCKET_LABEL, buckets
from dags.dag_common import (
    DAG_ARGS,
    DECODED,
    INGEST_TIMEOUT,
    announced,
    counts_of,
    counts_of_ingest,
    only,
)
from dags.drlake_command import run_counted, run_drlake
from dags.facility_connection import connections


@dag(schedule="@daily", doc_md=__doc__, tags=["drlake", "ingest"], **DAG_ARGS)
def ingest_submissions() -> None:
    """Facilities → one task per bucket → announce."""

    @task
    def list_facilities() -> list[list[str]]:
        """Buckets of the facilities of the registry, or of the folders of the exports."""
        return buckets(run_drlake("facilities")["facilities"])

    @task(map_index_template=BUCKET_LABEL, multiple_outputs=False, execution_timeout=INGEST_TIMEOUT)
    def ingest_facilities(facility_ids: list[str]) -> dict[str, int]:
        """Receive new objects of these facilities and decode them; returns counts."""
        options = json.dumps(connections(facility_ids))
        arguments = ("ingest", *only(facility_ids), "--connections", "-")
        return run_counted(counts_of_ingest, *arguments, given=options)

    @task(trigger_rule="all_done", multiple_outputs=False, outlets=[DECODED])
    def announce_decoded(counts: list[dict[str, int]]) -> dict[str, int]:
        """Start validation of the data that arrived; returns the sum of the counts."""
        return announced(counts)

    @task(trigger_rule="none_failed")
    def every_facility_succeeded(counts: list[dict[str, int]]) -> int:
        """Fail the run when any facility failed, whatever was announced."""
        return len(counts)

    counts = ingest_facilities.expand(facility_ids=list_facilities())
    announce_decoded(counts_of(counts))
    every_facility_succeeded(counts_of(counts))


ingest_submissions()
