"""Figures of the commitment report; all their numbers are columns of the block's query."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.report.figures.drawing import Drawing
from transforms.report.figures.intervals import Level, interval_bars
from transforms.report.figures.shares import EMPTY, HATCHED, SOLID, STRIPED, Shares, share_bars
from transforms.report.frame.blocks import Draw, Row
from transforms.report.frame.catalogue import Catalogue, msg
from transforms.report.frame.labels import MODALITIES, QUANTITIES, WORDS
from transforms.report.frame.numbers import unit_text

Part = tuple[str, str, str]
"""Column of the share, fill pattern, and name as message id."""

USED: tuple[Part, ...] = (
    ("share_yes_of_all", SOLID, msg("yes")),
    ("share_no_of_all", HATCHED, msg("no")),
    ("share_unknown", EMPTY, msg("unknown")),
)
AVAILABLE: tuple[Part, ...] = (
    ("share_available", SOLID, msg("available")),
    ("share_not_available", HATCHED, msg("not available")),
    ("share_unknown", EMPTY, msg("unknown")),
)
STATED: tuple[Part, ...] = (
    ("share_yes", SOLID, msg("yes")),
    ("share_no", HATCHED, msg("no")),
    ("share_unknown", EMPTY, msg("unknown")),
)
AGES: tuple[Part, ...] = (
    ("share_young_of_all", SOLID, msg("up to 5 years")),
    ("share_middle_of_all", STRIPED, msg("6 to 10 years")),
    ("share_old_of_all", HATCHED, msg("more than 10 years")),
    ("share_unknown", EMPTY, msg("age unknown")),
)


def shares_of(title: str, parts: Sequence[Part], *labels: str) -> Draw:
    """One stacked bar per row without a missing share; `title` is a message id."""

    def draw(rows: Sequence[Row], catalogue: Catalogue) -> list[Drawing]:
        drawn = [row for row in rows if all(row[name] is not None for name, _, _ in parts)]
        if not drawn:
            return []
        legend = [(pattern, catalogue.say(word)) for _, pattern, word in parts]
        bars = [
            Shares(_label(row, labels, catalogue), tuple(row[name] for name, _, _ in parts))
            for row in drawn
        ]
        described = "; ".join(
            f"{bar.label}: "
            + ", ".join(
                f"{word} {catalogue.share(part)}"
                for part, (_, word) in zip(bar.parts, legend, strict=True)
            )
            for bar in bars
        )
        picture = share_bars(bars, legend, catalogue.say("Share in %"), catalogue.tick)
        return [Drawing(catalogue.say(title), described, *picture)]

    return draw


def values_of(title: str, names: tuple[str, str, str], *labels: str, second: str = "") -> Draw:
    """One drawing per quantity and unit: value and limits of each row that has a value.

    `names` are the columns of the value and its limits; column `second` is drawn as a diamond.
    `title` is a message id with the place {quantity}.
    """

    def draw(rows: Sequence[Row], catalogue: Catalogue) -> list[Drawing]:
        drawings = []
        found = [row for row in rows if row[names[0]] is not None]
        kinds = dict.fromkeys((row["drl_quantity"], row["unit"]) for row in found)
        for quantity, unit in kinds:
            drawn = [row for row in found if (row["drl_quantity"], row["unit"]) == (quantity, unit)]
            name = catalogue.label(QUANTITIES[quantity])
            axis = f"{name} ({unit_text(unit)})"
            levels = [
                Level(
                    _label(row, labels, catalogue),
                    row[names[0]],
                    row[names[1]],
                    row[names[2]],
                    row[second] if second else None,
                )
                for row in drawn
            ]
            described = "; ".join(
                f"{one.label}: {catalogue.dose(one.value)} {unit_text(unit)}" for one in levels
            )
            said = catalogue.say(title, quantity=name)
            drawings.append(Drawing(said, described, *interval_bars(levels, axis, catalogue.tick)))
        return drawings

    return draw


def shares_above(rows: Sequence[Row], catalogue: Catalogue) -> list[Drawing]:
    """Share of devices above the NDRL with its limits, by age of the device."""
    drawn = [row for row in rows if row["share_above"] is not None]
    if not drawn:
        return []
    labels = ("age_band_label", "procedure_label", "patient_group_label")
    levels = [
        Level(
            _label(row, labels, catalogue),
            100 * row["share_above"],
            100 * row["share_above_lower"],
            100 * row["share_above_upper"],
        )
        for row in drawn
    ]
    described = "; ".join(
        f"{level.label}: {catalogue.share(row['share_above'])}"
        for level, row in zip(levels, drawn, strict=True)
    )
    title = catalogue.say("Share of devices above the NDRL, with 95 % limits")
    picture = interval_bars(levels, catalogue.say("Share in %"), catalogue.tick)
    return [Drawing(title, described, *picture)]


def _label(row: Row, names: Sequence[str], catalogue: Catalogue) -> str:
    texts = [str(row[name]) for name in names if row[name] is not None]
    return " · ".join(
        catalogue.label(WORDS.get(text) or MODALITIES.get(text) or text) for text in texts
    )
