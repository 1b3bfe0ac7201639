"""Reference data of an authority replace packaged files in a build."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.dbt_build.reference import reference_folder
from transforms.errors import UsageError
from transforms.lake.lake import Lake
from transforms.reference.files import REFERENCE, reference_rows
from transforms.reference.overlay import OWN, own_files
from transforms.settings import Settings


def test_without_a_folder_nothing_is_replaced() -> None:
    assert own_files("") == {}


def test_a_build_reads_the_file_of_the_authority(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    lines = (REFERENCE / "hard_limits.csv").read_text(encoding="utf-8").splitlines()
    (own / "hard_limits.csv").write_text("\n".join(lines[:2]) + "\n", encoding="utf-8")
    settings = Settings.from_environ({"DRLAKE_OVERLAY": str(own)}, lake=str(tmp_path / "lake"))
    with reference_folder(settings, Lake(settings.lake)) as folder:
        assert len(reference_rows("hard_limits", folder)) == 1
        assert reference_rows("procedures", folder) == reference_rows("procedures")
        assert reference_rows("procedure_rules", folder) == reference_rows("procedure_rules")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("methods.csv", "method_id\n", "cannot be replaced"),
        ("device_statements.csv", "statement_id\n", "cannot be replaced"),
        ("hard_limits.csv", "limit_id,upper\n", "first line of hard_limits.csv"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        own_files(str(tmp_path))


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no folder"):
        own_files(str(tmp_path / "nowhere"))


def test_every_file_that_can_be_replaced_exists() -> None:
    assert [name for name in OWN if not (REFERENCE / name).is_file()] == []
