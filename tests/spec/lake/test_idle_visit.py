"""A visit to a facility that has sent nothing new costs the same after any history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from expectations.validate import validate_new
from tests.bench.long_history import History, write_history
from tests.servers.s3 import LakeStore, running_lake_store
from tests.support.lakes.export_folder import KEYS
from transforms.lake.compaction import compact_lake
from transforms.lake.lake import Lake
from transforms.receive.submission import receive_facility
from transforms.receive.visit import place_of
from transforms.settings import Settings
from transforms.statistics.inputs import lake_inputs, places_of
from transforms.statistics.models import FacilityModels

pytestmark = [pytest.mark.servers, pytest.mark.slow]

HISTORIES = {"F001": 4, "F002": 24}
"""Days of submissions; those of F002 are of two years."""


@dataclass
class Visited:
    """A store with the lake, and the exports."""

    store: LakeStore
    exports: str


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visited]:
    """Two facilities, visited once, with exports on this disk."""
    with pytest.MonkeyPatch.context() as patched, running_lake_store(patched) as made:
        exports = tmp_path_factory.mktemp("exports")
        lake = Lake(made.url)
        lake.prepare()
        for facility_id, days in HISTORIES.items():
            size = History(days, objects=2, events=1, days_in_export=3)
            write_history(lake, facility_id, exports / facility_id, KEYS, size)
        both = Visited(made, str(exports))
        for facility_id in HISTORIES:
            visit(both, facility_id)
        yield both


def visit(visited: Visited, facility_id: str) -> list[str]:
    """Receive, look for what is to be decoded and validated; returns the requests."""
    store = visited.store
    settings = Settings(lake=store.url, exports=visited.exports, second_look_seconds=0.01)
    lake = Lake(store.url)
    store.seen.clear()
    assert receive_facility(settings, lake, place_of(settings, None, facility_id), KEYS, None) == []
    assert lake.waiting_submissions("decode", facility_id) == []
    assert validate_new(lake, facility_id, as_of=History().last_day) == []
    return list(store.seen)


def inputs(visited: Visited, facility_id: str) -> list[str]:
    """List what the statistics read; returns the requests."""
    store = visited.store
    store.seen.clear()
    lake_inputs(Lake(store.url), FacilityModels({}).tables, facility_ids=[facility_id])
    return list(store.seen)


def test_a_visit_takes_at_most_12_requests_on_the_s3_mock(visited: Visited) -> None:
    assert len(visit(visited, "F001")) == len(visit(visited, "F002")) <= 12


def test_statistics_that_are_known_read_no_file_on_the_s3_mock(visited: Visited) -> None:
    for facility_id in HISTORIES:
        inputs(visited, facility_id)
    n_places = len({one for table in FacilityModels({}).tables for one in places_of(table)})
    for facility_id in HISTORIES:
        assert len(inputs(visited, facility_id)) <= 2 * n_places + 1


def test_a_compacted_facility_takes_few_requests_more_on_the_s3_mock(visited: Visited) -> None:
    lake = Lake(visited.store.url)
    digest = lake_inputs(lake, FacilityModels({}).tables).facilities["F002"].digest
    done = compact_lake(lake, History().last_day.replace(year=2028), ["F002"])
    assert done.submissions == HISTORIES["F002"]
    visit(visited, "F002")
    assert len(visit(visited, "F002")) <= 20
    assert lake_inputs(lake, FacilityModels({}).tables).facilities["F002"].digest == digest
