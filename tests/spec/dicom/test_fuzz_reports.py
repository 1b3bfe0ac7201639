"""Broken files: each is refused with a reason or read whole, quickly, without a crash.

`make test` takes a sample, `make soak` all prefixes and 100,000 mutations.
"""

from __future__ import annotations

import json
import random
import re
import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support.reports.broken_reports import (
    ITEM,
    ITEM_END,
    SEQUENCE_END,
    element_boundaries,
    mutation,
)
from tests.support.reports.pydicom_walk import PlainItem, big_endian, plain, walk
from tests.support.reports.real_reports import real_exports, require_real_reports
from transforms.decode.report import decode
from transforms.dicom.content_tree import content_tree
from transforms.dicom.reader import ReportReader
from transforms.dicom.structure import read_part10
from transforms.dicom.text import TextDecoder
from transforms.errors import ObjectRefused
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys, report_rows
from transforms.reasons.objects import REASON_BY_CODE

pytestmark = pytest.mark.slow

KEYS, PSEUDONYMS = ObjectKeys("H1", "H1.0", "0"), Pseudonyms(b"a key of the tests")
SECONDS = 5
PREFIX_STEP = 16
MUTATIONS, MANY_MUTATIONS = 2_000, 100_000
PREFIXES_IN_SAMPLE = 400
"""Prefixes per report in `make test`; `make soak` reads them all."""

Rows = Mapping[str, list[Mapping[str, Any]]]


def corpus() -> dict[str, bytes]:
    require_real_reports()
    files = {path.name: path.read_bytes() for path in real_exports()}
    assert len(files) >= 20
    return files


def random_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same broken files every time


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fail where the block takes too long."""

    def hang(number: int, frame: object) -> None:
        raise TimeoutError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, hang)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def rows_or_reason(data: bytes, reader: ReportReader) -> Rows | str:
    """Rows of a file, or the reason of refusal; any other result fails the test."""
    try:
        with at_most(SECONDS):
            return report_rows(decode(data, reader), KEYS, PSEUDONYMS)
    except ObjectRefused as refused:
        assert refused.reason.code in REASON_BY_CODE
        assert refused.reason.stage == "decode"
        return refused.reason.code


def doses(rows: Rows | str) -> Rows | str:
    """Everything but the row of the report itself: events and totals."""
    if isinstance(rows, str):
        return rows
    return {name: found for name, found in rows.items() if name != "dose_report"}


def prefix_lengths(data: bytes) -> list[int]:
    return sorted({*range(0, len(data), PREFIX_STEP), *element_boundaries(data)} - {len(data)})


def test_prefixes_end_at_every_item_and_delimiter_of_a_real_report() -> None:
    for name, data in corpus().items():
        found = set(element_boundaries(data))
        for mark in (ITEM, ITEM_END, SEQUENCE_END):
            at = data.find(mark)
            while at >= 0:
                assert at in found, f"{name}, byte {at}"
                assert at + 8 in found, f"{name}, byte {at + 8}"
                at = data.find(mark, at + 1)


def check_prefixes(name: str, data: bytes, lengths: list[int]) -> None:
    reader = ReportReader()
    whole = rows_or_reason(data, ReportReader())
    for length in lengths:
        found = doses(rows_or_reason(data[:length], reader))
        assert isinstance(found, str) or found == doses(whole), f"{name} cut at {length}"
    assert rows_or_reason(data, reader) == whole, f"{name} read after its prefixes"


def test_no_sampled_prefix_of_a_real_report_is_accepted_with_other_events() -> None:
    for index, (name, data) in enumerate(corpus().items()):
        lengths = prefix_lengths(data)
        assert len(lengths) > 100
        chosen = random_of(index).sample(lengths, min(PREFIXES_IN_SAMPLE, len(lengths)))
        last = [length for length in lengths if length > len(data) - 200]
        check_prefixes(name, data, sorted({*chosen, *last}))


@pytest.mark.soak
def test_no_prefix_of_a_real_report_is_accepted_with_other_events() -> None:
    for name, data in corpus().items():
        check_prefixes(name, data, prefix_lengths(data))


def strict_tree(data: bytes) -> Any:
    """The tree by the strict structural walk alone, which refuses inconsistent files."""
    dataset = read_part10(data).dataset
    return plain(content_tree(dataset, TextDecoder(dataset)))


def in_ascii(tree: PlainItem) -> str:
    """A tree without its other characters: pydicom reads bytes beyond ASCII as Latin-1 in codes
    and UIDs, where only ASCII is allowed."""
    return re.sub(r"[^\x00-\x7f]+", "?", json.dumps(tree, ensure_ascii=False))


def check_mutations(
    number: int, seed: int, originals: dict[str, bytes] | None = None
) -> Counter[str]:
    """Read this many mutations with one reader.

    Accepted files must be consistent throughout, and pydicom must read the same tree from them.
    """
    files = list((originals or corpus()).items())
    reader, rng = ReportReader(), random_of(seed)
    ends: Counter[str] = Counter()
    for index in range(number):
        name, data = files[index % len(files)]
        broken = mutation(data, rng)
        found = rows_or_reason(broken, reader)
        if isinstance(found, str):
            ends[found] += 1
            continue
        ends["accepted"] += 1
        tree = plain(reader.read(broken).root)
        assert tree == strict_tree(broken), f"{name}, mutation {index}"
        assert in_ascii(tree) == in_ascii(walk(broken)), f"{name}, mutation {index}"
    for name, data in files:
        assert rows_or_reason(data, reader) == rows_or_reason(data, ReportReader()), name
    return ends


def test_mutations_are_refused_with_a_reason_or_read_consistently() -> None:
    ends = check_mutations(MUTATIONS, seed=1)
    assert ends.total() == MUTATIONS
    assert ends["structure_invalid"] > MUTATIONS // 10
    assert ends["structure_truncated"] > MUTATIONS // 20
    assert ends["accepted"] > 0


def test_mutations_of_big_endian_reports_are_refused_or_read_as_pydicom_reads_them() -> None:
    smallest = sorted(corpus().items(), key=lambda file: len(file[1]))[:5]
    swapped = {name: big_endian(data) for name, data in smallest}
    ends = check_mutations(500, seed=3, originals=swapped)
    assert ends["structure_invalid"] > 50
    assert ends["accepted"] > 0


@pytest.mark.soak
def test_a_hundred_thousand_mutations_are_refused_or_read_consistently() -> None:
    assert check_mutations(MANY_MUTATIONS, seed=2).total() == MANY_MUTATIONS
