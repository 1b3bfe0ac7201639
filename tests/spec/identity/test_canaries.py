"""No planted identifier (10,000 tokens) is found outside of the received objects.

`make test` plants a share of them, in every kind of place, `make soak` all.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.support.faults.canaries import (
    MARK,
    NUMBER_MARK,
    PLACES,
    UNLISTED,
    PlantedReport,
    Tokens,
    kinds,
    plant,
)
from tests.support.lakes.kept_objects import packs
from tests.support.reports.real_reports import (
    IDENTIFIED,
    more_exports,
    real_exports,
    require_real_reports,
)
from transforms.cli.console import Screen
from transforms.cli.run_summary import show_summary
from transforms.deidentify.copies import deidentify_report
from transforms.deidentify.keys import SiteKey
from transforms.describe.report import describe
from transforms.errors import ObjectRefused
from transforms.lake.lake import Lake
from transforms.sample import write_nation
from transforms.settings import REPOSITORY, Settings

pytestmark = [pytest.mark.builds, pytest.mark.airflow]

CONTENT_SEQUENCE = b"\x40\x00\x30\xa7"
SHARE, ALL = 700, 10_000
RUN = """
import sys
from functools import partial

from transforms.dbt_build import warehouse

warehouse.build = partial(warehouse.build, data_tests=False)
from dags.local import run_in_process

sys.exit(run_in_process.main(sys.argv[1:]))
"""
"""The three DAGs as `drlake run` starts them; dbt's tests of the data, which leave nothing behind,
are not run."""
_TOKEN = re.compile(rf"{MARK}[a-z]+|{NUMBER_MARK}\d+", re.IGNORECASE)


def bases(folder: Path) -> list[bytes]:
    """Real reports, as found and registry-safe, and synthetic ones, without the largest."""
    write_nation(folder, facilities=2, seed=3, examinations=1)
    made = sorted(folder.rglob("*.dcm"))
    files = [*real_exports(), *more_exports(), *sorted(IDENTIFIED.glob("*.dcm")), *made]
    found = [path.read_bytes() for path in files]
    return [data for data in found if len(data) < 60_000 and CONTENT_SEQUENCE in data]


@dataclass(frozen=True)
class Flight:
    """Planted tokens, the lake after the whole pipeline, and the output of the command."""

    objects: list[PlantedReport]
    tokens: frozenset[str]
    lake: Path
    printed: str


def flown(folder: Path, number: int, seed: int, facilities: int) -> Flight:
    """Plant tokens and run the objects through the whole pipeline, Airflow included."""
    require_real_reports()
    tokens = Tokens(seed)
    objects = plant(folder / "exports", bases(folder / "nation"), tokens, number, facilities)
    where = ("--exports", str(folder / "exports"), "--lake", str(folder / "lake"))
    command = [sys.executable, "-c", RUN, *where]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert run.returncode == 0, _TOKEN.sub("(token)", run.stderr[-2000:])
    printed = run.stdout + run.stderr + summary(folder / "lake")
    return Flight(objects, frozenset(tokens.made), folder / "lake", printed)


def summary(lake: Path) -> str:
    """What `drlake run` prints of a lake at its end."""
    with redirect_stdout(io.StringIO()) as printed:
        show_summary(Settings(lake=str(lake)), Screen())
    return printed.getvalue()


@pytest.fixture(scope="module")
def flight(tmp_path_factory: pytest.TempPathFactory) -> Flight:
    return flown(tmp_path_factory.mktemp("canaries"), SHARE, 1, facilities=2)


def texts(lake: Path) -> Iterator[tuple[str, str]]:
    """Every text in a lake outside of `received/`, with its place."""
    for path in sorted(lake.rglob("*")):
        name = str(path.relative_to(lake))
        yield "a path", name
        if not path.is_file() or name.startswith("received/"):
            continue
        yield name, path.read_bytes().decode("latin-1")
        if path.suffix == ".parquet":
            yield name, str(pq.read_table(path.open("rb")).to_pylist())
            yield name, str(pq.read_schema(path).metadata)
        if path.suffix == ".duckdb":
            yield from database_texts(path)


def database_texts(path: Path) -> Iterator[tuple[str, str]]:
    with duckdb.connect(str(path), read_only=True) as database:
        listed = "select table_schema, table_name from information_schema.tables"
        for schema, table in database.sql(listed).fetchall():
            if schema == "staging":
                continue  # views of the Parquet files
            rows = database.table(f'"{schema}"."{table}"').fetchall()
            yield f"{schema}.{table}", str(rows)


def leaks(flight: Flight) -> set[str]:
    """Places where planted tokens are found; the tokens themselves are not shown."""
    lower = {token.casefold() for token in flight.tokens}
    found = set()
    for where, text in [*texts(flight.lake), ("the command's output", flight.printed)]:
        if any(token.casefold() in lower for token in _TOKEN.findall(text)):
            found.add(where)
    return found


def outcomes(flight: Flight) -> Counter[str]:
    """Number of objects by their outcome in the decoder."""
    lake = Lake(str(flight.lake))
    return Counter(
        row["reason_code"] or "decoded"
        for submission_id in lake.submissions("decode")
        for row in lake.read_outcomes("decode", submission_id).to_pylist()
    )


def check(flight: Flight) -> None:
    """Check that no token is outside, and that objects of both kinds went far enough."""
    ended = outcomes(flight)
    assert ended.total() == len(flight.objects)
    must = sum(one.must_be_refused for one in flight.objects)
    assert ended["decoded"] > len(flight.objects) / 10
    assert ended["identity_present"] > len(flight.objects) / 4
    assert ended.total() - ended["decoded"] >= must
    assert leaks(flight) == set()


def test_no_canary_is_found_outside_the_objects_received(flight: Flight) -> None:
    assert len(flight.tokens) >= SHARE
    check(flight)


def test_a_canary_is_planted_in_every_kind_of_place(flight: Flight) -> None:
    planted = {name for one in flight.objects for name in one.places}
    for kind, alike in kinds(PLACES + UNLISTED).items():
        assert planted.intersection(place.name for place in alike), kind


def test_the_search_finds_a_token_in_every_kind_of_file(flight: Flight, tmp_path: Path) -> None:
    token = sorted(flight.tokens)[0]
    lake = Lake(str(tmp_path))
    lake.prepare()
    row = {"facility_id": token, "submission_id": "F.1", "object_sha256": None, "object_index": 1}
    said = {"name_key": "0", "stage": "decode", "outcome": "decoded", "reason_code": None}
    lake.write_outcomes("decode", "F.1", [{**row, **said, "detail": None}])
    with duckdb.connect(str(tmp_path / "x.duckdb")) as database:
        database.execute(f"create table here as select '{token}' as name")
    (tmp_path / "x.log").write_text(f"said {token.lower()}")
    found = leaks(Flight([], flight.tokens, tmp_path, token))
    assert {"outcomes/decode/facility=F/F.1.parquet", "main.here", "x.log"} < found
    assert "the command's output" in found


def test_what_was_received_is_readable_by_its_owner_only(flight: Flight) -> None:
    received = flight.lake / "received"
    assert received.stat().st_mode & 0o777 == 0o700
    files = [path for path in received.rglob("*") if path.is_file()]
    assert sorted(files) == packs(flight.lake)
    assert sum(pq.read_metadata(path).num_rows for path in files) == len(flight.objects)
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_no_description_shows_a_canary(flight: Flight) -> None:
    for one in flight.objects[::4]:
        assert not _TOKEN.search(describe(one.data)), one.places


def test_no_copy_for_the_registry_holds_a_canary(flight: Flight) -> None:
    key, copied = SiteKey(b"k" * 32), 0
    for one in flight.objects[::3]:
        try:
            copy = deidentify_report(one.data, key)
        except ObjectRefused:
            continue
        copied += 1
        assert not flight.tokens.intersection(_TOKEN.findall(copy.decode("latin-1"))), one.places
    assert copied > 20


@pytest.mark.soak
def test_none_of_ten_thousand_canaries_is_found(tmp_path: Path) -> None:
    made = flown(tmp_path, ALL, 2, facilities=5)
    assert len(made.tokens) >= ALL
    check(made)
