"""The yearly commitment report: four chapters, deliverables, installed base, breast imaging.

Each chapter separates values measured from dose reports from declared values. The report reads
only public.duckdb, which names no manufacturer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transforms.reference.methods import FIRST_LINE
from transforms.report.commitment import blocks as blocks
from transforms.report.commitment import installed_base as base
from transforms.report.commitment.breast import breast_part
from transforms.report.commitment.chapters import CHAPTERS, SERIES, Chapter
from transforms.report.frame.blocks import Block, FilledBlock, Row, Source
from transforms.report.frame.catalogue import Catalogue, msg
from transforms.report.frame.document import Document, Part
from transforms.report.frame.labels import QUANTITIES
from transforms.report.frame.years import ShownYear, newer_facts, shown_year

NAME = "commitments"
Given = dict[str, Any]
"""Parameters of queries."""
DIMENSIONS = {
    "patient_size": msg("By water-equivalent diameter of the patient"),
    "kvp": msg("By tube voltage"),
    "item": msg("By item of the dose report"),
    "generation": msg("By generation of the device model"),
    "age_band": msg("By age of the device"),
}
"""Dimension → title of its table, in display order."""
RULES = (
    "https://www.globalditta.org/press-releases/article/"
    "smart-investment-essential-for-sustainable-healthcare"
)


def default_year(source: Source) -> ShownYear:
    """The year of the report: one with published values, by levels of the first-line method."""
    return shown_year(source, "commitment/period.sql", method_id=FIRST_LINE)


def newest_period(source: Source) -> int | None:
    """The calendar year of `default_year`."""
    return default_year(source).period


def commitment_report(
    source: Source, catalogue: Catalogue, period: int | None, newer: tuple[int, ...] = ()
) -> Document:
    """The report for publication; `source` is public.duckdb.

    `newer` are later years with data, where the report has chosen the year itself.
    """
    say = catalogue.say
    (profile,) = source.rows("commitment/profile.sql", period=period)
    parts = (
        _reading_part(catalogue),
        *(_chapter(source, catalogue, period, chapter) for chapter in CHAPTERS),
        Part(
            "deliverables-part",
            say("Deliverables"),
            (say("Stated by the manufacturers' association; reproduced without verification."),),
            blocks=(source.fill(blocks.DELIVERABLES, catalogue),),
        ),
        _installed_base_part(source, catalogue, period),
        breast_part(source, catalogue, period),
    )
    return Document(
        name=NAME,
        catalogue=catalogue,
        title=say("CT manufacturers' commitments"),
        subtitle=report_year(catalogue, period),
        notice=say(
            "Public version: disclosure control has been applied to every number; no manufacturer "
            "and no device model is named."
        ),
        is_restricted=False,
        facts=_facts(catalogue, ShownYear(period, newer), profile),
        parts=parts,
    )


def report_year(catalogue: Catalogue, period: int | None) -> str:
    """The year as text."""
    if period is None:
        return catalogue.say("no data yet")
    return catalogue.say("year {year}", year=period)


def _facts(catalogue: Catalogue, year: ShownYear, profile: Row) -> tuple[tuple[str, str], ...]:
    say, count = catalogue.say, catalogue.count
    return (
        (say("Year"), str(year.period or "–")),
        *newer_facts(catalogue, year.newer),
        (say("Disclosure profile"), profile["disclosure_profile"] or "–"),
        (say("Indicator values shown"), count(profile["n_shown"])),
        (say("Indicator values withheld"), count(profile["n_withheld"])),
    )


def _reading_part(catalogue: Catalogue) -> Part:
    say = catalogue.say
    sentences = (
        say(
            "The CT manufacturers in COCIR published four voluntary commitments in May 2011, "
            "after talks with HERCA, the Heads of the European Radiological Protection Competent "
            "Authorities."
        ),
        _sources(catalogue, ("https://www.cocir.org/initiatives/ct-dose-optimisation", SERIES)),
    )
    definitions = (
        (say("Measured"), say("Counted by drlake from the dose reports that hospitals sent.")),
        (
            say("Declared"),
            say("Stated by hospitals, manufacturers or their association in a form; not measured."),
        ),
        (
            say("Unknown"),
            say(
                "Neither yes nor no. Unknown values are never estimated; their share is shown "
                "separately."
            ),
        ),
        (
            say("Withheld"),
            say(
                "Based on too few facilities or manufacturers, or mostly on one of them, so that "
                "the disclosure profile does not allow it to be shown. Either all parts of a "
                "total are shown or none."
            ),
        ),
    )
    return Part("reading", say("How to read this report"), sentences, definitions)


def _chapter(source: Source, catalogue: Catalogue, period: int | None, chapter: Chapter) -> Part:
    say, number = catalogue.say, chapter.number
    wording = source.fill(
        blocks.WORDINGS, catalogue, f"wordings-{number}", commitment_number=number
    )
    background = tuple(say(sentence) for sentence in chapter.background)
    return Part(
        f"commitment-{number}",
        say("Commitment {number}: {title}", number=number, title=say(chapter.title)),
        (*background, _sources(catalogue, chapter.sources)),
        blocks=(wording,),
        parts=(
            _measured_part(source, catalogue, period, chapter),
            _declared_part(source, catalogue, period, chapter),
        ),
    )


def _measured_part(
    source: Source, catalogue: Catalogue, period: int | None, chapter: Chapter
) -> Part:
    say, number = catalogue.say, chapter.number
    title = say("Measured, commitment {number}", number=number)
    shown = [
        *_indicators(source, catalogue, period, number, "measured"),
        *_further_blocks(source, catalogue, period, chapter.measured, number),
    ]
    sentence = say("Dose reports contain no information on this commitment.")
    return Part(f"measured-{number}", title, () if shown else (sentence,), blocks=tuple(shown))


def _declared_part(
    source: Source, catalogue: Catalogue, period: int | None, chapter: Chapter
) -> Part:
    say, number = catalogue.say, chapter.number
    title = say("Declared, commitment {number}", number=number)
    shown = [
        *_indicators(source, catalogue, period, number, "declared"),
        *_further_blocks(source, catalogue, period, chapter.declared, number),
    ]
    return Part(f"declared-{number}", title, blocks=tuple(shown))


def _indicators(
    source: Source, catalogue: Catalogue, period: int | None, number: int, basis: str
) -> list[FilledBlock]:
    """Indicators of a chapter, their definitions and subgroups; empty without indicators."""
    mark = f"{basis}-{number}"
    kept: Given = {"commitment_number": number, "basis": basis}
    definitions = source.fill(blocks.DEFINITIONS, catalogue, f"definitions-{mark}", **kept)
    if not definitions.rows:
        return []
    given: Given = {**kept, "period": period}
    found = {row["dimension"] for row in source.rows("commitment/dimensions.sql", **given)}
    strata = [
        source.fill(
            blocks.STRATA,
            catalogue,
            f"strata-{mark}-{dimension}",
            catalogue.say(title),
            **given,
            dimension=dimension,
        )
        for dimension, title in DIMENSIONS.items()
        if dimension in found
    ]
    whole = source.fill(blocks.INDICATORS, catalogue, f"indicators-{mark}", **given)
    return [whole, definitions, *strata]


def _further_blocks(
    source: Source, catalogue: Catalogue, period: int | None, wanted: Sequence[Block], number: int
) -> list[FilledBlock]:
    """Further blocks of a chapter. Chapter 3 shows declared standards, chapter 2 the rest."""
    return [
        source.fill(
            block, catalogue, f"{block.block_id}-{number}", period=period, is_standard=number == 3
        )
        for block in wanted
    ]


def _installed_base_part(source: Source, catalogue: Catalogue, period: int | None) -> Part:
    say = catalogue.say
    given: Given = {"period": period}
    profile = (
        source.fill(base.GOLDEN_RULES, catalogue),
        source.fill(base.AGE_PROFILE, catalogue, **given, is_nation=True),
        source.fill(
            base.AGE_PROFILE,
            catalogue,
            "age-profile-countries",
            say("Age of the installed base by modality and country"),
            **given,
            is_nation=False,
        ),
    )
    doses = [
        source.fill(
            base.AGE_BAND_DOSES,
            catalogue,
            f"age-band-doses-{quantity}",
            say(
                "Typical values by age of the device: {quantity}",
                quantity=catalogue.label(QUANTITIES.get(quantity, quantity)),
            ),
            **given,
            drl_quantity=quantity,
        )
        for quantity in (
            row["drl_quantity"]
            for row in source.rows("commitment/age_band_quantities.sql", **given)
            if row["n_shown"]
        )
    ]
    withheld = source.fill(base.AGE_BAND_WITHHELD, catalogue, **given)
    rules = (
        say(
            "The golden rules of COCIR: at least 60 % of the installed base younger than 5 years, "
            "at most 30 % between 6 and 10 years, at most 10 % older than 10 years."
        ),
        say(
            "The rules leave gaps between the age bands. In this report, age is counted in "
            "completed years from the day of installation to the last day of the year, so that "
            "each device is in one band."
        ),
        _sources(catalogue, (RULES,)),
    )
    return Part(
        "installed-base",
        say("Installed base"),
        rules,
        parts=(
            Part("base-age", say("Declared: age of the devices"), blocks=profile),
            Part(
                "base-doses",
                say("Measured: doses by age of the device"),
                blocks=(*doses, withheld),
            ),
        ),
    )


def _sources(catalogue: Catalogue, addresses: Sequence[str]) -> str:
    return catalogue.say("Sources: {addresses}", addresses="; ".join(addresses))
