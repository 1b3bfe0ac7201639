"""The table of template rows compared with DICOM's dictionaries, decoder, sample, real reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sr._cid_dict import cid_concepts, name_for_cid
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

from tests.support.reports.content_items import item, rows_of
from tests.support.reports.real_reports import more_exports, real_exports, require_real_reports
from transforms.decode.templates import DECODERS, DOCUMENT, NOT_READ, TemplateRow, template_rows
from transforms.dicom.codes import Code, canonical, standard_meaning
from transforms.dicom.content_tree import ContentItem
from transforms.normalise.values import WORDS
from transforms.sample.nation import write_nation
from transforms.tables import REPORT_TABLES
from transforms.tables.radiopharmaceutical_administration import (
    AGENT,
    HALF_LIFE,
    RADIONUCLIDE,
    ROUTE,
)

pytestmark = pytest.mark.slow

Key = tuple[str, str]
Place = tuple[Key, str]
ROWS = template_rows()
SNOMED_NAMES = {code.value for code in (AGENT, HALF_LIFE, RADIONUCLIDE, ROUTE)}
"""Concepts that pydicom names as SNOMED does, and PS3.16 in its own words."""
UNIT = {f"{t.name}.{c.name}": c.unit for t in REPORT_TABLES for c in t.columns}
STATED = {
    f"{table.name}.{column.name}": canonical(column.source.scheme_designator, column.source.value)
    for table in REPORT_TABLES
    for column in table.columns
    if isinstance(column.source, PydicomCode)
}
"""Columns that come from a content item, with its concept."""


def key_of(row: TemplateRow) -> Key:
    return canonical(row.scheme, row.value)


def test_every_column_of_a_content_item_is_in_the_table_with_its_concept() -> None:
    named = {name: key_of(row) for row in ROWS for name in row.column_names}
    of_reports = {name for name in named if name.startswith("dose_report.")}
    assert {name: named.get(name) for name in STATED} == STATED
    assert of_reports <= {
        *("dose_report.modality", "dose_report.scope_of_accumulation"),
        *("dose_report.irradiation_started_at", "dose_report.irradiation_ended_at"),
    }


def test_every_row_is_complete_and_says_why_it_is_not_read() -> None:
    concepts = {row.concept for row in ROWS} | {DOCUMENT}
    for row in ROWS:
        assert row.decoder in DECODERS, row
        assert row.parent in concepts | {"CT Acquisition"}, row
        assert row.note or row.decoder != NOT_READ, row
        assert row.note or row.decoder != "first" or row.value_type == "NUM", row


def test_concepts_and_context_groups_are_those_of_dicom() -> None:
    for row in ROWS:
        if row.value not in SNOMED_NAMES:
            assert standard_meaning(row.code) == row.concept
        if row.context_group:
            assert int(row.context_group) in name_for_cid, row


def member(row: TemplateRow) -> PydicomCode:
    """A code of the row's context group for which the column has a word."""
    members = [
        getattr(getattr(codes, scheme), name)
        for scheme, names in cid_concepts[int(row.context_group)].items()
        for name in names
    ]
    column = row.column_names[0].partition(".")[2] if row.column_names else ""
    words = WORDS.get(column)
    known = (
        code
        for code in members
        if words is None or canonical(code.scheme_designator, code.value) in words.by_code
    )
    return next(known)


def valued(row: TemplateRow, *children: ContentItem) -> ContentItem:
    """The row as a content item with a value."""
    concept = PydicomCode(row.value, row.scheme, row.concept)
    if row.value_type == "NUM":
        unit = UNIT.get(row.column_names[0] if row.column_names else "") or "1"
        return item(concept, *children, text="3", unit=unit)
    if row.value_type == "CODE":
        return item(concept, *children, code=member(row) if row.context_group else None)
    texts = {"UIDREF": "2.25.7", "DATETIME": "20250301101500", "TEXT": "a text"}
    return item(concept, *children, text=texts.get(row.value_type))


TOTAL = item(codes.DCM.DoseRPTotal, text="3", unit="Gy")
"""A container of totals without a total is no row."""


def document(row: TemplateRow) -> ContentItem:
    """The smallest document with this row, in the places of the standard."""
    phantom = item(codes.DCM.CtdiwPhantomType, code=codes.DCM.IECHeadDosimetryPhantom)
    found = valued(row, *([phantom] if row.decoder == "by phantom" else []))
    parent = row.parent
    while parent != DOCUMENT:
        holder = next(one for one in ROWS if one.concept == parent)
        beside = [TOTAL] if parent == codes.DCM.AccumulatedXRayDoseData.meaning else []
        found = valued(holder, found, *beside)
        parent = holder.parent
    return item(codes.DCM.XRayRadiationDoseReport, found)


READ = [row for row in ROWS if row.column_names and row.decoder != NOT_READ]


@pytest.mark.parametrize("row", READ, ids=lambda row: f"{row.template}-{row.concept}")
def test_the_decoder_reads_each_row_where_the_standard_has_it(row: TemplateRow) -> None:
    for name in row.column_names:
        table, _, column = name.partition(".")
        if table == "dose_report" or column == "dlp_subtotal_body_32cm_mgy_cm":
            continue  # the modality is a test of its own; this sub-total is of the head phantom
        (found,) = rows_of(document(row))[table]
        assert found.get(column) is not None, name


def places(files: list[Path]) -> dict[Key, set[Place]]:
    """The places of each concept in these files: parent and relationship."""
    found: dict[Key, set[Place]] = defaultdict(set)
    for path in files:
        dataset = pydicom.dcmread(path, force=True)
        for parent, one in walk(dataset, concept_of(dataset)):
            found[concept_of(one)].add((parent, str(one.get("RelationshipType", ""))))
    return found


def walk(dataset: Dataset, parent: Key) -> Iterator[tuple[Key, Dataset]]:
    for one in dataset.get("ContentSequence") or []:
        yield parent, one
        yield from walk(one, concept_of(one))


def concept_of(one: Dataset) -> Key:
    names = one.get("ConceptNameCodeSequence")
    if not names:
        return "", ""
    return canonical(names[0].get("CodingSchemeDesignator", ""), names[0].get("CodeValue", ""))


TITLES = {("DCM", "113701"), ("DCM", "113500")}
KEY_BY_CONCEPT = {row.concept: key_of(row) for row in ROWS}


def places_of(row: TemplateRow) -> list[Place]:
    """The places that the table gives a row; the document has either of two titles."""
    parents = TITLES if row.parent == DOCUMENT else {KEY_BY_CONCEPT[row.parent]}
    return [(parent, row.relationship) for parent in parents]


def stands_as_said(row: TemplateRow, found: dict[Key, set[Place]]) -> bool:
    """Whether the files have the row with the parent and the relationship of the table."""
    return not found[key_of(row)].isdisjoint(places_of(row))


DEPARTURES = {
    "Reconstruction Algorithm in CT Acquisition, CONTAINS": "Aquilion ONE of the sample",
    "Laterality in Anatomical Structure, HAS CONCEPT MOD": "mammography, as in older reports",
}
"""Places of the sample that depart from the table on purpose, with the reason."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> dict[Key, set[Place]]:
    folder = tmp_path_factory.mktemp("nation")
    write_nation(folder, facilities=4, seed=3, examinations=2)
    return places(sorted(folder.rglob("*.dcm")))


def test_the_sample_writes_each_row_where_the_standard_has_it(
    sample: dict[Key, set[Place]],
) -> None:
    wrong = [row.concept for row in ROWS if row.is_written and not stands_as_said(row, sample)]
    assert wrong == []
    unsaid = [row.concept for row in ROWS if not row.is_written and stands_as_said(row, sample)]
    assert unsaid == []


def test_the_sample_departs_from_the_standard_only_by_name(
    sample: dict[Key, set[Place]],
) -> None:
    said = {(key_of(row), place) for row in ROWS for place in places_of(row)}
    concepts = {key_of(row): row.concept for row in ROWS}
    departing = {
        f"{concepts[concept]} in {name_of(parent)}, {relationship}"
        for concept, found in sample.items()
        if concept in concepts
        for parent, relationship in found
        if (concept, (parent, relationship)) not in said
    }
    assert departing == DEPARTURES.keys()


def name_of(concept: Key) -> str:
    return standard_meaning(Code(*concept, "")) or str(concept)


def test_rows_seen_in_real_reports_stand_there_as_the_table_says() -> None:
    require_real_reports()
    found = places([*real_exports(), *more_exports()])
    rows = [row for row in ROWS if row.edition == "reports"]
    assert len(rows) > 50
    assert [row.concept for row in rows if not stands_as_said(row, found)] == []
