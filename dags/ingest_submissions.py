"""Fetch what each facility has exported and decode it into the lake.

One mapped task per facility, labelled with it. Objects that cannot be used end as outcomes with
a reason and fail nothing; a task fails only when its facility could not be worked on at all.
Then that facility's square is red and the run fails, yet what the others sent is announced and
goes on to `validate_submissions`.

With a facility registry (DRLAKE_REGISTRY) each facility is reached by its connection
`drlake_<facility_id>`; the pool `exports` says how many are visited at the same time.

Params `lake` and `exports` stand in for DRLAKE_LAKE and DRLAKE_EXPORTS in this run alone. The
runs that its Asset starts use the environment: for another lake, trigger each DAG with the param.
"""

from airflow.sdk import dag, task

from dags.dag_common import (
    DAG_ARGS,
    DECODED,
    FACILITY_LABEL,
    VISIT_TIMEOUT,
    WHAT_ARRIVED,
    settings,
    total,
)
from dags.exports_pool import POOL
from dags.facility_connection import connection_options


@dag(schedule="@daily", doc_md=__doc__, tags=["drlake", "ingest"], **DAG_ARGS)
def ingest_submissions() -> None:
    """Facilities → one task each → announce."""

    @task
    def list_facilities() -> list[str]:
        """Facility ids of the registry, or of the folders of the exports."""
        from transforms.pipeline import facilities

        return facilities(settings())

    @task(
        map_index_template=FACILITY_LABEL,
        multiple_outputs=False,
        pool=POOL,
        execution_timeout=VISIT_TIMEOUT,
    )
    def ingest_facility(facility_id: str) -> dict[str, int]:
        """Receive and decode one facility's new objects; returns counts of objects."""
        from transforms import pipeline

        run = settings()
        options = connection_options(run, facility_id)
        return pipeline.ingest_facility(run, facility_id, options=options)

    @task(trigger_rule=WHAT_ARRIVED, multiple_outputs=False, outlets=[DECODED])
    def announce_decoded(counts: list[dict[str, int]]) -> dict[str, int]:
        """Start validation of what has arrived; returns the sum of the counts."""
        return total(counts)

    @task
    def every_facility_succeeded(counts: list[dict[str, int]]) -> int:
        """Fail the run when any facility failed, whatever was announced."""
        return len(counts)

    counts = ingest_facility.expand(facility_id=list_facilities())
    announce_decoded(counts)
    every_facility_succeeded(counts)


ingest_submissions()
