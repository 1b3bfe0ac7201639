"""Runs the rules of every frame through Great Expectations, in memory.

This is the only module besides `data_docs` that uses objects of Great Expectations. The context is
ephemeral: no project, checkpoint or result is stored. Creating a Gate imports Great Expectations,
which takes seconds, so one Gate is created per process and passed down.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import pandas as pd

from expectations.rule import Rule
from expectations.views import ROW_NUMBER
from expectations.views.frames import with_row_numbers
from transforms.errors import DrlakeError

KEY_COLUMNS = ("object_sha256", "event_index")
"""Columns that identify a row in the results, if the frame has them."""


class ExpectationError(DrlakeError):
    """A rule could not be evaluated. This is a bug in drlake, not a fault of the data."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The result of one rule on one frame.

    `checked` is the number of rows to which the rule applies; `rows` are the positions of those
    that fail it; `passed` is whether their share is tolerated.
    """

    rule: Rule
    passed: bool
    checked: int = 0
    rows: tuple[int, ...] = ()

    def has_row_in(self, part: range) -> bool:
        """Whether one of these rows fails the rule."""
        first = bisect_left(self.rows, part.start)
        return first < len(self.rows) and self.rows[first] < part.stop


class Gate:
    """Suites of all frames, built once.

    Each rule is about single rows, or about keys that only one row may have. A frame is first
    checked with a suite without tolerances; only rules that a row fails are run again to find the
    rows. Most rules pass, and finding the rows takes half as long again.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = {rule.name: rule for rule in rules}
        self._context = new_context()
        source = self._context.data_sources.add_pandas("decoded")
        self._batches: dict[str, Any] = {}
        self._suites: dict[str, Any] = {}
        for frame, frame_rules in by_frame(rules).items():
            asset = source.add_dataframe_asset(frame)
            self._batches[frame] = asset.add_batch_definition_whole_dataframe("submission")
            self._suites[frame] = build_suite(frame, frame_rules, tolerant=False)

    def run(self, frame_name: str, frames: Sequence[pd.DataFrame]) -> list[list[RuleResult]]:
        """Check one frame of several submissions; for each, results of the rules that a row fails.

        All rows are first checked as one frame: a rule that no row fails there fails in none of
        them. Great Expectations takes seconds for all rules, however few the rows.
        """
        whole = frames[0] if len(frames) == 1 else _joined(frames)
        unmet = self._unmet(frame_name, whole)
        if not unmet or len(frames) == 1:
            return [self._results(frame_name, frame, unmet) for frame in frames]
        found = self._results(frame_name, whole, unmet, tolerant=False)
        return [
            self._results(frame_name, frame, [one.rule for one in found if one.has_row_in(part)])
            for frame, part in zip(frames, _parts(frames), strict=True)
        ]

    def _unmet(self, frame_name: str, frame: pd.DataFrame) -> list[Rule]:
        """Rules that a row of the frame fails, whatever share they tolerate."""
        batch = self._batches[frame_name].get_batch({"dataframe": frame})
        asked = batch.validate(self._suites[frame_name], result_format="BOOLEAN_ONLY")
        return [self._rule(item) for item in asked.results if not item.success]

    def _results(
        self, frame_name: str, frame: pd.DataFrame, rules: Sequence[Rule], tolerant: bool = True
    ) -> list[RuleResult]:
        """Results of some rules, with the rows that fail them."""
        if not rules:
            return []
        batch = self._batches[frame_name].get_batch({"dataframe": frame})
        suite = build_suite(frame_name, rules, tolerant)
        outcome = batch.validate(suite, result_format=result_format(frame))
        return [self._result(item) for item in outcome.results]

    def _rule(self, item: Any) -> Rule:
        """The rule of a result; ExpectationError if it could not be evaluated."""
        rule = self._rules[item.expectation_config.meta["rule"]]
        if _has_raised(item.exception_info):
            raise ExpectationError(
                f"The rule {rule.name} could not be evaluated. This is a bug in drlake: report it."
            )
        return rule

    def _result(self, item: Any) -> RuleResult:
        rule = self._rule(item)
        result = item.result
        failed = result.get("unexpected_index_list") or ()
        return RuleResult(
            rule=rule,
            passed=bool(item.success),
            checked=int(result.get("element_count", 0)) - int(result.get("missing_count", 0)),
            rows=tuple(sorted(int(entry[ROW_NUMBER]) for entry in failed)),
        )


def _joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all frames as one, numbered anew."""
    return with_row_numbers(pd.concat(frames, ignore_index=True))


def _parts(frames: Sequence[pd.DataFrame]) -> list[range]:
    """The rows of each frame in all of them together."""
    ends = list(accumulate(len(frame) for frame in frames))
    return [range(end - len(frame), end) for frame, end in zip(frames, ends, strict=True)]


def by_frame(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    """Rules by frame, in order."""
    frames: dict[str, list[Rule]] = {}
    for rule in rules:
        frames.setdefault(rule.frame, []).append(rule)
    return frames


def build_suite(name: str, rules: Sequence[Rule], tolerant: bool = True) -> Any:
    """The Great Expectations suite of these rules, with or without their tolerances."""
    import great_expectations as gx

    return gx.ExpectationSuite(name=name, expectations=[rule.build(tolerant) for rule in rules])


def result_format(frame: pd.DataFrame) -> Mapping[str, Any]:
    """Request every failing row, by position and by key."""
    if ROW_NUMBER not in frame.columns:
        return {"result_format": "COMPLETE", "return_unexpected_index_query": False}
    keys = [column for column in KEY_COLUMNS if column in frame.columns]
    return {
        "result_format": "COMPLETE",
        "unexpected_index_column_names": [ROW_NUMBER, *keys],
        "return_unexpected_index_query": False,
    }


def new_context(**settings: Any) -> Any:
    """Return an ephemeral context: no telemetry, no progress bars, no folder for Data Docs."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
        **settings,
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _has_raised(exception_info: Mapping[str, Any]) -> bool:
    """Whether an expectation raised an exception; GX gives one record, or one per metric."""
    if "raised_exception" in exception_info:
        return bool(exception_info["raised_exception"])
    return any(bool(record.get("raised_exception")) for record in exception_info.values())
