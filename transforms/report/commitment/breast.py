"""The breast imaging chapter: glandular doses by technique, view and thickness.

`breast_part(source, catalogue, period)` returns one part of a public report.
"""

from __future__ import annotations

from typing import Any

from transforms.report.commitment.figures import values_of
from transforms.report.frame.blocks import COUNT, DOSE, LABEL, VERDICT, Block, Column, Source
from transforms.report.frame.catalogue import Catalogue, msg
from transforms.report.frame.document import Part
from transforms.report.frame.labels import WORDS

VIEW = Column("view", msg("View"), VERDICT)
THICKNESS = Column("thickness_band_label", msg("Compressed thickness"), LABEL)
DETECTOR = Column("detector_technology", msg("Detector"), VERDICT)
COUNTS = (
    Column("n_facilities", msg("Facilities"), COUNT),
    Column("n_devices", msg("Devices"), COUNT),
    Column("n_views", msg("Breast views"), COUNT),
)
DOSES = (
    Column("p75", msg("P75 (95 % limits)"), DOSE, "mGy", "p75_lower", "p75_upper"),
    Column("p95", msg("P95 (95 % limits)"), DOSE, "mGy", "p95_lower", "p95_upper"),
    Column("disclosure", msg("Shown or withheld"), VERDICT),
)
VIEWS = Block(
    "breast-views",
    msg("Glandular dose by view and compressed thickness"),
    "breast/doses.sql",
    (
        *(VIEW, THICKNESS, *COUNTS),
        Column("p50", msg("P50 (95 % limits)"), DOSE, "mGy", "p50_lower", "p50_upper"),
        *DOSES,
    ),
    note=msg("Percentiles of the medians of the devices. A diamond marks the 95th percentile."),
    empty=msg("No glandular dose is published."),
    figure=values_of(
        msg("{quantity}: P75 (circle) with 95 % limits (bar), P95 (diamond)"),
        *(("p75", "p75_lower", "p75_upper"), "view", "thickness_band_label"),
        second="p95",
    ),
)
DETECTORS = Block(
    "breast-detectors",
    msg("P75 and P95 by detector technology"),
    "breast/doses.sql",
    (DETECTOR, VIEW, THICKNESS, *COUNTS, *DOSES),
    note=msg(
        "Unknown: the reference tables do not contain the detector technology of the device model."
    ),
    empty=msg("No glandular dose by detector technology is published."),
)


def breast_part(source: Source, catalogue: Catalogue, period: int | None) -> Part:
    """One section per technique, or a sentence if there is no published dose."""
    say = catalogue.say
    parts = []
    for row in source.rows("breast/techniques.sql", period=period):
        technique = row["technique"]
        given: dict[str, Any] = {"period": period, "technique": technique}
        blocks = tuple(
            source.fill(
                *(block, catalogue, f"{block.block_id}-{technique}"),
                **given,
                of_all_detectors=block is VIEWS,
            )
            for block in (VIEWS, DETECTORS)
        )
        title = say(WORDS[technique]) if technique != "unknown" else say("Technique unknown")
        parts.append(Part(f"breast-{technique}", title, blocks=blocks))
    nothing = () if parts else (say("No glandular dose is published."),)
    sentences = (
        say(
            "Average glandular dose of single breast views, by device. Two-dimensional views and "
            "tomosynthesis are shown separately."
        ),
        *nothing,
    )
    return Part("breast", say("Breast imaging"), sentences, parts=tuple(parts))
