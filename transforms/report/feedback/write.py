"""Writes the feedback: for each facility its own values and published values only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from transforms.errors import UsageError
from transforms.lake.lake import Lake, check_facility_id
from transforms.public.of_the_lake import warehouse_path
from transforms.reference.files import REFERENCE
from transforms.reference.methods import FIRST_LINE, checked_methods
from transforms.report.feedback import blocks
from transforms.report.feedback.own_rows import facilities_of, facility_source
from transforms.report.frame.blocks import Block, FilledBlock, Source
from transforms.report.frame.catalogue import Catalogue, checked_languages
from transforms.report.frame.document import Document, Part
from transforms.report.frame.labels import COUNTED, FACILITY_TYPES
from transforms.report.frame.page import page_html
from transforms.report.frame.pdf import page_pdf
from transforms.report.frame.reference import Reference, read_reference
from transforms.report.frame.years import first_year, newer_facts
from transforms.report.regulator.method import method_name, method_part, quantity_part
from transforms.report.regulator.public import ReportScope, subtitle
from transforms.report.regulator.restricted import check_balance
from transforms.settings import Settings

NAME = "feedback"
FOLDER = ("report", "facilities")


@dataclass(frozen=True, slots=True)
class FeedbackOptions:
    """Options of the feedback that are the same for all facilities."""

    method: str
    period: int | None
    catalogues: tuple[Catalogue, ...]
    reference: Reference
    has_pdf: bool


def write_feedback(
    settings: Settings,
    method: str = FIRST_LINE,
    period: int | None = None,
    languages: Sequence[str] = (),
    facilities: Sequence[str] = (),
    has_pdf: bool = False,
    reference_folder: Path = REFERENCE,
) -> list[str]:
    """Write `report/facilities/<facility_id>/<language>.html`, optionally also .pdf.

    Returns the paths. Writes all facilities that have sent data unless `facilities` names some.
    Files are readable only by the user that runs drlake. `period` is the calendar year; without
    it, the newest year of the facility in which the method states a level. The same data and
    public tables give the same bytes.
    Raises UsageError for a facility that has sent nothing, and DrlakeError if the warehouse is
    missing or does not fit this version.
    """
    lake = Lake(settings.lake)
    checked_methods([method])
    catalogues = tuple(Catalogue(language) for language in checked_languages(languages))
    wanted = FeedbackOptions(method, period, catalogues, read_reference(reference_folder), has_pdf)
    warehouse = warehouse_path(lake)
    known = facilities_of(warehouse)
    for name in facilities:
        if name not in known:
            raise UsageError(
                f"{name!r} has sent no dose report and no form. Name a facility of the lake."
            )
    lake.make_private_folder(lake.path(*FOLDER))
    paths: list[str] = []
    for name in dict.fromkeys(facilities) or known:
        paths += _write(lake, name, _documents(warehouse, name, wanted), wanted.has_pdf)
    return paths


def _write(
    lake: Lake, facility_id: str, documents: Iterator[Document], has_pdf: bool
) -> Iterator[str]:
    folder = lake.path(*FOLDER, check_facility_id(facility_id))
    lake.make_private_folder(folder)
    for document in documents:
        files = {"html": page_html(document).encode("utf-8")}
        if has_pdf:
            files["pdf"] = page_pdf(document)
        for suffix, data in files.items():
            path = f"{folder}/{document.catalogue.language}.{suffix}"
            lake.write_bytes(path, data, private=True)
            yield path


def _documents(warehouse: Path, facility_id: str, wanted: FeedbackOptions) -> Iterator[Document]:
    with facility_source(warehouse, facility_id) as source:
        years = source.rows("feedback/period.sql", facility_id=facility_id, method_id=wanted.method)
        shown = first_year(row["period"] for row in years)
        version = max((row["method_version"] for row in years), default=None)
        used = (wanted.method, version) if version else wanted.reference.newest(wanted.method)
        method = wanted.reference.method([used])
        newer = () if wanted.period else shown.newer
        asked = ReportScope(method, wanted.period or shown.period, newer)
        for catalogue in wanted.catalogues:
            yield feedback(source, catalogue, facility_id, asked, wanted.reference)


def feedback(
    source: Source, catalogue: Catalogue, facility_id: str, asked: ReportScope, reference: Reference
) -> Document:
    """The feedback of one facility; `source` is its own database (see own_rows.py)."""
    say, given = catalogue.say, {**asked.parameters, "facility_id": facility_id}

    def part(anchor: str, title: str, *blocks: Block) -> Part:
        filled = tuple(source.fill(block, catalogue, **given) for block in blocks)
        return Part(anchor, title, blocks=filled)

    return Document(
        name=NAME,
        catalogue=catalogue,
        title=say("Feedback to facility {facility}", facility=facility_id),
        subtitle=subtitle(catalogue, asked),
        notice=say(
            "For facility {facility} only: its own data and published data. It contains no data "
            "of any other facility.",
            facility=facility_id,
        ),
        is_restricted=True,
        facts=_facts(source, catalogue, facility_id, asked),
        parts=(
            part("values-part", say("Your doses against the national levels"), blocks.VALUES),
            part("peers-part", say("Comparison by type of facility"), blocks.PEERS),
            part("years-part", say("Over the years"), blocks.TREND),
            part("protocols-part", say("Acquisition protocols"), blocks.PROTOCOLS),
            part("mend-part", say("What to fix"), blocks.QUARANTINED, blocks.SUBMISSIONS),
            part("forms-part", say("Forms"), blocks.SUMMARIES),
            part("names-part", say("Examination names"), blocks.UNMAPPED, blocks.MAPPING),
            part("devices-part", say("Devices"), blocks.COMPLETENESS),
            _ledger(source, catalogue, facility_id),
            method_part(catalogue, asked.method),
            quantity_part(catalogue, reference),
        ),
    )


def _facts(
    source: Source, catalogue: Catalogue, facility_id: str, asked: ReportScope
) -> tuple[tuple[str, str], ...]:
    (row,) = source.rows("feedback/facts.sql", facility_id=facility_id)
    say, count = catalogue.say, catalogue.count
    name = catalogue.label(row["facility_name"]) if row["facility_name"] else facility_id
    return (
        (say("Facility"), name),
        (say("Type of facility"), catalogue.label(FACILITY_TYPES[row["facility_type"]])),
        (say("Method"), method_name(catalogue, asked.method)),
        *newer_facts(catalogue, asked.newer),
        (
            say("Submissions"),
            say(
                "{n}, of which {held} held",
                n=count(row["n_submissions"]),
                held=count(row["n_held"]),
            ),
        ),
        (
            say("Objects accepted"),
            say("{n} of {all}", n=count(row["n_accepted"]), all=count(row["n_received"])),
        ),
        (say("Statistics in forms"), count(row["n_summaries"])),
    )


def _ledger(source: Source, catalogue: Catalogue, facility_id: str) -> Part:
    ledgers: list[FilledBlock] = []
    for counted, title in COUNTED.items():
        filled = source.fill(
            blocks.LEDGER,
            catalogue,
            f"ledger-{counted}",
            catalogue.say(title),
            facility_id=facility_id,
            counted=counted,
        )
        if filled.rows:
            check_balance(counted, filled.rows)
            ledgers.append(filled)
    sentence = catalogue.say(
        "Everything received is accounted for. In each table: received = excluded (with reason) + "
        "used."
    )
    title = catalogue.say("From received objects to used examinations")
    return Part("ledger-part", title, (sentence,), blocks=tuple(ledgers))
