"""Statistics and marts of a compacted lake are those of the same lake before, byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.in_process import drlake
from tests.support.lakes.lake_rows import LakeRows, summary
from tests.support.lakes.release_lake import FACILITIES, fill, reports
from tests.support.lakes.small_exports import content
from transforms.dbt_build.warehouse import build
from transforms.lake.lake import Lake
from transforms.settings import Settings

pytestmark = pytest.mark.builds

AS_OF = "2026-06-01"


class Built:
    """A lake that was built before it was compacted: marts and statistics of that build."""

    def __init__(self, lake: Lake) -> None:
        self.lake, self.folder = lake, Path(lake.url)
        self.build()
        self.marts = content(self.folder, "marts")
        self.statistics = content(self.folder, "statistics")

    def build(self, *, whole: bool = False) -> list[str]:
        said: list[str] = []
        build(Settings(lake=self.lake.url), said.append, whole=whole, data_tests=False)
        return said

    def forget(self) -> None:
        """Remove what was computed, so that all is computed again."""
        for name in ("statistics", "marts", "warehouse"):
            shutil.rmtree(self.folder / name)


@pytest.fixture(scope="module")
def compacted(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Twelve facilities; one also a form, statements, and a report that another one sends."""
    lake = Lake(str(tmp_path_factory.mktemp("compacted") / "lake"))
    fill(lake)
    rows = LakeRows(lake)
    sent = rows.submission("H01", reports(40)[:3], refused=["structure_truncated"])
    rows.submission("H02", reports(2)[:2], held="made up")
    rows.submission("H03", reports(1)[:1])
    rows.summaries(summary("H12", period=2025))
    rows.state("H01", "retracted", rows.objects(sent)[0])
    built = Built(lake)
    done = drlake("compact", "--lake", lake.url, "--as-of", AS_OF)
    assert done.returncode == 0, done.stderr
    return built


def test_nothing_is_computed_again(compacted: Built) -> None:
    assert len(compacted.lake.all_compacted()) == len(FACILITIES)
    assert compacted.build()[0] == "statistics: 0 of 12 facilities computed"


def test_statistics_and_marts_computed_again_have_the_same_bytes(compacted: Built) -> None:
    compacted.forget()
    compacted.build()
    assert content(compacted.folder, "statistics") == compacted.statistics
    assert content(compacted.folder, "marts") == compacted.marts


def test_dbt_reads_the_same_rows(compacted: Built) -> None:
    shutil.rmtree(compacted.folder / "marts")
    compacted.build(whole=True)
    assert content(compacted.folder, "marts") == compacted.marts
