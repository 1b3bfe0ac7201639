"""`drlake verify`: computes a release again from its frozen set and names every difference.

The release was computed facility by facility; here dbt computes everything in one go, so that one
way of computing checks the other.

A release is code as well as data: its models are run. Verify only releases of an authority that you
trust; where its models are not those of this drlake, `Verification.notes` says so.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from transforms.dbt_build.dbt import Echo
from transforms.errors import DrlakeError
from transforms.public.database import DATABASE, differing_tables
from transforms.public.workbook import WORKBOOK, differing_cells
from transforms.release import frozen as freezer
from transforms.release.compute import compute, write_recipe
from transforms.release.files import MANIFEST, PUBLIC, RESTRICTED, check_manifest, files_below
from transforms.release.recipe import RECIPE, Recipe, read_recipe, versions
from transforms.warehouse.sql_project import SQL

NOT_COMPUTED = (f"{freezer.FROZEN}/", freezer.LISTED, RECIPE, MANIFEST)
"""Below restricted/: inputs of the release, and files that are checked separately."""


@dataclass(frozen=True, slots=True)
class Verification:
    """Differences, a sentence each, and notes for the reader."""

    release_id: str
    differences: tuple[str, ...]
    notes: tuple[str, ...]


def verify(folder: Path, threads: int = 2, echo: Echo = print) -> Verification:
    """Check every checksum, compute the release again in a temporary folder, and compare."""
    restricted = folder / RESTRICTED
    recipe = read_recipe(restricted)
    found = check_manifest(folder / PUBLIC) + check_manifest(restricted)
    broken = freezer.check_frozen(restricted)
    broken += _check_digest(recipe, restricted)
    notes = _notes(recipe, restricted)
    if broken:
        notes.append("Not computed again, because the frozen set was changed.")
    else:
        found += _compare_again(recipe, folder, threads, echo)
    if folder.resolve().name != recipe.release_id:
        notes.append(f"The folder is not named {recipe.release_id}, like the release.")
    return Verification(recipe.release_id, tuple(dict.fromkeys([*broken, *found])), tuple(notes))


def _check_digest(recipe: Recipe, restricted: Path) -> list[str]:
    """Check that the list of the frozen set is the one that the recipe states."""
    listed = restricted / freezer.LISTED
    if not listed.is_file():
        return []
    same = hashlib.sha256(listed.read_bytes()).hexdigest() == recipe.digests.get(freezer.LISTED)
    return [] if same else [f"{RESTRICTED}/{freezer.LISTED} is not the list that {RECIPE} states"]


def _notes(recipe: Recipe, restricted: Path) -> list[str]:
    notes = [
        f"{name} is {now} here and was {recipe.versions.get(name)}"
        for name, now in versions().items()
        if recipe.versions.get(name) != now
    ]
    if _differs(SQL, restricted / freezer.FROZEN / freezer.MODELS):
        notes.append("The release has other models than this drlake; the release's own were used.")
    return notes


def _differs(ours: Path, theirs: Path) -> bool:
    """Whether any of their files is missing or different here."""
    names = files_below(theirs)
    return any(
        not (ours / name).is_file() or (ours / name).read_bytes() != (theirs / name).read_bytes()
        for name in names
    )


def _compare_again(recipe: Recipe, folder: Path, threads: int, echo: Echo) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="drlake-verify-") as made:
        again, scratch = Path(made) / "release", Path(made) / "scratch"
        scratch.mkdir()
        (again / RESTRICTED).mkdir(parents=True)
        write_recipe(recipe, again / RESTRICTED)
        frozen = folder.resolve() / RESTRICTED / freezer.FROZEN
        try:
            compute(recipe, frozen, again, scratch, threads, echo, whole=True)
        except DrlakeError as error:
            return [f"The release cannot be computed again: {error}"]
        return [
            *_compare(folder / PUBLIC, again / PUBLIC, (MANIFEST,)),
            *_compare(folder / RESTRICTED, again / RESTRICTED, NOT_COMPUTED),
        ]


def _compare(released: Path, again: Path, left_out: tuple[str, ...]) -> list[str]:
    """Return a sentence for every file that is missing, extra or different."""
    was = {name for name in files_below(released) if not name.startswith(left_out)}
    now = {name for name in files_below(again) if not name.startswith(left_out)}
    place = released.name
    found = [f"{place}/{name} is missing" for name in sorted(now - was)]
    found += [f"{place}/{name} does not belong to this release" for name in sorted(was - now)]
    for name in sorted(was & now):
        found += [f"{place}/{name} {what}" for what in _difference(released / name, again / name)]
    return found


def _difference(released: Path, again: Path) -> list[str]:
    """What differs between two files of one name: bytes, or content where bytes may differ."""
    if released.read_bytes() == again.read_bytes():
        return []
    try:
        if released.name == DATABASE:
            places = differing_tables(released, again)
        elif released.name == WORKBOOK:
            places = differing_cells(released, again)
        else:
            return ["is not what the frozen set gives"]
    except Exception as error:  # a broken file can raise anything
        return [f"cannot be read ({type(error).__name__})"]
    return [f"is not what the frozen set gives: {'; '.join(places)}"] if places else []
