"""A remote export: pinned host key, limits of time and size, resumed where it was interrupted."""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import fsspec
import pytest

from tests.servers.hostile_sftp import Hostile, ServedFile, hostile_sftp
from tests.servers.s3 import running_s3
from tests.servers.sshd import make_key, public_key
from tests.support.lakes.export_folder import KEYS, Hospital
from tests.support.lakes.kept_objects import kept
from transforms.errors import FacilityFailed, FacilityUnavailable
from transforms.receive.exports import sftp
from transforms.receive.exports.location import Clock, Place
from transforms.receive.registry import configured_registry
from transforms.receive.submission import receive_facility
from transforms.receive.visit import place_of
from transforms.settings import Settings

pytestmark = pytest.mark.servers

REGISTRY = """facility_id,name,country,region,facility_type,export_url,cadence,contact,devices,\
allows,since,until
H1,Hospital,SE,North,hospital,{url},daily,dose@hospital.example,,,2025-01-01,
"""


def place(settings: Settings, options: dict[str, Any], facility_id: str = "H1") -> Place:
    return place_of(settings, configured_registry(settings), facility_id, options)


@dataclass
class Far:
    """A hospital behind a hostile SFTP server."""

    hospital: Hospital
    server: Hostile
    options: dict[str, Any]

    def receive(self, **changed: Any) -> list[tuple[str, str | None]]:
        """Visit once, with the settings changed as given."""
        given = {"second_look_seconds": 0.01, **changed}
        settings = replace(self.hospital.settings, **given)
        lake, slept = self.hospital.lake, Clock(sleep=lambda seconds: None)
        receive_facility(settings, lake, place(settings, self.options), KEYS, None, slept)
        return self.hospital.outcomes()

    def fails(self, **changed: Any) -> str:
        """The reason of a visit that fails, which must be in the lake too."""
        with pytest.raises(FacilityFailed) as caught:
            self.receive(**changed)
        assert self.hospital.pull()["outcome"] == "failed"
        code = str(self.hospital.pull()["reason_code"])
        assert caught.value.reason.code == code
        assert "127.0.0.1" not in str(caught.value)
        return code


@pytest.fixture
def far(hospital: Hospital, tmp_path: Path) -> Iterator[Far]:
    host, client = make_key(tmp_path / "host"), make_key(tmp_path / "client")
    with hostile_sftp(host, {}) as server:
        registry = tmp_path / "facilities.csv"
        registry.write_text(REGISTRY.format(url=server.url))
        hospital.settings = replace(hospital.settings, registry=str(registry))
        options = {"host_key": public_key(host), "key_filename": str(client)}
        yield Far(hospital, server, options)


def objects(number: int) -> dict[str, ServedFile]:
    return {f"{index:04d}.dcm": ServedFile(b"object %d" % index) for index in range(number)}


def test_what_was_received_before_the_line_broke_is_not_fetched_again(far: Far) -> None:
    far.server.files = objects(25)
    far.server.drop_after_opens = 10
    assert far.fails(pull_attempts=1) == "facility_failed"
    assert far.hospital.lake.submissions("receive") == []
    modes = {Path(path).stat().st_mode & 0o777 for path in far.hospital.lake.journal_files("H1")}
    assert modes == {0o600, 0o644}, "the bytes are readable by their owner only"
    assert far.receive() == [("received", None)] * 25
    assert len(far.server.opened) == len(set(far.server.opened)) + 1, "the cut one, twice"
    assert far.hospital.lake.journal_files("H1") == []


@pytest.mark.parametrize("lose", [Path.unlink, lambda path: os.truncate(path, 1)])
def test_what_the_journal_names_and_the_lake_has_lost_is_fetched_again(
    far: Far, lose: Callable[[Path], None]
) -> None:
    far.server.files = objects(3)
    far.server.drop_after_opens = 2
    far.fails(pull_attempts=1)
    (spool,) = Path(far.hospital.lake.path("journal", "H1")).glob("*.spool")
    lose(spool)
    assert far.receive() == [("received", None)] * 3
    assert len(kept(Path(far.hospital.lake.url))) == 3


def test_eight_visits_at_once_leave_what_one_leaves(far: Far) -> None:
    far.server.files = objects(30)
    errors: list[BaseException] = []

    def visit() -> None:
        try:
            far.receive(seconds_per_facility=60.0)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert far.hospital.outcomes() == [("received", None)] * 30
    assert far.hospital.lake.journal_files("H1") == []


def test_a_broken_line_is_tried_again_within_the_visit(far: Far) -> None:
    far.server.files = objects(5)
    far.server.drop_after_opens = 3
    assert far.receive() == [("received", None)] * 5


def test_the_outcomes_after_a_cut_are_those_of_an_undisturbed_visit(far: Far) -> None:
    far.server.files = objects(9)
    far.server.drop_after_opens = 4
    far.fails(pull_attempts=1)
    cut = far.receive(), far.hospital.rows()
    other = replace(far.hospital, lake=replace(far.hospital.lake, url=f"{far.hospital.lake.url}2"))
    other.lake.prepare()
    assert (Far(other, far.server, far.options).receive(), other.rows()) == cut


def test_what_stands_still_is_asked_for_once(far: Far) -> None:
    far.server.files = objects(3)
    far.receive()
    far.server.files |= {"new.dcm": ServedFile(b"new")}
    assert far.receive() == [("received", None)] * 4
    assert sorted(far.server.opened) == ["0000.dcm", "0001.dcm", "0002.dcm", "new.dcm"]


@pytest.mark.parametrize("pin", ["other", "none"])
def test_a_server_whose_key_is_not_the_pinned_one_gets_no_login(
    far: Far, tmp_path: Path, pin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    far.options["host_key"] = public_key(make_key(tmp_path / "other")) if pin == "other" else ""
    assert far.fails() == "host_key_mismatch"
    assert not far.server.transports[-1].is_authenticated()


def test_a_key_that_is_not_there_is_an_authentication_failure(far: Far) -> None:
    far.options["key_filename"] = "/nowhere/key"
    assert far.fails() == "authentication_failed"


def test_a_password_is_never_sent(far: Far) -> None:
    far.server.files = objects(1)
    far.options |= {"password": "hunter2", "key_filename": "/nowhere/key"}
    assert far.fails() == "authentication_failed"


def test_failures_that_a_person_must_mend_are_told_from_those_that_pass(far: Far) -> None:
    far.server.stop()
    with pytest.raises(FacilityUnavailable):
        far.receive()
    assert far.hospital.pull()["reason_code"] == "facility_unreachable"


def test_a_file_larger_than_it_says_is_cut_at_the_limit(far: Far) -> None:
    far.server.files = {"a.dcm": ServedFile(b"x" * 300_000, size=100)}
    assert far.receive(maximum_object_bytes=1000) == [("quarantined", "object_too_large")]


def test_a_size_that_is_a_lie_costs_nothing_where_the_file_stands_still(far: Far) -> None:
    far.server.files = {
        "a.dcm": ServedFile(b"x" * 300, size=100),
        "b.dcm": ServedFile(b"y", size=500),
    }
    assert far.receive() == [("received", None)] * 2
    assert [row["object_bytes"] for row in far.hospital.rows()] == [300, 1]


@pytest.mark.parametrize("number", [sftp.FEW_FILES, sftp.FEW_FILES + 1])
def test_files_that_grow_wait_however_many_they_are(far: Far, number: int) -> None:
    far.server.files = objects(number)
    grown = ServedFile(b"and still more")

    def grow(seconds: float) -> None:
        far.server.files["0001.dcm"] = grown

    clock = Clock(sleep=grow)
    settings, lake = far.hospital.settings, far.hospital.lake
    receive_facility(settings, lake, place(settings, far.options), KEYS, None, clock)
    assert far.hospital.outcomes() == [("received", None)] * (number - 1)
    assert far.hospital.pull()["files_incomplete"] == 1


def test_more_files_than_the_limit_are_not_taken(far: Far) -> None:
    far.server.files = objects(11)
    assert far.fails(maximum_files=10) == "listing_too_large"
    assert far.server.opened == []


def test_links_and_devices_are_never_opened(far: Far) -> None:
    modes = {"link": stat.S_IFLNK, "pipe": stat.S_IFIFO, "disk": stat.S_IFBLK}
    far.server.files = {name: ServedFile(b"x", mode=mode | 0o644) for name, mode in modes.items()}
    assert far.receive() == [("quarantined", "object_unreadable")] * 3
    assert far.receive() == [("quarantined", "object_unreadable")] * 3, "told once"
    assert far.server.opened == []


def test_a_server_that_accepts_and_says_nothing_is_cut_at_the_deadline(
    far: Far, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hostile, "serve", lambda self: threading.Event().wait(0))
    far.server.stop()
    with hostile_sftp(Path(far.options["key_filename"]), {}) as silent:
        registry = Path(far.hospital.settings.registry)
        registry.write_text(REGISTRY.format(url=silent.url))
        begun = time.monotonic()
        assert far.fails(seconds_per_facility=1.0) == "facility_too_slow"
        assert time.monotonic() - begun < 5


def test_an_object_store_is_read_from_its_listing_to_the_last_byte(
    hospital: Hospital, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = {"out/a.dcm": b"a", "out/sub/b.dcm": b"b" * 1000, "out/c.part": b"c", "out/e": b""}
    bucket |= {"out/": b"", "out/sub/": b"", "elsewhere/x.dcm": b"x"}  # as S3's page makes folders
    with running_s3("hospital", bucket) as options:
        registry = tmp_path / "facilities.csv"
        registry.write_text(REGISTRY.format(url="s3://hospital/out"))
        settings = replace(hospital.settings, registry=str(registry), maximum_object_bytes=999)
        receive_facility(settings, hospital.lake, place(settings, options), KEYS, None)
        expected = [
            ("received", None),
            ("quarantined", "object_empty"),
            ("quarantined", "object_too_large"),
        ]
        assert hospital.outcomes() == expected
        assert hospital.pull()["files_ignored"] == 1
    with pytest.raises(FacilityUnavailable):
        receive_facility(settings, hospital.lake, place(settings, options), KEYS, None)
    assert hospital.pull()["reason_code"] == "facility_unreachable"
    assert fsspec.config.conf.get("s3", {}) == {}


def test_a_facility_that_the_registry_does_not_know_is_no_place(far: Far) -> None:
    with pytest.raises(Exception, match="is not in the facility registry"):
        place(far.hospital.settings, {}, "H2")


def test_nothing_that_a_server_says_is_logged(far: Far, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    far.server.files = {"Doe^Jane.dcm": ServedFile(b"x")}
    far.receive()
    far.options["host_key"] = public_key(Path(far.options["key_filename"]))
    far.fails()
    said = [one for one in caplog.records if one.threadName == "MainThread"]
    assert not [one for one in said if "Jane" in one.getMessage()]
    assert not [one for one in caplog.records if "remote_sftp" in one.name]
