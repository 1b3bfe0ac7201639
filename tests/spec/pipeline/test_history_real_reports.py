"""The same histories with real files in the real pipeline: pulls, crashes, every order."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from expectations.validate import validate_new
from tests.support.reports.real_reports import EXPORTS, require_real_reports
from tests.support.sql_models import SqlModels
from transforms.lake.lake import Lake
from transforms.ledger.entries import check_balance, entries
from transforms.pipeline.facility import ingest_facility
from transforms.pipeline.report_workers import report_workers
from transforms.settings import Settings
from transforms.tables import OBJECT_OUTCOME, REPORT_TABLES
from transforms.workers.pool import WorkPool

pytestmark = pytest.mark.slow

OUTCOMES = "fct_ledger_entries", "fct_examination_doses"
KEY = "0" * 63 + "1"


def live(folder: Path, order: int, pool: WorkPool) -> Lake:
    """Send some real files in pulls of this order, some twice, with some crashes."""
    random = Random(order)  # noqa: S311 - an order, no secret
    files = sorted((EXPORTS / "F001").glob("*.dcm"))[:6]
    random.shuffle(files)
    exports = folder / "exports" / "H1"
    exports.mkdir(parents=True)
    (folder / "uid.key").write_text(KEY)
    lake = Lake(str(folder / "lake"))
    settings = Settings(
        lake=lake.url, exports=str(exports.parent), uid_key_file=str(folder / "uid.key")
    )
    for number, file in enumerate(files):
        shutil.copy(file, exports / file.name)
        if random.random() < 0.3:
            shutil.copy(file, exports / f"again-{number}.dcm")
        if random.random() < 0.5:
            ingest_facility(settings, "H1", pool=pool)
            die(lake, random)
            check_balance(entries(lake))
    ingest_facility(settings, "H1", pool=pool)
    validate_new(lake)
    return lake


def die(lake: Lake, random: Random) -> None:
    """Simulate a kill before the outcomes of a submission are written."""
    if random.random() < 0.5:
        lake.remove(lake.outcomes_path("decode", random.choice(lake.submissions("decode"))))


def ends(lake: Lake, models: SqlModels) -> list[Any]:
    """The doses of the examinations, and the ledger of every day."""
    done = lake.submissions("validate")
    staged = {
        table.name: pa.concat_tables([lake.read_table("decoded", table, name) for name in done])
        for table in REPORT_TABLES
    }
    staged[OBJECT_OUTCOME.name] = pa.concat_tables(
        [lake.read_outcomes(s, name) for s in ("receive", "decode", "validate") for name in done]
    )
    models.run(staged)
    assert models.test("ledger_days") == []
    doses = "select * from fct_examination_doses order by all"
    days = "select * from fct_ledger_entries where counted <> 'object' order by all"
    return [models.rows(doses), models.rows(days)]


def compare(tmp_path: Path, orders: range) -> None:
    require_real_reports()
    models = SqlModels(*OUTCOMES)
    with report_workers() as pool:
        found = [ends(live(tmp_path / str(n), n, pool), models) for n in orders]
    assert found[0][0]
    assert all(one == found[0] for one in found)


def test_real_reports_give_the_same_doses_in_every_order(tmp_path: Path) -> None:
    compare(tmp_path, range(2))


@pytest.mark.soak
def test_real_reports_give_the_same_doses_in_twenty_orders(tmp_path: Path) -> None:
    compare(tmp_path, range(20))
