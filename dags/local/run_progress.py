"""Shows one line per task instance as it ends, and counts all of them.

Airflow calls a listener in the process that runs the task; here, that is this process. Only labels,
states and counts are shown, and the sentence of a drlake command that failed. The text of any other
error may contain personal data and stays in the log.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from airflow.listeners import hookimpl
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dags.drlake_command import CommandFailed

if TYPE_CHECKING:
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
    from rich.console import Console

MARKS = {"success": "[green]✓[/]", "failed": "[red]✗[/]", "up_for_retry": "[yellow]↻[/]"}
COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TimeElapsedColumn(),
)


class RunProgress:
    """Shows and counts the task instances of one DAG after another.

    On a terminal a bar moves below the lines; elsewhere there are only lines.
    """

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self.counts: dict[str, Counter[str]] = {}
        self.exit_codes: set[int] = set()
        self.console = console
        self.quiet = quiet
        # Not redirected: standard output and error go to the log here, the console does not.
        self.bar = Progress(
            *COLUMNS,
            console=console,
            transient=True,
            disable=quiet or not console.is_terminal,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def start_dag(self, dag_id: str, tasks: int) -> None:
        """Begin a bar for a DAG with this many tasks, mapped ones counted once."""
        for task_id in self.bar.task_ids:
            self.bar.remove_task(task_id)
        self.bar.add_task(dag_id, total=tasks)

    @hookimpl
    def on_task_instance_success(self, task_instance: RuntimeTaskInstance) -> None:
        """Show what the task returned: counts, or the length of its list."""
        value = _value(task_instance)
        if isinstance(value, list):
            self._expect(len(value) - 1)
        self._keep(task_instance, value)
        self._show_end(task_instance, "success", _counts_text(value))

    @hookimpl
    def on_task_instance_failed(
        self, task_instance: RuntimeTaskInstance, error: BaseException | str | None
    ) -> None:
        """Show what to fix, or the type of the error; count what has succeeded nevertheless."""
        state = str(getattr(task_instance.state, "value", task_instance.state))
        self._keep(task_instance, _value(task_instance))
        if isinstance(error, CommandFailed) and state == "failed":
            self.exit_codes.add(error.exit_code)
        self._show_end(task_instance, state, _error_text(error))

    def _expect(self, more: int) -> None:
        """Add mapped tasks to the bar; Airflow knows their number when it has listed them."""
        for task in self.bar.tasks:
            self.bar.update(task.id, total=(task.total or 0) + more)

    def _keep(self, ti: RuntimeTaskInstance, value: Any) -> None:
        """Add the counts of a task, unless it announces a sum."""
        if isinstance(value, dict) and not ti.task_id.startswith("announce_"):
            self.counts.setdefault(ti.dag_id, Counter()).update(value)

    def _show_end(self, ti: RuntimeTaskInstance, state: str, text: str) -> None:
        if state != "up_for_retry":
            self.bar.advance(self.bar.task_ids[0])
        if not self.quiet or state == "failed":
            label = " ".join(filter(None, [ti.task_id, ti.rendered_map_index]))
            line = f"{escape(label):<36} {state:<12} {escape(text)}".rstrip()
            self.console.print(f"{MARKS.get(state, '-')} {line}", soft_wrap=True)


def _value(ti: RuntimeTaskInstance) -> Any:
    """What a task has returned or kept: counts, or the list of what is to do."""
    return ti.xcom_pull(task_ids=ti.task_id, map_indexes=ti.map_index)


def _error_text(error: object) -> str:
    if isinstance(error, CommandFailed):
        return str(error)
    return type(error).__name__ if isinstance(error, BaseException) else ""


def _counts_text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{number} {name}" for name, number in value.items())
    if isinstance(value, list):
        return f"{len(value)} to do" if value else "nothing to do"
    return ""
