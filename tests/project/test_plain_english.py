"""The list of words is found where it is written, and nowhere else in the repository."""

from __future__ import annotations

import pytest

from tests.project.plain_english import EXCEPTIONS, ROOT, Place, places, places_in_repository


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The file stands in the lake.", "stands"),
        ("What the reader is told", "is told"),
        ("text of others", "of others"),
        ("Whoever reads this", "Whoever"),
    ],
)
def test_a_word_of_the_list_is_found_with_its_line(text: str, word: str) -> None:
    (found,) = places("a.md", f"First line.\n{text}")
    assert (found.path, found.line, found.word) == ("a.md", 2, word)


def test_a_place_names_the_plain_word() -> None:
    text = str(Place("a.md", 2, "whoever", "the person who"))
    assert text == "a.md:2: «whoever»: write the person who"


def test_longer_words_are_not_found() -> None:
    assert list(places("a.md", "It withstands a kill. Understands both.")) == []


def test_no_file_of_the_repository_has_one() -> None:
    assert places_in_repository() == []


def test_every_exception_exists() -> None:
    assert all((ROOT / path).is_file() for path in EXCEPTIONS)
