"""Errors that stop a release before anything is built, and leave no files behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.support.in_process import drlake
from tests.support.lakes.release_lake import submission
from transforms.cli import __main__ as cli
from transforms.errors import DisclosureError, DrlakeError, LedgerError, UsageError
from transforms.lake.lake import Lake
from transforms.release import make
from transforms.release.files import write_manifest
from transforms.release.frozen import OF_A_RELEASE, check_earlier
from transforms.release.make import make_release
from transforms.settings import Settings


def silent(line: str) -> None:
    """Ignore the progress of a build."""


@pytest.mark.parametrize("deed", ["changed", "removed"])
def test_an_earlier_release_that_was_changed_blocks_the_next(tmp_path: Path, deed: str) -> None:
    submission(Lake(str(tmp_path)), 1)
    earlier = tmp_path / "releases" / "2025-r1"
    for name in OF_A_RELEASE:
        (earlier / name).parent.mkdir(parents=True, exist_ok=True)
        (earlier / name).write_bytes(b"made up")
    for part in ("public", "restricted"):
        write_manifest(earlier / part)
    check_earlier(tmp_path / "releases")
    file = earlier / "restricted" / "contributors.parquet"
    if deed == "changed":
        file.write_bytes(b"another")
    else:
        file.unlink()
    done = drlake("release", "2026", "--lake", tmp_path)
    assert done.returncode == 5
    assert "2025-r1/restricted/contributors.parquet" in done.stderr
    assert [path.name for path in (tmp_path / "releases").iterdir()] == ["2025-r1"]


def test_a_folder_that_is_no_release_is_a_usage_error(tmp_path: Path) -> None:
    done = drlake("verify", tmp_path)
    assert done.returncode == 2
    assert "is not a release" in done.stderr


@pytest.mark.parametrize(("error", "code"), [(DisclosureError, 5), (LedgerError, 4)])
def test_a_build_that_stops_leaves_no_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[DrlakeError], code: int
) -> None:
    def blocked(*_: object, **_how: object) -> None:
        raise error("It stops.")

    monkeypatch.setattr(make, "compute", blocked)
    lake = Lake(str(tmp_path))
    submission(lake, 1)
    done = CliRunner().invoke(cli.app, ["release", "2026", "--lake", str(tmp_path)])
    assert isinstance(done.exception, error)
    assert cli._exit_code(done.exception) == code
    assert not (tmp_path / "releases").exists()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_date_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="2026-11-30"):
        make_release(Settings(lake=str(tmp_path)), 2026, date="30.11.2026", echo=silent)
