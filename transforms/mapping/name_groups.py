"""Groups the names of a nation that nothing decides, so that one decision is made for each meaning.

Texts belong together if they have the same concepts and the same unread words after misspelt words
have been corrected. The correction decides nothing: a person sees every spelling of the group.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from transforms.mapping.compared import fold_texts
from transforms.mapping.readings import Named, Reading, read_names
from transforms.mapping.rules import CODE_FIELD
from transforms.mapping.spelling import (
    Neighbour,
    Neighbours,
    Word,
    corrected,
    correction,
    neighbours_of,
)

Text = tuple[str, str, str]
"""Modality, field and compared text of a name."""

FREQUENT, MUCH_MORE = 5, 5
"""A word of so many facilities may be meant by another one that so many times fewer use."""

LONGEST_LIST = 20_000
"""Characters of the spellings of one row; a cell of a workbook has at most 32,767."""


@dataclass(frozen=True, slots=True)
class FacilityName:
    """One name at one facility, with medians of its examinations (`fct_name_statistics`)."""

    facility_id: str
    modality: str
    field: str
    compared_text: str
    decision: str
    n_examinations: int
    median_dose: float | None = None
    median_length_mm: float | None = None
    ctdiw_phantom: str | None = None
    target_region_code: str | None = None
    device_model: str | None = None

    @property
    def text(self) -> Text:
        """What the name is compared by."""
        return (self.modality, self.field, self.compared_text)


@dataclass(frozen=True, slots=True)
class NameReading:
    """The reading of a name after its misspelt words were corrected."""

    folded: str
    corrected: str
    reading: Reading
    is_decided_alone: bool
    """Whether the name as written is decided: then a lower field contradicts it."""
    near: Mapping[str, Sequence[Neighbour]]
    """The known words near each word that stays unread."""


@dataclass(frozen=True)
class NameGroup:
    """Names with one meaning: a row of the work-list."""

    reading: NameReading
    names: Sequence[FacilityName]

    @property
    def modality(self) -> str:
        """Modality of all names."""
        return self.names[0].modality

    @property
    def field(self) -> str:
        """Field of all names."""
        return self.names[0].field

    @cached_property
    def spellings(self) -> Sequence[str]:
        """Texts of the group, the most frequent first."""
        return _by_frequency(self.names)

    @cached_property
    def n_examinations(self) -> int:
        """Number of examinations that a decision would add."""
        return sum(name.n_examinations for name in self.names)

    @cached_property
    def facility_ids(self) -> frozenset[str]:
        """Facilities that use one of the names."""
        return frozenset(name.facility_id for name in self.names)

    def median(self, column: str) -> float | None:
        """Median of a median over the facilities, weighted by examinations; None without values."""
        values = [(getattr(name, column), name.n_examinations) for name in self.names]
        return weighted_median([(value, n) for value, n in values if value is not None])

    def most_frequent(self, column: str) -> str | None:
        """The value that most examinations have; None where none is stated."""
        counts: dict[str, int] = defaultdict(int)
        for name in self.names:
            if (value := getattr(name, column)) is not None:
                counts[value] += name.n_examinations
        return min(counts, key=lambda value: (-counts[value], value), default=None)


def weighted_median(values: Sequence[tuple[float, int]]) -> float | None:
    """The smallest value with at least half of the weight up to it; None without values."""
    half = sum(weight for _, weight in values) / 2
    reached = 0
    for value, weight in sorted(values):
        reached += weight
        if reached >= half:
            return value
    return None


def undecided_groups(names: Sequence[FacilityName]) -> list[NameGroup]:
    """The groups of undecided names, by the number of examinations that a decision would add."""
    readings = read_texts(_facilities_by_text(names))
    found: dict[tuple[str, ...], list[FacilityName]] = defaultdict(list)
    for name in names:
        found[_meaning(name.text, readings[name.text])].append(name)
    groups = [group for members in found.values() for group in _split(members, readings)]
    return sorted(groups, key=lambda one: (-one.n_examinations, one.modality, one.spellings[0]))


def read_texts(n_facilities: Mapping[Text, int]) -> Mapping[Text, NameReading]:
    """The reading of each text, after misspelt words were corrected.

    Each text comes with the number of facilities that use it.
    """
    asked = sorted(n_facilities)
    folded = fold_texts([text for _, _, text in asked])
    first = _read([(*one[:2], text) for one, text in zip(asked, folded, strict=True)])
    used: Counter[Word] = Counter()
    for one, reading in zip(asked, first, strict=True):
        used.update({(one[0], word): n_facilities[one] for word in _unread(reading)})
    near = neighbours_of(used, [word for word, n in used.items() if n >= FREQUENT])
    near = {word: _more_frequent(word[0], used[word], found, used) for word, found in near.items()}
    mended = [
        corrected(text, corrections_of(one[0], reading, near))
        for one, text, reading in zip(asked, folded, first, strict=True)
    ]
    again = _read_changed(asked, folded, mended)
    found = {}
    for one, before, text, reading in zip(asked, folded, mended, first, strict=True):
        now = again.get((*one[:2], text), reading)
        left = {word: near[one[0], word] for word in _unread(now) if (one[0], word) in near}
        found[one] = NameReading(before, text, now, reading.is_decided, left)
    return found


def _read_changed(
    asked: Sequence[Text], folded: Sequence[str], mended: Sequence[str]
) -> Mapping[Text, Reading]:
    """The readings of the corrected names that differ from what was written."""
    changed = {
        (*one[:2], text)
        for one, text, before in zip(asked, mended, folded, strict=True)
        if text != before
    }
    return dict(zip(sorted(changed), _read(sorted(changed)), strict=True))


def _facilities_by_text(names: Iterable[FacilityName]) -> Mapping[Text, int]:
    """The number of facilities that use each text."""
    pairs = {(name.text, name.facility_id) for name in names}
    return Counter(text for text, _ in pairs)


def _more_frequent(
    modality: str, n: int, neighbours: Sequence[Neighbour], used: Mapping[Word, int]
) -> Sequence[Neighbour]:
    """Without words that are not known, unless they are used much more often."""
    return [
        one
        for one in neighbours
        if not one.is_only_frequent or used[modality, one.word] >= MUCH_MORE * n
    ]


def corrections_of(modality: str, reading: Reading, near: Neighbours) -> dict[str, str]:
    """The word that was meant, for each misspelt word of a name."""
    words = _unread(reading)
    found = {word: correction(near.get((modality, word), ())) for word in words}
    return {word: meant for word, meant in found.items() if meant is not None}


def _unread(reading: Reading) -> list[str]:
    return reading.unread_words.split()


def _read(texts: Sequence[Text]) -> list[Reading]:
    """Each text as the only name of an examination; a code says nothing by itself."""
    if not texts:
        return []
    return read_names(
        [
            Named(modality, procedure_code=text)
            if field == CODE_FIELD
            else Named.by_field(modality, field, text)
            for modality, field, text in texts
        ]
    )


def _meaning(text: Text, found: NameReading) -> tuple[str, ...]:
    """What the texts of one group have in common.

    Of names without a concept, such as `protocol 7`, all words and numbers; codes are compared as
    they are.
    """
    if text[1] == CODE_FIELD:
        return text
    if not found.reading.concepts:
        return (*text[:2], *sorted(set(found.corrected.split())))
    state = str(found.is_decided_alone)
    return (*text[:2], state, found.reading.concepts, found.reading.unread_words)


def _by_frequency(names: Iterable[FacilityName]) -> list[str]:
    """The texts of some names, the most frequent first."""
    counts: dict[str, int] = defaultdict(int)
    for name in names:
        counts[name.compared_text] += name.n_examinations
    return sorted(counts, key=lambda text: (-counts[text], text))


def _split(
    members: Sequence[FacilityName], readings: Mapping[Text, NameReading]
) -> Iterable[NameGroup]:
    """The group, or several where its spellings would not fit into one cell."""
    spellings = _by_frequency(members)
    reading = readings[(*members[0].text[:2], spellings[0])]
    parts: dict[str, int] = {}
    length = part = 0
    for text in spellings:
        length += len(text) + len(SEPARATOR)
        if length > LONGEST_LIST:
            part, length = part + 1, len(text)
        parts[text] = part
    return [
        NameGroup(reading, [name for name in members if parts[name.compared_text] == number])
        for number in range(part + 1)
    ]


SEPARATOR = " | "
"""Between the spellings of a row; no compared text has a vertical line, except for codes."""
