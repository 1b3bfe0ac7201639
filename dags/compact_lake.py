"""Put the submissions of closed years together, and remove statistics that no build uses.

One mapped task per bucket of facilities runs `drlake compact` for them, once a month: in January it
compacts the year that has ended, later what has still arrived for closed years. A task that is
interrupted leaves a lake that all readers understand, and its retry completes it.

`drlake ingest --again` and `drlake validate --again` must not run for the same facilities at the
same time on a lake in an object store, which has no locks. The other DAGs may run.

Param `lake` replaces DRLAKE_LAKE in this run only.
"""

from airflow.sdk import dag, task

from dags.buckets import BUCKET_LABEL, buckets
from dags.dag_common import DAG_ARGS
from dags.drlake_command import run_drlake


@dag(schedule="@monthly", doc_md=__doc__, tags=["drlake", "upkeep"], **DAG_ARGS)
def compact_lake() -> None:
    """Facilities in the lake → one task per bucket → unused statistics."""

    @task
    def list_received_facilities() -> list[list[str]]:
        """Buckets of the facilities with submissions in the lake."""
        return buckets(run_drlake("facilities", "--sent")["facilities"])

    @task(map_index_template=BUCKET_LABEL, multiple_outputs=False)
    def compact_facilities(facility_ids: list[str]) -> dict[str, int]:
        """Compact the closed years of these facilities; returns counts."""
        done = run_drlake("compact", *facility_ids)
        return {name: done[name] for name in ("submissions", "files_written", "files_removed")}

    @task(multiple_outputs=False, trigger_rule="all_done")
    def remove_unused_statistics() -> dict[str, int]:
        """Remove statistics that no build uses any more; returns their number and bytes."""
        done = run_drlake("compact", "--statistics-only")
        return {name: done[name] for name in ("files", "bytes")}

    compacted = compact_facilities.expand(facility_ids=list_received_facilities())
    compacted >> remove_unused_statistics()


compact_lake()
