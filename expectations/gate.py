"""Runs the rules of every frame through Great Expectations, in memory.

This is the only module besides `data_docs` that uses objects of Great Expectations. The context is
ephemeral: no project, checkpoint or result is stored. Creating a Gate imports Great Expectations,
which takes seconds, so one Gate is created per process and passed down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from expectations.rule import Rule
from expectations.views import ROW_NUMBER
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


class Gate:
    """Suites of all frames, built once.

    A frame is first checked with a suite without tolerances; only rules that a row fails are run
    again to find the rows. Most rules pass, and finding the rows takes half as long again.
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

    def run(self, frame_name: str, frame: pd.DataFrame) -> list[RuleResult]:
        """Check one frame; returns results of the rules that a row fails, in order."""
        batch = self._batches[frame_name].get_batch({"dataframe": frame})
        asked = batch.validate(self._suites[frame_name], result_format="BOOLEAN_ONLY")
        unmet = [self._rule(item) for item in asked.results if not item.success]
        if not unmet:
            return []
        suite = build_suite(frame_name, unmet)
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
