"""Options that commands share, and the settings made from them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from transforms.settings import Settings

if TYPE_CHECKING:
    from transforms.lake.lake import Lake

LakeFolder = Annotated[str | None, typer.Option("--lake", help="Lake folder. [env: DRLAKE_LAKE]")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
Exports = Annotated[
    str | None,
    typer.Option("--exports", help="Folder with one folder per facility. [env: DRLAKE_EXPORTS]"),
]
Registry = Annotated[
    str | None,
    typer.Option(
        "--registry",
        help="Facility registry (CSV) instead of --exports. [env: DRLAKE_REGISTRY]",
    ),
]
RegistryOfForms = Annotated[
    str | None,
    typer.Option("--registry", help="Facility registry (CSV). [env: DRLAKE_REGISTRY]"),
]
Rules = Annotated[
    str | None,
    typer.Option(
        "--rules",
        help="Mapping rules (CSV) instead of the packaged ones. [env: DRLAKE_RULES]",
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        help="Last day that a study or a form may have, such as 2026-11-30; later reports are "
        "held, later forms refused. Default: today. [env: DRLAKE_AS_OF]",
    ),
]
Again = Annotated[
    bool, typer.Option("--again", help="Process all submissions again, not only new ones.")
]
Threshold = Annotated[
    float | None,
    typer.Option(
        "--quarantine-threshold",
        min=0,
        max=1,
        help="Exit with code 3 when a larger share of the received objects is quarantined.",
    ),
]
OneFacility = Annotated[str | None, typer.Option("--facility", help="This facility only.")]


def settings_of(**given: object) -> Settings:
    """Settings from the environment, overridden by the options that are given.

    UsageError if another version of drlake wrote the lake.
    """
    from transforms.lake.files import LakeFiles
    from transforms.lake.lake_format import check_format

    settings = settings_of_any_format(**given)
    check_format(LakeFiles(settings.lake))
    return settings


def settings_of_any_format(**given: object) -> Settings:
    """The same settings for a lake that an earlier version of drlake may have written."""
    return Settings.from_environ(os.environ, **given)


def lake_of(folder: str | None) -> Lake:
    """Return the lake of the option --lake."""
    from transforms.lake.lake import Lake

    return Lake(settings_of(lake=folder).lake)
