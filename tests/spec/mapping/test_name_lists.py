"""The lists of concepts and of sets: no phrase has two meanings, no set decides by accident."""

from __future__ import annotations

import itertools
from collections import defaultdict

import duckdb
import pytest

from transforms.mapping.readings import Named, read_names
from transforms.reference.files import reference_rows
from transforms.tables.dose_report import MODALITIES
from transforms.warehouse.sql_project import SqlProject

CONCEPTS = reference_rows("name_concepts")
ROWS = reference_rows("concept_procedures")
PROCEDURES = {row["procedure_id"]: row["modality"] for row in reference_rows("procedures")}
DECIDING = ("region", "technique", "purpose")
FIRST_LANGUAGES = {
    *("en", "de", "fr", "it", "es", "pt", "nl", "sv", "no", "da", "fi", "pl", "cs"),
}
LONGEST = 8
"""Words of a phrase that the model int_name_readings looks up."""


def folded(phrases: list[str]) -> list[str]:
    expression = SqlProject().render_text("{{ folded_name('phrase') }}")
    with duckdb.connect() as connection:
        query = f"select {expression} from (select unnest(?) as phrase)"  # noqa: S608 - our macro
        return [found for (found,) in connection.execute(query, [phrases]).fetchall()]


def test_no_phrase_means_something_else_in_another_language() -> None:
    """Concepts that decide nothing, and exclusions, may come beside another meaning."""
    meanings: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row, phrase in zip(CONCEPTS, folded([row["phrase"] for row in CONCEPTS]), strict=True):
        if row["kind"] in DECIDING:
            for modality in [row["modality"]] if row["modality"] else MODALITIES:
                meanings[phrase, modality][row["language"]].add(row["concept"])
    twice = {
        key: dict(of_languages)
        for key, of_languages in meanings.items()
        if len({frozenset(concepts) for concepts in of_languages.values()}) > 1
    }
    assert twice == {}


def test_every_phrase_has_words_and_not_too_many() -> None:
    found = folded([row["phrase"] for row in CONCEPTS])
    assert all(found)
    assert max(len(phrase.split()) for phrase in found) <= LONGEST


def test_no_row_is_there_twice() -> None:
    """The modality may be empty, so that this is no unique key of the seed."""
    keys = [(row["concept"], row["language"], row["phrase"], row["modality"]) for row in CONCEPTS]
    assert len(set(keys)) == len(keys)


def test_a_concept_has_one_kind() -> None:
    kinds = defaultdict(set)
    for row in CONCEPTS:
        kinds[row["concept"]].add(row["kind"])
    assert {concept: found for concept, found in kinds.items() if len(found) > 1} == {}


def test_the_main_languages_name_every_main_region() -> None:
    regions = {"head", "neck", "chest", "abdomen", "pelvis", "liver", "lumbar_spine", "sinuses"}
    known = {(row["language"], row["concept"]) for row in CONCEPTS}
    wanted = set(itertools.product(FIRST_LANGUAGES, regions))
    assert wanted - known == set()


def test_every_set_is_of_known_concepts_in_order_and_leads_to_its_modality() -> None:
    kinds = {row["concept"]: row["kind"] for row in CONCEPTS}
    for row in ROWS:
        concepts = row["concepts"].split()
        assert concepts == sorted(set(concepts)), row
        assert {kinds[one] for one in concepts} <= {*DECIDING, "exclusion"}, row
        assert not row["procedure_id"] or PROCEDURES[row["procedure_id"]] == row["modality"], row


def test_two_regions_without_a_row_decide_nothing() -> None:
    """All pairs, both orders, in four languages, each region by its first word or phrase."""
    known = {(row["modality"], frozenset(row["concepts"].split())) for row in ROWS}
    names = []
    for language in ("en", "de", "fr", "es"):
        words: dict[str, str] = {}
        for row in CONCEPTS:
            is_of_ct = row["kind"] == "region" and row["modality"] in ("", "CT")
            if is_of_ct and row["language"] in (language, "la"):
                words.setdefault(row["concept"], row["phrase"])
        names += [
            f"CT {words[one]} {words[other]}"
            for one, other in itertools.permutations(words, 2)
            if ("CT", frozenset((one, other))) not in known
        ]
    assert len(names) > 10_000
    read = read_names([Named("CT", name) for name in names])
    mapped = [name for name, one in zip(names, read, strict=True) if one.procedure_id]
    assert mapped == []


@pytest.mark.parametrize("modality", ["CT", "DX", "MG", "RF", "NM"])
def test_every_modality_has_names_of_its_procedures(modality: str) -> None:
    assert len({row["procedure_id"] for row in ROWS if row["modality"] == modality}) > 5
