"""Writes the reports and `report/national_drls.csv` from the built warehouse."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.errors import DrlakeError
from transforms.lake.lake import Lake
from transforms.mapping.reviews import newest_review
from transforms.public.database import DATABASE
from transforms.public.of_the_lake import warehouse_path, write_public_database
from transforms.reference.files import REFERENCE
from transforms.reference.methods import FIRST_LINE, checked_methods
from transforms.report.commitment import report as commitment
from transforms.report.frame.blocks import Source
from transforms.report.frame.catalogue import ENGLISH, Catalogue, checked_languages
from transforms.report.frame.document import Document
from transforms.report.frame.page import index_html, page_html
from transforms.report.frame.pdf import page_pdf
from transforms.report.frame.reference import Reference, read_reference
from transforms.report.frame.years import ShownYear
from transforms.report.regulator import public as regulator
from transforms.report.regulator import restricted
from transforms.report.regulator.mapping import Review
from transforms.report.regulator.public import ReportScope
from transforms.settings import Settings
from transforms.sheets.write import table_csv

Render = Callable[[Document], bytes]
PUBLIC_FORMATS: dict[str, Render] = {
    "html": lambda document: page_html(document).encode("utf-8"),
    "pdf": page_pdf,
}
RESTRICTED_FORMATS: dict[str, Render] = {"html": PUBLIC_FORMATS["html"]}


def write_report(
    settings: Settings,
    method: str = FIRST_LINE,
    period: int | None = None,
    languages: Sequence[str] = (),
    reference_folder: Path = REFERENCE,
) -> list[str]:
    """Write all reports from the built warehouse and return their paths, index.html first.

    `period` is the calendar year; without it, each report uses the newest year in which the method
    states a level, else the year in which most facilities count. The same warehouse, reference
    tables and reviews of names give the same bytes of pages and PDF. Raises DrlakeError if the
    warehouse is missing or does not fit this version, and LedgerError if received objects do not
    equal excluded plus used objects. In both cases no file is written.
    """
    lake = Lake(settings.lake)
    checked_methods([method])
    wanted = [Catalogue(language) for language in checked_languages(languages)]
    reference = read_reference(reference_folder)
    warehouse = warehouse_path(lake)
    review = newest_review(lake)
    documents = list(_restricted_reports(warehouse, wanted, method, period, reference, review))
    database = write_public_database(lake)
    documents += _public_reports(database, wanted, method, period, documents[0][1], reference)
    files: dict[str, bytes] = {}
    files["national_drls.csv"] = table_csv(_mart(lake, "national_drls"))
    for document, _ in sorted(documents, key=lambda one: one[0].is_restricted):
        for suffix, render in _formats(document).items():
            files[f"{_stem(document)}.{suffix}"] = render(document)
    files = {"index.html": _index(files, [one for one, _ in documents], wanted), **files}
    lake.make_private_folder(lake.path("report", "restricted"))  # as that of a release
    for name, data in files.items():
        lake.write_bytes(lake.path("report", *name.split("/")), data)
    return [lake.path("report", *name.split("/")) for name in (*files, DATABASE)]


def _restricted_reports(
    warehouse: Path,
    wanted: Sequence[Catalogue],
    method: str,
    period: int | None,
    reference: Reference,
    review: Review,
) -> Iterator[tuple[Document, ReportScope]]:
    with Source(warehouse) as source:
        year = ShownYear(period) if period else restricted.default_year(source, method)
        used = restricted.method_used(source, reference, method)
        asked = ReportScope(used, year.period, year.newer)
        for catalogue in wanted:
            document = restricted.restricted_report(source, catalogue, asked, reference, review)
            yield document, asked


def _public_reports(
    database: Path,
    wanted: Sequence[Catalogue],
    method: str,
    period: int | None,
    known: ReportScope,
    reference: Reference,
) -> Iterator[tuple[Document, ReportScope]]:
    with Source(database) as source:
        year = ShownYear(period) if period else regulator.default_year(source, method)
        asked = ReportScope(known.method, year.period, year.newer)
        for catalogue in wanted:
            yield regulator.public_report(source, catalogue, asked, reference), asked
        year = ShownYear(period) if period else commitment.default_year(source)
        for catalogue in wanted:
            yield commitment.commitment_report(source, catalogue, year.period, year.newer), asked


def _formats(document: Document) -> dict[str, Render]:
    return RESTRICTED_FORMATS if document.is_restricted else PUBLIC_FORMATS


def _stem(document: Document) -> str:
    folder = "restricted/" if document.is_restricted else ""
    return f"{folder}{document.catalogue.language}/{document.name}"


def _index(
    files: dict[str, bytes], documents: Sequence[Document], wanted: Sequence[Catalogue]
) -> bytes:
    """The list of the written files, in the one language asked for, otherwise in English."""
    catalogue = wanted[0] if len(wanted) == 1 else Catalogue(ENGLISH)
    say, titles = catalogue.say, {_stem(one): one for one in documents}
    listed = []
    for path in files:
        document = titles.get(path.rpartition(".")[0])
        if document is None:
            listed.append((path, "", say("All national levels, not rounded"), say("restricted")))
            continue
        form = say("restricted") if document.is_restricted else say("public")
        kind = path.rpartition(".")[2].upper()
        language = document.catalogue.language
        listed.append((path, language, document.title, f"{form}, {language}, {kind}"))
    listed.append(("public.duckdb", "", say("The public tables (DuckDB)"), say("public")))
    return index_html(listed, catalogue).encode("utf-8")


def _mart(lake: Lake, name: str) -> pa.Table:
    """Read one exported mart with all its columns; DrlakeError if it is missing."""
    path = lake.path("marts", f"{name}.parquet")
    if not lake.exists(path):
        raise DrlakeError(f"The mart {name} is not in the lake. Run `drlake build` first.")
    return pq.ParquetFile(io.BytesIO(lake.read_bytes(path))).read(use_threads=False)
