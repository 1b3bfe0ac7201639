"""Blocks of national levels from the public database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from transforms.report.figures.drawing import Drawing
from transforms.report.figures.intervals import Level, Year, interval_bars, trend
from transforms.report.frame.blocks import (
    COUNT,
    DOSE,
    LABEL,
    OF_THE_ROW,
    RATIO,
    UNIT,
    VERDICT,
    YEAR,
    Block,
    Column,
    Row,
)
from transforms.report.frame.catalogue import Catalogue, msg
from transforms.report.frame.labels import QUANTITIES
from transforms.report.frame.numbers import unit_text

Cells = dict[tuple[str, ...], list[Row]]


def draw_levels(rows: Sequence[Row], catalogue: Catalogue) -> list[Drawing]:
    """One drawing per quantity: each level with its limits and its achievable dose."""
    say, drawn = catalogue.say, []
    for (quantity, unit), found in _group_by(rows, "drl_quantity", "unit").items():
        stated = [row for row in found if row["status"] == "ndrl"]
        if not stated:
            continue
        levels = [
            Level(
                f"{catalogue.label(row['procedure_label'])} · "
                f"{catalogue.label(row['patient_group_label'])}",
                row["level_value"],
                row["national_drl_lower"],
                row["national_drl_upper"],
                row["achievable_dose"],
            )
            for row in stated
        ]
        name = catalogue.label(QUANTITIES[quantity])
        described = "; ".join(
            f"{level.label}: {catalogue.dose(level.value)} {unit_text(unit)}" for level in levels
        )
        picture = interval_bars(levels, f"{name} ({unit_text(unit)})", catalogue.tick)
        title = say(
            "{quantity}: NDRL (circle) with 95 % limits (bar), achievable dose (diamond)",
            quantity=name,
        )
        drawn.append(Drawing(title, described, *picture))
    return drawn


def draw_trends(rows: Sequence[Row], catalogue: Catalogue) -> list[Drawing]:
    """One drawing per patient group and quantity."""
    drawn = []
    keys = ("patient_group_label", "drl_quantity", "unit")
    for (group, quantity, unit), found in _group_by(rows, *keys).items():
        years = [
            Year(
                row["period"],
                row["national_drl"],
                row["national_drl_lower"],
                row["national_drl_upper"],
            )
            for row in found
        ]
        name = f"{catalogue.label(QUANTITIES[quantity])} ({unit_text(unit)})"
        described = "; ".join(f"{one.year}: {catalogue.dose(one.value)}" for one in years)
        title = catalogue.say(
            "{group}: {quantity}, NDRL over the years with 95 % limits",
            group=catalogue.label(group),
            quantity=name,
        )
        drawn.append(Drawing(title, described, *trend(years, name, catalogue.tick)))
    return drawn


def _group_by(rows: Sequence[Row], *names: str) -> Cells:
    grouped: Cells = defaultdict(list)
    for row in rows:
        grouped[tuple(row[name] for name in names)].append(row)
    return grouped


GROUP = Column("patient_group_label", msg("Patient group"), LABEL)
QUANTITY = Column("drl_quantity", msg("Quantity"), LABEL)
UNITS = Column("unit", msg("Unit"), UNIT)
FACILITIES = Column("n_facilities", msg("Facilities"), COUNT)
NDRL = Column(
    *("national_drl", msg("NDRL (95 % limits)"), DOSE, OF_THE_ROW),
    *("national_drl_lower", "national_drl_upper"),
)

OVERVIEW = Block(
    "overview",
    msg("Summary by modality"),
    "regulator/overview.sql",
    (
        Column("modality", msg("Modality"), LABEL),
        Column("n_procedures", msg("Procedures"), COUNT),
        Column("n_cells", msg("Possible levels"), COUNT),
        Column("n_levels", msg("Number of NDRLs"), COUNT),
        Column("n_typical_values", msg("Number of typical values"), COUNT),
        Column("n_withheld", msg("Levels not published"), COUNT),
        Column("n_facilities", msg("Facilities per level, at most"), COUNT),
    ),
    note=msg(
        "One level is possible for each combination of procedure, patient group and quantity. We "
        "do not say whether a value was suppressed or not reported, because either could identify "
        "a facility."
    ),
    empty=msg("No level of this method and period is published."),
)
LEVELS = Block(
    "levels",
    msg("Reference levels"),
    "regulator/levels.sql",
    (
        Column("procedure_label", msg("Procedure"), LABEL),
        GROUP,
        QUANTITY,
        Column(
            *("level_value", msg("NDRL (95 % limits)"), DOSE, OF_THE_ROW),
            *("national_drl_lower", "national_drl_upper"),
        ),
        Column("achievable_dose", msg("Achievable dose"), DOSE, OF_THE_ROW),
        FACILITIES,
        Column("status", msg("Type of value"), VERDICT),
    ),
    note=msg(
        "The axis starts at zero. A bar without an end mark has no limit on that side. A typical "
        "value is given where too few facilities report for an NDRL."
    ),
    empty=msg("No level of this modality is published."),
    figure=draw_levels,
)
PROCEDURE = Block(
    "procedure",
    msg("Distribution across facilities, and change"),
    "regulator/procedure.sql",
    (
        GROUP,
        QUANTITY,
        UNITS,
        FACILITIES,
        Column("n_examinations", msg("Examinations"), COUNT),
        Column("p25", "P25", DOSE, OF_THE_ROW),
        Column("p50", "P50", DOSE, OF_THE_ROW),
        Column("p75", "P75", DOSE, OF_THE_ROW),
        NDRL,
        Column("achievable_dose", msg("Achievable dose"), DOSE, OF_THE_ROW),
        Column("previous_drl", msg("Previous NDRL"), DOSE, OF_THE_ROW),
        Column("previous_period", msg("Year of previous NDRL"), YEAR),
        Column("change_verdict", msg("Change"), VERDICT),
    ),
    empty=msg("No level of this procedure is published."),
)
TREND = Block(
    "trend",
    msg("NDRL over the years"),
    "regulator/trend.sql",
    (
        GROUP,
        QUANTITY,
        Column("period", msg("Year"), YEAR),
        NDRL,
        FACILITIES,
        Column("change_ratio", msg("Ratio to previous NDRL"), RATIO),
        Column("n_matched_facilities", msg("Facilities of both years"), COUNT),
        Column("matched_ratio", msg("Median ratio of these"), RATIO),
        Column("change_verdict", msg("Change"), VERDICT),
    ),
    note=msg(
        "The change is that of the facilities with a value in both years: facilities that came or "
        "left can move the NDRL although no facility has changed."
    ),
    figure=draw_trends,
)
PUBLISHED = Block(
    "published",
    msg("Comparison with other published levels"),
    "regulator/published.sql",
    (
        GROUP,
        QUANTITY,
        UNITS,
        Column("national_drl", msg("NDRL"), DOSE, OF_THE_ROW),
        Column("jurisdiction", msg("Published by")),
        Column("published_drl", msg("Published level"), DOSE, OF_THE_ROW),
        Column("ratio", msg("Ratio"), RATIO),
        Column("verdict", msg("NDRL in comparison"), VERDICT),
    ),
    note=msg(
        "Only levels with the same scope, patient group, percentile, statistic and phantom are "
        "compared. The others, with the reason, are in the public table "
        "published_drl_comparisons."
    ),
)
WITHHELD = Block(
    "withheld",
    msg("Levels not published"),
    "regulator/withheld.sql",
    (
        Column("procedure_label", msg("Procedure"), LABEL),
        Column("patient_groups", msg("Patient groups"), LABEL),
        Column("drl_quantities", msg("Quantities"), LABEL),
        Column("n_cells", msg("Levels"), COUNT),
    ),
    note=msg(
        "We do not say whether a value was suppressed or not reported, because either could "
        "identify a facility."
    ),
    empty=msg("All possible levels are published."),
)
