"""Accept or hold every submission that has been decoded and has no verdict yet.

One mapped task per facility in the lake, started by the Asset of `ingest_submissions`. A held
submission is a verdict with its reason, not a failure. A facility whose validation breaks fails the
run; the verdicts on the other facilities still start `publish_drl_statistics`.

Param `lake` replaces DRLAKE_LAKE in this run only.
"""

from airflow.sdk import dag, task

from dags.dag_common import (
    ACCEPTED,
    DAG_ARGS,
    DECODED,
    FACILITY_LABEL,
    WHAT_ARRIVED,
    counts_of,
    settings,
    total,
)


@dag(schedule=[DECODED], doc_md=__doc__, tags=["drlake", "validate"], **DAG_ARGS)
def validate_submissions() -> None:
    """Facilities in the lake → one task each → announce."""

    @task
    def list_decoded_facilities() -> list[str]:
        """Facility ids with a decoded submission in the lake."""
        from transforms.lake.lake import Lake, facility_of

        submissions = Lake(settings().lake).submissions("decode")
        return sorted({facility_of(submission_id) for submission_id in submissions})

    @task(map_index_template=FACILITY_LABEL, multiple_outputs=False)
    def validate_facility(facility_id: str) -> dict[str, int]:
        """Judge one facility's new submissions; returns counts of submissions per verdict."""
        from expectations.validate import validate_new
        from transforms.lake.lake import Lake

        run = settings()
        verdicts = validate_new(Lake(run.lake), facility_id, as_of=run.last_day)
        held = sum(verdict.is_held for verdict in verdicts)
        return {"accepted": len(verdicts) - held, "held": held}

    @task(trigger_rule=WHAT_ARRIVED, multiple_outputs=False, outlets=[ACCEPTED])
    def announce_accepted(counts: list[dict[str, int]]) -> dict[str, int]:
        """Start publication of the accepted data; returns the sum of the counts."""
        return total(counts)

    @task
    def every_facility_succeeded(counts: list[dict[str, int]]) -> int:
        """Fail the run when any facility failed, whatever was announced."""
        return len(counts)

    counts = validate_facility.expand(facility_id=list_decoded_facilities())
    announce_accepted(counts_of(counts))
    every_facility_succeeded(counts_of(counts))


validate_submissions()
