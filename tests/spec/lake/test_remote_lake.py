"""A lake in an object store gives what the same lake on a disk gives, command by command."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.s3 import LakeStore, running_lake_store
from tests.support.in_process import drlake
from tests.support.lakes.lake_rows import LakeRows, summary
from tests.support.lakes.release_lake import METHOD, fill, reports
from transforms.lake.lake import Lake
from transforms.ledger.statements import retract

pytestmark = [pytest.mark.builds, pytest.mark.servers]


@dataclass(frozen=True)
class Both:
    """The same lake twice: in a folder, and in the bucket of a mock of S3."""

    folder: Path
    store: LakeStore

    def says(self, *arguments: str) -> tuple[str, str]:
        """What a command prints of each lake; the places of the lakes are replaced."""
        local = self.says_of(str(self.folder), *arguments)
        return local, self.says_of(self.store.url, *arguments)

    def says_of(self, lake: str, *arguments: str) -> str:
        """What a command prints of one lake."""
        done = drlake(*arguments, "--lake", lake)
        assert done.returncode == 0, done.stderr
        said = done.stdout.replace(lake, "LAKE").replace(lake.removeprefix("s3://"), "LAKE")
        return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "TIME", said)

    def files(self, *folders: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """The files below some folders of each lake."""
        paths = [path for name in folders for path in sorted((self.folder / name).rglob("*"))]
        local = {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in paths
            if path.is_file()
        }
        return local, self.store.objects(*folders)


def fill_lake(lake: Lake) -> None:
    """Thirteen hospitals, one of which has sent reports of another; a form, a retraction."""
    lake.prepare()
    fill(lake)
    rows = LakeRows(lake)
    rows.submission("H99", reports(1)[:3])
    rows.summaries(summary("H05", period=2024))
    (name,) = lake.submissions("receive", "H02")
    retract(lake, "H02", lake.read_outcomes("receive", name)["object_sha256"][0].as_py(), "phantom")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("both") / "lake"
    with pytest.MonkeyPatch.context() as patched, running_lake_store(patched) as store:
        fill_lake(Lake(str(folder)))
        fill_lake(Lake(store.url))
        yield Both(folder, store)


@pytest.fixture(scope="module")
def built(both: Both) -> Both:
    local, remote = both.says("build", "--method", METHOD)
    assert local == remote
    assert "statistics: 13 of 13 facilities computed" in local
    return both


def test_statistics_have_equal_paths_and_bytes_on_the_s3_mock(built: Both) -> None:
    local, remote = built.files("statistics", "shared")
    assert len([path for path in remote if path.endswith("H99.json")]) == 1
    assert remote == local


def test_marts_have_equal_bytes_on_the_s3_mock(built: Both) -> None:
    local, remote = built.files("marts")
    assert len(remote) > 20
    assert remote == local


def test_the_pointer_is_written_after_all_that_it_names_on_the_s3_mock(built: Both) -> None:
    puts = [one.split("/lake/")[1] for one in built.store.seen if one.startswith("PUT")]
    order = [puts.index(f"statistics/{name}") for name in statistics_of(built)]
    order += [puts.index("warehouse/drl.duckdb"), puts.index("marts/national_drls.parquet")]
    assert max(order[:-2]) < order[-2] < order[-1] < puts.index("statistics/current.json")


def statistics_of(both: Both) -> list[str]:
    text = both.store.objects("statistics/current.json")["statistics/current.json"]
    return [f"{digest}/{name}.json" for name, digest in json.loads(text)["facilities"].items()]


def test_a_build_without_anything_new_writes_nothing_on_the_s3_mock(built: Both) -> None:
    built.store.seen.clear()
    said = built.says_of(built.store.url, "build", "--method", METHOD)
    assert said.startswith("nothing new since the last build")
    assert built.store.requests("/lake/")["PUT"] == 0


def test_one_facility_is_computed_alone_on_the_s3_mock(built: Both) -> None:
    local, remote = built.says("statistics", "H03", "--method", METHOD)
    assert local == remote == "0 of 1 facilities computed\n"


@pytest.fixture(scope="module")
def reported(built: Both) -> Both:
    built.store.seen.clear()
    local, remote = built.says("report", "--method", METHOD, "--language", "en")
    assert local == remote
    return built


def test_reports_have_equal_bytes_on_the_s3_mock(reported: Both) -> None:
    fetched = [one for one in reported.store.seen if "GET" in one and "drl.duckdb" in one]
    assert len(fetched) == 1, "the warehouse is fetched once"
    pages = [
        {path: data for path, data in files.items() if not path.endswith(".duckdb")}
        for files in reported.files("report")
    ]
    assert len(pages[0]) > 15
    assert pages[0] == pages[1]


def test_queries_have_equal_answers_on_the_s3_mock(reported: Both) -> None:
    local, remote = reported.says("sql", "from reference_levels", "--format", "csv")
    assert local == remote
    assert "ct_chest" in local
    local, remote = reported.says("sql", "--restricted", "from marts.attrition", "--format", "csv")
    assert local == remote


@pytest.mark.parametrize("facility_id", ["H02", "H99"])
def test_receipts_and_explanations_are_equal_on_the_s3_mock(built: Both, facility_id: str) -> None:
    local, remote = built.says("receipts", facility_id)
    assert local == remote
    written, objects = built.files("receipts")
    assert objects == written
    (receipt,) = [data for path, data in written.items() if path.endswith(f"{facility_id}.json")]
    sha256 = json.loads(receipt)["objects"][0]["object_sha256"]
    local, remote = built.says("explain", sha256)
    assert local == remote
    assert "not used" in local


def test_a_query_before_the_first_report_is_refused_on_the_s3_mock(built: Both) -> None:
    done = drlake("sql", "from reference_levels", "--lake", f"{built.store.url}-other")
    assert done.returncode == 2
    assert "There is no public.duckdb" in done.stderr
