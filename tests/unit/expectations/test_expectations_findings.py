"""Results of rules become findings: what is shown, and when a share holds a submission."""

from dataclasses import replace

import pandas as pd
import pytest

from expectations.findings import findings_of, observed_text, whole_severity
from expectations.gate import RuleResult
from expectations.rule import Rule
from expectations.verdict import judge


def a_rule(severity: str = "flag", share: float = 0.0, row_findings: bool = True) -> Rule:
    return Rule(
        name="dlp_small",
        frame="events",
        expectation="ExpectColumnValuesToBeBetween",
        reason="DLP is too large.",
        severity=severity,  # type: ignore[arg-type]
        tolerated_share=share,
        observed=(("dlp_mgy_cm", "mGy.cm stated"), ("sum_mgy_cm", "mGy.cm summed")),
        row_findings=row_findings,
    )


@pytest.mark.parametrize(
    ("severity", "share", "reports", "checked", "passed", "expected"),
    [
        ("hold", 0.2, 200, 200, False, "hold"),
        ("hold", 0.2, 200, 200, True, None),
        ("hold", 0.2, 20, 20, False, "hold"),
        ("hold", 0.2, 19, 19, False, None),  # small submission
        ("hold", 0.2, 19, 95, False, None),  # 95 events, but of 19 reports
        ("hold", 0.2, 200, 19, False, None),  # the rule applies to 19 reports of 200
        ("hold", 0.0, 1, 1, False, "hold"),  # not a share: one is too many
        ("flag", 0.0, 200, 200, False, None),
    ],
)
def test_a_share_holds_only_a_submission_that_is_not_small(
    severity: str, share: float, reports: int, checked: int, passed: bool, expected: str | None
) -> None:
    result = RuleResult(a_rule(severity, share), passed, checked, rows=(0,))
    assert whole_severity(result, reports) == expected


def test_a_finding_shows_numbers_with_their_units_and_skips_missing_ones() -> None:
    rule = a_rule()
    assert observed_text(rule, {"dlp_mgy_cm": 50.3, "sum_mgy_cm": 503.0000001}) == (
        "50.3 mGy.cm stated, 503 mGy.cm summed"
    )
    assert observed_text(rule, {"dlp_mgy_cm": 0.0, "sum_mgy_cm": None}) == "0 mGy.cm stated"
    assert observed_text(rule, {"dlp_mgy_cm": None, "sum_mgy_cm": pd.NA}) is None


def test_the_rule_as_a_whole_comes_before_its_rows() -> None:
    frame = pd.DataFrame(
        {
            "object_sha256": ["aa", "bb"] * 10,
            "event_index": [1, 2] * 10,
            "dlp_mgy_cm": [5.0] * 20,
            "sum_mgy_cm": [6.0] * 20,
        }
    )
    result = RuleResult(a_rule("hold", 0.05), passed=False, checked=20, rows=(0, 3))
    found = list(findings_of([result], frame, number_of_reports=20))
    keys = ("severity", "object_sha256", "event_index", "observed")
    assert [tuple(finding[key] for key in keys) for finding in found] == [
        ("hold", None, None, "2 of 20 rows (10.0%)"),
        ("flag", "aa", 1, "5 mGy.cm stated, 6 mGy.cm summed"),
        ("flag", "bb", 2, "5 mGy.cm stated, 6 mGy.cm summed"),
    ]


def test_a_property_of_the_export_is_one_finding() -> None:
    frame = pd.DataFrame({"dlp_mgy_cm": [5.0] * 4, "sum_mgy_cm": [6.0] * 4})
    result = RuleResult(a_rule(row_findings=False), passed=False, checked=4, rows=(0, 1, 2))
    found = list(findings_of([result], frame, number_of_reports=4))
    assert [(finding["severity"], finding["observed"]) for finding in found] == [
        ("flag", "3 of 4 rows (75.0%)")
    ]


def test_names_are_counted_for_a_table_and_the_most_frequent_come_first() -> None:
    words = ["b a", "b", None, " ".join(f"c{index:02}" for index in range(11))]
    frame = pd.DataFrame({"notes": words})
    rule = replace(a_rule(row_findings=False), observed=(), names=("notes",))
    result = RuleResult(rule, passed=False, checked=4, rows=(0, 1, 3))
    (finding,) = findings_of([result], frame, number_of_reports=4)
    assert finding["observed"] == (
        "3 of 4 rows (75.0%): b in 2, a in 1, c00 in 1, c01 in 1, c02 in 1, c03 in 1, c04 in 1, "
        "c05 in 1, c06 in 1, c07 in 1, and 3 more"
    )
    assert observed_text(rule, {"notes": "b a"}) == "b a"
    assert observed_text(rule, {"notes": None}) is None


def test_the_first_hold_is_the_reason() -> None:
    frame = pd.DataFrame({"dlp_mgy_cm": [5.0] * 20, "sum_mgy_cm": [6.0] * 20})
    results = [
        RuleResult(a_rule(), passed=False, checked=20, rows=(0,)),
        RuleResult(a_rule("hold"), passed=False, checked=20, rows=(0, 1)),
    ]
    found = list(findings_of(results, frame, number_of_reports=20))
    verdict = judge("F001.ab", "F001", found, n_decoded=20)
    assert (verdict.status, verdict.reason_code) == ("held", "dlp_small")
    assert verdict.detail == "DLP is too large. Seen: 2 of 20 rows (10.0%)."
    assert (verdict.n_accepted, verdict.n_held) == (0, 20)
