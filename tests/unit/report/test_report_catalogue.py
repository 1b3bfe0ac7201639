"""Every message has a translation, and numbers are written in the style of the language."""

from __future__ import annotations

import csv
import re

import pytest

from tests.support.reports.report_messages import message_ids
from transforms.errors import DrlakeError, UsageError
from transforms.reference.files import REFERENCE
from transforms.report.frame.catalogue import Catalogue, checked_languages, languages, messages
from transforms.report.frame.labels import PATIENT_SELECTIONS, QUANTITIES
from transforms.sheets.visible_text import visible

TRANSLATED = [language for language in languages() if language != "en"]
PLACE = re.compile(r"\{(\w+)\}")


def column(seed: str, name: str) -> list[str]:
    with (REFERENCE / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


def test_there_is_a_language_beside_english() -> None:
    assert "de" in languages()
    assert len(message_ids()) > 80


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_of_code_and_templates_has_a_translation(language: str) -> None:
    assert message_ids() - messages(language).keys() == set()


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize(
    ("seed", "name"),
    [
        *(("procedures", "label"), ("patient_groups", "label")),
        *(("drl_quantities", "label"), ("drl_quantities", "definition")),
        *(("indicators", name) for name in ("label", "numerator", "denominator", "unknown")),
        *(("features", "label"), ("thickness_bands", "label"), ("indicators", "note")),
        *(("age_bands", "label"), ("age_bands", "definition")),
    ],
)
def test_every_label_of_the_reference_data_has_a_translation(
    language: str, seed: str, name: str
) -> None:
    assert set(column(seed, name)) - {""} - messages(language).keys() == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_places_of_its_message(language: str) -> None:
    for text, said in messages(language).items():
        assert set(PLACE.findall(said)) == set(PLACE.findall(text)), text


def test_quantities_are_those_of_the_seed() -> None:
    names = column("drl_quantities", "drl_quantity")
    assert dict(zip(names, column("drl_quantities", "label"), strict=True)) == QUANTITIES


def test_every_patient_selection_of_the_methods_has_a_label() -> None:
    assert set(column("methods", "patient_selection")) <= PATIENT_SELECTIONS.keys()


def test_numbers_have_the_decimal_sign_of_the_language() -> None:
    assert Catalogue("de").dose(12.345) == "12,3"
    assert Catalogue("en").dose(12.345) == "12.3"
    assert Catalogue("de").share(0.1234) == "12,3\u202f%"
    assert Catalogue("de").ratio(1.006) == "1,01"
    assert Catalogue("de").count(1234567) == "1\u202f234\u202f567"
    assert Catalogue("de").percentile(0.75) == "75. Perzentil"
    assert Catalogue("en").percentile(0.75) == "75th percentile"


def test_a_sentence_without_translation_is_no_silent_english() -> None:
    with pytest.raises(DrlakeError, match="has no text for: Never translated"):
        Catalogue("de").say("Never translated")
    assert Catalogue("de").label("A label nobody knows") == "A label nobody knows"


def test_values_put_into_a_sentence_are_never_read_as_places() -> None:
    assert Catalogue("en").say("Examinations performed in {year}", year="{0.__class__}") == (
        "Examinations performed in {0.__class__}"
    )


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(UsageError, match="tlh"):
        checked_languages(["tlh"])
    assert checked_languages([]) == languages()
    assert checked_languages(["de", "de"]) == ("de",)


def test_signs_that_turn_the_line_around_are_spelt_out() -> None:
    assert visible("a\u202eb\u2066c\u200bd\x1be") == "a[U+202E]b[U+2066]c[U+200B]d[U+001B]e"
    assert visible("עברית ﷼ Å 京") == "עברית ﷼ Å 京"
