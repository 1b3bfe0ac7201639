"""Rebuild the warehouse from the accepted submissions, then write the reports from its marts.

Started by the Asset of `validate_submissions`. One mapped task per bucket of facilities computes
their statistics. `drlake build` then computes the nation from them: it makes the DuckDB file beside
the old one, checks it, and renames it into place, so after a failed build the last good file stays.
DuckDB has one writer, so one run of this DAG is active at a time.

`check_ledger` fails the run where the ledger does not balance, or where more objects are
quarantined than DRLAKE_QUARANTINE_THRESHOLD allows. The reports are written nevertheless.

Param `lake` replaces DRLAKE_LAKE in this run only.
"""

from airflow.sdk import dag, task

from dags.buckets import BUCKET_LABEL, buckets
from dags.dag_common import ACCEPTED, DAG_ARGS, PUBLISHED
from dags.drlake_command import run_drlake


@dag(schedule=[ACCEPTED], doc_md=__doc__, tags=["drlake", "publish"], **DAG_ARGS)
def publish_drl_statistics() -> None:
    """Facilities → statistics of each bucket → build and swap → report."""

    @task
    def list_accepted_facilities() -> list[list[str]]:
        """Buckets of the facilities with submissions in the lake."""
        return buckets(run_drlake("facilities", "--sent")["facilities"])

    @task(map_index_template=BUCKET_LABEL, multiple_outputs=False)
    def compute_statistics(facility_ids: list[str]) -> dict[str, int]:
        """Compute the statistics of these facilities that the lake lacks; returns their number."""
        return {"computed": run_drlake("statistics", *facility_ids)["computed"]}

    @task(multiple_outputs=False, trigger_rule="none_failed")
    def build_warehouse() -> dict[str, int]:
        """Build the nation and swap the warehouse; returns rows per mart."""
        rows: dict[str, int] = run_drlake("build")["rows"]
        return rows

    @task(multiple_outputs=False)
    def check_ledger() -> dict[str, int]:
        """Check that every object is accounted for; returns objects per outcome."""
        files = run_drlake("ledger", "balance")["files"]
        names = ("received", "accepted", "held", "quarantined", "duplicate")
        return {name: sum(one[name] for one in files) for name in names}

    @task(multiple_outputs=False, outlets=[PUBLISHED])
    def write_report() -> dict[str, int]:
        """Write reports and feedback from the warehouse; returns the number of files."""
        return {"files": len(run_drlake("report")["paths"])}

    computed = compute_statistics.expand(facility_ids=list_accepted_facilities())
    built = build_warehouse()
    computed >> built >> [check_ledger(), write_report()]


publish_drl_statistics()
