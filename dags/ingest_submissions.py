"""Fetch what each facility has exported and decode it into the lake.

One mapped task per facility, labelled with it, decodes the first ten thousand objects. A larger
delivery is several submissions; each further one is a task of its own, so that workers share them.
Objects that cannot be used are recorded as outcomes with a reason and fail no task. A task fails
only when its facility could not be processed at all. Then that task is red and the run fails, but
the data of the other facilities are announced and continue to `validate_submissions`.

With a facility registry (DRLAKE_REGISTRY) each facility is reached by its connection
`drlake_<facility_id>`; the pool `exports` limits how many are visited at the same time.

Params `lake` and `exports` replace DRLAKE_LAKE and DRLAKE_EXPORTS in this run only. The runs that
its Asset starts use the environment: for another lake, trigger each DAG with the param.
"""

from airflow.sdk import dag, task

from dags.dag_common import (
    DAG_ARGS,
    DECODED,
    FACILITY_LABEL,
    SUBMISSION_LABEL,
    VISIT_TIMEOUT,
    counts_of,
    counts_or_skip,
    settings,
    total,
)
from dags.exports_pool import POOL
from dags.facility_connection import connection_options


@dag(schedule="@daily", doc_md=__doc__, tags=["drlake", "ingest"], **DAG_ARGS)
def ingest_submissions() -> None:
    """Facilities → one task each → the rest of large deliveries → announce."""

    @task
    def list_facilities() -> list[str]:
        """Facility ids of the registry, or of the folders of the exports."""
        from transforms.pipeline.facility import facilities

        return facilities(settings())

    @task(
        map_index_template=FACILITY_LABEL,
        multiple_outputs=False,
        pool=POOL,
        execution_timeout=VISIT_TIMEOUT,
    )
    def ingest_facility(facility_id: str) -> dict[str, int]:
        """Receive one facility's new objects and decode the first submission; returns counts."""
        from transforms.pipeline.facility import ingest_facility as ingest

        run = settings()
        options = connection_options(run, facility_id)
        return ingest(run, facility_id, options=options, most=1)

    @task(trigger_rule="all_done")
    def list_waiting() -> list[str]:
        """Submissions left to decode, from large deliveries or from an interrupted run."""
        from transforms.pipeline.facility import submissions_waiting

        return submissions_waiting(settings())

    @task(map_index_template=SUBMISSION_LABEL, multiple_outputs=False)
    def decode_submission(submission_id: str) -> dict[str, int]:
        """Decode one submission; returns counts of objects."""
        from transforms.pipeline.facility import decode_waiting

        return decode_waiting(settings(), submission_id)

    @task(trigger_rule="all_done", multiple_outputs=False, outlets=[DECODED])
    def announce_decoded(
        counts: list[dict[str, int]], rest: list[dict[str, int]]
    ) -> dict[str, int]:
        """Start validation of the data that arrived; returns the sum of the counts."""
        return total(counts_or_skip(counts, rest))

    @task(trigger_rule="none_failed")
    def every_facility_succeeded(counts: list[dict[str, int]], rest: list[dict[str, int]]) -> int:
        """Fail the run when any facility failed, whatever was announced."""
        return len(counts_or_skip(counts, rest))

    counts = ingest_facility.expand(facility_id=list_facilities())
    waiting = list_waiting()
    counts >> waiting
    rest = decode_submission.expand(submission_id=waiting)
    announce_decoded(counts_of(counts), counts_of(rest))
    every_facility_succeeded(counts_of(counts), counts_of(rest))


ingest_submissions()
