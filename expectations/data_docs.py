"""Writes Great Expectations' HTML pages for one submission into the lake, on request.

The pages are for a person who examines a held submission. They are not data of the lake: they
contain the time of the check, and no step reads them. Great Expectations links style sheets and
scripts on public CDNs. drlake does not fetch them, but a browser that opens a page will try to;
without a network the pages are complete but unstyled.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from expectations.gate import build_suite, by_frame, new_context, result_format
from expectations.rule import Rule
from transforms.errors import UsageError
from transforms.lake.lake import Lake


def write_data_docs(
    lake: Lake, submission_id: str, rules: Sequence[Rule], frames: Mapping[str, pd.DataFrame]
) -> Path:
    """Write `<lake>/data_docs/<submission_id>/index.html`, replacing an earlier one.

    Every submission has its own site because Great Expectations removes all pages whose results are
    not in memory from a site. UsageError if the lake is not a local folder.
    """
    site = _site_folder(lake, submission_id)
    shutil.rmtree(site, ignore_errors=True)
    context = new_context(data_docs_sites={"lake": _site_config(site)})
    source = context.data_sources.add_pandas("decoded")
    for name, frame_rules in by_frame(rules).items():
        if name in frames:
            _run(context, source, name, frame_rules, frames[name], submission_id)
    context.build_data_docs()
    _drop_tutorial_pictures(site)
    return site / "index.html"


def _run(
    context: Any,
    source: Any,
    name: str,
    rules: Sequence[Rule],
    frame: pd.DataFrame,
    submission_id: str,
) -> None:
    """Validate one frame through a ValidationDefinition, which stores the result for the site."""
    import great_expectations as gx
    from great_expectations.core.run_identifier import RunIdentifier

    batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("submission")
    suite = context.suites.add(build_suite(name, rules))
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name=name, data=batch, suite=suite)
    )
    definition.run(
        batch_parameters={"dataframe": frame},
        result_format=result_format(frame),
        run_id=RunIdentifier(run_name=submission_id),
    )


def _site_folder(lake: Lake, submission_id: str) -> Path:
    try:
        return Path(lake.local_root()) / "data_docs" / submission_id
    except UsageError as error:
        raise UsageError(
            "Data Docs need a lake on a local disk, since Great Expectations writes them itself. "
            "Run without --data-docs."
        ) from error


def _site_config(site: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(site),
        },
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }


def _drop_tutorial_pictures(site: Path) -> None:
    """Remove the animations of the tutorial, which is switched off above."""
    for picture in (site / "static" / "images").glob("*.gif"):
        picture.unlink()
