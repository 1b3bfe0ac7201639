"""A delivery in a zip file: each member is an object; harmful members are refused with a reason."""

from __future__ import annotations

import hashlib
import io
import struct
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.lakes.export_folder import Hospital
from tests.support.lakes.kept_objects import kept
from transforms.ledger.entries import check_balance, entries
from transforms.receive.exports.zip_file import ArchiveLimits, Member, members

MIB = 1024 * 1024
LIMITS = ArchiveLimits(members=1000, unpacked_bytes=64 * MIB, ratio=300, object_bytes=8 * MIB)


def archive(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in files:
            made.writestr(name, data)
    return out.getvalue()


def unpack(data: bytes, limits: ArchiveLimits = LIMITS) -> list[Member]:
    return list(members(io.BytesIO(data), limits, lambda: None))


def reasons(data: bytes, limits: ArchiveLimits = LIMITS) -> list[str | None]:
    return [member.reason_code for member in unpack(data, limits)]


def with_declared_size(data: bytes, size: int) -> bytes:
    """The archive of one member, its unpacked size changed in both headers."""
    changed = bytearray(data)
    struct.pack_into("<L", changed, 22, size)
    struct.pack_into("<L", changed, changed.rindex(b"PK\x01\x02") + 24, size)
    return bytes(changed)


def test_every_member_is_an_object_of_the_submission(hospital: Hospital) -> None:
    data = archive(("a.dcm", b"one"), ("sub/b.dcm", b"two"), ("sub/", b""), ("c.dcm", b"one"))
    (hospital.folder / "delivery.zip").write_bytes(data)
    received = [("received", None), ("received", None), ("duplicate", "duplicate_in_submission")]
    assert hospital.receive() == received
    assert {row["object_bytes"] for row in hospital.rows()} == {3}
    assert len({row["name_key"] for row in hospital.rows()}) == 3
    check_balance(entries(hospital.lake))


def test_an_archive_is_not_read_again(hospital: Hospital) -> None:
    (hospital.folder / "delivery.zip").write_bytes(archive(("a.dcm", b"one")))
    hospital.receive()
    (hospital.folder / "delivery.zip").chmod(0)
    assert hospital.receive() == [("received", None)]


def test_names_of_members_never_become_paths(hospital: Hospital) -> None:
    names = ["../../escaped.dcm", "/escaped.dcm", "..\\escaped.dcm", "a\nb.dcm", "facility=X/a.dcm"]
    data = archive(*((name, name.encode()) for name in names))
    (hospital.folder / "d.ZIP").write_bytes(data)
    assert hospital.receive() == [("received", None)] * len(names)
    assert sorted(kept(Path(hospital.lake.url)).values()) == sorted(map(str.encode, names))
    everywhere = hospital.folder.parent.parent.rglob("*")
    assert not [path for path in everywhere if "escaped" in path.name or "facility=X" in path.name]


def test_an_archive_in_an_archive_is_not_opened() -> None:
    inner = archive(("a.dcm", b"one"))
    data = archive(("inner.zip", inner), ("inner.dcm", inner), ("x.tar.gz", b"x"), ("b.dcm", b"b"))
    assert reasons(data) == ["archive_nested"] * 3 + [None]


def test_an_encrypted_member_is_told_by_its_flag() -> None:
    data = bytearray(archive(("a.dcm", b"one")))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert reasons(bytes(data)) == ["archive_encrypted"]


@pytest.mark.parametrize("cut", [0, 1, 10, 30, 60])
def test_an_archive_cut_short_is_invalid(cut: int) -> None:
    whole = archive(("a.dcm", b"one" * 100))
    assert reasons(whole[: len(whole) - 1 - cut]) == ["archive_invalid"]


def test_a_member_that_fails_its_checksum_costs_itself_only() -> None:
    data = bytearray(archive(("a.dcm", b"first"), ("b.dcm", b"second"), method=zipfile.ZIP_STORED))
    data[data.index(b"first")] ^= 1
    assert reasons(bytes(data)) == ["archive_invalid", None]


def test_an_archive_without_a_file_and_other_methods_are_invalid() -> None:
    assert reasons(archive()) == ["archive_invalid"]
    assert reasons(archive(("a.dcm", b"x"), method=zipfile.ZIP_LZMA)) == ["archive_invalid"]


def test_too_many_members_are_not_unpacked() -> None:
    data = archive(*((f"{n}.dcm", b"x") for n in range(11)))
    assert reasons(data, replace(LIMITS, members=10)) == ["archive_limit"]


def test_a_directory_too_large_for_its_members_is_not_even_read() -> None:
    data = archive(*((f"{n}" * 60, b"x") for n in range(100)))
    assert reasons(data, replace(LIMITS, members=5)) == ["archive_limit"]


def test_more_bytes_than_an_archive_may_hold_are_not_unpacked() -> None:
    data = archive(*((f"{n}.dcm", b"\0" * 10_000) for n in range(11)))
    assert reasons(data, replace(LIMITS, unpacked_bytes=100_000)) == ["archive_limit"]


def test_a_member_larger_than_any_report_is_left_out() -> None:
    noise = hashlib.shake_256(b"noise").digest(3 * MIB)
    data = archive(("large.dcm", noise), ("b.dcm", b"b"))
    assert reasons(data, replace(LIMITS, object_bytes=2 * MIB)) == ["object_too_large", None]


def test_a_bomb_is_told_by_its_ratio_before_it_is_unpacked() -> None:
    assert reasons(archive(("bomb.dcm", b"\0" * (4 * MIB)))) == ["archive_limit"]


def test_a_bomb_that_lies_about_its_size_unpacks_no_more_than_it_says() -> None:
    bomb = with_declared_size(archive(("bomb.dcm", b"\0" * (200 * MIB))), 1000)
    tracemalloc.start()
    assert reasons(bomb) == ["archive_invalid"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * MIB


def test_a_bomb_ends_in_the_ledger(hospital: Hospital) -> None:
    (hospital.folder / "bomb.zip").write_bytes(archive(("bomb.dcm", b"\0" * (8 * MIB))))
    (hospital.folder / "good.zip").write_bytes(archive(("a.dcm", b"one")))
    assert hospital.receive() == [("quarantined", "archive_limit"), ("received", None)]
    assert hospital.receive() == [("quarantined", "archive_limit"), ("received", None)]
    check_balance(entries(hospital.lake))


def test_overlapping_members_cannot_unpack_more_than_the_limit() -> None:
    """Fifield's bomb: many directory entries for the same packed bytes."""
    whole = archive(("a.dcm", b"\0" * (2 * MIB)), ("b.dcm", b"x"))
    start = whole.index(b"PK\x01\x02")
    entry = whole[start : whole.index(b"PK\x01\x02", start + 1)]
    end = bytearray(whole[whole.rindex(b"PK\x05\x06") :])
    struct.pack_into("<HHLL", end, 8, 500, 500, 500 * len(entry), start)
    bomb = whole[:start] + entry * 500 + bytes(end)
    assert reasons(bomb) == ["archive_limit"]
