"""Blocks of the public version on received objects, participation and data quality."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.report.figures.drawing import Drawing
from transforms.report.figures.intervals import Stack, stacked_shares
from transforms.report.frame.blocks import (
    COUNT,
    LABEL,
    SHARE,
    VERDICT,
    YEAR,
    Block,
    Column,
    FilledBlock,
    Row,
    Source,
)
from transforms.report.frame.catalogue import Catalogue, msg
from transforms.report.frame.document import Part
from transforms.report.frame.labels import COUNTED

SHOWN = Column("disclosure", msg("Shown or withheld"), VERDICT)
FACILITIES = Column("n_facilities", msg("Facilities"), COUNT)


def draw_coverage(rows: Sequence[Row], catalogue: Catalogue) -> list[Drawing]:
    """One bar per group: shares of reporting, late and missing facilities, adding up to 1."""
    say = catalogue.say
    names = (say("reporting"), say("late"), say("missing or not reached"))
    stacks = []
    for row in rows:
        parts = tuple(row[name] for name in ("present_share", "late_share", "missing_share"))
        if None not in parts:
            stacks.append(Stack(catalogue.label(row["stratum"]), parts))
    if not stacks:
        return []
    described = "; ".join(
        f"{stack.label}: "
        + ", ".join(
            f"{name} {catalogue.share(part)}" for name, part in zip(names, stack.parts, strict=True)
        )
        for stack in stacks
    )
    title = say("Share of facilities that are reporting, late or missing")
    picture = stacked_shares(stacks, names, "%", catalogue.tick)
    return [Drawing(title, described, *picture)]


ATTRITION = Block(
    "attrition",
    msg("Received, excluded and used"),
    "regulator/attrition.sql",
    (
        Column("step", msg("Step"), LABEL),
        Column("reason_code", msg("Reason")),
        Column("n", msg("Number"), COUNT),
        FACILITIES,
        SHOWN,
    ),
    empty=msg("Nothing has been received yet."),
)
COVERAGE = Block(
    "coverage",
    msg("Participating facilities"),
    "regulator/coverage.sql",
    (
        Column("stratum", msg("Group"), LABEL),
        Column("n_registered", msg("registered"), COUNT),
        Column("n_present", msg("reporting"), COUNT),
        Column("n_late", msg("late"), COUNT),
        Column("n_missing", msg("missing or not reached"), COUNT),
        SHOWN,
    ),
    empty=msg("No facility is registered."),
    figure=draw_coverage,
)
DATA_QUALITY = Block(
    "data-quality",
    msg("Received objects and used examinations"),
    "regulator/data_quality.sql",
    (
        Column("stratum", msg("Group"), LABEL),
        Column("n_received", msg("Objects received"), COUNT),
        Column("quarantined_share", msg("quarantined"), SHARE),
        Column("n_examinations", msg("Examinations found"), COUNT),
        Column("used_share", msg("used"), SHARE),
        Column("mapped_share", msg("mapped to a procedure"), SHARE),
        SHOWN,
    ),
    empty=msg("Nothing has been received yet."),
)
MAPPING = Block(
    "mapping",
    msg("Examinations mapped to a procedure"),
    "regulator/mapping.sql",
    (
        Column("modality", msg("Modality"), LABEL),
        Column("n_examinations", msg("Examinations"), COUNT),
        Column("n_mapped", msg("mapped to a procedure"), COUNT),
        Column("mapped_share", msg("Share"), SHARE),
        Column("n_mapped_by_code", msg("by code"), COUNT),
        Column("n_mapped_by_exact_text", msg("by exact text"), COUNT),
        Column("n_mapped_by_pattern", msg("by pattern"), COUNT),
        Column("n_mapped_by_reading", msg("by reading the name"), COUNT),
        Column("n_without_procedure", msg("procedure without a level"), COUNT),
        Column("n_undecided", msg("not yet mapped"), COUNT),
        SHOWN,
    ),
    empty=msg("Nothing has been received yet."),
)
METHOD = Block(
    "method-row",
    msg("Parameters of the method"),
    "regulator/method.sql",
    (
        Column("label", msg("Method"), LABEL),
        Column("method_version", msg("Version"), YEAR),
        Column("jurisdiction", msg("Jurisdiction")),
        Column("unit_of_analysis", msg("Unit of analysis"), LABEL),
        Column("site_statistic", msg("Statistic"), LABEL),
        Column("percentile", msg("Percentile of the NDRL"), SHARE),
        Column("achievable_percentile", msg("Percentile of the achievable dose"), SHARE),
        Column("minimum_examinations", msg("Minimum examinations"), COUNT),
        Column("minimum_facilities", msg("Minimum facilities"), COUNT),
        Column("scope", msg("Scope"), LABEL),
        Column("quantile_definition", msg("Quantile definition")),
        Column("evidence", msg("Evidence"), LABEL),
    ),
    empty=msg("The method has no level in the public tables."),
)
LIMITS = (("p50", "P50"), ("p75", "P75"), ("p95", "P95"))


def quality_parts(source: Source, catalogue: Catalogue) -> Iterator[Part]:
    """Parts on attrition, coverage, data quality and mapping."""
    say = catalogue.say
    yield Part(
        "attrition-part",
        say("From received objects to used examinations"),
        (
            say(
                "Received = excluded (with reason) + used; counts are rounded. Reasons that "
                "concern few facilities are combined as other_reasons."
            ),
        ),
        blocks=tuple(
            source.fill(ATTRITION, catalogue, f"attrition-{counted}", say(title), counted=counted)
            for counted, title in COUNTED.items()
        ),
    )
    yield Part(
        "coverage-part",
        say("Coverage"),
        (say("Counts are rounded, so parts may not add up to the total."),),
        blocks=tuple(_blocks_by_dimension(source, catalogue, COVERAGE, ("all", *DIMENSIONS[:2]))),
    )
    yield Part(
        "quality-part",
        say("Data quality"),
        blocks=(
            *_blocks_by_dimension(source, catalogue, DATA_QUALITY, DIMENSIONS[1:]),
            source.fill(MAPPING, catalogue),
        ),
    )


DIMENSIONS = ("region", "facility_type", "modality")
TITLES = {
    "all": msg("all"),
    "region": msg("by region"),
    "facility_type": msg("by type of facility"),
    "modality": msg("by modality"),
}


def _blocks_by_dimension(
    source: Source, catalogue: Catalogue, block: Block, dimensions: Sequence[str]
) -> Iterator[FilledBlock]:
    for dimension in dimensions:
        title = f"{catalogue.say(block.title)}, {catalogue.say(TITLES[dimension])}"
        anchor = f"{block.block_id}-{dimension.replace('_', '-')}"
        yield source.fill(block, catalogue, anchor, title, dimension=dimension)
