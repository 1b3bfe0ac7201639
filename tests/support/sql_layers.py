"""The models of sql/ as a graph: the folder, references and settings of each.

Settings of a model are those of its folders in dbt_project.yml, the innermost last, and then those
of `config(...)` in its file; tags add up.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import yaml

from transforms.warehouse.sql_project import SQL

REF = re.compile(r"ref\(\s*'(\w+)'\s*\)")
CONFIG = re.compile(r"\{\{\s*config\(.*?\)\s*\}\}", re.DOTALL)
ORDER = ("staging", "facility", "nation", "disclosure", "public")
"""Folders of sql/models; a model reads models of its own folder and of those before it."""

FACILITY_ORDER = ("objects", "reports", "events", "procedures", "examinations", "statistics")
"""Sub-folders of facility, in the same order."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model: its folder below sql/models, the models it reads, its settings."""

    folder: str
    refs: frozenset[str]
    tags: frozenset[str] = frozenset()
    settings: Mapping[str, Any] = field(default_factory=dict)
    n_lines: int = 0


@cache
def sql_models() -> Mapping[str, Model]:
    """Every model of sql/, by its name."""
    project = yaml.safe_load((SQL / "dbt_project.yml").read_text(encoding="utf-8"))
    paths = sorted((SQL / "models").rglob("*.sql"))
    names = {path.stem for path in paths}
    return {path.stem: _model(path, names, project["models"]["drlake"]) for path in paths}


def upward_refs(models: Mapping[str, Model]) -> list[str]:
    """References to a later folder, as `reader (folder) reads model (folder)`."""
    return [
        f"{name} ({model.folder}) reads {ref} ({models[ref].folder})"
        for name, model in sorted(models.items())
        for ref in sorted(model.refs & set(models))
        if _place(models[ref].folder) > _place(model.folder)
    ]


def wrong_tags(models: Mapping[str, Model]) -> list[str]:
    """Models that do not have exactly one of the tags facility and nation."""
    one = ({"facility"}, {"nation"})
    return sorted(
        name for name, model in models.items() if model.tags & {"facility", "nation"} not in one
    )


def nation_before_facility(models: Mapping[str, Model]) -> list[str]:
    """Models of one facility that read a model that needs all facilities."""
    return [
        f"{name} reads {ref}"
        for name, model in sorted(models.items())
        for ref in sorted(model.refs & set(models))
        if "facility" in model.tags and "nation" in models[ref].tags
    ]


def level(models: Mapping[str, Model], name: str) -> int:
    """Number of models on the longest path from a model down to one that reads none."""
    refs = [ref for ref in models[name].refs if ref in models]
    levels = _levels(models)
    return 1 + max((levels[ref] for ref in refs), default=0)


def ancestors(models: Mapping[str, Model], name: str) -> frozenset[str]:
    """All models that a model depends on."""
    found: set[str] = set()
    open_ends = {name}
    while open_ends:
        open_ends = {ref for one in open_ends for ref in models[one].refs if ref in models} - found
        found |= open_ends
    return frozenset(found)


def _levels(models: Mapping[str, Model]) -> dict[str, int]:
    levels: dict[str, int] = {}

    def of(name: str) -> int:
        if name not in levels:
            below = [of(ref) for ref in models[name].refs if ref in models]
            levels[name] = 1 + max(below, default=0)
        return levels[name]

    for name in models:
        of(name)
    return levels


def _place(folder: str) -> tuple[int, int]:
    top, _, sub = folder.partition("/")
    below = FACILITY_ORDER.index(sub) if top == "facility" else 0
    return ORDER.index(top), below


def _model(path: Path, names: Collection[str], project: Mapping[str, Any]) -> Model:
    text = path.read_text(encoding="utf-8")
    folder = path.parent.relative_to(SQL / "models")
    tags: set[str] = set()
    settings: dict[str, Any] = {}
    for config in (*_folder_configs(project, folder.parts), _file_config(text)):
        tags |= set(config.pop("tags", ()))
        settings |= config
    refs = frozenset(REF.findall(text)) & set(names)
    return Model(str(folder), refs, frozenset(tags), settings, len(text.splitlines()))


def _folder_configs(project: Mapping[str, Any], parts: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for part in parts:
        project = project.get(part, {})
        yield {key[1:]: value for key, value in project.items() if key.startswith("+")}


def _file_config(text: str) -> dict[str, Any]:
    given: dict[str, Any] = {}
    found = CONFIG.search(text)
    if found:
        template = jinja2.Environment(autoescape=False).from_string(found[0])  # noqa: S701 - SQL
        template.render(config=lambda **said: given.update(said))
    return given
