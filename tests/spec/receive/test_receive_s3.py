"""Object storage that refuses: each 403 has its reason and does not affect other facilities."""

from __future__ import annotations

import io
import traceback
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec
import pytest

from tests.servers.s3 import running_s3
from tests.support.lakes.export_folder import KEYS, Hospital, write_registry
from transforms.errors import FacilityFailed, FacilityUnavailable
from transforms.lake.lake import Lake
from transforms.ledger.entries import check_balance, entries
from transforms.pipeline.all_facilities import ingest_all
from transforms.receive.registry import configured_registry
from transforms.receive.submission import receive_facility
from transforms.receive.visit import place_of
from transforms.settings import Settings

pytestmark = pytest.mark.servers

RECEIVED, UNREADABLE = ("received", None), ("quarantined", "object_unreadable")
DENIED = "AccessDenied"
OF_THE_CREDENTIALS = ("ExpiredToken", "InvalidToken", "SignatureDoesNotMatch")
"""Error codes that S3 returns with 403 or 400 (Amazon S3 API Reference, "Error responses")."""


def zip_bytes(*members: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in members:
            archive.writestr(name, name * 100)
    return data.getvalue()


@dataclass
class Bucket:
    """A hospital's export in object storage, and the requests forbidden there."""

    hospital: Hospital
    name: str
    options: dict[str, Any] = field(default_factory=dict)
    forbidden: dict[str, str] = field(default_factory=dict)

    def forbid(self, name: str, code: str = DENIED) -> None:
        """Answer requests for an object, or without a name for the listing, with this code."""
        self.forbidden[f"{self.name}/{name}".rstrip("/")] = code

    def visit(self) -> list[tuple[str, str | None]]:
        hospital = self.hospital
        settings = hospital.settings
        place = place_of(settings, configured_registry(settings), "H1", self.options)
        receive_facility(settings, hospital.lake, place, KEYS, None)
        return hospital.outcomes()

    def fails(self) -> str:
        """The reason of a visit that fails; a retry does not help."""
        with pytest.raises(FacilityFailed) as caught:
            self.visit()
        assert not isinstance(caught.value, FacilityUnavailable)
        assert "127.0.0.1" not in "".join(traceback.format_exception(caught.value))
        assert self.hospital.pull()["reason_code"] == caught.value.reason.code
        return caught.value.reason.code


@pytest.fixture
def bucket(hospital: Hospital) -> Iterator[Bucket]:
    made = Bucket(hospital, f"hospital-{uuid4().hex}")  # moto keeps buckets as long as it runs
    objects = {
        "out/a.dcm": b"a",
        "out/b.dcm": b"b" * 1000,
        "out/c.zip": zip_bytes("d.dcm", "e.dcm"),
        "out/f.dcm": b"f",
    }
    with running_s3(made.name, objects, made.forbidden) as made.options:
        registry = Path(hospital.settings.lake).parent / "facilities.csv"
        write_registry(registry, {"H1": f"s3://{made.name}/out"})
        hospital.settings = replace(hospital.settings, registry=str(registry))
        yield made


@pytest.mark.parametrize("code", [DENIED, *OF_THE_CREDENTIALS])
def test_a_listing_that_is_forbidden_is_a_failed_authentication(bucket: Bucket, code: str) -> None:
    bucket.forbid("", code)
    assert bucket.fails() == "authentication_failed"
    assert bucket.hospital.lake.submissions("receive") == []


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("out/b.dcm", DENIED, [RECEIVED, UNREADABLE, RECEIVED, RECEIVED, RECEIVED]),
        ("out/b.dcm", "InvalidObjectState", [RECEIVED, UNREADABLE, RECEIVED, RECEIVED, RECEIVED]),
        ("out/c.zip", DENIED, [RECEIVED, RECEIVED, UNREADABLE, RECEIVED]),
    ],
)
def test_an_object_that_is_forbidden_is_unreadable_and_the_others_are_received(
    bucket: Bucket, name: str, code: str, expected: list[tuple[str, str | None]]
) -> None:
    bucket.forbid(name, code)
    assert bucket.visit() == expected
    assert bucket.hospital.pull()["outcome"] == "reached"


def test_a_forbidden_object_is_told_once_and_received_when_it_is_allowed(bucket: Bucket) -> None:
    bucket.forbid("out/a.dcm")
    first = bucket.visit()
    assert first[0] == UNREADABLE
    assert bucket.visit() == first
    bucket.forbidden.clear()
    assert bucket.visit() == [*first, RECEIVED]


@pytest.mark.parametrize("code", OF_THE_CREDENTIALS)
def test_credentials_that_end_between_two_objects_are_no_fault_of_the_objects(
    bucket: Bucket, code: str
) -> None:
    bucket.forbid("out/b.dcm", code)
    assert bucket.fails() == "authentication_failed"
    assert bucket.hospital.outcomes() == []
    assert len(bucket.hospital.lake.journal_files("H1")) == 2, "what has arrived is kept"
    bucket.forbidden.clear()
    assert bucket.visit() == [RECEIVED] * 5


def test_a_manifest_that_is_forbidden_keeps_its_files_waiting(bucket: Bucket) -> None:
    fs = fsspec.filesystem("s3", **bucket.options, skip_instance_cache=True)
    fs.pipe_file(f"{bucket.name}/out/MANIFEST.sha256", b"")
    bucket.forbid("out/MANIFEST.sha256")
    assert bucket.visit() == []
    pull = bucket.hospital.pull()
    assert (pull["reason_code"], pull["files_incomplete"]) == ("delivery_incomplete", 4)


def test_other_facilities_are_unharmed_by_what_is_forbidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    buckets = {f"F00{number}": f"f{number}-{uuid4().hex}" for number in (1, 2, 3)}
    names = list(buckets.values())
    objects = {"out/a.dcm": b"a", "out/b.dcm": b"b"}
    forbidden = {names[0]: DENIED, f"{names[1]}/out/b.dcm": DENIED}
    with ExitStack() as stack:
        for name in names:
            s3 = stack.enter_context(running_s3(name, objects, forbidden))
        monkeypatch.setitem(fsspec.config.conf, "s3", s3)
        write_registry(
            tmp_path / "facilities.csv", {one: f"s3://{name}/out" for one, name in buckets.items()}
        )
        settings = Settings(lake=str(tmp_path / "lake"), registry=str(tmp_path / "facilities.csv"))
        ingested = ingest_all(settings, lambda name, counts: None)
    assert list(ingested.failed) == ["F001"]
    assert ingested.failed["F001"].startswith("F001: authentication_failed")
    lake = Lake(settings.lake)
    found = list(entries(lake))
    check_balance(found)
    assert {one.facility_id: one.received for one in found} == {"F002": 2, "F003": 2}
    refused = [
        row["reason_code"]
        for name in lake.submissions("receive", "F002")
        for row in lake.read_outcomes("receive", name).to_pylist()
    ]
    assert refused == [None, "object_unreadable"]
