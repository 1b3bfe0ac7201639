"""The restricted commitment report of one manufacturer, written only on request.

It reads the manufacturer's own data from the warehouse, and public national values. Values based
on fewer facilities than the disclosure profile requires are withheld here too, so that the
manufacturer learns nothing about single hospitals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transforms.errors import UsageError
from transforms.lake.lake import Lake
from transforms.public.of_the_lake import warehouse_path
from transforms.reference.methods import FIRST_LINE
from transforms.report.commitment import manufacturer_blocks as blocks
from transforms.report.commitment.chapters import CHAPTERS
from transforms.report.commitment.report import NAME, report_year
from transforms.report.frame.blocks import Source
from transforms.report.frame.catalogue import Catalogue, checked_languages
from transforms.report.frame.document import Document, Part
from transforms.report.frame.page import page_html
from transforms.report.frame.pdf import page_pdf
from transforms.report.frame.years import ShownYear, newer_facts, shown_year
from transforms.settings import Settings

CHAPTER_BLOCKS = {
    1: (blocks.OWN_BENCHMARKS,),
    2: (blocks.OWN_FEATURES,),
    3: (blocks.OWN_DECLARATIONS,),
    4: (blocks.OWN_TRAINING,),
}
"""Commitment number → blocks of the manufacturer's own declarations."""


def write_manufacturer_report(
    settings: Settings,
    manufacturer_id: str,
    period: int | None = None,
    languages: Sequence[str] = (),
) -> list[str]:
    """Write `report/restricted/manufacturers/<id>/<language>/commitments.html` and `.pdf`.

    Returns the paths. Raises UsageError if no manufacturer of the reference data has this id.
    """
    lake = Lake(settings.lake)
    wanted = [Catalogue(language) for language in checked_languages(languages)]
    files: dict[tuple[str, str], bytes] = {}
    with Source(warehouse_path(lake)) as source:
        found = source.rows(
            "restricted_manufacturer/manufacturer.sql", manufacturer_id=manufacturer_id
        )
        if len(found) != 1:
            raise UsageError(
                f"No manufacturer has the id {manufacturer_id!r}. "
                "Name one of data/reference/manufacturers.csv."
            )
        year = ShownYear(period) if period else _default_year(source)
        for catalogue in wanted:
            document = manufacturer_report(source, catalogue, found[0], year)
            files[catalogue.language, "html"] = page_html(document).encode("utf-8")
            files[catalogue.language, "pdf"] = page_pdf(document)
    lake.make_private_folder(lake.path("report", "restricted"))
    folder = ("report", "restricted", "manufacturers", found[0]["manufacturer_id"])
    paths = []
    for (language, suffix), data in files.items():
        path = lake.path(*folder, language, f"{NAME}.{suffix}")
        lake.write_bytes(path, data)
        paths.append(path)
    return paths


def manufacturer_report(
    source: Source, catalogue: Catalogue, manufacturer: dict[str, Any], year: ShownYear
) -> Document:
    """The report of one manufacturer; `source` is the warehouse."""
    say, period = catalogue.say, year.period
    kept = {"manufacturer_id": manufacturer["manufacturer_id"], "period": period}
    (profile,) = source.rows("restricted_manufacturer/profile.sql", period=period)
    given = {**kept, "minimum_facilities": profile["minimum_facilities"]}
    chapters = (_chapter(source, catalogue, number, given) for number in CHAPTER_BLOCKS)
    ages = source.fill(blocks.OWN_AGES, catalogue, **given)
    return Document(
        name=NAME,
        catalogue=catalogue,
        title=say("CT manufacturers' commitments: report for one manufacturer"),
        subtitle=f"{manufacturer['label']}, {report_year(catalogue, period)}",
        notice=say(
            "Restricted: for this manufacturer and the association's secretariat only. It "
            "contains no data of other manufacturers; national figures are the published ones."
        ),
        is_restricted=True,
        facts=(
            (say("Manufacturer"), manufacturer["label"]),
            (say("Year"), str(period or "–")),
            *newer_facts(catalogue, year.newer),
            (say("Disclosure profile"), profile["disclosure_profile"] or "–"),
        ),
        parts=(*chapters, Part("installed-base", say("Installed base"), blocks=(ages,))),
    )


def _chapter(source: Source, catalogue: Catalogue, number: int, given: dict[str, Any]) -> Part:
    say = catalogue.say
    (title,) = (chapter.title for chapter in CHAPTERS if chapter.number == number)
    parts = []
    for basis, words in (
        ("measured", say("Measured, commitment {number}", number=number)),
        ("declared", say("Declared, commitment {number}", number=number)),
    ):
        asked = {**given, "commitment_number": number, "basis": basis}
        filled = [
            source.fill(block, catalogue, f"{block.block_id}-{basis}-{number}", **asked)
            for block in (blocks.OWN_INDICATORS, blocks.OWN_MODELS)
        ]
        shown = [block for block in filled if block.rows]
        if basis == "declared":
            shown += [source.fill(block, catalogue, **given) for block in CHAPTER_BLOCKS[number]]
        sentences = () if shown else (say("There are no data on this commitment."),)
        parts.append(Part(f"{basis}-{number}", words, sentences, blocks=tuple(shown)))
    return Part(
        f"commitment-{number}",
        say("Commitment {number}: {title}", number=number, title=say(title)),
        parts=tuple(parts),
    )


def _default_year(source: Source) -> ShownYear:
    return shown_year(source, "restricted_manufacturer/period.sql", method_id=FIRST_LINE)
