"""What several runs may begin at once in an object store: one wins. First the UID key.

The key is a secret given to drlake, never an object there.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import fsspec
import pytest

from tests.servers.s3 import IGNORED, REFUSED, running_lake_store
from tests.support.lakes.lake_rows import summary
from transforms.errors import DrlakeError, UsageError
from transforms.forms.load import Load, write_load
from transforms.lake.lake import Lake
from transforms.lake.pseudonyms import load_pseudonyms
from transforms.settings import Settings
from transforms.tables import FACILITY_SUMMARY

pytestmark = pytest.mark.servers

FIRST_RUNS = 100


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with running_lake_store(monkeypatch) as store:
        yield store.url


def new_key() -> str:
    return secrets.token_hex(32)


def pseudonym(url: str, key: str) -> str:
    """A pseudonym of a run with this key, or why the run is refused."""
    try:
        return load_pseudonyms(Settings(lake=url, uid_key=key), Lake(url)).of("2.25.1")
    except UsageError as error:
        return str(error)


def objects(url: str) -> dict[str, bytes]:
    fs, root = fsspec.core.url_to_fs(url)
    return {path: fs.cat_file(path) for path in fs.find(root)}


def test_of_100_first_runs_with_other_keys_one_key_wins_on_the_s3_mock(url: str) -> None:
    keys = [new_key() for _ in range(FIRST_RUNS)]
    with ThreadPoolExecutor(FIRST_RUNS) as pool:
        said = list(pool.map(lambda key: pseudonym(url, key), keys))
    (winner,) = [key for key, one in zip(keys, said, strict=True) if len(one) == 32]
    assert sum("not the one with which this lake was begun" in one for one in said) == 99
    assert pseudonym(url, winner) == next(one for one in said if len(one) == 32)
    assert not any(key.encode() in data for data in objects(url).values() for key in keys)


def test_100_first_runs_with_one_key_make_equal_pseudonyms_on_the_s3_mock(url: str) -> None:
    key = new_key()
    with ThreadPoolExecutor(FIRST_RUNS) as pool:
        said = set(pool.map(lambda _: pseudonym(url, key), range(FIRST_RUNS)))
    assert [len(one) for one in said] == [32]


def test_without_a_key_a_remote_lake_is_refused_on_the_s3_mock(url: str) -> None:
    with pytest.raises(UsageError, match=r"openssl rand .* DRLAKE_UID_KEY_FILE"):
        load_pseudonyms(Settings(lake=url), Lake(url))
    assert objects(url) == {}


def test_a_key_in_the_bucket_is_named_with_how_to_move_it_on_the_s3_mock(
    url: str, tmp_path: Path
) -> None:
    lake, key, file = Lake(url), new_key(), tmp_path / "uid.key"
    path = lake.path("keys", "uid.key")
    lake.write_bytes(path, key.encode())
    with pytest.raises(UsageError, match=r"Copy it to a file .* delete the object"):
        load_pseudonyms(Settings(lake=url), lake)
    file.write_text(new_key())
    moved = Settings(lake=url, uid_key_file=str(file))
    with pytest.raises(UsageError, match="not the one with which this lake was begun"):
        load_pseudonyms(moved, lake)
    file.write_text(f"{key}\n")
    with pytest.raises(UsageError, match="Delete the object with all its versions"):
        load_pseudonyms(moved, lake)
    lake.remove(path)
    assert load_pseudonyms(moved, lake).of("2.25.1") == pseudonym(url, key)


@pytest.mark.parametrize("conditions", [IGNORED, REFUSED])
def test_a_store_without_conditional_put_is_refused_on_the_s3_mock(
    monkeypatch: pytest.MonkeyPatch, conditions: str
) -> None:
    with running_lake_store(monkeypatch, conditions) as store:
        assert "has no conditional PUT" in pseudonym(store.url, new_key())
        lake = Lake(store.url)
        path = lake.path("statements", "F001.0123456789abcdef.parquet")
        with pytest.raises(UsageError, match="no conditional PUT"):
            lake.write_bytes_once(path, b"a statement")
        assert not lake.exists(path)


def test_of_two_writers_of_one_object_the_first_wins_on_the_s3_mock(url: str) -> None:
    lake = Lake(url)
    path = lake.path("statements", "F001.0123456789abcdef.parquet")
    lake.write_bytes_once(path, b"first")
    lake.write_bytes_once(path, b"second")
    assert lake.read_bytes(path) == b"first"


def test_a_key_is_given_once() -> None:
    both = Settings(lake="lake", uid_key=new_key(), uid_key_file="uid.key")
    with pytest.raises(UsageError, match="not both"):
        load_pseudonyms(both, Lake("lake"))
    assert both.uid_key not in repr(both)


def test_of_two_loads_of_a_form_at_once_one_is_refused_on_the_s3_mock(url: str) -> None:
    lake = Lake(url)

    def load(p50: float) -> Load:
        rows = [summary("F001", p50=p50)]
        path_of = partial(lake.declared_path, FACILITY_SUMMARY)
        return write_load(lake, FACILITY_SUMMARY, rows, "0" * 64, [], path_of)

    assert load(300.0).sequence_number == 1
    with pytest.raises(DrlakeError, match="Another load of this form"):
        load(310.0)
    assert lake.read_rows(lake.declared_path(FACILITY_SUMMARY, 1))[0]["p50"] == 300.0
