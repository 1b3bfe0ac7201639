"""Rebuild the warehouse from the accepted submissions, then write the report from its marts.

Started by the Asset of `validate_submissions`. `dbt build` makes the DuckDB file beside the old
one, tests included, and it is then renamed into place: after a failed build the last good file
stays. DuckDB has one writer, so one run and one task of this DAG are active at a time.

Param `lake` replaces DRLAKE_LAKE in this run only.
"""

import logging

from airflow.sdk import dag, task

from dags.dag_common import ACCEPTED, DAG_ARGS, PUBLISHED, settings


@dag(
    schedule=[ACCEPTED],
    doc_md=__doc__,
    tags=["drlake", "publish"],
    max_active_tasks=1,
    **DAG_ARGS,
)
def publish_drl_statistics() -> None:
    """Build and swap → report."""

    @task(multiple_outputs=False)
    def build_warehouse() -> dict[str, int]:
        """Run dbt and swap the warehouse; returns rows per mart."""
        from transforms.dbt_build.warehouse import build

        return build(settings(), echo=logging.getLogger("airflow.task").info)

    @task(multiple_outputs=False, outlets=[PUBLISHED])
    def write_report() -> dict[str, int]:
        """Write reports and feedback from the warehouse; returns the number of files."""
        from transforms.report.feedback.write import write_feedback
        from transforms.report.write import write_report as write_reports

        written = write_reports(settings()) + write_feedback(settings())
        return {"files": len(written)}

    build_warehouse() >> write_report()


publish_drl_statistics()
