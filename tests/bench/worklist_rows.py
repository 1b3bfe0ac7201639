"""How many rows of a work-list decide 95 % of the examinations of a large nation.

Each hospital has so many names: names of the judged list, of which some are mixed from two names of
one modality, some have words in another order, some a misspelt word, and some a word of the
hospital's own. Examinations of a hospital's names follow Zipf's law. All examinations are invented.

    python -m tests.bench.worklist_rows --hospitals 900 --names 300 --mix strong
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from transforms.mapping.compared import normalise_texts
from transforms.mapping.evaluate import Judged, load_judged
from transforms.mapping.name_groups import FacilityName, undecided_groups
from transforms.mapping.readings import Named, read_names
from transforms.mapping.worklist import coverages

NAMES = Path(__file__).parents[1] / "spec" / "mapping" / "names" / "judged_names.csv"
EXAMINATIONS = 100_000
"""Of the most frequent name of each hospital the 1st part, of the next the 2nd, and so on."""
GOAL = 0.95
FIELD = "study_description"


def misspelt(word: str, rng: random.Random) -> str:
    """The word with two letters exchanged, one letter left out, doubled or replaced."""
    at = rng.randrange(len(word) - 1)
    changes = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[: at + 1] + word[at:],
        word[:at] + rng.choice("abcdefghiklmnoprstuvw") + word[at + 1 :],
    )
    return rng.choice(changes)


def with_misspelt_word(words: list[str], rng: random.Random) -> list[str]:
    """The words, one of four letters or more misspelt."""
    long = [at for at, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if long:
        at = rng.choice(long)
        words[at] = misspelt(words[at], rng)
    return words


def with_own_word(words: list[str], rng: random.Random) -> list[str]:
    """The words and one that only a hospital has: a room, a device, a study."""
    return [*words, f"{rng.choice(('raum', 'room', 'prot', 'sud', 'nord'))}{rng.randrange(40)}"]


def shuffled(words: list[str], rng: random.Random) -> list[str]:
    """The words in another order."""
    return rng.sample(words, len(words))


def unchanged(words: list[str], _: random.Random) -> list[str]:
    """The words as they are."""
    return words


Change = Callable[[list[str], random.Random], list[str]]


@dataclass(frozen=True, slots=True)
class Mix:
    """Share of the names that are changed in each way, and of those mixed from two names."""

    changes: Mapping[Change, float]
    mixed: float


MIXES = {
    "mild": Mix(
        {unchanged: 0.5, shuffled: 0.15, with_misspelt_word: 0.25, with_own_word: 0.1}, 0.05
    ),
    "strong": Mix(
        {unchanged: 0.2, shuffled: 0.2, with_misspelt_word: 0.4, with_own_word: 0.2}, 0.1
    ),
}


def names_of_hospital(
    hospital: int, judged: Sequence[Judged], n_names: int, mix: Mix
) -> list[tuple[str, str, int]]:
    """Modality, text and examinations of the names of one hospital."""
    rng = random.Random(hospital)  # noqa: S311 - no secret
    found: dict[tuple[str, str], None] = {}
    while len(found) < n_names:
        one = rng.choice(judged)
        words = one.name.split()
        other = rng.choice(judged)
        if rng.random() < mix.mixed and other.modality == one.modality:
            words = words[: len(words) // 2] + other.name.split()[len(other.name.split()) // 2 :]
        (change,) = rng.choices(list(mix.changes), list(mix.changes.values()))
        changed = change(words, rng)
        found.setdefault((one.modality, " ".join(changed)))
    counts = range(1, n_names + 1)
    return [(*key, EXAMINATIONS // place) for key, place in zip(found, counts, strict=True)]


@dataclass(frozen=True, slots=True)
class Measured:
    """What the work-list of a made-up nation has."""

    n_texts: int
    n_undecided_texts: int
    decided_share: float
    n_rows: int
    rows_to_goal: int | None
    rows_to_goal_ungrouped: int | None
    seconds: float


def measure(n_hospitals: int, n_names: int, mix: Mix) -> Measured:
    """Read all names of the nation, and group what is undecided."""
    judged = load_judged(NAMES)
    made = [
        (f"F{number}", *one)
        for number in range(n_hospitals)
        for one in names_of_hospital(number, judged, n_names, mix)
    ]
    texts = sorted({(modality, text) for _, modality, text, _ in made})
    read = read_names([Named(modality, text) for modality, text in texts])
    open_texts = {one for one, reading in zip(texts, read, strict=True) if not reading.is_decided}
    left = [row for row in made if row[1:3] in open_texts]
    compared = normalise_texts([text for _, _, text, _ in left])
    names = [
        FacilityName(facility, modality, FIELD, text, "undecided", n)
        for (facility, modality, _, n), text in zip(left, compared, strict=True)
        if text
    ]
    total, missing = sum(row[3] for row in made), sum(row[3] for row in left)
    start = time.monotonic()
    groups = undecided_groups(names)
    seconds = time.monotonic() - start
    reached = coverages(groups, total - missing, total)
    return Measured(
        n_texts=len(texts),
        n_undecided_texts=len(open_texts),
        decided_share=1 - missing / total,
        n_rows=len(groups),
        rows_to_goal=_rows_to_goal(reached),
        rows_to_goal_ungrouped=_rows_to_goal(_by_text(names, total - missing, total)),
        seconds=seconds,
    )


def _by_text(names: Sequence[FacilityName], n_decided: int, total: int) -> list[float]:
    """The coverage of a list that has a row per text."""
    counts: dict[tuple[str, ...], int] = {}
    for name in names:
        counts[name.text] = counts.get(name.text, 0) + name.n_examinations
    reached, found = n_decided, []
    for n in sorted(counts.values(), reverse=True):
        reached += n
        found.append(reached / total)
    return found


def _rows_to_goal(reached: Sequence[float]) -> int | None:
    return next((at for at, share in enumerate(reached, start=1) if share >= GOAL), None)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hospitals", type=int, default=900)
    parser.add_argument("--names", type=int, default=300)
    parser.add_argument("--mix", choices=MIXES, default="mild", help="how much names are changed")
    given = parser.parse_args()
    found = measure(given.hospitals, given.names, MIXES[given.mix])
    sys.stdout.write(
        f"{found.n_texts} texts, {found.n_undecided_texts} undecided; "
        f"{found.decided_share:.3f} of the examinations decided without the list\n"
        f"{found.n_rows} rows in {found.seconds:.0f} s; {GOAL:.0%} of the examinations after "
        f"{found.rows_to_goal} rows, with a row per text after {found.rows_to_goal_ungrouped}\n"
    )


if __name__ == "__main__":
    main()
