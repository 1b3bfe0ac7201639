"""Accept or hold every submission that has been decoded and has no verdict yet.

One mapped task per bucket of facilities runs `drlake validate` for them, started by the Asset of
`ingest_submissions`. A held submission is a verdict with its reason, not a failure. A facility
whose validation breaks fails the run; the verdicts on the other facilities still start
`publish_drl_statistics`.

Param `lake` replaces DRLAKE_LAKE in this run only.
"""

from airflow.sdk import dag, task

from dags.buckets import BUCKET_LABEL, buckets
from dags.dag_common import (
    ACCEPTED,
    DAG_ARGS,
    DECODED,
    announced,
    counts_of,
    counts_of_verdicts,
    only,
)
from dags.drlake_command import run_counted, run_drlake


@dag(schedule=[DECODED], doc_md=__doc__, tags=["drlake", "validate"], **DAG_ARGS)
def validate_submissions() -> None:
    """Facilities in the lake → one task per bucket → announce."""

    @task
    def list_decoded_facilities() -> list[list[str]]:
        """Buckets of the facilities with a decoded submission in the lake."""
        return buckets(run_drlake("facilities", "--sent")["facilities"])

    @task(map_index_template=BUCKET_LABEL, multiple_outputs=False)
    def validate_facilities(facility_ids: list[str]) -> dict[str, int]:
        """Judge new submissions of these facilities; returns counts of submissions per verdict."""
        return run_counted(counts_of_verdicts(facility_ids), "validate", *only(facility_ids))

    @task(trigger_rule="all_done", multiple_outputs=False, outlets=[ACCEPTED])
    def announce_accepted(counts: list[dict[str, int]]) -> dict[str, int]:
        """Start publication of the accepted data; returns the sum of the counts."""
        return announced(counts)

    @task(trigger_rule="none_failed")
    def every_facility_succeeded(counts: list[dict[str, int]]) -> int:
        """Fail the run when any facility failed, whatever was announced."""
        return len(counts)

    counts = validate_facilities.expand(facility_ids=list_decoded_facilities())
    announce_accepted(counts_of(counts))
    every_facility_succeeded(counts_of(counts))


validate_submissions()
