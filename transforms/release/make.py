"""`drlake release`: freezes the data, computes the release, and names it in one step."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from transforms.dbt_build.dbt import Echo
from transforms.errors import UsageError
from transforms.lake.lake import Lake
from transforms.ledger.entries import check_balance, entries
from transforms.reference.disclosure_profiles import STRICT, checked_profile
from transforms.reference.methods import checked_methods
from transforms.release import frozen as freezer
from transforms.release.compute import compute, write_recipe
from transforms.release.files import RESTRICTED, copy, write_manifest
from transforms.release.recipe import Recipe, checked_date, reference_digests, versions
from transforms.settings import Settings

YEARS = range(2000, 2100)


def make_release(
    settings: Settings,
    year: int,
    *,
    profile: str = STRICT,
    methods: Sequence[str] = (),
    note: str = "",
    date: str = "",
    echo: Echo = print,
) -> Path:
    """Make `<lake>/releases/<year>-r<N>`, N after the last one; returns its folder.

    Raises LedgerError where the ledger does not balance and DisclosureError where disclosure
    control blocks; `releases` is then unchanged.
    """
    lake = Lake(settings.lake)
    releases = Path(lake.local_root()) / "releases"
    if year not in YEARS:
        raise UsageError(f"{year} is not a valid year. Give one like 2026.")
    asked = (checked_profile(profile), checked_methods(methods), note, checked_date(date))
    lake.prepare()
    check_balance(entries(lake))
    with lake.lock("releases"), lake.temporary_folder("release") as temporary:
        freezer.check_earlier(releases)
        folder = temporary / "release"
        restricted = folder / RESTRICTED
        restricted.mkdir(parents=True, mode=0o700)
        with lake.flush_at_end():
            freezer.freeze(settings, restricted)
            recipe = _recipe(releases, restricted, year, *asked)
            _compute(settings, recipe, folder, temporary / "scratch", echo)
        releases.mkdir(exist_ok=True)
        return folder.rename(releases / recipe.release_id)


def _compute(settings: Settings, recipe: Recipe, folder: Path, scratch: Path, echo: Echo) -> None:
    """Compute the release from the frozen set in its folder, and list all files."""
    restricted = folder / RESTRICTED
    frozen = restricted / freezer.FROZEN
    scratch.mkdir()
    write_recipe(recipe, restricted)
    try:
        compute(recipe, frozen, folder, scratch, settings.threads, echo, whole=False)
    finally:
        _keep_log(scratch, Path(Lake(settings.lake).local_root()))
    write_manifest(restricted)


def _keep_log(scratch: Path, root: Path) -> None:
    """Keep dbt's log where the message about a failed build says it is."""
    log = Path("warehouse") / "dbt" / "logs" / "dbt.log"
    if (scratch / log).is_file():
        copy(scratch / log, root / log)


def _recipe(
    releases: Path,
    restricted: Path,
    year: int,
    profile: str,
    methods: tuple[str, ...],
    note: str,
    date: str,
) -> Recipe:
    before = [path.name for path in freezer.releases_before(releases)]
    last = max((n for y, n in map(freezer.release_order, before) if y == year), default=0)
    listed = (restricted / freezer.LISTED).read_bytes()
    return Recipe(
        release_id=f"{year}-r{last + 1}",
        year=year,
        profile=profile,
        methods=methods,
        note=" ".join(note.split()),
        date=date,
        previous=before[-1] if before else "",
        versions=versions(),
        digests={
            freezer.LISTED: hashlib.sha256(listed).hexdigest(),
            **reference_digests(restricted / freezer.FROZEN / freezer.REFERENCES),
        },
    )
