"""Ingest and validation of a lake in an object store, with worker processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers.s3 import running_lake_store
from tests.support.lakes.small_exports import content, write_small_exports
from tests.support.real_process import real_drlake

pytestmark = [pytest.mark.servers, pytest.mark.slow]

FOLDERS = ("accepted", "decoded", "outcomes", "received", "validated")


def test_an_ingested_lake_has_equal_bytes_on_the_s3_mock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports = write_small_exports(tmp_path)
    monkeypatch.setenv("DRLAKE_UID_KEY_FILE", str(tmp_path / "uid.key"))
    with running_lake_store(monkeypatch) as store:
        for lake in (str(tmp_path / "lake"), store.url):
            for command in (["ingest", "--exports", exports], ["validate"]):
                done = real_drlake(*command, "--lake", lake)  # its workers get the credentials
                assert done.returncode == 0, done.stderr
        assert store.requests("/received/") == {"PUT": 2, "GET": 2}, "a pack of each submission"
        assert store.objects(*FOLDERS) == content(tmp_path / "lake", *FOLDERS)
        assert "keys/uid.key" not in store.objects("keys")
