"""How many requests a remote lake costs: the received objects of a submission one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.s3 import LakeStore, running_lake_store
from tests.support.lakes.export_folder import KEYS
from transforms.errors import DrlakeError
from transforms.lake.lake import ZONES, Lake
from transforms.lake.packs import Pack
from transforms.lake.received import keep_objects, local_pack, read_object
from transforms.lake.spools import Spool, Spools
from transforms.pipeline.upgrade_objects import Packed, pack_loose_objects
from transforms.receive.fetch_job import ReceivedObject
from transforms.receive.journal import Journal
from transforms.receive.submission import receive_facility
from transforms.receive.visit import place_of
from transforms.settings import Settings

pytestmark = pytest.mark.servers

OBJECTS = {hashlib.sha256(b"%d" % number).hexdigest(): b"%d" % number for number in range(60)}
N_TABLES = sum(map(len, ZONES.values())) + 6
"""Tables with an empty file: those of the zones, of four stages, statements and summaries."""


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[LakeStore]:
    with running_lake_store(monkeypatch) as made:
        yield made


def test_a_pack_is_kept_and_read_with_one_request_each_on_the_s3_mock(
    store: LakeStore, tmp_path: Path
) -> None:
    lake = Lake(store.url)
    keep_objects(lake, "F001.a", tmp_path, OBJECTS.items())
    assert store.requests("/received/") == {"PUT": 1}
    pack = Pack(local_pack(lake, "F001.a.r1", tmp_path))
    assert {sha256: pack.read(sha256) for sha256 in OBJECTS} == OBJECTS
    assert store.requests("/received/") == {"PUT": 1, "GET": 1}
    with pytest.raises(DrlakeError, match=r"F001\.b\.parquet is lost\. Restore it"):
        local_pack(lake, "F001.b", tmp_path)


def test_a_pack_that_cannot_be_stored_is_an_error_on_the_s3_mock(
    store: LakeStore, tmp_path: Path
) -> None:
    lake = Lake(f"{store.url.removesuffix('/lake')}-missing/lake")
    with pytest.raises(FileNotFoundError):
        keep_objects(lake, "F001.a", tmp_path, OBJECTS.items())


def test_a_visit_looks_for_no_object_and_lists_little_on_the_s3_mock(
    store: LakeStore, tmp_path: Path
) -> None:
    exports = tmp_path / "exports"
    (exports / "F001").mkdir(parents=True)
    for sha256, data in OBJECTS.items():
        (exports / "F001" / f"{sha256}.dcm").write_bytes(data)
    settings = Settings(lake=store.url, exports=str(exports), second_look_seconds=0.01)
    lake, place = Lake(store.url), place_of(settings, None, "F001")
    (submission,) = receive_facility(settings, lake, place, KEYS, None)
    assert store.requests("/received/") == {"PUT": 1}
    assert lake.read_outcomes("receive", submission).num_rows == len(OBJECTS)
    store.seen.clear()
    assert receive_facility(settings, lake, place, KEYS, None) == []
    assert store.requests("/received/") == {}
    assert len(store.seen) <= 6, "two listings, outcomes read, the pull written, the journal twice"


def test_a_lake_is_prepared_with_two_rounds_of_requests_on_the_s3_mock(store: LakeStore) -> None:
    lake = Lake(store.url)
    lake.prepare()
    assert store.requests("/lake/") == {"GET": N_TABLES + 2, "PUT": N_TABLES + 1}, "and lake.json"
    before = store.objects()
    store.seen.clear()
    lake.prepare()
    assert store.requests("/lake/") == {"GET": N_TABLES + 1}
    assert store.objects() == before


def test_a_file_that_is_missing_among_many_is_named_on_the_s3_mock(store: LakeStore) -> None:
    lake = Lake(store.url)
    paths = [lake.path("a"), lake.path("b")]
    lake.write_bytes(paths[0], b"a")
    assert dict(lake.read_found(paths)) == {paths[0]: b"a", paths[1]: None}
    with pytest.raises(FileNotFoundError, match="lake/b"):
        list(lake.read_many(paths))


def test_the_journal_keeps_the_bytes_of_a_batch_in_one_object_on_the_s3_mock(
    store: LakeStore, tmp_path: Path
) -> None:
    journal, spools = Journal(Lake(store.url), "F001"), Spools(tmp_path)
    spool = Spool(spools.new_path())
    for sha256, data in OBJECTS.items():
        spool.add(sha256, data)
    received = [ReceivedObject("n", one, None, None, f"s{one}", 1) for one in OBJECTS]
    journal.keep(received, spool.close())
    assert store.requests("/journal/") == {"PUT": 2}, "the bytes, then the note"
    (tmp_path / "later").mkdir()
    later = Spools(tmp_path / "later")
    assert [one for each in journal.load(later).values() for one in each] == received
    assert dict(later.read(OBJECTS)) == OBJECTS
    journal.clear()
    assert store.objects("journal") == {}


def test_an_upgrade_puts_the_objects_of_a_facility_into_packs_on_the_s3_mock(
    store: LakeStore,
) -> None:
    lake = Lake(store.url)
    for sha256, data in OBJECTS.items():
        lake.write_bytes(lake.path("received", "F001", f"{sha256}.dcm"), data)
    rows = [
        {"facility_id": "F001", "submission_id": "F001.a", "object_sha256": sha256, "name_key": "n"}
        | {"object_index": index, "stage": "receive", "outcome": "received"}
        for index, sha256 in enumerate(OBJECTS, start=1)
    ]
    lake.write_outcomes("receive", "F001.a", rows)
    assert pack_loose_objects(lake) == Packed(n_packed=len(OBJECTS))
    assert list(store.objects("received")) == ["received/facility=F001/F001.a.parquet"]
    assert read_object(lake, list(OBJECTS)[7]) == b"7"
