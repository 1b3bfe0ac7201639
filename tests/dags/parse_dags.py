"""Parse the DAG files as Airflow's DAG processor does; print what they declare, as JSON."""

import json
import sys
from pathlib import Path
from typing import Any


def task_settings(task: Any) -> dict[str, Any]:
    return {
        "retries": task.retries,
        "backoff": task.retry_exponential_backoff,
        "trigger_rule": task.trigger_rule.value,
        "mapped": task.is_mapped,
        "label": task.map_index_template,
        "pool": task.pool,
        "seconds": task.execution_timeout and task.execution_timeout.total_seconds(),
        "outlets": [asset.name for asset in task.outlets],
    }


def schedule(dag: Any) -> Any:
    return dag.schedule if isinstance(dag.schedule, str) else [one.name for one in dag.schedule]


def main(dags_folder: Path) -> None:
    import airflow.sdk  # noqa: F401 - what Airflow loads by itself is not the DAGs' doing

    before = set(sys.modules)
    from airflow.dag_processing.dagbag import BundleDagBag

    core = set(sys.modules)
    bag = BundleDagBag(dag_folder=dags_folder, bundle_path=dags_folder, bundle_name="dags-folder")
    dags = {
        dag_id: {
            "tags": sorted(dag.tags),
            "doc_md": dag.doc_md,
            "params": sorted(dag.params),
            "catchup": dag.catchup,
            "max_active_runs": dag.max_active_runs,
            "max_active_tasks": dag.max_active_tasks,
            "schedule": schedule(dag),
            "tasks": {task.task_id: task_settings(task) for task in dag.tasks},
        }
        for dag_id, dag in bag.dags.items()
    }
    modules = {
        "airflow_sdk": sorted(_packages(before)),
        "airflow_core": sorted(_packages(core)),
        "after_parsing": sorted(_packages(set(sys.modules))),
    }
    ours = ("transforms", "expectations")
    modules["ours"] = sorted(name for name in sys.modules if name.partition(".")[0] in ours)
    found = {"dags": dags, "import_errors": bag.import_errors, "modules": modules}
    sys.stdout.write("\n" + json.dumps(found) + "\n")


def _packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
