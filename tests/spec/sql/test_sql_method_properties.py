"""Scope and rounding of a method by procedure and quantity; means that are exact."""

from __future__ import annotations

import re
from math import ceil, comb, floor
from typing import Any

import pyarrow as pa
import pytest

from tests.support.lakes.lake_rows import Report, Row, event, report
from tests.support.lakes.national_rows import Nation
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SQL, SqlModels
from transforms.reference.files import reference_rows

pytestmark = pytest.mark.slow

MODELS = SqlModels("facility_typical_values")
PROPERTIES = {
    **dict.fromkeys(("method_id", "procedure_id", "drl_quantity", "scope"), pa.string()),
    **{"rounding_step": pa.float64(), "rounding_digits": pa.int32()},
}
"""Columns of method_procedures that models read."""


def helices(name: str, study: str, *doses: float, **columns: Any) -> Report:
    phantom = "head_16cm" if "Schädel" in name or "NNH" in name else "body_32cm"
    events: list[Row] = [event(ctdivol=dose, dlp=30 * dose, phantom=phantom) for dose in doses]
    return report(study, events, study_description=name, patient_weight_kg=70.0, **columns)


def typical_values(method_id: str, columns: str, **where: str) -> list[Any]:
    named = " and ".join(f"{name} = ?" for name in where)
    return MODELS.rows(
        f"select {columns} from facility_typical_values "  # noqa: S608 - our own columns
        f"where method_id = ? and {named} order by all",
        method_id,
        *where.values(),
    )


@pytest.mark.parametrize(
    ("name", "procedure_id", "scope", "values"),
    [
        ("CT Schädel nativ", "ct_head", "acquisition", (2, 450.0)),
        ("CT Thorax", "ct_chest", "acquisition", (2, 450.0)),
        ("CT Abdomen Becken", "ct_abdomen_pelvis", "acquisition", (2, 450.0)),
        ("CT NNH", "ct_sinuses", "examination", (1, 900.0)),
    ],
)
def test_the_austrian_scope_is_that_of_the_procedure(
    name: str, procedure_id: str, scope: str, values: tuple[int, float]
) -> None:
    """MedStrSchV: "pro Scanserie" for head and abdomen-pelvis; two helices of DLP 300 and 600."""
    MODELS.run(staging_tables({"F1": [helices(name, "S1", 10, 20)]}))
    columns = "scope, n_values, typical_value"
    found = typical_values("austria", columns, procedure_id=procedure_id, drl_quantity="dlp")
    assert found == [(scope, *values)]


def test_the_british_scope_is_that_of_the_quantity() -> None:
    """CTDIvol per sequence, DLP per complete examination (gov.uk, heads of table 1)."""
    MODELS.run(staging_tables({"F1": [helices("CT Thorax", f"S{n}", 10, 20) for n in range(15)]}))
    columns = "scope, n_values, typical_value, is_sufficient"
    (ctdivol,) = typical_values("uk_survey", columns, drl_quantity="ctdivol")
    (dlp,) = typical_values("uk_survey", columns, drl_quantity="dlp")
    assert ctdivol == ("acquisition", 30, 15.0, True)
    assert dlp == ("examination", 15, 900.0, True)


def test_the_mean_of_a_device_is_exact() -> None:
    """Ten doses with a mean of 12, which adds to 120.00000000000001 in binary numbers."""
    doses = [11.1, 12.9, 11.3, 12.7, 11.7, 12.3, 11.9, 12.1, 11.6, 12.4]
    assert sum(sorted(doses)) / 10 != 12.0
    MODELS.run(staging_tables({"F1": [helices("CT Thorax", f"S{d}", d) for d in doses]}))
    found = typical_values("germany_2018", "mean, typical_value", drl_quantity="ctdivol")
    assert found == [(12.0, 12.0)]


def test_every_row_names_a_method_and_the_row_that_names_most_applies() -> None:
    methods = {row["method_id"] for row in reference_rows("methods")}
    rows = list(reference_rows("method_procedures"))
    assert {row["method_id"] for row in rows} <= methods
    keys = [(row["method_id"], row["procedure_id"], row["drl_quantity"]) for row in rows]
    assert len(set(keys)) == len(keys)
    models = SqlModels("int_method_groups")
    models.build()
    models.lay("method_procedures", properties(("m", None, None, "view"), ("m", None, "dlp", "a")))
    method = {"method_id": ["m"], "scope": ["examination"], "ctdivol_rule": ["mean"]}
    query = "select {{ method_scope('methods', 'asked') }} from methods, asked"
    models.lay("methods", pa.table(method))
    models.lay("asked", pa.table({"procedure_id": ["ct_head"], "drl_quantity": ["dlp"]}))
    assert models.rows_of_template(query) == [("a",)]


def properties(*rows: tuple[Any, ...]) -> pa.Table:
    named = [dict(zip(PROPERTIES, row, strict=False)) for row in rows]
    return pa.Table.from_pylist(named, schema=pa.schema(list(PROPERTIES.items())))


@pytest.mark.parametrize(
    ("level", "step", "digits", "rounded"),
    [
        (123.6, 5, None, 125.0),
        (0.35, 0.1, None, 0.4),
        (0.26, 0.1, None, 0.3),
        (8.25, 0.5, None, 8.5),
        (123.6, None, 2, 120.0),
        (123.6, None, None, None),
    ],
)
def test_a_level_is_rounded_to_the_step_or_the_digits_of_its_quantity(
    level: float, step: float | None, digits: int | None, rounded: float | None
) -> None:
    nation = Nation("national_drls")
    nation.method("m")
    nation.typical_values([level] * 10)
    nation.typical_values([level] * 10, drl_quantity="dlp", unit="mGy.cm")
    nation.build({"method_procedures": properties(("m", None, "ctdivol", None, step, digits))})
    query = "select national_drl_rounded from national_drls where drl_quantity = '{}'"
    assert nation.one(query.format("ctdivol")) == (rounded,)
    assert nation.one(query.format("dlp")) == (None,)


def test_a_published_level_is_compared_in_the_scope_of_its_procedure_and_quantity() -> None:
    nation = Nation("national_drls", "published_drl_comparisons")
    nation.method("m")
    nation.typical_values([10.0] * 10)
    nation.published_level(10.0, scope="acquisition")
    nation.build({"method_procedures": properties()})
    query = "select reason from published_drl_comparisons"
    assert nation.one(query) == ("other_scope",)
    nation.build({"method_procedures": properties(("m", "ct_chest", "ctdivol", "acquisition"))})
    assert nation.one(query) == (None,)


# --- what _national.md says of the bootstrap ---------------------------------------------------


def coverage(n: int, p: float, lower: int, upper: int) -> float:
    """Probability that the p-quantile lies between the values of these two ranks, of n."""
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(lower, upper))


def bootstrap_ranks(n: int, p: float) -> tuple[int, int]:
    """Ranks of the percentile interval of the bootstrap, as macro bootstrap_ranks defines them."""
    rank = round((n - 1) * p + 1, 9)

    def reached(k: int, i: int) -> float:
        return sum(comb(n, j) * (i / n) ** j * (1 - i / n) ** (n - j) for j in range(k, n + 1))

    lower = next(i for i in range(1, n + 1) if reached(floor(rank), i) >= 0.025)
    return lower, next(i for i in range(1, n + 1) if reached(ceil(rank), i) >= 0.975 or i == n)


def test_the_text_says_the_exact_coverage_of_the_bootstrap() -> None:
    text = (SQL / "models" / "_national.md").read_text(encoding="utf-8")
    for p, first, last in ((0.75, 10, 29), (0.75, 30, 99), (0.75, 100, 200), (0.95, 30, 99)):
        found = [coverage(n, p, *bootstrap_ranks(n, p)) for n in range(first, last + 1)]
        words = f"{100 * min(found):.1f} to {100 * max(found):.1f} % from {first} to {last} units"
        assert words in text, words
    for n in (33, 37, 73):
        assert f"{100 * coverage(n, 0.75, *bootstrap_ranks(n, 0.75)):.1f} % at {n}" in text
    models = SqlModels("int_method_groups")
    models.build()
    models.lay("sizes", pa.table({"n": [37], "probability": [0.75]}))
    query = "select lower_rank, upper_rank from ({{ bootstrap_ranks('sizes') }})"
    rows = models.rows_of_template(query)
    assert rows == [bootstrap_ranks(37, 0.75)]
    assert not re.search(r"about 95 %? from 30", text)
