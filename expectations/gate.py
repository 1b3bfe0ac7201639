"""The gate: runs the rules of every frame through Great Expectations, in memory.

The only module besides `data_docs` that handles objects of Great Expectations. The context
is ephemeral: no project, no checkpoint and no result is stored. Making a Gate imports Great
Expectations, which takes seconds, so one is made per process and passed down.
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
"""What names a row to a person, where the frame has it."""


class ExpectationError(DrlakeError):
    """A rule could not be evaluated at all: a fault of drlake, not of the data."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What became of one rule on one frame.

    `checked` is the number of rows in which the rule applies; `rows` are the positions of
    those that do not meet it. `passed` says whether their share is tolerated.
    """

    rule: Rule
    passed: bool
    checked: int = 0
    rows: tuple[int, ...] = ()


class Gate:
    """The suites of all frames, built once.

    A frame is first asked which rules every row meets, by the suite without tolerances; only the
    rules that a row does not meet are asked which rows those are. Most rules are met, and which
    rows is the longer question by half.
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
        """Check one frame; results of the rules that a row does not meet, in their order."""
        batch = self._batches[frame_name].get_batch({"dataframe": frame})
        asked = batch.validate(self._suites[frame_name], result_format="BOOLEAN_ONLY")
        unmet = [self._rule(item) for item in asked.results if not item.success]
        if not unmet:
            return []
        suite = build_suite(frame_name, unmet)
        outcome = batch.validate(suite, result_format=result_format(frame))
        return [self._result(item) for item in outcome.results]

    def _rule(self, item: Any) -> Rule:
        """The rule that a result is of; ExpectationError where it could not be evaluated."""
        rule = self._rules[item.expectation_config.meta["rule"]]
        if _has_raised(item.exception_info):
            raise ExpectationError(f"The rule {rule.name} could not be evaluated.")
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
    """Rules of each frame, in their order."""
    frames: dict[str, list[Rule]] = {}
    for rule in rules:
        frames.setdefault(rule.frame, []).append(rule)
    return frames


def build_suite(name: str, rules: Sequence[Rule], tolerant: bool = True) -> Any:
    """The Great Expectations suite of these rules, with or without what they tolerate."""
    import great_expectations as gx

    return gx.ExpectationSuite(name=name, expectations=[rule.build(tolerant) for rule in rules])


def result_format(frame: pd.DataFrame) -> Mapping[str, Any]:
    """Ask for every row that fails, by position and by key."""
    if ROW_NUMBER not in frame.columns:
        return {"result_format": "COMPLETE", "return_unexpected_index_query": False}
    keys = [column for column in KEY_COLUMNS if column in frame.columns]
    return {
        "result_format": "COMPLETE",
        "unexpected_index_column_names": [ROW_NUMBER, *keys],
        "return_unexpected_index_query": False,
    }


def new_context(**settings: Any) -> Any:
    """An ephemeral context without telemetry, progress bars or a folder for Data Docs."""
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
    """Whether an expectation broke; GX gives one record, or one for each metric."""
    if "raised_exception" in exception_info:
        return bool(exception_info["raised_exception"])
    return any(bool(record.get("raised_exception")) for record in exception_info.values())
