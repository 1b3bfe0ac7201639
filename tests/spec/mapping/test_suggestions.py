"""The right procedure is among the three suggestions for names that nothing decides."""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from transforms.mapping.compared import normalise_texts
from transforms.mapping.evaluate import (
    AMBIGUOUS,
    OUTSIDE,
    Decision,
    Judged,
    broader_procedures,
    decide,
    load_judged,
)
from transforms.mapping.filled_list import NONE
from transforms.mapping.name_groups import read_texts
from transforms.mapping.similar_texts import EarlierDecision, SimilarTexts
from transforms.mapping.suggestions import Suggester, Suggestion

pytestmark = pytest.mark.slow

NAMES = Path(__file__).parent / "names" / "judged_names.csv"
GOAL = 0.9


@cache
def decisions() -> list[Decision]:
    """The judged names that have a procedure, as they are decided."""
    judged = [one for one in load_judged(NAMES) if one.right not in (OUTSIDE, AMBIGUOUS)]
    return decide(judged)


def suggested(judged: Sequence[Judged]) -> list[list[Suggestion]]:
    """The suggestions for each name, in a nation that has the other names."""
    texts = normalise_texts([one.name for one in judged])
    keys = [(one.modality, one.field, text) for one, text in zip(judged, texts, strict=True)]
    readings = read_texts(dict.fromkeys(keys, 1))
    counts = Counter(one.given for one in decisions() if one.given not in (None, NONE))
    frequencies = {str(name): n for name, n in counts.items()}
    suggester = Suggester(frequencies, SimilarTexts(()))
    return suggester.suggestions([(key[0], readings[key]) for key in keys])


def share_right(what: str, judged: Sequence[Judged]) -> float:
    """The share of names whose procedure is suggested; prints it, and the names that miss it."""
    broader = broader_procedures()
    missed = [
        one
        for one, found in zip(judged, suggested(judged), strict=True)
        if not any(one.right in broader.get(each.procedure_id, ()) for each in found)
    ]
    share = 1 - len(missed) / len(judged)
    sys.stdout.write(f"{what}: {share:.3f} of {len(judged)} names\n")
    sys.stdout.writelines(f"  missed: {one.name} ({one.right})\n" for one in missed)
    return share


def misspelt(name: str, rng: random.Random) -> str:
    """The name with two letters of a long word exchanged, or one left out or doubled."""
    words = [word for word in re.findall(r"\w+", name) if len(word) >= 4 and word.isalpha()]
    if not words:
        return name
    word = rng.choice(words)
    at = rng.randrange(len(word) - 1)
    changed = rng.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[: at + 1] + word[at:],
        )
    )
    return name.replace(word, changed, 1)


def test_names_that_stay_undecided_have_their_procedure_among_three() -> None:
    judged = [one.judged for one in decisions() if one.given is None]
    assert len(judged) >= 10
    assert share_right("undecided names of the list", judged) >= GOAL


def test_misspelt_names_have_their_procedure_among_three() -> None:
    rng = random.Random(18)  # noqa: S311 - no secret
    known = [one.judged for one in decisions() if one.given not in (None, NONE)]
    spoilt = [replace(one, name=misspelt(one.name, rng)) for one in known]
    judged = [one.judged for one in decide(spoilt) if one.given is None]
    assert len(judged) >= 200
    assert share_right("misspelt names", judged) >= GOAL


def judged_ct(name: str) -> Judged:
    return Judged(name, "study_description", "CT", "en", "test", "ct_chest")


def test_three_different_procedures_are_suggested_the_best_first() -> None:
    (found,) = suggested([judged_ct("CT Thorax Xyzzy")])
    assert (found[0].procedure_id, found[0].reading) == (
        *("ct_chest",),
        "read as chest, without xyzzy",
    )
    assert len({one.procedure_id for one in found}) == 3
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_name_of_unknown_words_gets_the_frequent_examinations() -> None:
    (found,) = suggested([judged_ct("Xyzzy Quux")])
    counts = Counter(one.given for one in decisions() if one.judged.modality == "CT")
    most = [name for name, _ in counts.most_common(4) if name not in (None, NONE)]
    assert [one.procedure_id for one in found] == most[:3]
    assert {one.reading for one in found} == {"a frequent examination"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sonder 7 quux", ["sonder 7 xyzzy"]),
        ("sonder quux plugh", []),
        ("sonder 7 xyzzy", ["sonder 7 xyzzy"]),
    ],
)
def test_earlier_decisions_are_similar_if_they_share_half_of_all_words(
    text: str, found: list[str]
) -> None:
    earlier = SimilarTexts(
        (
            EarlierDecision("CT", "sonder 7 xyzzy", "ct_chest"),
            EarlierDecision("DX", "sonder 7 quux", "dx_chest"),
        )
    )
    assert [one.text for one, _ in earlier.most_similar("CT", text)] == found
