"""Finds the known words that an unread word may be a misspelling of; nothing is decided by it.

Known words are the words of the phrases in `name_concepts.csv`. A word of four to seven letters
may differ from a known one by one letter, a longer one by two; two neighbours in the wrong order
are one difference (Damerau and Levenshtein). Words of four letters may not differ by a replaced
letter: `room` is no misspelt `root`.

A word without a known one near it may be a misspelling of a word that is not known, such as the
name of a maker. Words that are used more often are found by the same distance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from transforms.reference.files import REFERENCE
from transforms.warehouse.sql_project import SqlProject, seed_query, seed_types

Word = tuple[str, str]
"""A modality, and a folded word of one of its names."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A known word, its distance in letters, and its concepts, or itself if it is no phrase."""

    word: str
    distance: int
    meaning: tuple[str, ...]
    is_only_frequent: bool = False


Neighbours = Mapping[Word, Sequence[Neighbour]]
"""The nearest known words of each unread word that has any, the nearest first."""


def neighbours_of(words: Iterable[Word], frequent: Iterable[Word] = ()) -> Neighbours:
    """The known words near each word, ordered by distance and alphabet.

    `frequent` are words that are not known and are used often; they count as known for the others.
    """
    asked = sorted(set(words))
    if not asked:
        return {}
    with duckdb.connect(config={"threads": 1}) as connection:
        _lay_words(connection, asked, sorted(set(frequent)))
        found: dict[Word, list[Neighbour]] = {}
        for modality, word, known, distance, meaning, is_frequent in connection.execute(
            NEAREST
        ).fetchall():
            near = Neighbour(known, distance, tuple(meaning), is_frequent)
            found.setdefault((modality, word), []).append(near)
    return found


def correction(neighbours: Sequence[Neighbour]) -> str | None:
    """The word that was meant; None where the nearest known words differ in meaning, or none is."""
    if not neighbours:
        return None
    listed = [one for one in neighbours if not one.is_only_frequent] or neighbours
    nearest = [one for one in listed if one.distance == listed[0].distance]
    if len({one.meaning for one in nearest}) != 1:
        return None
    return nearest[0].word


def corrected(text: str, corrections: Mapping[str, str]) -> str:
    """A folded text with its misspelt words replaced."""
    return " ".join(corrections.get(word, word) for word in text.split())


def _lay_words(connection: Any, asked: Sequence[Word], frequent: Sequence[Word]) -> None:
    """Create the tables of phrases, of frequent words, and of the words asked for."""
    project = SqlProject()
    types = seed_types()["name_concepts"]
    connection.execute(seed_query("name_concepts", REFERENCE / "name_concepts.csv", types))
    phrases = project.render_text("{{ name_phrases(ref('name_concepts')) }}")
    connection.execute(f"create table phrases as {phrases}")
    for name, words in (("asked", asked), ("frequent", frequent)):
        columns = [list(column) for column in zip(*words, strict=True)] or [[], []]
        connection.execute(
            f"create table {name} as select * "  # noqa: S608 - our own names
            "from (select unnest($1::varchar[]) as modality, unnest($2::varchar[]) as word) "
            "where len(word) between 4 and 40",
            columns,
        )


SHORTENED = """
select word, word as part from {words}
union all
select word, word[:n - 1] || word[n + 1:]
from (select word, unnest(range(1, len(word) + 1)) as n from {words})
union all
select word, part[:n - 1] || part[n + 1:]
from (
    select
        word,
        word[:m - 1] || word[m + 1:] as part,
        unnest(range(1, len(word))) as n
    from (select word, unnest(range(1, len(word) + 1)) as m from {words} where len(word) >= 7)
)
"""
"""Each word, and what is left of it without one letter, or without two if it may differ by two.

Two words that differ little have such a part in common; only these are compared letter by letter.
"""

NEAREST = f"""
with

listed as (
    select distinct modality, unnest(string_split(phrase, ' ')) as word
    from phrases
),

known as (
    select *, false as is_frequent from listed
    union all
    select *, true from (from frequent except from listed)
),

known_words as (
    select distinct word from known where len(word) >= 4 and not regexp_matches(word, '[0-9]')
),

asked_words as (
    select distinct word from asked
),

pairs as (
    select distinct asked_parts.word, known_parts.word as known_word
    from ({SHORTENED.format(words="asked_words")}) as asked_parts
    inner join ({SHORTENED.format(words="known_words")}) as known_parts
        on asked_parts.part = known_parts.part
),

compared as (
    select *, damerau_levenshtein(word, known_word) as distance
    from pairs
    where abs(len(word) - len(known_word)) <= 2
),

near as (
    select *
    from compared
    where
        distance <= if(least(len(word), len(known_word)) >= 8, 2, 1)
        and (
            len(word) > 4
            or len(word) <> len(known_word)
            or list_sort(string_split(word, '')) = list_sort(string_split(known_word, ''))
        )
),

found as (
    select asked.modality, near.*, bool_and(known.is_frequent) as is_frequent
    from asked
    inner join near on asked.word = near.word
    inner join known
        on
            near.known_word = known.word
            and coalesce(known.modality, asked.modality) = asked.modality
    where not (known.is_frequent and near.distance = 0)
    group by all
),

meanings as (
    select
        found.modality,
        found.known_word,
        list_sort(list(distinct phrases.concept)) as concepts
    from (select distinct modality, known_word from found) as found
    inner join phrases
        on
            found.known_word = phrases.phrase
            and coalesce(phrases.modality, found.modality) = found.modality
    group by found.modality, found.known_word
)

select
    found.modality, found.word, found.known_word, found.distance,
    coalesce(meanings.concepts, ['word ' || found.known_word]), found.is_frequent
from found
left join meanings using (modality, known_word)
order by found.modality, found.word, found.distance, found.known_word
"""  # noqa: S608 - our own text
