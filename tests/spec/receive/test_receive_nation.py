"""Eight facilities in one run, six with a fault: nothing is lost, and none delays another.

OpenSSH's own server, hostile SFTP servers made for this, and an S3 server, all on loopback.
"""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec
import pyarrow.parquet as pq
import pydicom
import pytest

from tests.servers.hostile_sftp import ServedFile, hostile_sftp
from tests.servers.s3 import running_s3
from tests.servers.sshd import SSHD, free_port, make_key, public_key, running_sshd
from tests.support.lakes.export_folder import write_registry
from transforms.dicom.reader import ReportReader
from transforms.errors import ObjectRefused
from transforms.lake.lake import Lake
from transforms.lake.pseudonyms import Pseudonyms
from transforms.ledger.entries import check_balance, entries
from transforms.normalise.rows import ObjectKeys
from transforms.pipeline.all_facilities import IngestResult, ingest_all
from transforms.pipeline.decode_job import decode_object
from transforms.sample import write_nation
from transforms.settings import Settings

SECONDS_PER_FACILITY = 12.0
HOSTILE_NAMES = ("a\nb.dcm", 'it\'s "quoted".dcm', "facility=F002", "%2e%2e%2fc.dcm")

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(SSHD is None, reason="openssh-server is not installed"),
]


@dataclass(frozen=True)
class Nation:
    """The lake after the run, its output, and the facilities finished while F003 was still slow."""

    lake: Lake
    ingested: IngestResult
    done_before_the_slow_one: set[str]
    settings: Settings
    reports: list[bytes]

    def pull(self, facility_id: str) -> dict[str, Any]:
        path = self.lake.path("outcomes", "pull", f"{facility_id}.parquet")
        (row,) = pq.ParquetFile(path).read().to_pylist()
        return dict(row)

    def ends(self, facility_id: str) -> list[tuple[str, str | None]]:
        """Outcome and reason of every object at the last stage it reached."""
        last: dict[tuple[str, int], tuple[str, str | None]] = {}
        for stage in ("receive", "decode"):
            for submission_id in self.lake.submissions(stage, facility_id):
                for row in self.lake.read_outcomes(stage, submission_id).to_pylist():
                    key = (submission_id, row["object_index"])
                    last[key] = (row["outcome"], row["reason_code"])
        return sorted(last.values(), key=str)


def reports_that_decode(folder: Path) -> list[list[bytes]]:
    """Reports of the synthetic nation by device, those of the first two devices."""
    write_nation(folder, facilities=3, seed=4, examinations=2)
    found: dict[tuple[str, str, str], list[bytes]] = {}
    reader, keys = ReportReader(), ObjectKeys("F", "F.0", "0")
    for path in sorted(folder.rglob("*.dcm")):
        data = path.read_bytes()
        try:
            decode_object(data, keys, Pseudonyms(b"key"), reader)
        except ObjectRefused:
            continue
        found.setdefault(device(data), []).append(data)
    many = [list(dict.fromkeys(each)) for each in found.values()]
    return [each for each in many if len(each) >= 6][:2]


def device(data: bytes) -> tuple[str, str, str]:
    header = pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True)
    serial = header.get("DeviceSerialNumber", "")
    return str(header.Manufacturer), str(header.ManufacturerModelName), str(serial)


def export(folder: Path, reports: list[bytes]) -> Path:
    folder.mkdir(parents=True)
    for index, data in enumerate(reports):
        (folder / f"{index:03d}.dcm").write_bytes(data)
    return folder


def keep_writing(path: Path, stop: threading.Event) -> None:
    with path.open("ab", buffering=0) as file:
        while not stop.wait(0.05):
            file.write(b"more")


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nation]:
    folder = tmp_path_factory.mktemp("nation")
    reports, others = reports_that_decode(folder / "sample")
    with ExitStack() as stack:
        (folder / "ssh").mkdir()
        sshd = stack.enter_context(running_sshd(folder / "ssh"))
        hostile_key = make_key(folder / "hostile")
        named = {name: ServedFile(reports[i % 6]) for i, name in enumerate(HOSTILE_NAMES)}
        named |= {
            "../../escaped.dcm": ServedFile(reports[5]),
            "/etc/passwd": ServedFile(reports[5]),
        }
        names = stack.enter_context(hostile_sftp(hostile_key, named))
        slow = {"a.dcm": ServedFile(reports[0], seconds_per_byte=0.05)}
        dripping = stack.enter_context(hostile_sftp(hostile_key, slow))
        bucket = {f"out/{i}.dcm": data for i, data in enumerate(reports[:3])}
        s3 = stack.enter_context(running_s3("good", bucket))
        exports = {name: folder / "exports" / name for name in ("F001", "F004", "F006")}
        export(exports["F001"], reports[:2])
        Path(os.fsdecode(os.fsencode(exports["F001"]) + b"/\xe4.dcm")).write_bytes(reports[2])
        (exports["F001"] / "link.dcm").symlink_to(exports["F001"] / "000.dcm")
        (exports["F001"] / "away").symlink_to("/etc")
        writing = export(exports["F004"], reports[:1]) / "growing.dcm"
        stop = threading.Event()
        stack.callback(stop.set)
        threading.Thread(target=keep_writing, args=(writing, stop), daemon=True).start()
        export(exports["F006"], [reports[0], *others[:2]])
        urls = {
            "F001": sshd.url(exports["F001"]),
            "F002": f"sftp://127.0.0.1:{free_port()}/out",
            "F003": dripping.url,
            "F004": sshd.url(exports["F004"]),
            "F005": names.url,
            "F006": sshd.url(exports["F006"]),
            "F007": sshd.url(exports["F001"], sshd.ports[1]),
            "F008": "s3://good/out",
        }
        registry = folder / "facilities.csv"
        write_registry(registry, urls, {"F001": "|".join(device(others[0]))})
        pins = [f"[127.0.0.1]:{sshd.ports[0]} {sshd.host_key}"]
        pins += [f"[127.0.0.1]:{one.port} {public_key(hostile_key)}" for one in (names, dripping)]
        pins.append(f"[127.0.0.1]:{sshd.ports[1]} {public_key(hostile_key)}")
        (folder / "known_hosts").write_text("\n".join(pins) + "\n")
        ssh = {"known_hosts": str(folder / "known_hosts"), "key_filename": sshd.client_key}
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setitem(fsspec.config.conf, "sftp", ssh)
        patch.setitem(fsspec.config.conf, "s3", s3)
        settings = Settings(
            lake=str(folder / "lake"),
            registry=str(registry),
            seconds_per_facility=SECONDS_PER_FACILITY,
        )
        slow, early = folder / "lake" / "outcomes" / "pull" / "F003.parquet", set()

        def tell(facility_id: str, counts: dict[str, int]) -> None:
            if not slow.exists():
                early.add(facility_id)

        ingested = ingest_all(settings, tell)
        yield Nation(Lake(settings.lake), ingested, early, settings, reports)


DECODED = ("decoded", None)


def test_the_good_facilities_are_received_and_decoded_in_the_same_run(nation: Nation) -> None:
    link = ("quarantined", "object_unreadable")
    assert nation.ends("F001") == [DECODED] * 3 + [link] * 2
    assert nation.ends("F008") == [DECODED] * 3
    assert nation.pull("F001")["outcome"] == nation.pull("F008")["outcome"] == "reached"


@pytest.mark.parametrize(
    ("facility_id", "reason"),
    [
        ("F002", "facility_unreachable"),
        ("F003", "facility_too_slow"),
        ("F007", "host_key_mismatch"),
    ],
)
def test_a_facility_that_cannot_be_visited_ends_in_its_reason(
    nation: Nation, facility_id: str, reason: str
) -> None:
    pull = nation.pull(facility_id)
    assert (pull["outcome"], pull["reason_code"]) == ("failed", reason)
    assert reason in nation.ingested.failed[facility_id]
    assert nation.ends(facility_id) == []


def test_only_those_that_cannot_be_visited_fail(nation: Nation) -> None:
    assert set(nation.ingested.failed) == {"F002", "F003", "F007"}


def test_a_file_that_is_still_written_waits_and_the_others_are_taken(nation: Nation) -> None:
    assert nation.ends("F004") == [DECODED]
    pull = nation.pull("F004")
    assert (pull["outcome"], pull["reason_code"]) == ("reached", "delivery_incomplete")
    assert (pull["files_listed"], pull["files_received"], pull["files_incomplete"]) == (2, 1, 1)


def test_odd_names_are_received_and_names_that_are_paths_are_refused(nation: Nation) -> None:
    refused = ("quarantined", "object_name_unsafe")
    assert nation.ends("F005") == [DECODED] * len(HOSTILE_NAMES) + [refused] * 2


def test_no_name_of_a_facility_stands_on_our_disk_or_in_the_lake(nation: Nation) -> None:
    root = Path(nation.lake.url)
    words = [*HOSTILE_NAMES, "escaped", "passwd", "growing", "out/"]
    for path in root.rglob("*"):
        assert not [word for word in words if word in str(path.relative_to(root))]
        if path.suffix == ".parquet":
            cells = [str(list(row.values())) for row in pq.ParquetFile(path).read().to_pylist()]
            assert not [word for word in words for cell in cells if word in cell], path
    assert not [*root.parent.rglob("*escaped*")]


def test_a_device_of_another_facility_is_refused(nation: Nation) -> None:
    foreign = ("quarantined", "device_of_another_facility")
    assert nation.ends("F006") == [DECODED, foreign, foreign]


def test_the_ledger_balances(nation: Nation) -> None:
    found = list(entries(nation.lake))
    check_balance(found)
    assert {one.facility_id for one in found} == {"F001", "F004", "F005", "F006", "F008"}


def test_one_slow_facility_delays_no_other(nation: Nation) -> None:
    assert nation.pull("F003")["reason_code"] == "facility_too_slow"
    assert nation.done_before_the_slow_one == {"F001", "F004", "F005", "F006", "F008"}


def test_a_second_run_receives_nothing_twice(nation: Nation) -> None:
    before = nation.lake.submissions("receive")
    (Path(nation.settings.registry)).write_text(
        "\n".join(
            line
            for line in Path(nation.settings.registry).read_text().splitlines()
            if not line.startswith("F003")
        )
    )
    again = ingest_all(nation.settings, lambda name, counts: None)
    assert set(again.failed) == {"F002", "F007"}
    assert nation.lake.submissions("receive") == before
