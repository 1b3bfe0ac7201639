"""A pytest plugin that measures CPU time by test module, with that of child processes.

python -m pytest -p tests.support.cpu_by_module --cpu-by-module table.md

The table is Markdown, most expensive module first. A session fixture is charged to the first module
that uses it. A server that outlives its module is charged where it ends; a process that is never
waited for is not measured. The last line is the time for collecting and importing.
"""

from __future__ import annotations

import os
import resource
from collections import Counter, defaultdict
from collections.abc import Generator, Mapping
from pathlib import Path

import pytest

PROPERTY = "cpu_seconds"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option that names the table's file."""
    text = "write a table of CPU seconds by test module to this file"
    parser.addoption("--cpu-by-module", metavar="FILE", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Measure in every process; write in the one that receives all reports."""
    config.pluginmanager.register(Stopwatch())
    file = config.getoption("--cpu-by-module")
    if file and "PYTEST_XDIST_WORKER" not in os.environ:
        config.pluginmanager.register(TableWriter(Path(file)))


def cpu_seconds() -> float:
    """User and system time of this process and of the children it has waited for."""
    spent = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


class Stopwatch:
    """Adds the time of every phase of a test to its report."""

    def __init__(self) -> None:
        self._last = cpu_seconds()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self) -> None:
        """Start the clock of a test."""
        self._last = cpu_seconds()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self,
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Put the time since the last phase into the report."""
        report = yield
        now = cpu_seconds()
        report.user_properties.append((PROPERTY, now - self._last))
        self._last = now
        return report


class TableWriter:
    """Sums the reports of all processes; writes the table after each module and at the end."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seconds: dict[str, float] = defaultdict(float)
        self._tests: Counter[str] = Counter()
        self._last = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one phase of a test."""
        module = report.nodeid.split("::")[0]
        if module != self._last:
            self.pytest_sessionfinish()
            self._last = module
        self._tests[module] += report.when == "call"
        for name, value in report.user_properties:
            if name == PROPERTY and isinstance(value, float):
                self._seconds[module] += value

    def pytest_sessionfinish(self) -> None:
        """Write the table."""
        self._file.write_text(table(self._seconds, self._tests, cpu_seconds()), encoding="utf-8")


def table(seconds: Mapping[str, float], tests: Counter[str], whole: float) -> str:
    """Modules by CPU seconds, highest first."""
    lines = ["| module | tests | CPU s |", "|---|---:|---:|"]
    lines += [
        f"| `{module.removeprefix('tests/')}` | {tests[module]} | {spent:.1f} |"
        for module, spent in sorted(seconds.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    other = max(0.0, whole - sum(seconds.values()))
    lines.append(f"| starting, importing and collecting | | {other:.1f} |")
    return "\n".join([*lines, f"| all | {sum(tests.values())} | {whole:.1f} |"]) + "\n"
