"""Lake and exports that are not apart are refused; what no facility accounts for is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.in_process import drlake
from tests.support.lakes.export_folder import write_registry
from transforms.errors import UsageError
from transforms.receive.layout import check_apart, export_notes
from transforms.receive.registry import load_registry
from transforms.receive.visit import facilities, place_of
from transforms.settings import Settings


def settings_of(lake: Path | str, exports: Path | str = "", registry: str = "") -> Settings:
    return Settings(lake=str(lake), exports=str(exports), registry=registry)


def file(path: Path, text: str = "not DICOM") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("lake", "exports", "problem"),
    [
        ("T/lake", "T", "is inside the exports folder"),
        ("T/.lake", "T", "is inside the exports folder"),
        ("T/declared/lake", "T", "is inside the exports folder"),
        ("T/../T/lake", "T/", "is inside the exports folder"),
        ("T", "T/exports", "contains the exports folder"),
        ("T", "T", "are the same folder"),
        ("linked/lake", "T", "is inside the exports folder"),
    ],
)
def test_a_lake_that_is_not_apart_from_the_exports_is_refused(
    tmp_path: Path, lake: str, exports: str, problem: str
) -> None:
    file(tmp_path / "T" / "exports" / "F001" / "a.dcm")
    (tmp_path / "linked").symlink_to(tmp_path / "T")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match=problem):
        facilities(settings_of(f"{tmp_path}/{lake}", f"{tmp_path}/{exports}"), None)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("lake", "exports"),
    [("s3://bucket/nation/lake", "s3://bucket/nation"), ("s3://bucket", "s3://bucket/exports/")],
)
def test_the_same_holds_in_an_object_store(lake: str, exports: str) -> None:
    with pytest.raises(UsageError, match="Choose two folders"):
        check_apart(lake, exports)
    check_apart("s3://bucket/lake", "s3://bucket/lakes")
    check_apart("s3://bucket/lake", "s3://other/lake/exports")


def test_the_export_of_one_facility_is_checked_too(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    file(lake / "received" / "a.dcm")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "F001").symlink_to(lake / "received")
    with pytest.raises(UsageError, match="contains the export of F001"):
        place_of(settings_of(lake, tmp_path / "exports"), None, "F001")
    write_registry(tmp_path / "facilities.csv", {"F002": f"file://{tmp_path}"})
    registered = load_registry(tmp_path / "facilities.csv")
    with pytest.raises(UsageError, match="is inside the export of F002"):
        place_of(settings_of(lake, registry=str(tmp_path / "facilities.csv")), registered, "F002")


def test_files_folders_and_depths_without_a_facility_are_named(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    for name in ("F001/a.dcm", "F002/2025/11/a.dcm", "F003/CT/a.dcm", "F003/MG/a.dcm"):
        file(exports / name)
    for name in ("North/F004/a.dcm", "North/F005/a.dcm", "Doe^Jane.dcm", "b.zip"):
        file(exports / name)
    for name in ("facilities.csv", ".DS_Store", "declared/device.csv"):
        file(exports / name)
    (exports / "F006" / "2025").mkdir(parents=True)
    assert export_notes(settings_of(tmp_path / "lake", exports), None) == [
        f"Files in the exports folder {exports} outside any facility folder: 2. drlake does not "
        "receive them. Move each into the folder of its facility.",
        "F006: the folder is empty. Ask the facility for its reports, or remove the folder.",
        "North: the folder contains only folders (2). Their files count as files of North. If "
        f"they are facilities, they are one level too deep: give --exports {exports}/North.",
    ]


def test_an_empty_folder_of_a_registered_facility_is_named(tmp_path: Path) -> None:
    file(tmp_path / "exports" / "F001" / "a.dcm")
    (tmp_path / "exports" / "F002").mkdir()
    urls = {name: f"file://{tmp_path}/exports/{name}" for name in ("F001", "F002")}
    write_registry(tmp_path / "facilities.csv", {**urls, "F003": "s3://bucket/F003"})
    registered = load_registry(tmp_path / "facilities.csv")
    (note,) = export_notes(settings_of(tmp_path / "lake"), registered)
    assert note.startswith("F002: the folder is empty.")


def test_ingest_refuses_before_it_writes_and_prints_the_notes(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    file(exports / "F001" / "text.dcm")
    file(exports / "loose.dcm")
    refused = drlake("ingest", "--exports", exports, "--lake", exports / "lake")
    assert (refused.returncode, (exports / "lake").exists()) == (2, False)
    assert "is inside the exports folder" in refused.stderr
    done = drlake("ingest", "--exports", exports, "--lake", tmp_path / "lake")
    assert done.returncode == 0
    assert "outside any facility folder: 1." in done.stderr
    run = drlake("run", "--exports", exports, "--lake", exports / "lake")
    assert (run.returncode, (exports / "lake").exists()) == (2, False)
