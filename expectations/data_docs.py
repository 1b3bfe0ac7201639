"""Great Expectations' own HTML pages for one submission, under the lake, when asked for.

The pages are for a person who looks into a held submission; they are no data of the lake:
they show when the check ran, and no step reads them. Their style sheets and scripts are named by
Great Expectations as addresses on public CDNs. drlake fetches none of them, but a browser that
opens a page will try to; without a network the pages are plain and complete.
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

    Every submission has a site of its own because Great Expectations removes from a site all
    pages whose results it does not hold in memory. UsageError on a lake that is no folder.
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
    """Validate one frame through a ValidationDefinition, which keeps the result for the site."""
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
            "Data Docs need a lake on a local disk: Great Expectations writes them itself. "
            "Leave --data-docs away."
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
    """Remove the animations that only the tutorial buttons, switched off above, would show."""
    for picture in (site / "static" / "images").glob("*.gif"):
        picture.unlink()
