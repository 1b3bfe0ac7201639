"""The process in which dbt runs. It prints a line of JSON for each model that is built.

dbt's own console log formats every debug event as JSON, with its compiled SQL, before it drops it.
Reading the events instead saves a third of the time of a small build.

    python -m transforms.dbt_build.dbt_process build --project-dir sql
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from dbt.cli.main import dbtRunner

LOGS = ("--log-level", "none", "--log-level-file", "warn")
"""No console log; the log file names what failed, and why."""


def main(arguments: Sequence[str]) -> int:
    """Run dbt with these arguments; returns 0 if it succeeds, otherwise 1."""
    done = dbtRunner(callbacks=[_print_progress]).invoke([*arguments, *LOGS])
    if done.exception is not None:
        _say({"stopped": str(done.exception)})
    return 0 if done.success else 1


def _print_progress(event: Any) -> None:
    """Print the model that an event says is built; other events are ignored."""
    if event.info.name != "LogModelResult" or event.data.status == "ERROR":
        return
    node = event.data.node_info.node_relation
    _say(
        {
            "index": event.data.index,
            "total": event.data.total,
            "built": f"{node.schema}.{node.alias}",
        }
    )


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
