"""Builds a remote lake in one go by dbt, which reads and writes a disk only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from transforms.dbt_build.dbt import Echo
from transforms.dbt_build.unchanged import forget
from transforms.dbt_build.warehouse import WAREHOUSE, build
from transforms.lake.fetched import fetched_lake
from transforms.lake.lake import Lake
from transforms.settings import Settings


def build_whole(
    settings: Settings, echo: Echo, methods: Sequence[str], disclosure_profile: str
) -> dict[str, int]:
    """Build the whole; what models read of a remote lake is fetched first, the results are put."""
    lake = Lake(settings.lake)
    if lake.is_local:
        return build(settings, echo, methods, disclosure_profile, whole=True)
    with fetched_lake(lake) as copy:
        near = replace(settings, lake=copy.url)
        counts = build(near, echo, methods, disclosure_profile, whole=True)
        forget(lake)
        place = ("warehouse", WAREHOUSE)
        lake.put_file(Path(copy.path(*place)), lake.path(*place))
        with lake.writing_many() as write:
            for path in copy.files("marts", "*.parquet"):
                write(lake.path("marts", PurePosixPath(path).name), copy.read_bytes(path))
    return counts
