"""Runs of header elements that reports repeat are found by their bytes, and only by them."""

from __future__ import annotations

from transforms.dicom.header_runs import HeaderRuns
from transforms.dicom.structure import Element

A, B = Element("CS", b"A ", ()), Element("CS", b"B ", ())
DATA = b"aaaabbbbcc"


def learned() -> HeaderRuns:
    """Runs that have seen the elements of tags 1 and 2 after the beginning of DATA."""
    runs = HeaderRuns()
    runs.begin()
    runs.add(0, 0, 1, A)
    runs.add(1, 4, 2, B)
    runs.end(DATA, 8)
    return runs


def test_elements_that_followed_each_other_are_found_together() -> None:
    found = learned().expected(b"xx" + DATA, 2, 0)
    assert found is not None
    assert (found.data, found.elements, found.last) == (b"aaaabbbb", {1: A, 2: B}, 2)


def test_a_run_with_another_byte_is_forgotten() -> None:
    runs = learned()
    assert runs.expected(b"aaaabbbBcc", 0, 0) is None
    assert runs.expected(DATA, 0, 0) is None


def test_a_run_that_the_file_cuts_off_is_not_found() -> None:
    assert learned().expected(DATA[:7], 0, 0) is None


def test_a_run_that_a_broken_file_has_begun_is_not_kept_with_the_bytes_of_the_next() -> None:
    runs = HeaderRuns()
    runs.add(0, 0, 1, A)
    runs.add(1, 4, 2, B)  # the file is refused here
    runs.begin()
    runs.end(b"other bytes", 8)
    assert runs.expected(b"other bytes", 0, 0) is None


def test_one_element_alone_is_no_run() -> None:
    runs = HeaderRuns()
    runs.add(0, 0, 1, A)
    runs.end(DATA, 4)
    assert runs.expected(DATA, 0, 0) is None
