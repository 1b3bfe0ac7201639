"""The regulator's report in its public version: its parts and their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from transforms.report.commitment.breast import breast_part
from transforms.report.frame.blocks import FilledBlock, Row, Source
from transforms.report.frame.catalogue import Catalogue
from transforms.report.frame.document import Document, Part
from transforms.report.frame.labels import MODALITIES
from transforms.report.frame.reference import Method, Reference
from transforms.report.frame.years import ShownYear, newer_facts, shown_year
from transforms.report.regulator import levels
from transforms.report.regulator.method import method_name, method_part, quantity_part
from transforms.report.regulator.quality import METHOD, quality_parts

NAME = "regulator"


@dataclass(frozen=True, slots=True)
class ReportScope:
    """Method and calendar year of a report; `period` is None if there are no data yet.

    `newer` are later years with data, where the report has chosen the year itself.
    """

    method: Method
    period: int | None
    newer: tuple[int, ...] = ()

    @property
    def parameters(self) -> dict[str, Any]:
        """Query parameters by name."""
        return {"method_id": self.method.method_id, "period": self.period}


def default_year(source: Source, method_id: str) -> ShownYear:
    """The year of the report by published levels."""
    return shown_year(source, "regulator/period.sql", method_id=method_id)


def public_report(
    source: Source, catalogue: Catalogue, asked: ReportScope, reference: Reference
) -> Document:
    """The report for publication; `source` is public.duckdb."""
    say = catalogue.say
    overview = source.fill(levels.OVERVIEW, catalogue, **asked.parameters)
    parts = [
        Part("overview-part", say("Summary"), blocks=(overview,)),
        *_modalities(source, catalogue, asked),
        breast_part(source, catalogue, asked.period),
        *quality_parts(source, catalogue),
        method_part(catalogue, asked.method, source.fill(METHOD, catalogue, **asked.parameters)),
        quantity_part(catalogue, reference),
    ]
    return Document(
        name=NAME,
        catalogue=catalogue,
        title=say("National diagnostic reference levels"),
        subtitle=subtitle(catalogue, asked),
        notice=say("Public version: disclosure control has been applied to every number."),
        is_restricted=False,
        facts=_facts(catalogue, asked, overview.rows),
        parts=tuple(parts),
    )


def subtitle(catalogue: Catalogue, asked: ReportScope) -> str:
    """The year as text."""
    if asked.period is None:
        return catalogue.say("no data yet")
    return catalogue.say("Examinations performed in {year}", year=asked.period)


def _facts(
    catalogue: Catalogue, asked: ReportScope, overview: Sequence[Row]
) -> tuple[tuple[str, str], ...]:
    say, count = catalogue.say, catalogue.count
    return (
        (say("Examinations performed in"), str(asked.period or "–")),
        *newer_facts(catalogue, asked.newer),
        (say("Method"), method_name(catalogue, asked.method)),
        (say("Number of NDRLs"), count(sum(row["n_levels"] for row in overview))),
        (say("Levels not published"), count(sum(row["n_withheld"] for row in overview))),
    )


def _modalities(source: Source, catalogue: Catalogue, asked: ReportScope) -> Iterator[Part]:
    found = source.rows("regulator/procedures.sql", **asked.parameters)
    covered = source.rows("regulator/overview.sql", **asked.parameters)
    for modality in sorted((row["modality"] for row in covered), key=modality_order):
        name = catalogue.label(MODALITIES.get(modality, modality))
        given = {**asked.parameters, "modality": modality}
        mark = modality.lower()
        shown = [
            source.fill(levels.LEVELS, catalogue, f"levels-{mark}", **given),
            source.fill(levels.WITHHELD, catalogue, f"withheld-{mark}", **given),
        ]
        procedures = [row for row in found if row["modality"] == modality]
        parts = tuple(
            _procedure(source, catalogue, asked, row, f"{mark}-{number}")
            for number, row in enumerate(procedures, start=1)
        )
        yield Part(f"modality-{mark}", name, blocks=tuple(shown), parts=parts)


def modality_order(modality: str) -> tuple[int, str]:
    """Sort key: known modalities in display order, then others by name."""
    order = list(MODALITIES)
    return (order.index(modality) if modality in order else len(order), modality)


def _procedure(
    source: Source, catalogue: Catalogue, asked: ReportScope, row: Row, mark: str
) -> Part:
    given = {**asked.parameters, "procedure_id": row["procedure_id"]}
    blocks: list[FilledBlock] = [
        source.fill(levels.PROCEDURE, catalogue, f"procedure-{mark}", **given)
    ]
    for block in (levels.TREND, levels.PUBLISHED):
        filled = source.fill(block, catalogue, f"{block.block_id}-{mark}", **given)
        if filled.rows:
            blocks.append(filled)
    title = catalogue.label(row["procedure_label"])
    return Part(f"part-{mark}", title, blocks=tuple(blocks))
