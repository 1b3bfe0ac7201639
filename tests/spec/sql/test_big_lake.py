"""Generated lakes for timing the models are valid: they balance and give the expected medians."""

from __future__ import annotations

import filecmp
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.bench.big_lake import TRUTH, Size, write_big_lake
from tests.support.sql_models import SqlModels
from transforms.tables import TABLES
from transforms.tables.generated_files import LOCATIONS

pytestmark = pytest.mark.slow

SIZE = Size(events=9_000, facilities=12, years=(2025,))
LEDGER_TESTS = (
    "ledger_received_objects",
    "ledger_submission_rows",
    "ledger_accepted_reports",
    "ledger_attrition",
    "ledger_days",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("big") / "lake"
    write_big_lake(str(lake), SIZE)
    return lake


@pytest.fixture(scope="module")
def models(folder: Path) -> SqlModels:
    made = SqlModels("facility_typical_values", "attrition", "fct_ledger_entries")
    staged = {}
    for table in TABLES:
        files = sorted(folder.glob(f"{LOCATIONS[table.name]}/**/*.parquet"))
        staged[table.name] = pa.concat_tables(map(pq.read_table, files))
    made.run(staged)
    return made


def test_the_typical_values_are_the_medians_that_were_written(
    folder: Path, models: SqlModels
) -> None:
    truth = pq.read_table(folder / TRUTH).to_pylist()
    found = {
        tuple(key): (n, value)
        for *key, n, value in models.rows(
            "select facility_id, procedure_id, patient_group_id, drl_quantity, n_examinations, "
            "typical_value from facility_typical_values where method_id = 'drlake_first_line'"
        )
    }
    wanted = {
        (one["facility_id"], one["procedure_id"], one["patient_group_id"], one["drl_quantity"]): (
            one["n_examinations"],
            pytest.approx(one["typical_value"], rel=1e-12),
        )
        for one in truth
        if one["n_examinations"]
    }
    assert len(wanted) > 200
    assert {key: found.get(key) for key in wanted} == wanted


@pytest.mark.parametrize("name", LEDGER_TESTS)
def test_the_ledger_of_a_generated_lake_balances(models: SqlModels, name: str) -> None:
    assert models.test(name) == []


def test_a_generated_lake_holds_what_real_ones_do(models: SqlModels) -> None:
    """Copies, examinations sent twice, names without rule: each is excluded for its reason."""
    lost = {reason for (reason,) in models.rows("select distinct reason_code from attrition")}
    assert lost >= {
        "duplicate_in_submission",
        "structure_truncated",
        "same_examination_again",
        "superseded_copy",
        "unmapped_procedure",
    }


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_big_lake(str(tmp_path), SIZE)
    files = sorted(path.relative_to(folder) for path in folder.rglob("*.parquet"))
    assert filecmp.cmpfiles(folder, tmp_path, map(str, files), shallow=False)[1:] == ([], [])
