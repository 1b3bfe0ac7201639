"""CHANGES.md: what differs between a release and the one before.

The public file is computed from the two public tables and the recipes alone, so it discloses
nothing that they do not. Changes of the frozen set are listed in the restricted file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from transforms.lake.stored_tables import facility_of
from transforms.release.recipe import Recipe

Row = Mapping[str, Any]
Key = tuple[Any, ...]

CELL = (
    *("period", "procedure_id", "patient_group_id", "drl_quantity"),
    *("method_id", "method_version"),
)


def public_changes(recipe: Recipe, rows: Sequence[Row], before: Recipe | None, was: Any) -> str:
    """Return the change log of the national levels; `was` are the rows of the release before."""
    head = [f"# Changes of release {recipe.release_id}", *_recipe_lines(recipe)]
    if before is None:
        return _text([*head, "This is the first release.", *_count_lines(_levels_by_key(rows))])
    then, now = _levels_by_key(was), _levels_by_key(rows)
    both = sorted(then.keys() & now.keys(), key=_order)
    beyond = [key for key in both if is_beyond_limits(then[key], now[key])]
    other = [key for key in both if key not in beyond and _level(then[key]) != _level(now[key])]
    return _text(
        [
            *head,
            f"Compared with release {before.release_id}.",
            *_count_lines(now),
            *_method_change_lines(recipe, before, rows, was),
            *_level_lines("New levels", sorted(now.keys() - then.keys(), key=_order), now),
            *_level_lines(
                "Levels no longer published", sorted(then.keys() - now.keys(), key=_order), then
            ),
            *_level_lines("Levels changed beyond their limits", beyond, now, then),
            *_level_lines("Other levels changed", other, now, then),
        ]
    )


def is_beyond_limits(was: Row, now: Row) -> bool:
    """Whether each level lies outside the other's 95 % limits; a missing limit is never exceeded.

    Rounded limits are wider than the exact ones, so this finds fewer changes, never more.
    """
    return _is_outside_limits(was, now) and _is_outside_limits(now, was)


def _is_outside_limits(one: Row, other: Row) -> bool:
    value = one["national_drl"]
    lower, upper = other["national_drl_lower"], other["national_drl_upper"]
    return (lower is not None and value < lower) or (upper is not None and value > upper)


def restricted_changes(recipe: Recipe, now: set[str], before: Recipe | None, was: set[str]) -> str:
    """Return the restricted change log: facilities and submissions that are new or gone, by id."""
    facilities, then = {facility_of(one) for one in now}, {facility_of(one) for one in was}
    lines = [
        f"# Accepted set of release {recipe.release_id}",
        "Restricted: it names facilities.",
        f"- facilities: {len(facilities)}" + (f" (before: {len(then)})" if before else ""),
        f"- submissions: {len(now)}" + (f" (before: {len(was)})" if before else ""),
    ]
    if before is not None:
        lines += _names("Facilities that are new", facilities - then)
        lines += _names("Facilities that are gone", then - facilities)
        lines += _names("Submissions that are new", now - was)
        lines += _names("Submissions that are gone", was - now)
    return _text(lines)


def _recipe_lines(recipe: Recipe) -> list[str]:
    lines = [f"Date: {recipe.date}."] if recipe.date else []
    return [*lines, recipe.note] if recipe.note else lines


def _levels_by_key(rows: Sequence[Row]) -> dict[Key, Row]:
    """Return the rows that have a level, by key."""
    stated = (row for row in rows if row["national_drl"] is not None)
    return {tuple(row[name] for name in CELL): row for row in stated}


def _count_lines(shown: Mapping[Key, Row]) -> list[str]:
    most = max((row["n_facilities"] or 0 for row in shown.values()), default=0)
    return [
        f"- levels published: {len(shown)}",
        f"- facilities in a level, at most: {most} (rounded)",
    ]


def _method_change_lines(
    recipe: Recipe, before: Recipe, rows: Sequence[Row], was: Sequence[Row]
) -> list[str]:
    lines = ["## Methods, rules and profile"]
    lines += [f"- new method {one}" for one in sorted(_methods(rows) - _methods(was))]
    lines += [f"- method no longer used: {one}" for one in sorted(_methods(was) - _methods(rows))]
    if recipe.profile != before.profile:
        lines.append(f"- disclosure profile {before.profile} became {recipe.profile}")
    names = sorted(recipe.digests.keys() | before.digests.keys())
    lines += [
        f"- {name} changed"
        for name in names
        if name != "frozen.csv" and recipe.digests.get(name) != before.digests.get(name)
    ]
    lines += [
        f"- {name} {before.versions.get(name)} became {number}"
        for name, number in recipe.versions.items()
        if before.versions.get(name) != number
    ]
    return lines if len(lines) > 1 else [*lines, "The same as before."]


def _methods(rows: Sequence[Row]) -> set[str]:
    return {f"{row['method_id']}, version {row['method_version']}" for row in rows}


def _level_lines(
    title: str,
    keys: Sequence[Key],
    rows: Mapping[Key, Row],
    then: Mapping[Key, Row] | None = None,
) -> list[str]:
    lines = [f"## {title}: {len(keys)}"]
    for key in keys:
        before = f"{_level(then[key])} → " if then else ""
        what = ", ".join(str(part) for part in key)
        lines.append(f"- {what}: {before}{_level(rows[key])} {rows[key]['unit']}")
    return lines


def _level(row: Row) -> str:
    """The level with its limits, if it has any: `12.0 (11.0 to 14.0)`."""
    limits = (row["national_drl_lower"], row["national_drl_upper"])
    said = " to ".join("–" if limit is None else str(limit) for limit in limits)
    return f"{row['national_drl']}" if limits == (None, None) else f"{row['national_drl']} ({said})"


def _order(key: Key) -> tuple[str, ...]:
    return tuple(str(part) for part in key)


def _names(title: str, names: set[str]) -> list[str]:
    return [f"## {title}: {len(names)}", *(f"- {name}" for name in sorted(names))]


def _text(lines: Sequence[str]) -> str:
    """Join the lines as Markdown: an empty line between all but the items of one list."""
    text = ""
    for line in lines:
        follows = (
            line.startswith("- ") and text.endswith("\n") and _last_line(text).startswith("- ")
        )
        text += line + "\n" if follows or not text else "\n" + line + "\n"
    return text


def _last_line(text: str) -> str:
    return text.rstrip("\n").rpartition("\n")[2]
